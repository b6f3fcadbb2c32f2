"""`GET /v1/container-credentials` with the real boto3 and awscli v1, over http on loopback."""

import concurrent.futures
import json
import urllib.parse
import urllib.request

import pytest

from fronts import RESOLVE, ROLE, awscli, boto3, clean_environment, running_gateway, running_stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def gateway(stack, tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway"), stack) as gateway:
        yield gateway


@pytest.fixture
def environment(stack, gateway, tmp_path):
    stack.reset()
    token = tmp_path / "token"
    token.write_text(stack.token())
    return clean_environment(
        tmp_path, AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{gateway.url}/v1/container-credentials?role={ROLE}",
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(token))


def test_boto3_and_awscli(stack, gateway, environment):
    done = boto3(RESOLVE, environment)
    assert done.returncode == 0, done.stderr
    assert gateway.records("container")[-1]["access_key_id"] == json.loads(done.stdout)["key"]
    done = awscli(environment, "configure", "list")
    assert "container-role" in done.stdout, done.stdout + done.stderr
    assert stack.calls() == 2


def test_a_token_file_that_rotates(stack, environment, tmp_path):
    """The first token is spoilt; the one that the file holds at the next refresh counts."""
    environment["GOOD"] = stack.token()
    token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]
    with open(token, "w") as file:
        file.write(stack.token()[:-8] + "AAAAAAAA")
    script = """
import boto3, os
try:
    boto3.Session().get_credentials().get_frozen_credentials()
except Exception as error:
    print("refused", "token_signature_invalid" in str(error))
open(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], "w").write(os.environ["GOOD"])
print(boto3.Session().get_credentials().get_frozen_credentials().access_key[:4])
"""
    done = boto3(script, environment)
    assert done.stdout.split() == ["refused", "True", "ASIA"], done.stdout + done.stderr
    assert stack.calls() == 1


def test_the_same_at_the_same_time_is_one_call_and_a_record_each(stack, gateway, environment):
    with open(environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]) as file:
        token = file.read()
    stack.fault({"on": "AssumeRoleWithWebIdentity", "delay_ms": 800, "sticky": True})
    url = f"{gateway.url}/v1/container-credentials?role={urllib.parse.quote(ROLE)}"

    def ask(_):
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": token}), timeout=30) as answer:
            return answer.headers["X-Request-Id"], json.load(answer)["AccessKeyId"]

    before = len(gateway.records("container"))
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert stack.calls() == 1
    records = {record["request_id"]: record["access_key_id"] for record in gateway.records("container")[before:]}
    assert records == dict(answers) and len(records) == 8
    stack.fault()
    ask(0)
    assert stack.calls() == 2, "nothing is kept after the answer"


def test_an_outage_costs_one_call_for_each_try(stack, environment):
    stack.fault({"on": "AssumeRoleWithWebIdentity", "sticky": True, "status": 500})
    done = boto3(RESOLVE, environment)
    assert done.returncode != 0 and "sts_timeout" in done.stderr, done.stderr
    assert stack.calls() == 3


def test_a_denial_never_reaches_sts(stack, environment):
    with open(environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], "w") as file:
        file.write(stack.token("tag"))
    done = boto3(RESOLVE, environment)
    assert "policy_denied" in done.stderr and stack.calls() == 0
