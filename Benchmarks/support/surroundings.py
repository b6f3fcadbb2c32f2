"""What an exchange needs around what is measured: an issuer, tokens, certificates and a stand-in for STS."""

import base64
import functools
import json
import os
import secrets
import subprocess
import time
import urllib.request

from .processes import HERE, LOAD_CORE


class Surroundings:
    def __init__(self, processes, programs):
        self.processes, self.programs = processes, programs

    @functools.cached_property
    def stack(self):
        """Where the development stack's servers are."""
        ready = self.processes.new_path("devstack")
        child = self.processes.start(
            self.programs / "vela-aws-devstack", "--ready-file", ready, "--parent-pid", os.getpid(), "--sts-verify", "off",
            core=LOAD_CORE)
        return json.loads(self.processes.await_file(ready, child))

    @property
    def issuer(self):
        return self.stack["issuer"]

    def post(self, path, body):
        """Directs the development stack."""
        request = urllib.request.Request(
            self.stack["vela"] + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def tokens(self, count, size=0, audience="sts.amazonaws.com"):
        """A file of different tokens for `audience`, one a line, that last the benchmark's time and have `size` bytes at least."""
        fields = {"event": "push", "lifetime": 7200, "audience": [audience]}
        if (short := size - len(self._some_tokens(1, fields)[0])) > 0:
            # base64url makes four characters of three.
            fields["custom_properties"] = {"padding": "x" * (short * 3 // 4)}
        path = self.processes.new_path(f"tokens-{count}-{size}-{audience}")
        with open(path, "w") as file:
            for done in range(0, count, 1000):
                file.writelines(token + "\n" for token in self._some_tokens(min(1000, count - done), fields))
        return path

    def _some_tokens(self, count, fields):
        return self.post("/_dev/tokens", {"count": count, **fields})["tokens"]

    def key_set(self, count):
        """The issuer's JWK set, filled up to `count` keys with those of server starts long ago."""
        with urllib.request.urlopen(self.issuer + "/.well-known/jwks") as answer:
            keys = json.load(answer)["keys"]
        size = len(decoded(keys[0]["n"]))
        for number in range(count - len(keys)):
            # An odd number of the same length: nothing is ever verified with it.
            modulus = b"\xff" + secrets.token_bytes(size - 2) + b"\x01"
            keys.insert(0, {**keys[-1], "kid": f"old-{number}", "n": encoded(modulus)})
        return json.dumps({"keys": keys})

    @functools.cached_property
    def certificate(self):
        """A PEM file with a certificate of 127.0.0.1, its own authority, and its key."""
        path = self.processes.folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path, "-out", "certificate.only"],
            cwd=self.processes.folder, check=True, capture_output=True)
        with open(path, "a") as file:
            file.write((self.processes.folder / "certificate.only").read_text())
        return path

    @functools.cached_property
    def issuer_key(self):
        """A PEM file with the issuer's RSA key, by way of openssl's notation for ASN.1."""
        key = json.loads(self.key_set(1))["keys"][-1]
        notation = ("asn1=SEQUENCE:k\n[k]\na=SEQUENCE:a\nb=BITWRAP,SEQUENCE:n\n[a]\na=OID:rsaEncryption\nb=NULL\n"
                    f"[n]\nn=INTEGER:0x{decoded(key['n']).hex()}\ne=INTEGER:0x{decoded(key['e']).hex()}\n")
        der = subprocess.run(["openssl", "asn1parse", "-genconf", "/dev/stdin", "-noout", "-out", "/dev/stdout"],
                             input=notation.encode(), capture_output=True, check=True).stdout
        path = self.processes.folder / "issuer.pem"
        subprocess.run(["openssl", "pkey", "-pubin", "-inform", "DER", "-out", path], input=der, check=True)
        return path

    def sts(self, delay=0, tls=False):
        """The URL of a stand-in of STS that waits `delay` milliseconds."""
        answer = self.processes.new_path("answer.xml")
        expiration = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        answer.write_text((HERE / "answer.xml").read_text().replace("@EXPIRATION@", expiration))
        program = self.processes.compiled("sts", "-lssl", "-lcrypto")
        _, port = self.processes.start_on_port(program, answer, delay, *([self.certificate] if tls else []))
        return f"{'https' if tls else 'http'}://127.0.0.1:{port}"


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
