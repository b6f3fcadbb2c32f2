"""The programs of a soak run and all that is done to them from outside."""

import asyncio
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import urllib.request

from verdict import Sample

IMAGE = "registry.example.com/vela-aws-credentials:1.0.0"
ROLE = "arn:aws:iam::123456123456:role/test"
POLICY = """version: 1
issuers:
  - {{name: vela, url: '{issuer}', audiences: [sts.amazonaws.com], claims: vela}}
rules:
  - name: pushes
    issuer: vela
    condition: {{StringEquals: {{event: push}}, StringLike: {{image: 'registry.example.com/*'}}}}
    roles: ['{role}', 'arn:aws:iam::123456123456:role/reload-{number}']
    max_duration: 1h
"""


class Surroundings:
    """A development stack, a gateway over TLS, and the files it reads and writes."""

    def __init__(self, programs, folder):
        self.programs, self.folder = pathlib.Path(programs), folder
        self.changes = 0
        # Trusts all certificates so far, each of which is its own authority.
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.rotations = []
        self.children = []

    # Beginning and end

    async def start(self):
        self.stack = await self.run("vela-aws-devstack", "--ready-file", self.folder / "ready-1", "--parent-pid", str(os.getpid()))
        self.policy, self.audit = self.folder / "policy.yaml", self.folder / "audit.log"
        await self.change_policy()
        await self.renew_certificate()
        settings = {
            "LISTEN": "127.0.0.1:0", "HEALTH_LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "127.0.0.1:0", "POLICY": self.policy, "STS_ENDPOINT": self.stack["sts"],
            "AUDIT": f"file:{self.audit}", "DRAIN_DELAY": "0s", "READY_FILE": self.folder / "ready-2",
            "TLS_CERTIFICATE": self.folder / "tls/..data/tls.crt", "TLS_KEY": self.folder / "tls/..data/tls.key",
        }
        environment = {f"GATEWAY_{name}": str(value) for name, value in settings.items()}
        self.gateway = await self.run("vela-aws-gateway", "serve", environment=environment)
        self.pid = self.children[-1].pid

    async def run(self, program, *arguments, environment={}):
        number = len(self.children) + 1
        with open(self.log(number), "wb") as log:
            self.children.append(
                subprocess.Popen([self.programs / program, *arguments], env=environment, stdout=log, stderr=log))
        ready = self.folder / f"ready-{number}"
        while not ready.exists():
            if self.children[-1].poll() is not None:
                raise SystemExit(f"{program} did not start: {self.log(number).read_text()[-2000:]}")
            await asyncio.sleep(0.1)
        return json.loads(ready.read_text())

    def log(self, number):
        return self.folder / f"log-{number}"

    def end(self):
        """Ends both; gives the gateway's exit status."""
        statuses = []
        for child in reversed(self.children):
            child.terminate()
            statuses.append(child.wait(timeout=60))
        self.children = []
        return statuses[0] if statuses else None

    # What a phase does

    async def nothing(self):
        pass

    async def sts_faults(self, faults):
        await self.direct("/_dev/sts/faults", faults)

    async def issuer_faults(self, faults):
        await self.direct("/_dev/issuer/faults", faults)

    async def new_keys(self, how):
        await self.direct(f"/_dev/keys/{how}", {})

    async def change_policy(self):
        self.changes += 1
        await self.write_policy(POLICY.format(issuer=self.stack["issuer"], role=ROLE, number=self.changes))

    async def break_policy(self):
        await self.write_policy("version: 1\nrules: [{name: nothing}]\n")

    async def write_policy(self, text):
        new = self.folder / "policy.new"
        new.write_text(text)
        new.chmod(0o600)
        os.replace(new, self.policy)

    async def renew_certificate(self):
        """A new pair, put in place as Kubernetes does: one link changes, and both files with it."""
        self.changes += 1
        place = self.folder / "tls" / str(self.changes)
        place.mkdir(parents=True)
        await asyncio.to_thread(
            subprocess.run,
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN=soak-{self.changes}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", place / "tls.key", "-out",
             place / "tls.crt"], check=True, capture_output=True)
        (place / "tls.key").chmod(0o600)
        self.tls.load_verify_locations(place / "tls.crt")
        new = self.folder / "tls" / "..new"
        new.symlink_to(place)
        os.replace(new, self.folder / "tls" / "..data")

    async def rotate_audit(self):
        if self.audit.exists():
            self.rotations.append(self.audit.with_suffix(f".{len(self.rotations) + 1}"))
            os.rename(self.audit, self.rotations[-1])

    async def hang_up(self):
        os.kill(self.pid, signal.SIGHUP)

    # What is asked of them

    async def direct(self, path, body):
        """Posts to an address by which the stack is directed."""
        request = urllib.request.Request(
            self.stack["vela"] + path, json.dumps(body).encode(), {"Content-Type": "application/json"})

        def post():
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)

        return await asyncio.to_thread(post)

    async def tokens(self, count, **fields):
        return (await self.direct("/_dev/tokens", {"count": count, "event": "push", "image": IMAGE, **fields}))["tokens"]

    def sample(self):
        """The gateway's memory, descriptors and threads now."""
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines())
        descriptors = len(os.listdir(f"/proc/{self.pid}/fd"))
        return Sample(int(status["VmRSS"].split()[0]), descriptors, int(status["Threads"]))

    def metrics(self):
        """The samples of /metrics by name with labels."""
        with urllib.request.urlopen(self.gateway["health"] + "/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

    # The audit

    @property
    def audit_files(self):
        return [*self.rotations, *([self.audit] if self.audit.exists() else [])]

    def verify_audit(self, metrics):
        """What `audit verify` says of all files against the heads that log and metrics showed last; (status, words)."""
        heads = [json.loads(line)["head"] for line in self.log(2).read_text().splitlines() if '"audit head"' in line][-1:]
        shown = re.compile(r'vela_gateway_audit_head_info\{.*sha256="(\w+)"\}')
        heads += [f"{value:.0f}:{match[1]}" for name, value in metrics.items() if (match := shown.match(name))]
        arguments = ["audit", "verify", *map(str, self.audit_files)] + [word for head in heads for word in ("--head", head)]
        run = subprocess.run([self.programs / "vela-aws-gateway", *arguments], capture_output=True, text=True)
        return run.returncode, run.stdout.strip() + run.stderr.strip()
