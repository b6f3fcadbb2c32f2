"""`GET /v1/container-credentials` with the real boto3 and awscli v1, over http on loopback."""

import concurrent.futures
import hashlib
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


REFRESH = """
import boto3, json, os
credentials = boto3.Session().get_credentials()
def keys():
    return credentials.get_frozen_credentials().access_key
seen = [keys()]
for token in json.loads(os.environ["TOKENS"]):
    with open(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], "w") as file:
        file.write(token)
    seen.append(keys())
print(json.dumps(seen))
"""


def test_boto3_refreshes_near_expiry_with_the_token_that_the_file_then_holds(stack, gateway, environment):
    """Two sessions of five minutes, one when boto3 finds the provider and one at the first read, which renews it; then one of an
    hour, which is kept whatever the file holds."""
    stack.fault({"on": "AssumeRoleWithWebIdentity", "lifetime_s": 300, "times": 2})
    with open(environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]) as file:
        old = file.read()
    new, before = stack.token(), len(gateway.records("container"))
    done = boto3(REFRESH, environment | {"TOKENS": json.dumps([new, "spoilt, and not read any more"])})
    assert done.returncode == 0, done.stderr
    first, second, third = json.loads(done.stdout)
    assert first != second and second == third
    records = gateway.records("container")[before:]
    assert [record["access_key_id"] for record in records][1:] == [first, second]
    assert [record["token_sha256"] for record in records] == [hashlib.sha256(token.encode()).hexdigest() for token in [old, old, new]]
    assert stack.calls() == 3


def test_a_refresh_that_is_refused_leaves_what_still_lives(stack, gateway, environment):
    """Sessions inside boto3's advisory window (15 minutes) and outside its mandatory one (10): it asks, is refused, and goes on."""
    stack.fault({"on": "AssumeRoleWithWebIdentity", "lifetime_s": 800, "times": 2})
    before = gateway.exchanges("container", "policy_denied")
    done = boto3(REFRESH, environment | {"TOKENS": json.dumps([stack.token("tag")])})
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert first == second and stack.calls() == 2
    assert gateway.exchanges("container", "policy_denied") == before + 3, "boto3 asks three times, and STS is not asked"


CRT = """
import awscrt.auth, awscrt.io, json, os
bootstrap = awscrt.io.ClientBootstrap(awscrt.io.EventLoopGroup(1), awscrt.io.DefaultHostResolver(awscrt.io.EventLoopGroup(1)))
seen = []
for token in json.loads(os.environ["TOKENS"]):
    with open(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], "w") as file:
        file.write(token)
    try:
        credentials = awscrt.auth.AwsCredentialsProvider.new_default_chain(bootstrap).get_credentials().result(60)
        assert credentials.secret_access_key and credentials.session_token
        seen.append(credentials.access_key_id)
    except Exception as error:
        seen.append("refused")
print(json.dumps(seen))
"""


def test_awscrt_takes_credentials_and_a_rotated_token(stack, gateway, environment):
    """AWS's library in C, under the SDKs for C++, Java and Python: a token that is refused, then two that are good."""
    environment["TOKENS"] = json.dumps([stack.token("tag"), stack.token(), stack.token()])
    done = boto3(CRT, environment)
    assert done.returncode == 0, done.stderr
    refused, first, second = json.loads(done.stdout)
    assert refused == "refused" and first.startswith("ASIA") and second.startswith("ASIA") and first != second
    assert [record["access_key_id"] for record in gateway.records("container")[-2:]] == [first, second]
    assert stack.calls() == 2


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
