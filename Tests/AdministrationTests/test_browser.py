"""The administrator's pages in a real browser: nothing runs or is loaded, all of it works by keyboard, on a narrow screen and in the dark.

VAG_SCREENSHOTS=FOLDER keeps a picture of each page for people to look at.
"""

import contextlib
import functools
import http.server
import json
import os
import pathlib
import shutil
import threading

import urllib.error
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from conftest import HOSTILE, policy_for
from fronts import ROLE, fetch, running_gateway

CHROMIUM = shutil.which("chromium")
CLAIMS = {
    "sub": "repo:octo-org/octo-repo:ref:refs/heads/main:event:push", "token_type": "ID", "repo": "octo-org/octo-repo",
    "build_number": 7, "event": "push", "ref": "refs/heads/main", "commands": False, "pull_fork": False,
    "image": "registry.example.com/vela-aws-credentials:1.0.0"}


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if os.environ.get("VAG_REQUIRE_ALL_TESTS"):
            pytest.fail("no chromium: run Scripts/install-dependencies test")
        pytest.skip("no chromium")
    # Root cannot have Chromium's sandbox. Every name but loopback's leads to loopback: what DNS rebinding does.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--host-resolver-rules=MAP *.example 127.0.0.1"])
        yield browser
        browser.close()


class Visit:
    """A page with what it asked for and what it complained of."""

    def __init__(self, page):
        self.page, self.requests, self.complaints, self.dialogs = page, [], [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def is_quiet(self, origin):
        strangers = [url for url in self.requests if not url.startswith(origin + "/")]
        return not strangers and not self.complaints and not self.dialogs

    def picture(self, name):
        if folder := os.environ.get("VAG_SCREENSHOTS"):
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=pathlib.Path(folder) / f"{name}.png", full_page=True)


@pytest.fixture
def visit(browser):
    """Opens pages, each in a context of its own."""
    with contextlib.ExitStack() as contexts:
        def open_page(width=1280, scheme="light"):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            contexts.callback(context.close)
            return Visit(context.new_page())
        yield open_page


@pytest.fixture(scope="module")
def busy(gateway, stack):
    """The gateway after some exchanges and refusals."""
    tokens = [stack.token(), stack.token(), stack.token("schedule"), "junk"]
    image = json.loads(fetch(stack.ready["vela"] + "/_dev/tokens", {"count": 3, "image": CLAIMS["image"]}))["tokens"]
    for token in tokens + image:
        request = urllib.request.Request(
            gateway.url + "/v1/credentials", data=json.dumps({"role": ROLE}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=60).read()
    return gateway


def ask(page, claims=None, **fields):
    """Fills the form and sends it."""
    page.get_by_label("Claims", exact=True).fill(claims if claims is not None else json.dumps(CLAIMS))
    page.get_by_label("Role", exact=True).fill(fields.pop("role", ROLE))
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Explain the decision").click()


def accessibility_faults(page):
    results = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [f"{fault['id']}: {node['html'][:120]} {node['failureSummary']}" for fault in results["violations"] for node in fault["nodes"]]


def test_nothing_is_loaded_and_nothing_complains(visit, busy):
    seen = visit()
    answer = seen.page.goto(busy.administration + "/")
    assert answer.status == 200 and "default-src 'none'" in answer.headers["content-security-policy"]
    assert seen.page.title().endswith("vela-aws-gateway")
    assert seen.page.locator("h1").inner_text() == "Gateway status"
    # The style sheet is in force, though nothing but its hash allows it.
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.tiles')).display") == "grid"
    assert seen.page.locator("#decisions tbody tr").count() >= 3
    assert "old-vela has no usable keys" in seen.page.locator("#attention").inner_text()
    assert seen.is_quiet(busy.administration), (seen.requests, seen.complaints, seen.dialogs)
    seen.picture("status-wide")


def test_the_form_works_by_keyboard_alone(visit, busy):
    seen = visit()
    page = seen.page
    page.goto(busy.administration + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid" and page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reach(page, "claims")
    page.keyboard.insert_text(json.dumps(CLAIMS))
    reach(page, "role")
    page.keyboard.insert_text(ROLE)
    reach(page, "duration_seconds")
    page.keyboard.insert_text("1800")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.title().startswith("Allowed")
    decision = page.locator("#decision").inner_text()
    assert "octo-org.octo-repo-7" in decision and "30 min" in decision and "s3:GetObject" in decision
    # What was typed is still there, to be changed and tried again.
    assert json.loads(page.get_by_label("Claims", exact=True).input_value()) == CLAIMS
    assert seen.is_quiet(busy.administration), (seen.requests, seen.complaints)
    seen.picture("explain-allowed")


def reach(page, name):
    """Presses Tab until the field `name` has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by Tab")


def test_a_refusal_is_explained(visit, busy):
    seen = visit()
    seen.page.goto(busy.administration + "/explain")
    ask(seen.page, json.dumps({**CLAIMS, "event": "schedule"}), Region="us-west-2")
    assert seen.page.title().startswith("Refused")
    rules = seen.page.locator("#rules").inner_text()
    assert "octo-repo is not for this token" in rules and "push or tag" in rules and '"schedule"' in rules
    seen.picture("explain-refused")
    ask(seen.page, "{", role="nothing")
    assert "Not explained" in seen.page.get_by_role("alert").inner_text()
    assert seen.page.get_by_label("Role", exact=True).input_value() == "nothing"
    seen.picture("explain-fault")


@pytest.mark.parametrize("width", [320, 360])
def test_a_narrow_screen_never_scrolls_sideways(visit, busy, width):
    seen = visit(width=width)
    for path in ["/", "/explain"]:
        seen.page.goto(busy.administration + path)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 360 and path == "/":
            seen.picture("status-narrow")
    ask(seen.page, json.dumps({**CLAIMS, "repo": "octo-org/" + "x" * 200}))
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    seen.picture(f"explain-narrow-{width}")


def test_the_dark_is_dark(visit, busy):
    seen = visit(scheme="dark")
    seen.page.goto(busy.administration + "/")
    red, green, blue = brightness = seen.page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)")
    assert max(red, green, blue) < 60, brightness
    seen.picture("status-dark")
    ask(seen.page)
    seen.picture("explain-dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_accessibility(visit, busy, scheme, width):
    seen = visit(width=width, scheme=scheme)
    seen.page.goto(busy.administration + "/")
    assert accessibility_faults(seen.page) == []
    assert seen.page.evaluate("document.documentElement.lang") == "en"
    # All parts of the form, the folded ones too.
    seen.page.goto(busy.administration + "/explain")
    for summary in seen.page.locator("summary").all():
        summary.click()
    assert accessibility_faults(seen.page) == []
    ask(seen.page)
    assert accessibility_faults(seen.page) == []
    ask(seen.page, json.dumps({**CLAIMS, "event": "tag", "pull_fork": True}))
    assert accessibility_faults(seen.page) == []
    ask(seen.page, "{")
    assert accessibility_faults(seen.page) == []


def test_hostile_words_stay_words(visit, busy):
    seen = visit()
    seen.page.goto(busy.administration + "/")
    assert HOSTILE in seen.page.locator("#policy").inner_text()
    ask(seen.page, json.dumps({**CLAIMS, "repo": "octo-org/" + HOSTILE.replace("/", "_"), "ref": "</textarea>" + HOSTILE}),
        **{"Region": "\"><script>window.hostile=1</script>"})
    assert seen.page.get_by_label("Region", exact=True).input_value() == "\"><script>window.hostile=1</script>"
    # That was 400, which a browser writes to its console; from here on it is silent.
    assert all("400" in complaint for complaint in seen.complaints), seen.complaints
    seen.complaints.clear()
    seen.page.get_by_label("Region", exact=True).fill("")
    seen.page.get_by_role("button", name="Explain the decision").click()
    assert "</textarea>" + HOSTILE in seen.page.get_by_label("Claims", exact=True).input_value()
    assert seen.page.evaluate("window.hostile") is None
    assert seen.page.locator("script, img, iframe").count() == 0
    assert seen.is_quiet(busy.administration), (seen.requests, seen.complaints, seen.dialogs)


def test_a_token_is_not_taken(visit, busy, stack):
    seen = visit()
    seen.page.goto(busy.administration + "/")
    token = stack.token()
    ask(seen.page, token)
    assert "this looks like a token" in seen.page.get_by_role("alert").inner_text()
    content = seen.page.content()
    assert not any(part in content for part in token.split("."))
    log = busy.log.read_text()
    assert not any(part in log for part in token.split("."))
    seen.picture("explain-token")


@pytest.fixture
def elsewhere(tmp_path, busy):
    """A page of somebody else, on another port of this machine, that posts to us, frames us and reads us."""
    (tmp_path / "index.html").write_text(f"""<!DOCTYPE html><title>elsewhere</title>
        <form method=post action="{busy.administration}/explain"><input name=claims value="{{}}"><button>Win</button></form>
        <iframe src="{busy.administration}/"></iframe>""")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()


def test_a_page_elsewhere_can_neither_post_nor_frame_nor_read(visit, busy, elsewhere):
    seen = visit()
    page = seen.page
    page.goto(elsewhere + "/index.html")
    frames = [frame for frame in page.frames if frame != page.main_frame]
    assert frames and all("Gateway status" not in frame.content() for frame in frames)
    read = page.evaluate("url => fetch(url).then(() => 'read', () => 'kept out')", busy.administration + "/policy")
    assert read == "kept out"
    posted = page.evaluate(
        "url => fetch(url, {method: 'POST', mode: 'no-cors', body: 'claims=x'}).then(() => 'sent', () => 'kept out')",
        busy.administration + "/explain")
    assert posted == "kept out"
    with page.expect_navigation():
        page.get_by_role("button", name="Win").click()
    assert "needs the Origin of this listener" in page.content()


def test_a_name_that_was_pointed_at_loopback_gets_nothing(visit, busy):
    seen = visit()
    port = busy.administration.rsplit(":", 1)[1]
    answer = seen.page.goto(f"http://rebinding.example:{port}/")
    assert answer.status == 421 and "octo-repo" not in seen.page.content()


def test_a_gateway_in_trouble_says_so(visit, stack, tmp_path):
    with running_gateway(tmp_path, stack, policy_text=policy_for(stack)) as gateway:
        gateway.policy.write_text("version: 1\nrules:\n  - {name: half, issuer: vela, roles: ['*'], colour: red}\n")
        seen = visit()
        for _ in range(300):
            seen.page.goto(gateway.administration + "/")
            if "The policy files are faulty" in seen.page.locator("main").inner_text():
                break
            seen.page.wait_for_timeout(100)
        notes = seen.page.locator("#attention").inner_text()
        assert "policy.yaml:3" in notes and "colour" in notes and "old-vela has no usable keys" in notes
        assert accessibility_faults(seen.page) == []
        seen.picture("status-trouble")
