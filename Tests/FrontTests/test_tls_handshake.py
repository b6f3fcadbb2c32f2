"""What callers can do to the gateway before they have said anything over TLS."""

import collections
import pathlib
import socket
import subprocess
import time
import urllib.parse

from fronts import running_gateway, running_stack


def states(pid):
    """What each thread does now: R is running or wanting to, S is asleep."""
    return {folder.name: (folder / "stat").read_text().rpartition(")")[2].split()[0] for folder in pathlib.Path(f"/proc/{pid}/task").iterdir()}


def test_the_server_sleeps_while_a_handshake_waits_for_the_caller(tmp_path):
    certificate, key = tmp_path / "ca.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=gateway", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    key.chmod(0o600)
    settings = {"GATEWAY_TLS_CERTIFICATE": str(certificate), "GATEWAY_TLS_KEY": str(key)}
    with running_stack(tmp_path) as stack, running_gateway(tmp_path, stack, settings) as gateway:
        address = urllib.parse.urlsplit(gateway.url)
        asleep, seen = collections.Counter(), collections.Counter()
        with socket.create_connection((address.hostname, address.port)) as caller:
            caller.sendall(b"\x16\x03\x01")  # The beginning of a ClientHello, and no more.
            for _ in range(50):
                time.sleep(0.02)
                for thread, state in states(gateway.child.pid).items():
                    seen[thread] += 1
                    asleep[thread] += state == "S"
    # A thread that asks GnuTLS again and again is never asleep, on a busy machine either.
    for thread, count in seen.items():
        assert asleep[thread] >= count / 2, (thread, asleep, seen)
