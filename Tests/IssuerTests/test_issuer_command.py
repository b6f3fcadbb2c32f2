"""`vela-aws-gateway issuer`: keys on the disk, files for a web server, and what the public URL says of them."""

import datetime
import functools
import http.server
import json
import os
import pathlib
import re
import stat
import subprocess
import threading

import pytest
from joserfc.jwk import KeySet, import_key

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
GATEWAY = pathlib.Path(os.environ.get("VAG_PROGRAMS", REPOSITORY / ".build/debug")) / "vela-aws-gateway"
HOUR = datetime.timedelta(hours=1)
pytestmark = pytest.mark.skipif(
    os.environ.get("VAG_REQUIRE_ALL_TESTS") != "1" and not GATEWAY.exists(), reason="run make build")


def issuer(*words, status=0):
    """What `issuer` prints; on a refusal what it says."""
    done = subprocess.run([GATEWAY, "issuer", *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def rename_to(path, age, at_once=False):
    """Gives a key's file the name that it would have if it had been made so long ago."""
    made = datetime.datetime.now(datetime.timezone.utc) - age
    return path.rename(path.with_name(f"issuer-{made:%Y%m%dT%H%M%SZ}{'-at-once' if at_once else ''}.pem"))


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def site(tmp_path):
    """A folder that a web server shows, and its URL."""
    folder = tmp_path / "site"
    folder.mkdir()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    return folder


def new_key(keys, *words):
    text = issuer("new-key", keys, *words)
    key_id, path = re.search(r"^made \w+ key (\S+): (\S+)$", text, re.MULTILINE).groups()
    return key_id, pathlib.Path(path)


def settings(keys, url):
    return ["--set", f"issuer_url={url}", "--set", f"issuer_keys={keys}"]


@pytest.mark.parametrize("words, kind", [((), "EC"), (("--algorithm", "RS256"), "RSA")])
def test_a_new_key_is_its_owners_alone_and_another_library_reads_it(keys, words, kind):
    key_id, path = new_key(keys, *words)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and list(keys.iterdir()) == [path]
    assert re.fullmatch(r"issuer-\d{8}T\d{6}Z\.pem", path.name)
    key = import_key(path.read_text(), kind)
    assert key.thumbprint() == key_id
    assert path.read_text().startswith("-----BEGIN PRIVATE KEY-----\n")


def test_a_new_key_says_what_comes_next_and_not_what_it_is(keys):
    text = issuer("new-key", keys)
    secret = next(keys.iterdir()).read_text().splitlines()[1]
    assert "issuer publish" in text and "a day from now" in text and secret not in text
    assert "as soon as a gateway finds it" in issuer("new-key", keys, "--at-once")


def test_a_new_key_wants_a_folder(tmp_path):
    assert "is no folder: make it, mode 0700" in issuer("new-key", tmp_path / "none", status=1)


def test_publishing_writes_files_that_another_library_reads(keys, site):
    folder, url = site
    key_id, _ = new_key(keys)
    other_id, _ = new_key(keys, "--algorithm", "RS256", "--at-once")
    issuer("publish", folder, *settings(keys, url))
    discovery = json.loads((folder / ".well-known/openid-configuration").read_text())
    assert discovery["issuer"] == url and discovery["jwks_uri"] == url + "/.well-known/jwks.json"
    assert discovery["id_token_signing_alg_values_supported"] == ["ES256", "RS256"]
    published = KeySet.import_key_set(json.loads((folder / ".well-known/jwks.json").read_text()))
    assert {key.thumbprint() for key in published} == {key_id, other_id} == {key.kid for key in published}
    assert not any(key.is_private for key in published)
    assert {path.name for path in (folder / ".well-known").iterdir()} == {"openid-configuration", "jwks.json"}


def test_show_tells_what_the_public_url_really_says(keys, site):
    folder, url = site
    key_id, path = new_key(keys, "--at-once")
    words = issuer("show", *settings(keys, url), status=1)
    assert "cannot be read" in words and "HTTP 404" in words and f"{key_id} ({path.name}) was not found" in words
    issuer("publish", folder, *settings(keys, url))
    assert re.search(rf"^{key_id}  ES256  signing  published  {path.name}$", issuer("show", *settings(keys, url)), re.MULTILINE)
    young, _ = new_key(keys)
    assert re.search(rf"^{young}  ES256  waits until \S+  not published  ", issuer("show", *settings(keys, url)), re.MULTILINE)


def test_show_names_a_published_key_that_is_nobodys(keys, site, tmp_path):
    folder, url = site
    new_key(keys, "--at-once")
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    stranger_id, path = new_key(stranger)
    path.rename(keys / path.name.replace("issuer-", "other-"))
    issuer("publish", folder, *settings(keys, url))
    (keys / path.name.replace("issuer-", "other-")).unlink()
    assert f"{stranger_id}  NOT OURS" in issuer("show", *settings(keys, url))


def test_a_rotation_step_by_step(keys, site):
    """Old, old and new, new alone; a step that would lose a key too early is refused."""
    folder, url = site
    old_id, old = new_key(keys, "--at-once")
    old = rename_to(old, HOUR * 100, at_once=True)
    issuer("publish", folder, *settings(keys, url))
    new_id, new = new_key(keys)
    issuer("publish", folder, *settings(keys, url))
    assert f"{old_id}  ES256  signing" in issuer("show", *settings(keys, url))
    new = rename_to(new, HOUR * 25)
    words = issuer("show", *settings(keys, url))
    assert f"{new_id}  ES256  signing" in words and re.search(rf"{old_id}  ES256  retired, keep its file until \S+", words)
    kept = old.rename(keys.parent / old.name)
    words = issuer("publish", folder, *settings(keys, url), status=1)
    assert f"put its file back, or say by --withdraw {old_id}" in words
    assert old_id in (folder / ".well-known/jwks.json").read_text(), "a refusal changes nothing"
    kept.rename(old)
    issuer("publish", folder, *settings(keys, url))
    old.unlink()
    rename_to(new, HOUR * 49)
    assert f"left out {old_id}" in issuer("publish", folder, *settings(keys, url))
    assert old_id not in (folder / ".well-known/jwks.json").read_text()


def test_a_stolen_key_goes_at_once(keys, site):
    folder, url = site
    stolen_id, stolen = new_key(keys, "--at-once")
    issuer("publish", folder, *settings(keys, url))
    rename_to(stolen, HOUR * 30, at_once=True)
    new_id, _ = new_key(keys, "--at-once")
    issuer("publish", folder, "--withdraw", stolen_id, *settings(keys, url))
    assert stolen_id not in (folder / ".well-known/jwks.json").read_text()
    assert f"{new_id}  ES256  signing  published" in issuer("show", *settings(keys, url))


@pytest.mark.parametrize("url, words", [
    ("https://ci.example.com:8443", "AWS takes no port"), ("http://ci.example.com", "http is for loopback only"),
    ("https://ci.example.com/", "slash at the end"),
])
def test_a_url_that_aws_would_not_take_is_refused(keys, tmp_path, url, words):
    new_key(keys)
    assert words in issuer("publish", tmp_path / "site", *settings(keys, url), status=1)


def test_a_key_that_others_may_read_is_refused_by_every_command(keys, site):
    folder, url = site
    _, path = new_key(keys)
    path.chmod(0o644)
    for command in [("publish", folder), ("show",)]:
        assert "may be read or written by everybody; chmod 600" in issuer(*command, *settings(keys, url), status=1)


def test_the_settings_can_come_from_the_gateways_own_file(keys, site, tmp_path):
    folder, url = site
    new_key(keys)
    config = tmp_path / "gateway.yaml"
    config.write_text(f"policy: /nowhere\nissuer_url: {url}\nissuer_keys: {keys}\n")
    issuer("publish", folder, "--config", config)
    assert "name issuer_url and issuer_keys" in issuer("publish", folder, status=1)
