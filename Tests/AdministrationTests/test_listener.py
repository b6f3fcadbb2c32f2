"""The administrator's listener of the real program: who may ask, how, and until when."""

import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import time

import pytest

from conftest import policy_for
from fronts import PROGRAMS, fetch, running_gateway


IMAGE = "registry.example.com/vela-aws-credentials:1.0.0"


def curl(*arguments):
    """The status and the body."""
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--max-time", "60", "--write-out", "\n%{http_code}", *arguments],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def port_of(url):
    return int(url.rsplit(":", 1)[1])


def question(stack, claims=None):
    base = {"sub": "repo:octo-org/octo-repo:ref:refs/heads/main:event:push", "token_type": "ID", "repo": "octo-org/octo-repo",
            "build_number": "7", "event": "push", "ref": "refs/heads/main", "commands": False, "pull_fork": False,
            "image": IMAGE}
    return json.dumps({"claims": {**base, **(claims or {})}, "request": {"role": "arn:aws:iam::123456123456:role/test"}})


def test_names(gateway):
    port = port_of(gateway.administration)
    for name in ["localhost", "127.0.0.1"]:
        assert curl(f"http://{name}:{port}/", "--ipv4")[0] == 200
    for host in ["evil.example", f"evil.example:{port}", "localhost", f"localhost:{port + 1}"]:
        status, body = curl(gateway.administration + "/", "--header", f"Host: {host}")
        assert status == 421 and "octo" not in body
    # A name that was made to point here: what DNS rebinding comes to.
    assert curl(f"http://evil.example:{port}/", "--resolve", f"evil.example:{port}:127.0.0.1")[0] == 421


def test_explain_by_curl_as_documented(gateway, stack):
    url = gateway.administration
    as_json = ["--header", "Content-Type: application/json", "--data-binary", question(stack)]
    assert curl(url + "/explain", *as_json)[0] == 403
    assert curl(url + "/explain", *as_json, "--header", "Origin: http://evil.example")[0] == 403
    status, body = curl(url + "/explain", *as_json, "--header", f"Origin: {url}")
    assert status == 200 and json.loads(body)["rule"] == "octo-repo"


def test_methods_and_paths(gateway):
    url = gateway.administration
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"]:
        assert curl(url + "/", "--request", method, "--header", f"Origin: {url}")[0] == 405
    for path in ["/v1/credentials", "/metrics", "/readyz", "/..", "/%2e"]:
        assert curl(url + path, "--path-as-is")[0] == 404
    for listener in [gateway.url, gateway.health]:
        assert curl(listener + "/policy")[0] == 404
    assert curl("--head", url + "/")[0] == 200
    assert curl(url + "/explain", "--header", f"Origin: {url}", "--header", "Content-Type: application/json",
                "--data-binary", "x" * 70_000)[0] == 413


def test_the_policy_is_the_one_that_decides(gateway):
    status, body = curl(gateway.administration + "/policy")
    policy = json.loads(body)
    assert status == 200 and policy["faults"] == []
    assert [rule["name"] for rule in policy["rules"]] == [
        "octo-repo", "deployments", "hostile.words", "never-from-forks", "trial"]
    checked = subprocess.run([PROGRAMS / "vela-aws-gateway", "policy", "check", gateway.policy], capture_output=True, text=True)
    assert policy["digest"] in checked.stdout


def test_no_secret_is_shown(gateway, stack):
    """Neither a token nor what AWS made of it, on any page and in the log of the pages."""
    token = json.loads(fetch(stack.ready["vela"] + "/_dev/tokens", {"count": 1, "image": IMAGE}))["tokens"][0]
    status, body = curl(gateway.url + "/v1/credentials", "--header", f"Authorization: Bearer {token}",
                        "--header", "Content-Type: application/json", "--data", '{"role": "arn:aws:iam::123456123456:role/test"}')
    assert status == 200
    credentials = json.loads(body)
    secrets = [credentials["secret_access_key"], credentials["session_token"], *token.split(".")]
    pages = [curl(gateway.administration + path)[1] for path in ["/", "/policy", "/explain"]]
    assert "credentials given" in pages[0]
    for text in [*pages, gateway.log.read_text()]:
        assert not any(secret in text for secret in secrets)


def test_unix_socket(stack, tmp_path):
    # The path of a socket has at most 107 bytes; pytest's folders may be longer.
    path = pathlib.Path(f"/tmp/vag-{os.getpid()}.sock")
    with running_gateway(tmp_path, stack, {"GATEWAY_ADMIN_LISTEN": f"unix:{path}"}) as gateway:
        assert gateway.administration == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        status, body = curl("--unix-socket", path, "http://localhost/")
        assert status == 200 and "pushes" in body
        assert curl("--unix-socket", path, "http://localhost:9091/policy")[0] == 200
        assert curl("--unix-socket", path, "http://evil.example/")[0] == 421
        status, body = curl("--unix-socket", path, "http://localhost/explain", "--header", "Content-Type: application/json",
                            "--header", "Origin: http://localhost", "--data-binary", question(stack))
        assert status == 200 and json.loads(body)["outcome"] == "allowed"
    assert not path.exists()


def refused_start(stack, folder, address):
    """What a gateway says that cannot start with this address."""
    policy = folder / "policy.yaml"
    policy.write_text(policy_for(stack))
    policy.chmod(0o600)
    done = subprocess.run(
        [PROGRAMS / "vela-aws-gateway", "serve"], capture_output=True, text=True, timeout=120,
        env={"GATEWAY_POLICY": str(policy), "GATEWAY_ADMIN_LISTEN": address, "GATEWAY_LISTEN": "127.0.0.1:0",
             "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0"})
    assert done.returncode not in (0, None)
    return done.stderr


def test_off_loopback_it_does_not_start(stack, tmp_path):
    assert "kubectl port-forward" in refused_start(stack, tmp_path, "0.0.0.0:9091")


def test_a_taken_port_is_named_with_its_setting(stack, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = refused_start(stack, tmp_path, address)
    assert address in said and "admin_listen" in said


def test_slow_clients_hold_nothing_up(gateway):
    """As many connections as it takes, each with half a request: they are ended, and the page comes all the same."""
    address = ("127.0.0.1", port_of(gateway.administration))
    sockets = [socket.create_connection(address, timeout=60) for _ in range(40)]
    try:
        for each in sockets:
            each.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert curl(gateway.administration + "/")[0] == 200
        for each in sockets:
            # Ended by the server: an end of file or a reset, never an answer.
            try:
                assert each.recv(1) == b""
            except ConnectionResetError:
                pass
    finally:
        for each in sockets:
            each.close()
    assert curl(gateway.administration + "/")[0] == 200


def test_it_tells_of_the_drain_and_ends_with_the_gateway(stack, tmp_path):
    with running_gateway(tmp_path, stack, {"GATEWAY_DRAIN_DELAY": "30m"}) as gateway:
        gateway.child.send_signal(signal.SIGTERM)
        for _ in range(600):
            status, body = curl(gateway.administration + "/")
            if "The gateway is shutting down." in body:
                break
            time.sleep(0.05)
        assert status == 200 and "<title>Not ready" in body
        # A second one cuts the half hour.
        gateway.child.send_signal(signal.SIGTERM)
        assert gateway.child.wait(timeout=60) == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port_of(gateway.administration)))
