"""The policy is replaced again and again under load; every audited decision is then made once more, offline, from the files
whose digest the record names."""

import concurrent.futures
import itertools
import json
import os
import pathlib
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("VAG_PROGRAMS", REPOSITORY / ".build/debug"))
ROLE = "arn:aws:iam::123456123456:role/test"
RELOADS = 60
WORKERS = 6

# What differs between the policies: who gets in, under which rule, for how long, and who is shut out.
RULES = {
    "first": "  - {name: pushes, issuer: vela, condition: {StringEquals: {event: push}}, roles: ['ROLE'], max_duration: 1h}\n",
    "second": "  - {name: everybody, issuer: vela, condition: {StringEquals: {repo_org: octo-org}}, roles: ['ROLE'], max_duration: 30m}\n"
              "  - {name: no-tags, effect: deny, condition: {StringEquals: {event: tag}}}\n",
    "third": "  - {name: tags, issuer: vela, condition: {StringNotEquals: {event: push}}, roles: ['ROLE'], max_duration: 2h}\n",
}
EVENTS = ["push", "tag", "schedule"]
DURATIONS = [None, 1800, 3600, 7200]


def run(*arguments):
    done = subprocess.run([PROGRAMS / "vela-aws-gateway", *map(str, arguments)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def call(url, body, headers=None):
    """Posts JSON and gives the status and the answer."""
    request = urllib.request.Request(
        url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def await_file(path):
    for _ in range(300):
        if path.exists():
            return json.loads(path.read_text())
        time.sleep(0.1)
    raise AssertionError(f"{path} did not come")


@pytest.fixture
def stack(tmp_path):
    ready = tmp_path / "stack.json"
    child = subprocess.Popen(
        [PROGRAMS / "vela-aws-devstack", "--ready-file", ready, "--sts-verify", "off", "--parent-pid", str(os.getpid())],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield await_file(ready)
    finally:
        child.terminate()
        child.wait(timeout=30)


class Policies:
    """Each policy in a folder of its own, and the folder that the gateway reads."""

    def __init__(self, folder, issuer):
        self.live = folder / "policy.d"
        self.live.mkdir()
        self.folders = {}
        self.texts = {}
        for name, rules in RULES.items():
            text = (f"version: 1\nissuers:\n  - {{name: vela, url: '{issuer}', audiences: [sts.amazonaws.com], claims: vela}}\n"
                    f"rules:\n{rules.replace('ROLE', ROLE)}")
            kept = folder / name
            kept.mkdir()
            self.write(kept, text)
            self.texts[name] = text
            self.folders[run("policy", "check", kept).split()[1].rstrip(":")] = kept

    def write(self, folder, text):
        temporary = folder / ".new"
        temporary.write_text(text)
        temporary.chmod(0o600)
        temporary.rename(folder / "policy.yaml")

    def install(self, name):
        self.write(self.live, self.texts[name])


@pytest.fixture
def gateway(tmp_path, stack):
    policies = Policies(tmp_path, stack["issuer"])
    policies.install("first")
    ready, audit = tmp_path / "gateway.json", tmp_path / "audit.log"
    settings = {
        "GATEWAY_LISTEN": "127.0.0.1:0", "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0", "GATEWAY_ADMIN_LISTEN": "off", "GATEWAY_POLICY": str(policies.live),
        "GATEWAY_STS_ENDPOINT": stack["sts"], "GATEWAY_AUDIT": f"file:{audit}", "GATEWAY_READY_FILE": str(ready),
        "GATEWAY_DRAIN_DELAY": "0s", "GATEWAY_EMERGENCY_DENY": str(tmp_path / "emergency-deny.yaml"),
    }
    log = open(tmp_path / "gateway.log", "wb")
    child = subprocess.Popen([PROGRAMS / "vela-aws-gateway", "serve"], env=settings, stdout=log, stderr=log)
    try:
        addresses = await_file(ready)
        yield child, policies, addresses["service"] + "/v1/credentials", audit, addresses["health"]
    finally:
        child.kill()
        child.wait(timeout=30)
        log.close()


def tokens_of(stack):
    """A few tokens of each event, with the claims that the stack put into them."""
    tokens = {}
    for event in EVENTS:
        status, answer = call(stack["vela"] + "/_dev/tokens", {"count": 3, "event": event})
        assert status == 200
        tokens[event] = answer["tokens"]
    return tokens


def test_every_decision_under_reloads_is_reproduced_from_the_files_of_its_digest(tmp_path, stack, gateway):
    child, policies, url, audit, _ = gateway
    tokens = tokens_of(stack)
    stop = threading.Event()

    def work(number):
        answers = []
        for event, seconds in itertools.islice(itertools.cycle(itertools.product(EVENTS, DURATIONS)), number, None):
            if stop.is_set():
                return answers
            body = {"role": ROLE, **({"duration_seconds": seconds} if seconds else {})}
            status, answer = call(url, body, {"Authorization": f"Bearer {tokens[event][number % 3]}"})
            answers.append((event, seconds, status, answer))

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        workers = [pool.submit(work, number) for number in range(WORKERS)]
        for name in itertools.islice(itertools.cycle(RULES), RELOADS):
            policies.install(name)
            child.send_signal(signal.SIGHUP)
            time.sleep(0.02)
        stop.set()
        answers = {answer["request_id"]: (event, seconds, status, answer)
                   for worker in workers for event, seconds, status, answer in worker.result()}
    child.terminate()
    assert child.wait(timeout=30) == 0

    records = [json.loads(line) for line in audit.read_text().splitlines()]
    records = {record["request_id"]: record for record in records if "request_id" in record}
    assert set(records) == set(answers), "one record for each answer"
    assert len(records) > 100
    assert {record["policy_digest"] for record in records.values()} == set(policies.folders)

    cases = {digest: {} for digest in policies.folders}
    for request_id, record in records.items():
        event, seconds, status, answer = answers[request_id]
        if status == 200:
            assert (answer["rule"], answer["policy_digest"]) == (record["rule"], record["policy_digest"])
            expect = {"allow": record["rule"], "duration_seconds": record["duration_seconds"]}
        else:
            assert answer["code"] == record["code"]
            expect = {"refuse": record["code"]}
        # Told apart by all that decides: the same question under the same policy must always have had the same answer.
        question = f"{event} {seconds}"
        assert cases[record["policy_digest"]].setdefault(question, (event, seconds, expect))[2] == expect, question

    for digest, folder in policies.folders.items():
        path = tmp_path / f"{digest}.yaml"
        path.write_text(json.dumps({"version": 1, "cases": [
            {"name": question, "claims": claims_of(event), "expect": expect,
             "request": {"role": ROLE, **({"duration_seconds": seconds} if seconds else {})}}
            for question, (event, seconds, expect) in cases[digest].items()]}))
        assert f"{len(cases[digest])} passed, 0 failed, policy {digest}" in run("policy", "test", folder, path)


def claims_of(event):
    ref = "refs/tags/v1" if event == "tag" else "refs/heads/main"
    return {
        "sub": f"repo:octo-org/octo-repo:ref:{ref}:event:{event}", "token_type": "ID", "repo": "octo-org/octo-repo",
        "ref": ref, "event": event, "image": "registry.example.com/vela-aws-credentials:1.0.0", "build_number": "1",
        "commands": "false", "pull_fork": "false",
    }


DENY = "  - {name: stop, effect: deny, condition: {StringEquals: {event: push}}}\n"


def metric(health, series):
    with urllib.request.urlopen(health + "/metrics", timeout=30) as answer:
        return next((float(line.rpartition(" ")[2]) for line in answer.read().decode().splitlines() if line.startswith(series + " ")), 0)


def install_rule(policies, tmp_path):
    """A deny in the policy, without a signal: the gateway has to see it by itself."""
    policies.write(policies.live, policies.texts["first"] + DENY)


def install_emergency(policies, tmp_path):
    """The same as an emergency deny, beside a policy that is faulty by now."""
    policies.write(policies.live, "rules: [")
    temporary = tmp_path / ".emergency"
    temporary.write_text("version: 1\nrules:\n" + DENY)
    temporary.rename(tmp_path / "emergency-deny.yaml")


@pytest.mark.parametrize("install, series, code", [
    (install_rule, 'vela_gateway_policy_reloads_total{result="replaced"}', "policy_denied"),
    (install_emergency, 'vela_gateway_emergency_rules{source="file"}', "emergency_denied"),
])
def test_a_deny_binds_every_request_that_begins_after_it_was_seen(tmp_path, stack, gateway, install, series, code):
    """Under load, and the audit says so of each: no credentials after it, and none lost before."""
    child, policies, url, audit, health = gateway
    tokens, served, bound = tokens_of(stack)["push"], threading.Event(), threading.Event()

    def work(number):
        answers, after = [], 0
        while after < 5:
            began_after = bound.is_set()
            status, answer = call(url, {"role": ROLE}, {"Authorization": f"Bearer {tokens[number % 3]}"})
            answers.append((began_after, status, answer))
            after += began_after
            if status == 200:
                served.set()
        return answers

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        workers = [pool.submit(work, number) for number in range(WORKERS)]
        assert served.wait(60)
        install(policies, tmp_path)
        for _ in range(600):
            if metric(health, series) > 0:
                break
            time.sleep(0.05)
        bound.set()
        answers = [answer for worker in workers for answer in worker.result()]
    child.terminate()
    assert child.wait(timeout=30) == 0

    before, after = [one for one in answers if not one[0]], [one for one in answers if one[0]]
    assert any(status == 200 for _, status, _ in before) and len(after) == 5 * WORKERS
    assert {(status, answer["code"]) for _, status, answer in after} == {(403, code)}
    assert {answer.get("code", "credentials") for _, _, answer in before} <= {code, "credentials"}
    records = {record["request_id"]: record for record in map(json.loads, audit.read_text().splitlines()) if "request_id" in record}
    assert set(records) == {answer["request_id"] for _, _, answer in answers}
    assert {records[answer["request_id"]]["rule"] for _, _, answer in after} == {"stop"}
