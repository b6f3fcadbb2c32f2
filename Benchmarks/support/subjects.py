"""What is measured: the gateway, HAProxy in its place, and libmicrohttpd alone. Each has a name, an address and a process."""

import dataclasses
import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.request

from .processes import HERE, LOAD_CORE, ROLE, SUBJECT_CORE

POLICY = """version: 1
issuers:
  - name: vela
    url: "@ISSUER@"
    audiences: [sts.amazonaws.com]
    claims: vela
    @KEYS@
rules:
  - name: octo-repo
    issuer: vela
    condition:
      StringEquals: {aud: sts.amazonaws.com, repo: octo-org/octo-repo, event: [push, tag]}
      Bool: {commands: false, pull_fork: false}
    roles: ["@ROLE@"]
    regions: [us-east-1]
    max_duration: 1h
    session_name: "bench"
"""
OWN_AUDIENCE = "vela-aws-gateway"
# The same rule in issuer mode, with as many marks in the token as a user would have.
ISSUER_POLICY = POLICY.replace("sts.amazonaws.com", OWN_AUDIENCE) + """    federation: issuer
    tags: {Repo: "{repo}", Event: "{event}", Build: "{build_number}"}
    source_identity: "{repo_org}.{repo_name}-{build_number}"
"""
# The bounds on calls of STS are not what is measured.
SETTINGS = {
    "LISTEN": "127.0.0.1:0", "HEALTH_LISTEN": "127.0.0.1:0", "ADMIN_LISTEN": "off", "THREADS": 1, "DRAIN_DELAY": "0s",
    "STS_CONCURRENCY": 1024, "STS_CONCURRENCY_PER_REPOSITORY": 1024, "REQUEST_DEADLINE": "30s", "LOG_LEVEL": "error",
}


@dataclasses.dataclass
class Subject:
    name: str
    url: str
    pid: int | None = None
    # From the start of its process, where that was measured.
    seconds_to_ready: float = 0

    def processor_seconds(self):
        """What it has used of the processors, by the kernel's clock of 10 ms."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident now, in MiB."""
        return self._status("VmRSS") / 1024

    def peak_memory(self):
        """The most that was ever resident, in MiB."""
        return self._status("VmHWM") / 1024

    def _status(self, name):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise SystemExit(f"{self.name} has ended")

    def answer_size(self, token):
        """Of one exchange in bytes. One must work before thousands are worth counting."""
        request = urllib.request.Request(
            self.url + "/v1/credentials", json.dumps({"role": ROLE}).encode(),
            {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return len(answer.read())
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{self.name} refuses the benchmark's own request: {error.read().decode()}") from error


class Subjects:
    """Starts them, by default on their own processor, calling the stand-in of STS at `sts`."""

    def __init__(self, surroundings, sts):
        self.surroundings, self.processes, self.sts = surroundings, surroundings.processes, sts

    def gateway(self, name, audit="file", core=SUBJECT_CORE, tls=False, sts=None, keys=None, policy=POLICY, settings=None,
                program=None):
        """`audit` is `file` or `stdout`, `keys` how many keys the issuer has, `program` a command in place of the release build."""
        folder = self.processes.new_path("gateway")
        folder.mkdir(mode=0o700)
        ready, log = folder / "ready", folder / "audit.log"
        settings = SETTINGS | (settings or {}) | {
            "POLICY": self._policy(folder, policy, keys), "AUDIT": f"file:{log}" if audit == "file" else audit, "READY_FILE": ready,
            "STS_ENDPOINT": sts or self.sts, "OUTBOUND_CA_FILE": self.surroundings.certificate}
        if tls:
            settings |= {"TLS_CERTIFICATE": self.surroundings.certificate, "TLS_KEY": self.surroundings.certificate}
        program = program or [self.surroundings.programs / "vela-aws-gateway"]
        reader = subprocess.Popen(["taskset", "--cpu-list", LOAD_CORE, "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        began = time.monotonic()
        child = self.processes.start(*program, "serve", core=core, output=reader.stdin,
                                     environment={f"GATEWAY_{key}": str(value) for key, value in settings.items()})
        # The reader ends with the gateway, when nobody else can write to it.
        reader.stdin.close()
        addresses = json.loads(self.processes.await_file(ready, child))
        await_ready(addresses["health"] + "/readyz")
        return Subject(name, addresses["service"], child.pid, time.monotonic() - began)

    def issuing_gateway(self, name, algorithm):
        """A gateway in issuer mode, which shows its key set to itself."""
        keys, url = self.processes.new_path("issuer-keys"), f"http://127.0.0.1:{free_port()}"
        keys.mkdir(mode=0o700)
        subprocess.run([self.surroundings.programs / "vela-aws-gateway", "issuer", "new-key", "--at-once", "--algorithm", algorithm, keys],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.gateway(name, policy=ISSUER_POLICY, settings={
            "ISSUER_URL": url, "ISSUER_LISTEN": url.removeprefix("http://"), "ISSUER_KEYS": keys})

    def _policy(self, folder, text, keys):
        if keys:
            (folder / "keys.json").write_text(self.surroundings.key_set(keys))
            (folder / "keys.json").chmod(0o600)
        path = folder / "policy.yaml"
        values = {"ISSUER": self.surroundings.issuer, "ROLE": ROLE, "KEYS": "keys_file: keys.json" if keys else ""}
        path.write_text(filled(text, values))
        path.chmod(0o600)
        return path

    def haproxy(self, name="HAProxy", tls=False, sts=None):
        port, configuration = free_port(), (HERE / "haproxy.cfg").read_text()
        scheme, _, sts_host = (sts or self.sts).partition("://")
        certificate = self.surroundings.certificate
        values = {
            "PORT": port, "ISSUER": self.surroundings.issuer, "KEY": self.surroundings.issuer_key, "ROLE": ROLE,
            "LISTEN_TLS": f"ssl crt {certificate}" if tls else "", "STS": sts_host,
            "STS_TLS": f"ssl verify required ca-file {certificate}" if scheme == "https" else ""}
        path = self.processes.new_path("haproxy.cfg")
        path.write_text(filled(configuration, values))
        child = self.processes.start("haproxy", "-db", "-f", path, core=SUBJECT_CORE)
        await_connection(port, child)
        return Subject(name, f"{'https' if tls else 'http'}://127.0.0.1:{port}", child.pid)

    def bare(self, size):
        """What libmicrohttpd costs that answers `size` bytes and does nothing else."""
        program = self.processes.compiled("bare", "-lmicrohttpd")
        child, port = self.processes.start_on_port(program, size, 1, core=SUBJECT_CORE)
        return Subject("libmicrohttpd alone", f"http://127.0.0.1:{port}", child.pid)


def filled(text, values):
    """`text` with each @NAME@ replaced."""
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_connection(port, child):
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if child.poll() is not None:
                break
            time.sleep(0.01)
    raise SystemExit(f"nobody listens on {port}: {pathlib.Path(child.log).read_text()}")


def await_ready(url):
    for _ in range(5000):
        try:
            urllib.request.urlopen(url).close()
            return
        except OSError:
            time.sleep(0.002)
    raise SystemExit(f"{url} is not ready")
