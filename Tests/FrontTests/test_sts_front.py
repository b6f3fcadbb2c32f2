"""`POST /` with the real boto3 and awscli v1, which know nothing of the gateway but its address."""

import json
import subprocess

import botocore.model
import botocore.parsers
import botocore.session
import pytest

from fronts import RESOLVE, ROLE, awscli, boto3, clean_environment, running_gateway, running_stack

ASSUME = ("import boto3, os; boto3.client('sts').assume_role_with_web_identity("
          "RoleArn=os.environ['AWS_ROLE_ARN'], RoleSessionName='octo', WebIdentityToken=open(os.environ["
          "'AWS_WEB_IDENTITY_TOKEN_FILE']).read(){more})")


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def gateway(stack, tmp_path_factory):
    flags = ["sts_profiles.artifacts.session_policy=read-artifacts", "sts_profiles.artifacts.duration=15m", "sts_profiles.long.duration=12h"]
    with running_gateway(tmp_path_factory.mktemp("gateway"), stack, flags=flags) as gateway:
        yield gateway


@pytest.fixture
def environment(stack, gateway, tmp_path):
    stack.reset()
    return environment_for(stack, gateway, tmp_path)


def environment_for(stack, gateway, folder, event="push", **variables):
    token = folder / "token"
    token.write_text(stack.token(event))
    return clean_environment(
        folder, AWS_ENDPOINT_URL_STS=gateway.url, AWS_ROLE_ARN=ROLE, AWS_WEB_IDENTITY_TOKEN_FILE=str(token), **variables)


def resolved(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class TestSuccess:
    def test_boto3_resolves_credentials(self, stack, gateway, environment):
        credentials = resolved(boto3(RESOLVE, environment))
        assert credentials["key"].startswith("ASIA") and credentials["secret"] and credentials["token"]
        record = gateway.records("sts")[-1]
        assert (record["access_key_id"], record["rule"], record["outcome"]) == (credentials["key"], "pushes", "allowed")
        assert stack.calls() == 1

    def test_awscli_resolves_credentials(self, gateway, environment):
        done = awscli(environment, "configure", "list")
        assert done.returncode == 0 and "assume-role-with-web-identity" in done.stdout, done.stdout + done.stderr

    def test_an_explicit_call_of_awscli(self, environment):
        done = awscli(environment, "sts", "assume-role-with-web-identity", "--role-arn", ROLE, "--role-session-name", "octo+b",
                      "--web-identity-token", "file://" + environment["AWS_WEB_IDENTITY_TOKEN_FILE"], "--duration-seconds", "900",
                      "--output", "json", "--no-sign-request")
        answer = resolved(done)
        assert answer["AssumedRoleUser"]["Arn"].endswith("assumed-role/test/octo+b")
        assert answer["Audience"] == "sts.amazonaws.com" and answer["SubjectFromWebIdentityToken"].startswith("repo:")

    def test_over_tls_with_a_private_authority(self, stack, tmp_path):
        certificate, key = tmp_path / "ca.pem", tmp_path / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
             "/CN=gateway", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        key.chmod(0o600)
        settings = {"GATEWAY_TLS_CERTIFICATE": str(certificate), "GATEWAY_TLS_KEY": str(key)}
        with running_gateway(tmp_path, stack, settings) as gateway:
            assert gateway.url.startswith("https://")
            environment = environment_for(stack, gateway, tmp_path)
            assert "SSL" in boto3(RESOLVE, environment).stderr
            resolved(boto3(RESOLVE, environment | {"AWS_CA_BUNDLE": str(certificate)}))


class TestProfiles:
    def test_boto3_gets_what_it_cannot_ask_for(self, stack, gateway, environment):
        credentials = resolved(boto3(RESOLVE, environment | {"AWS_ENDPOINT_URL_STS": gateway.url + "/sts/artifacts"}))
        record = gateway.records("sts")[-1]
        assert (record["access_key_id"], record["duration_seconds"]) == (credentials["key"], 900)
        assert "s3:GetObject" in stack.sent()[-1]["policy"] and stack.calls() == 1

    def test_awscli_too(self, gateway, environment):
        done = awscli(environment | {"AWS_ENDPOINT_URL_STS": gateway.url + "/sts/artifacts"}, "configure", "list")
        assert done.returncode == 0 and "assume-role-with-web-identity" in done.stdout, done.stdout + done.stderr

    @pytest.mark.parametrize("path, code, says", [
        ("/sts/artefacts", "ValidationError", "no profile 'artefacts'"), ("/sts/long", "AccessDenied", "3600 s"),
        ("/sts/a/b", "ValidationError", "/sts/<profile>"), ("/sts/", "ValidationError", "/sts/<profile>")])
    def test_it_says_why_not_and_is_asked_once(self, stack, gateway, environment, path, code, says):
        done = boto3(RESOLVE, environment | {"AWS_ENDPOINT_URL_STS": gateway.url + path})
        assert code in done.stderr and says in done.stderr, done.stderr
        assert stack.calls() == 0


class TestRefusals:
    @pytest.mark.parametrize("mode", ["legacy", "standard"])
    def test_a_denial_is_asked_once_and_never_reaches_sts(self, stack, gateway, environment, tmp_path, mode):
        before = gateway.exchanges("sts", "policy_denied")
        environment = environment_for(stack, gateway, tmp_path, event="tag", AWS_RETRY_MODE=mode)
        done = boto3(RESOLVE, environment)
        assert "AccessDenied" in done.stderr and "policy_denied, request " in done.stderr
        assert gateway.exchanges("sts", "policy_denied") == before + 1 and stack.calls() == 0

    @pytest.mark.parametrize("mode", ["legacy", "standard"])
    def test_a_bad_token_is_asked_once(self, stack, gateway, environment, mode):
        with open(environment["AWS_WEB_IDENTITY_TOKEN_FILE"], "w") as file:
            file.write(stack.token()[:-8] + "AAAAAAAA")
        before = gateway.exchanges("sts", "token_signature_invalid")
        assert "InvalidIdentityToken" in boto3(RESOLVE, environment | {"AWS_RETRY_MODE": mode}).stderr
        assert gateway.exchanges("sts", "token_signature_invalid") == before + 1 and stack.calls() == 0

    def test_a_long_duration_and_a_malformed_policy(self, stack, environment):
        assert "AccessDenied" in boto3(ASSUME.replace("{more}", ", DurationSeconds=7200"), environment).stderr
        assert "MalformedPolicyDocument" in boto3(ASSUME.replace("{more}", ", Policy='{}'"), environment).stderr
        assert stack.calls() == 0

    @pytest.mark.parametrize("fault", [{"status": 500}, {"close": True}, {"code": "Throttling", "status": 400}])
    @pytest.mark.parametrize("mode, attempts", [("legacy", 5), ("standard", 3)])
    def test_an_outage_costs_one_call_for_each_try_of_the_sdk(self, stack, gateway, environment, fault, mode, attempts):
        # A success first: ten failures in a row, of all these outages together, would open the gateway's circuit.
        resolved(boto3(RESOLVE, environment))
        stack.reset()
        stack.fault({"on": "AssumeRoleWithWebIdentity", "sticky": True, **fault})
        done = boto3(RESOLVE, environment | {"AWS_RETRY_MODE": mode})
        assert done.returncode != 0
        assert ("Throttling" if "code" in fault else "ServiceUnavailable") in done.stderr
        assert stack.calls() == attempts

    def test_a_short_outage_is_bridged(self, stack, environment):
        stack.fault({"on": "AssumeRoleWithWebIdentity", "status": 503, "times": 2})
        resolved(boto3(RESOLVE, environment | {"AWS_RETRY_MODE": "standard"}))
        assert stack.calls() == 3

    def test_an_answer_that_is_none_is_asked_once(self, stack, environment):
        stack.fault({"on": "AssumeRoleWithWebIdentity", "sticky": True, "wrong_account": True})
        assert "InvalidResponse" in boto3(RESOLVE, environment).stderr
        assert stack.calls() == 1

    def test_another_action_is_told_where_it_came(self, stack, environment):
        keys = {"AWS_ACCESS_KEY_ID": "ASIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "CANARY"}
        done = awscli(environment | keys, "sts", "get-caller-identity")
        assert done.returncode != 0 and "this is vela-aws-gateway and not AWS STS" in done.stderr, done.stderr
        assert "without AWS_ENDPOINT_URL_STS" in done.stderr and stack.calls() == 0


class TestXML:
    """What botocore's own parser makes of the answers."""

    def parse(self, gateway, form):
        import urllib.error
        import urllib.request

        request = urllib.request.Request(
            gateway.url, data=form.encode(), headers={"Content-Type": "application/x-www-form-urlencoded"})
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            response = {"status_code": answer.status, "headers": {k.lower(): v for k, v in answer.headers.items()}, "body": answer.read()}
        model = botocore.session.get_session().get_service_model("sts").operation_model("AssumeRoleWithWebIdentity")
        return botocore.parsers.create_parser("query").parse(response, model.output_shape), response

    def test_a_success(self, stack, gateway):
        stack.reset()
        parsed, response = self.parse(
            gateway, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=octo&RoleArn="
            + ROLE + "&WebIdentityToken=" + stack.token())
        assert set(parsed) >= {"Audience", "AssumedRoleUser", "Provider", "Credentials", "SubjectFromWebIdentityToken"}
        assert parsed["Provider"] == stack.ready["issuer"]
        assert parsed["Credentials"]["Expiration"].tzinfo is not None
        metadata = parsed["ResponseMetadata"]
        assert metadata["RequestId"] == response["headers"]["x-amzn-requestid"] == response["headers"]["x-request-id"]

    def test_an_error(self, gateway):
        parsed, _ = self.parse(gateway, "Action=Nothing")
        assert parsed["Error"]["Code"] == "ValidationError" and parsed["Error"]["Type"] == "Sender"
        assert parsed["Error"]["Message"].startswith("this is vela-aws-gateway") and parsed["ResponseMetadata"]["RequestId"]
