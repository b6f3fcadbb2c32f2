"""Traffic of every kind, so that a gateway exposes every metric that it has."""

import contextlib
import datetime
import functools
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from fronts import PROGRAMS, ROLE, fetch


def policy(stack):
    """Rules for pushes, for tags under observation, for deployments with tokens of one use, and a deny under observation, which counts only."""
    until = datetime.date.today() + datetime.timedelta(days=20)
    return f"""version: 1
issuers:
  - {{name: vela, url: '{stack.ready["issuer"]}', audiences: [sts.amazonaws.com], claims: vela}}
rules:
  - {{name: pushes, issuer: vela, condition: {{StringEquals: {{event: push}}}}, roles: ['{ROLE}'], max_duration: 1h}}
  - {{name: watched, issuer: vela, condition: {{StringEquals: {{event: tag, actor: nobody}}}}, roles: ['{ROLE}-watched'],
      max_duration: 1h, observe: {{until: {until}}}}}
  - {{name: once, issuer: vela, condition: {{StringEquals: {{event: 'deployment:created'}}}}, roles: ['{ROLE}'], max_duration: 1h,
      one_use: {{fronts: [credentials]}}}}
  - {{name: counted, effect: deny, issuer: vela, condition: {{StringEquals: {{branch: counted}}}}, observe: {{until: {until}}}}}
"""


def emergency(folder):
    """An emergency deny that stops comments, and nobody else."""
    file = folder / "emergency-deny.yaml"
    file.write_text("version: 1\nrules:\n  - {name: comments, condition: {StringEquals: {event: 'comment:created'}}}\n")
    return file


def certificate(folder):
    """A certificate for loopback, as the settings that name it."""
    certificate, key = folder / "tls.crt", folder / "tls.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=gateway", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    key.chmod(0o600)
    return {"GATEWAY_TLS_CERTIFICATE": str(certificate), "GATEWAY_TLS_KEY": str(key)}


def issuer(folder):
    """A signing key for the gateway, as the settings that name it."""
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    subprocess.run([PROGRAMS / "vela-aws-gateway", "issuer", "new-key", "--at-once", keys], check=True, capture_output=True)
    return {"GATEWAY_ISSUER_KEYS": str(keys)}


@contextlib.contextmanager
def published(folder):
    """A web server with what `issuer publish` writes, at the URL that it gives."""
    site = folder / "site"
    site.mkdir()
    handler = functools.partial(SilentHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        subprocess.run(
            [PROGRAMS / "vela-aws-gateway", "issuer", "publish", site, "--set", f"issuer_url={url}", "--set", f"issuer_keys={folder / 'keys'}"],
            check=True, capture_output=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield url
        server.shutdown()
        thread.join()


class SilentHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def send(gateway, path, token=None, body=None, headers=None, method=None, trust=None):
    """The status and the answer; a refusal is an answer too."""
    headers = dict(headers or {})
    if token is not None:
        headers["Authorization"] = "Bearer " + token
    if body is not None and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json"
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(gateway.url + path, data=data, headers=headers, method=method)
    context = ssl.create_default_context(cafile=trust) if trust else None
    try:
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def mixed(stack, gateway, folder):
    trust = str(folder / "tls.crt")
    wanted = {"role": ROLE, "verify": True}

    def expect(status, path, **request):
        answer = send(gateway, path, trust=trust, **request)
        assert answer[0] == status, answer

    await_ready(gateway)
    expect(200, "/v1/credentials", token=stack.token(), body=wanted)
    expect(200, "/v1/whoami", token=stack.token(), method="POST")
    expect(200, "/v1/container-credentials?role=" + urllib.parse.quote(ROLE), token=stack.token())
    for path in ["/", "/sts/artifacts"]:
        form = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": ROLE, "RoleSessionName": "octo",
                "WebIdentityToken": stack.token()}
        expect(200, path, body=urllib.parse.urlencode(form).encode(), headers={"Content-Type": "application/x-www-form-urlencoded"})
    expect(200, "/v1/credentials", token=stack.token("tag"), body=wanted | {"role": ROLE + "-watched"})
    expect(200, "/v1/credentials", token=stack.token(branch="counted"), body=wanted)
    once = stack.token("deployment:created")
    expect(200, "/v1/credentials", token=once, body=wanted)
    expect(401, "/v1/credentials", token=once, body=wanted)
    expect(403, "/v1/credentials", token=stack.token("schedule"), body=wanted)
    expect(403, "/v1/credentials", token=stack.token("comment:created"), body=wanted)
    expect(401, "/v1/credentials", token=stack.token()[:-8] + "AAAAAAAA", body=wanted)
    expect(401, "/v1/credentials", body=wanted)
    expect(404, "/nowhere")
    stack.fault({"on": "AssumeRoleWithWebIdentity", "code": "AccessDenied", "status": 403})
    expect(502, "/v1/credentials", token=stack.token(), body=wanted)
    stack.reset()
    break_http(gateway)
    crowd(gateway)
    reload(gateway)
    # The audit's head is told a second after the start, and then each minute.
    await_metric(gateway, 'vela_gateway_audit_head_info{')


def await_ready(gateway):
    for _ in range(300):
        try:
            return fetch(gateway.health + "/readyz")
        except urllib.error.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the gateway is not ready")


def break_http(gateway):
    """A request that could be read in two ways, on the listener without TLS."""
    address = urllib.parse.urlsplit(gateway.health)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400"), "it must be refused"


def crowd(gateway):
    """More connections than the health listener gives one address: the last ones are ended without a request."""
    address = urllib.parse.urlsplit(gateway.health)
    connections = [socket.create_connection((address.hostname, address.port), timeout=30) for _ in range(20)]
    for connection in connections[-3:]:
        await_end(connection)
    for connection in connections:
        connection.close()
    await_metric(gateway, 'vela_gateway_http_connections_ended_total{listener="health",reason="address_limit"}')


def await_end(connection):
    """Returns when the other side has closed, whatever it said before."""
    try:
        while connection.recv(4096):
            pass
    except ConnectionResetError:
        pass


def reload(gateway):
    os.kill(gateway.child.pid, signal.SIGHUP)
    await_metric(gateway, 'vela_gateway_policy_reloads_total{result="unchanged"}')
    await_metric(gateway, 'vela_gateway_tls_reloads_total{result="unchanged"}')
    await_metric(gateway, 'vela_gateway_signing_key_reloads_total{result="unchanged"}')


def metrics(gateway):
    """Asked again while connections that were just closed still count."""
    for _ in range(300):
        try:
            return fetch(gateway.health + "/metrics")
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the gateway gives no metrics")


def await_metric(gateway, beginning):
    """Waits for a series whose line begins so; half a minute at most."""
    for _ in range(300):
        if any(line.startswith(beginning) for line in metrics(gateway).splitlines()):
            return
        time.sleep(0.1)
    raise AssertionError(f"{beginning} did not come: {metrics(gateway)}")
