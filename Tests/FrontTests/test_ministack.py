"""Issuer mode at an STS that evaluates the role's trust policy: ministack looks at `iss`, `aud` and `sub` as AWS does.

It does not check signatures; that the end-to-end tests do with the development stack. The trust policies are those that
`trust-policy print` writes.
"""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from fronts import PROGRAMS, REPOSITORY, ROLE, running_gateway, running_stack

MINISTACK = REPOSITORY / ".venv-ministack/bin/ministack"
pytestmark = pytest.mark.skipif(
    os.environ.get("VAG_REQUIRE_ALL_TESTS") != "1" and not MINISTACK.exists(), reason="run Scripts/install-dependencies test")
ISSUER = """version: 1
federation: issuer
issuers:
  - {{name: vela, url: '{issuer}', audiences: [vela-aws-gateway], claims: vela}}
rules:
  - name: octo-repo
    issuer: vela
    condition: {{StringEquals: {{repo: octo-org/octo-repo, event: push}}}}
    roles: ['{role}']
    tags: {{Repo: "{{repo}}"}}
    source_identity: "{{repo_org}}.{{repo_name}}.{{build_number}}"
"""
FORWARD = """version: 1
issuers:
  - {{name: vela, url: '{issuer}', audiences: [sts.amazonaws.com], claims: vela}}
rules:
  - name: octo-repo
    issuer: vela
    condition: {{StringEquals: {{repo: octo-org/octo-repo, event: push, commands: "false"}}}}
    roles: ['{role}']
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_ministack(folder):
    """Its URL, and a client of its IAM. It cannot choose a port itself."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "AUTH": "true", "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port), "MINISTACK_ACCOUNT_ID": ROLE.split(":")[4], "SERVICES": "iam,sts"}
    with open(folder / "ministack.log", "wb") as log:
        child = subprocess.Popen([MINISTACK], env=environment, stdout=log, stderr=log)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(url + "/_ministack/health", timeout=1):
                break
            time.sleep(0.1)
        yield url, boto3.client("iam", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
    finally:
        child.terminate()
        child.wait(timeout=30)


def command(*words, status=0):
    done = subprocess.run([PROGRAMS / "vela-aws-gateway", *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == status, done.stderr
    return done.stdout


def trust(iam, folder, text, issuer, *options, looks_at_audience=True):
    """Makes the provider and the role that trusts it by the policy that is printed for the rule."""
    path = folder / "printed.yaml"
    path.write_text(text)
    path.chmod(0o600)
    # Its lint tells that AWS takes no issuer with a port; on loopback there is no other.
    document = command("trust-policy", "print", str(path), "--rule", "octo-repo", *options, status=1)
    if not looks_at_audience:
        statements = json.loads(document)
        del statements["Statement"][0]["Condition"]["StringEquals"]
        document = json.dumps(statements)
    iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40])
    iam.create_role(RoleName=ROLE.rpartition("/")[2], AssumeRolePolicyDocument=document)


def assume_directly(url, token):
    """What a step does that goes past the gateway."""
    sts = boto3.client("sts", endpoint_url=url, region_name="us-east-1", config=Config(signature_version=UNSIGNED))
    return sts.assume_role_with_web_identity(RoleArn=ROLE, RoleSessionName="step", WebIdentityToken=token)


def exchange(gateway, token):
    request = urllib.request.Request(
        gateway.url + "/v1/credentials", json.dumps({"role": ROLE}).encode(),
        {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_aws_trusts_the_gateway_alone(tmp_path):
    issuer = f"http://127.0.0.1:{free_port()}"
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    command("issuer", "new-key", "--at-once", str(keys))
    with running_stack(tmp_path) as stack, running_ministack(tmp_path) as (url, iam):
        text = ISSUER.format(issuer=stack.ready["issuer"], role=ROLE)
        trust(iam, tmp_path, text, issuer, "--gateway-issuer", issuer)
        settings = {
            "GATEWAY_ISSUER_URL": issuer, "GATEWAY_ISSUER_LISTEN": issuer.removeprefix("http://"), "GATEWAY_ISSUER_KEYS": str(keys),
            "GATEWAY_STS_ENDPOINT": url}
        with running_gateway(tmp_path, stack, settings, policy_text=text) as gateway:
            status, answer = exchange(gateway, stack.token(audience=["vela-aws-gateway"]))
            assert status == 200 and answer["assumed_role_arn"].startswith("arn:aws:sts::"), answer
        for audience in ("vela-aws-gateway", "sts.amazonaws.com"):
            with pytest.raises(ClientError) as refused:
                assume_directly(url, stack.token(audience=[audience]))
            assert refused.value.response["Error"]["Code"] in ("AccessDenied", "InvalidIdentityToken"), refused.value


def test_in_forward_mode_a_step_goes_past_the_gateway(tmp_path):
    """The rule wants a step without commands; AWS cannot look at that, and a step with commands has the role all the same."""
    with running_stack(tmp_path) as stack, running_ministack(tmp_path) as (url, iam):
        text = FORWARD.format(issuer=stack.ready["issuer"], role=ROLE)
        # Vela's audience is a list of one, which AWS takes for a text and ministack does not.
        trust(iam, tmp_path, text, stack.ready["issuer"], "--unpinned", looks_at_audience=False)
        token = stack.token(commands=True)
        with running_gateway(tmp_path, stack, {"GATEWAY_STS_ENDPOINT": url}, policy_text=text) as gateway:
            assert exchange(gateway, token)[1]["code"] == "policy_denied"
            assert exchange(gateway, stack.token())[0] == 200
        assert assume_directly(url, token)["Credentials"]["AccessKeyId"]
        with pytest.raises(ClientError):
            assume_directly(url, stack.token(repo="other-repo"))
