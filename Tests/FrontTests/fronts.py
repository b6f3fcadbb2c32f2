"""A development stack and a gateway for the tests of the fronts, and what an AWS tool needs to be pointed at them."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("VAG_PROGRAMS", REPOSITORY / ".build/debug"))
TOOLS = pathlib.Path(sys.executable).parent
ROLE = "arn:aws:iam::123456123456:role/test"
POLICY = """version: 1
issuers:
  - {{name: vela, url: '{issuer}', audiences: [sts.amazonaws.com], claims: vela}}
session_policies:
  read-artifacts: {{Statement: {{Effect: Allow, Action: 's3:GetObject', Resource: '*'}}}}
rules:
  - {{name: pushes, issuer: vela, condition: {{StringEquals: {{event: push}}}}, roles: ['{role}'], max_duration: 1h,
     session_policy: {{named: [read-artifacts]}}}}
"""


def await_file(path):
    for _ in range(300):
        if path.exists():
            return json.loads(path.read_text())
        time.sleep(0.1)
    raise AssertionError(f"{path} did not come")


def fetch(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


class Stack:
    """What stands in for Vela and STS."""

    def __init__(self, ready):
        self.ready = ready

    def token(self, event="push", **build):
        return json.loads(fetch(self.ready["vela"] + "/_dev/tokens", {"count": 1, "event": event, **build}))["tokens"][0]

    def calls(self):
        return json.loads(fetch(self.ready["sts"].rstrip("/") + "/_dev/sts/counts"))["AssumeRoleWithWebIdentity"]

    def sent(self):
        """The parameters of each call, oldest first."""
        return json.loads(fetch(self.ready["sts"].rstrip("/") + "/_dev/sts/calls"))["calls"]

    def fault(self, *faults):
        fetch(self.ready["sts"].rstrip("/") + "/_dev/sts/faults", list(faults))

    def reset(self):
        self.fault()
        fetch(self.ready["sts"].rstrip("/") + "/_dev/sts/counts/reset", {})


class Gateway:
    def __init__(self, ready, folder, child):
        self.url, self.health, self.administration = ready["service"], ready["health"], ready.get("administration")
        self.audit, self.policy, self.log, self.child = folder / "audit.log", folder / "policy.yaml", folder / "gateway.log", child

    def exchanges(self, front, code):
        """How many decisions of a front ended with this code, from the metrics."""
        lines = fetch(self.health + "/metrics").splitlines()
        found = [line for line in lines if line.startswith("vela_gateway_exchanges_total{")
                 and f'front="{front}"' in line and f'code="{code}"' in line]
        return sum(int(line.split()[-1]) for line in found)

    def records(self, front):
        records = [json.loads(line) for line in self.audit.read_text().splitlines()]
        return [record for record in records if record.get("front") == front]


@contextlib.contextmanager
def running_stack(folder):
    child = subprocess.Popen(
        [PROGRAMS / "vela-aws-devstack", "--ready-file", folder / "stack.json", "--parent-pid", str(os.getpid())],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Stack(await_file(folder / "stack.json"))
    finally:
        child.terminate()
        child.wait(timeout=30)


@contextlib.contextmanager
def running_gateway(folder, stack, settings=None, flags=(), policy_text=None):
    """A gateway of its own: `settings` as its environment, `flags` as --set."""
    policy, ready, audit = folder / "policy.yaml", folder / "gateway.json", folder / "audit.log"
    policy.write_text(policy_text or POLICY.format(issuer=stack.ready["issuer"], role=ROLE))
    policy.chmod(0o600)
    settings = {
        "GATEWAY_LISTEN": "127.0.0.1:0", "GATEWAY_HEALTH_LISTEN": "127.0.0.1:0", "GATEWAY_ADMIN_LISTEN": "127.0.0.1:0", "GATEWAY_POLICY": str(policy),
        "GATEWAY_STS_ENDPOINT": stack.ready["sts"], "GATEWAY_AUDIT": f"file:{audit}", "GATEWAY_READY_FILE": str(ready),
        "GATEWAY_DRAIN_DELAY": "0s", **(settings or {}),
    }
    with open(folder / "gateway.log", "wb") as log:
        child = subprocess.Popen([PROGRAMS / "vela-aws-gateway", "serve", *(part for flag in flags for part in ("--set", flag))], env=settings, stdout=log, stderr=log)
        try:
            yield Gateway(await_file(ready), folder, child)
        finally:
            child.terminate()
            child.wait(timeout=30)


def clean_environment(folder, **variables):
    """Nothing of the machine's own AWS settings."""
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": str(folder / "none"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "none"), **variables,
    }


def boto3(script, environment):
    """Runs a script in a process of its own, because boto3 reads its environment once."""
    return subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120)


def awscli(environment, *arguments):
    return subprocess.run([sys.executable, TOOLS / "aws", *arguments], env=environment, capture_output=True, text=True, timeout=120)


RESOLVE = """
import boto3, json
credentials = boto3.Session().get_credentials().get_frozen_credentials()
print(json.dumps({"key": credentials.access_key, "secret": credentials.secret_key, "token": credentials.token}))
"""
