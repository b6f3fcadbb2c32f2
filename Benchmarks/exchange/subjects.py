"""The programs of the benchmark: what is measured, and what it needs around it."""

import base64
import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
ROLE = "arn:aws:iam::123456123456:role/test"
# One core for what is measured, the other for load and upstream.
SUBJECT_CORE, LOAD_CORE = "0", "1"

POLICY = """version: 1
issuers:
  - name: vela
    url: "{issuer}"
    audiences: [sts.amazonaws.com]
    claims: vela
rules:
  - name: octo-repo
    issuer: vela
    condition:
      StringEquals: {{aud: sts.amazonaws.com, repo: octo-org/octo-repo, event: [push, tag]}}
      Bool: {{commands: false, pull_fork: false}}
    roles: ["{role}"]
    regions: [us-east-1]
    max_duration: 1h
    session_name: "bench"
"""

STS_ANSWER = """<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <SubjectFromWebIdentityToken>repo:octo-org/octo-repo:ref:refs/heads/main:event:push</SubjectFromWebIdentityToken>
    <Audience>sts.amazonaws.com</Audience>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456123456:assumed-role/test/bench</Arn>
      <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:bench</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <SessionToken>{token}</SessionToken>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <Expiration>{expiration}</Expiration>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
    </Credentials>
    <Provider>vela.example.com</Provider>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>
"""


class Programs:
    """Starts programs on their cores and ends all of them."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries, self.children = pathlib.Path(folder), pathlib.Path(binaries), []

    def start(self, core, *command, environment=None, output=None):
        log = open(self.folder / f"{len(self.children)}.log", "w")
        child = subprocess.Popen(
            ["taskset", "--cpu-list", core, *map(str, command)], stdout=output or log, stderr=log,
            env={**os.environ, **(environment or {})})
        child.log = log.name
        self.children.append(child)
        return child

    def end(self):
        for child in reversed(self.children):
            child.terminate()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()

    def await_file(self, path, child):
        for _ in range(600):
            if path.exists() and path.stat().st_size:
                return path.read_text()
            if child.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"a program did not start: {pathlib.Path(child.log).read_text()}")

    # Around what is measured

    def devstack(self):
        ready = self.folder / "devstack.json"
        child = self.start(LOAD_CORE, self.binaries / "vela-aws-devstack", "--ready-file", ready, "--parent-pid",
                           str(os.getpid()))
        return json.loads(self.await_file(ready, child))

    def sts(self, delay=0):
        """The stand-in's port."""
        answer = self.folder / "answer.xml"
        expiration = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        answer.write_text(STS_ANSWER.format(token="IQoJb3JpZ2luX2VjE" + "A1b2" * 160, expiration=expiration))
        return self.port_of(compiled(self.folder, "sts"), LOAD_CORE, answer, delay)

    def port_of(self, program, core, *arguments):
        ready = self.folder / f"{len(self.children)}.port"
        child = self.start(core, program, *arguments, output=open(ready, "w"))
        return int(self.await_file(ready, child))

    # What is measured: a name, an address and a process

    def gateway(self, name, stack, sts, audit, threads=1):
        ready, policy = self.folder / f"{name}.json", self.folder / "policy.yaml"
        policy.write_text(POLICY.format(issuer=stack["issuer"], role=ROLE))
        policy.chmod(0o600)
        settings = {
            "LISTEN": "127.0.0.1:0", "HEALTH_LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "off", "POLICY": policy, "AUDIT": audit,
            "STS_ENDPOINT": f"http://127.0.0.1:{sts}", "READY_FILE": ready, "THREADS": threads, "DRAIN_DELAY": "0s",
            # The bounds on calls of STS are not what is measured.
            "STS_CONCURRENCY": 1024, "STS_CONCURRENCY_PER_REPOSITORY": 1024, "REQUEST_DEADLINE": "30s",
        }
        reader = subprocess.Popen(["taskset", "--cpu-list", LOAD_CORE, "cat"], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL)
        child = self.start(SUBJECT_CORE, self.binaries / "vela-aws-gateway", "serve", output=reader.stdin,
                           environment={f"GATEWAY_{key}": str(value) for key, value in settings.items()})
        addresses = json.loads(self.await_file(ready, child))
        await_answer(addresses["health"] + "/readyz")
        return Subject(name, addresses["service"], child.pid)

    def haproxy(self, stack, sts):
        key = self.folder / "issuer.pem"
        key.write_text(public_key(stack["issuer"]))
        port, configuration = free_port(), (HERE / "haproxy.cfg").read_text()
        for name, value in {"PORT": port, "ISSUER": stack["issuer"], "KEY": key, "ROLE": ROLE, "STS": sts}.items():
            configuration = configuration.replace(f"@{name}@", str(value))
        path = self.folder / "haproxy.cfg"
        path.write_text(configuration)
        child = self.start(SUBJECT_CORE, "haproxy", "-db", "-f", path)
        await_connection(port, child)
        return Subject("HAProxy", f"http://127.0.0.1:{port}", child.pid)

    def bare(self, size):
        program = compiled(self.folder, "bare", "-lmicrohttpd")
        ready = self.folder / "bare.port"
        child = self.start(SUBJECT_CORE, program, size, 1, output=open(ready, "w"))
        return Subject("libmicrohttpd alone", f"http://127.0.0.1:{int(self.await_file(ready, child))}", child.pid)


class Subject:
    def __init__(self, name, url, pid):
        self.name, self.url, self.pid = name, url, pid

    def processor_seconds(self):
        """What it has used of the processors, by the kernel's clock of 10 ms."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident now, in MiB."""
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit(f"{self.name} has ended")


def tokens(stack, path, count):
    """Writes different tokens that last the benchmark's time, one a line."""
    with open(path, "w") as file:
        while count > 0:
            some = min(count, 1000)
            body = json.dumps({"count": some, "lifetime": 3600}).encode()
            with urllib.request.urlopen(urllib.request.Request(stack["vela"] + "/_dev/tokens", body)) as answer:
                file.writelines(token + "\n" for token in json.load(answer)["tokens"])
            count -= some


def compiled(folder, name, *libraries):
    """The program of a C file here."""
    program = folder / name
    if not program.exists():
        subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, HERE / f"{name}.c", *libraries], check=True)
    return program


def public_key(issuer):
    """The issuer's RSA key in PEM, by way of openssl's notation for ASN.1."""
    with urllib.request.urlopen(issuer + "/.well-known/jwks") as answer:
        key = json.load(answer)["keys"][0]
    number = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()
    notation = ("asn1=SEQUENCE:k\n[k]\na=SEQUENCE:a\nb=BITWRAP,SEQUENCE:n\n[a]\na=OID:rsaEncryption\nb=NULL\n"
                f"[n]\nn=INTEGER:0x{number(key['n'])}\ne=INTEGER:0x{number(key['e'])}\n")
    der = subprocess.run(["openssl", "asn1parse", "-genconf", "/dev/stdin", "-noout", "-out", "/dev/stdout"],
                         input=notation.encode(), capture_output=True, check=True).stdout
    return subprocess.run(["openssl", "pkey", "-pubin", "-inform", "DER"], input=der, capture_output=True,
                          check=True).stdout.decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_connection(port, child):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if child.poll() is not None:
                break
            time.sleep(0.05)
    raise SystemExit(f"nobody listens on {port}: {pathlib.Path(child.log).read_text()}")


def await_answer(url):
    for _ in range(200):
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{url} is not ready")
