"""Where the documents' commands are run: a folder with the files that they name, beside a gateway that serves."""

import base64
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess

from fronts import PROGRAMS, REPOSITORY, ROLE, TOOLS, Gateway, await_file, fetch, running_gateway
from moto.server import ThreadedMotoServer

IMAGE = "registry.example.com/vela-aws-credentials:1.0.0"
POLICY = """version: 1
issuers:
  - {{name: vela, url: '{issuer}', audiences: [sts.amazonaws.com], claims: vela}}
session_policies:
  read-artifacts: {{Statement: {{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}}}
rules:
  - name: octo-repo
    issuer: vela
    condition:
      StringLike: {{sub: 'repo:octo-org/octo-repo:*', image: 'registry.example.com/vela-aws-credentials:1.*'}}
      Bool: {{commands: false, pull_fork: false}}
      StringEquals: {{event: push}}
    roles: ['{role}']
    regions: [us-east-1, us-west-2]
    max_duration: 1h
    session_name: '{{repo_org}}.{{repo_name}}-{{build_number}}'
    session_policy: {{named: [read-artifacts]}}
  - name: vela-probe
    issuer: vela
    condition: {{StringEquals: {{sub: '{subject}'}}}}
    roles: ['arn:aws:iam::123456123456:role/vela-probe']
    max_duration: 15m
    session_name: prober
"""
# What the documents call the administrator's listener, on a host and as a socket.
ADMINISTRATION = "http://localhost:9091"
ADMINISTRATION_SOCKET = "/run/vela-aws-gateway/admin.sock"


def policy(stack):
    claims = json.loads(base64.urlsafe_b64decode(stack.token(image=IMAGE, build=7).split(".")[1] + "=="))
    return POLICY.format(issuer=stack.ready["issuer"], role=ROLE, subject=claims["sub"])


def settings(folder, stack):
    """A policy in a folder, with the prober's file as docs/operations.md has it, and the administrator's listener on a socket."""
    policies = folder / "policy.d"
    policies.mkdir()
    prober = re.search(r"^```yaml prober\n(.*?)^```$", (REPOSITORY / "docs/operations.md").read_text(), re.MULTILINE | re.DOTALL)[1]
    for name, text in [("policy.yaml", policy(stack)), ("prober.yaml", prober)]:
        (policies / name).write_text(text)
        (policies / name).chmod(0o600)
    subprocess.run(
        [PROGRAMS / "vela-aws-gateway", "probe", "new-key", "--key", folder / "prober.pem", "--key-set", policies / "prober.json"],
        check=True, capture_output=True, timeout=60)
    return {"GATEWAY_POLICY": str(policies), "GATEWAY_ADMIN_LISTEN": f"unix:{folder / 'admin.sock'}"}


class Desk:
    """Runs a block as a reader would who has put own addresses and files in place of the examples'."""

    def __init__(self, folder, stack, gateway, objects):
        self.folder, self.stack, self.gateway, self.objects = folder, stack, gateway, objects
        # `settings` put both there.
        self.socket, self.key = gateway.audit.with_name("admin.sock"), gateway.audit.with_name("prober.pem")

    def prepare(self):
        """Files by the names that the documents use, new for each block."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        shutil.copytree(REPOSITORY / "deploy", self.folder / "deploy")
        policy = shutil.copytree(REPOSITORY / "deploy/policy/policy.d", self.folder / "policy.d")
        issuers = policy / "00-issuers.yaml"
        issuers.write_text(issuers.read_text().replace("https://vela.example.com/_services/token", self.stack.ready["issuer"]))
        for file in policy.iterdir():
            file.chmod(0o600)
        shutil.copy(REPOSITORY / "deploy/policy/cases.yaml", self.folder)
        (self.folder / "gateway.yaml").write_text("policy: policy.d\n")
        (self.folder / "id-token").write_text(self.token())
        # Whatever the server answers with 400 and more is a failure.
        (self.folder / ".curlrc").write_text("fail\n")

    def token(self):
        return self.stack.token(image=IMAGE, build=7)

    def environment(self):
        build = {"org": "octo-org", "repo": "octo-repo", "build": 7, "image": IMAGE}
        step = json.loads(fetch(self.stack.ready["vela"] + "/_dev/builds", build))
        return {
            "PATH": f"{PROGRAMS}:{TOOLS}:/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder), "TOKEN": self.token(),
            "VELA_ID_TOKEN_REQUEST_URL": step["request_url"], "VELA_ID_TOKEN_REQUEST_TOKEN": step["request_token"],
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL_S3": self.objects,
            "REQUEST_ID": "0" * 32}

    def run(self, text):
        """The commands, with this gateway's address, and the example's path of a token that of one here."""
        self.prepare()
        for address in ["https://gateway.example.com", "https://aws-gateway.example.com"]:
            text = text.replace(address, self.gateway.url)
        text = text.replace("/path/to/token", str(self.folder / "id-token"))
        # A socket has no port of its own, so that the example's stays right in Host and Origin.
        text = text.replace(ADMINISTRATION_SOCKET, str(self.socket)).replace(f"curl -sS {ADMINISTRATION}", f"curl -sS --unix-socket {self.socket} {ADMINISTRATION}")
        # A key is made once: a block that makes it must not find it.
        if "probe new-key" not in text:
            shutil.copy(self.key, self.folder)
        environment = self.environment()
        for name in ["audit.log", "audit.log.1", "audit.log.2", "gateway.log"]:
            shutil.copy(self.ended / name, self.folder)
        environment["REQUEST_ID"] = json.loads((self.folder / "audit.log").read_text().splitlines()[-1]).get("request_id", "")
        return subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", text], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120)

    ended: pathlib.Path
    """What a gateway left that has ended: its log, and an audit of three files."""


@contextlib.contextmanager
def object_store():
    """S3 for `aws s3 ls`: moto, which takes any credentials."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def rotated_audit(folder, stack):
    """Runs a gateway to its end, with its audit renamed twice on the way."""
    with running_gateway(folder, stack, policy_text=policy(stack)) as gateway:
        for older in [[("audit.log", "audit.log.1")], [("audit.log.1", "audit.log.2"), ("audit.log", "audit.log.1")], []]:
            exchange(stack, gateway)
            for name, new in older:
                os.rename(folder / name, folder / new)
    return folder


def exchange(stack, gateway: Gateway):
    import urllib.request

    request = urllib.request.Request(
        gateway.url + "/v1/credentials", data=json.dumps({"role": ROLE}).encode(),
        headers={"Authorization": "Bearer " + stack.token(image=IMAGE, build=7), "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200
