"""The commands `trust-policy lint`, `trust-policy print` and `revoke` of the real program."""

import json
import os
import pathlib
import subprocess
import urllib.parse

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("VAG_PROGRAMS", REPOSITORY / ".build/debug"))
SAMPLE = REPOSITORY / "deploy/policy/policy.d"
PLAIN = REPOSITORY / "deploy/aws/trust-policy.json"
ISSUER = "https://ci-issuer.example.com"


def gateway(*arguments, status=0, text=None):
    """Runs `vela-aws-gateway ...`: what it prints on standard output and on standard error."""
    run = subprocess.run(
        [PROGRAMS / "vela-aws-gateway", *map(str, arguments)], input=text, capture_output=True, text=True, timeout=120)
    assert run.returncode == status, run.stdout + run.stderr
    return run.stdout, run.stderr


def lint(*arguments, **rest):
    return gateway("trust-policy", "lint", *arguments, **rest)


class TestLint:
    def test_a_good_one_ends_with_0(self):
        assert lint(PLAIN)[0] == f"{PLAIN}: 1 trust policy, 0 findings\n"

    def test_findings_end_with_1_and_can_be_accepted_by_kind(self):
        text, _ = lint("--gateway-issuer", ISSUER, PLAIN, status=1)
        kinds = [line.split(": ")[2] if ": statement " in line else line.split(": ")[1] for line in text.splitlines()[:-1]]
        assert kinds == ["vela-trusted-directly", "issuer-not-trusted"]
        allowed = [word for kind in kinds for word in ("--allow", kind)]
        assert lint("--gateway-issuer", ISSUER, *allowed, PLAIN)[0].endswith("0 findings, 2 accepted\n")

    @pytest.mark.parametrize("document", ["", "{", "[]", "{}", '{"Role": {}}', "%7B"])
    def test_what_cannot_be_read_ends_with_2_and_says_why(self, document):
        out, err = lint("-", status=2, text=document)
        assert out == "" and err.startswith("-: ") and err.count("\n") == 1

    def test_so_does_a_policy_that_does_not_load(self, tmp_path):
        out, err = lint("--policy", tmp_path / "none", PLAIN, status=2)
        assert out == "" and "there is no such file" in err

    @pytest.mark.parametrize("encode", [lambda document: document, lambda document: urllib.parse.quote(json.dumps(document))])
    def test_takes_what_get_role_prints_and_judges_by_the_roles_account(self, encode):
        role = {"Role": {"RoleName": "test", "Arn": "arn:aws:iam::111111111111:role/test",
                         "AssumeRolePolicyDocument": encode(json.loads(PLAIN.read_text()))}}
        report = json.loads(lint("--output", "json", "-", status=1, text=json.dumps(role))[0])
        [finding] = report["findings"]
        assert (finding["kind"], finding["statement"], finding["role"]) == ("wrong-account", 1, role["Role"]["Arn"])
        assert finding["message"] and finding["remedy"]

    def test_the_policys_issuers_are_those_whose_tokens_steps_hold(self, tmp_path):
        other = PLAIN.read_text().replace("vela.example.com/_services/token", "login.example.com")
        assert "unknown-provider" in lint("-", status=1, text=other)[0]
        policy = tmp_path / "policy.yaml"
        sample = (SAMPLE / "00-issuers.yaml").read_text().replace("https://vela.example.com/_services/token", "https://login.example.com")
        rule = ("\nrules:\n  - {name: one, issuer: vela, condition: {StringEquals: {repo: a/b}}, "
                "roles: ['arn:aws:iam::123456123456:role/test']}\n")
        policy.write_text(sample + rule)
        policy.chmod(0o600)
        assert "0 findings" in lint("--policy", policy, "-", text=other)[0]


class TestPrint:
    FORWARD = ("trust-policy", "print", SAMPLE, "--rule", "octo-repo")
    OWN = (*FORWARD, "--federation", "issuer", "--gateway-issuer", ISSUER)

    @pytest.mark.parametrize("way", [["--source-ip", "203.0.113.7/32"], ["--source-vpce", "vpce-1", "--vpc-source-ip", "10.0.0.0/24"], ["--source-vpc", "vpc-1"]])
    def test_in_forward_mode_lint_finds_nothing(self, way):
        out, err = gateway(*self.FORWARD, *way)
        assert "lint:" not in err and "AWS cannot check StringLike image" in err
        assert lint("--policy", SAMPLE, "-", text=out)[0].endswith("0 findings\n")

    def test_in_issuer_mode_lint_finds_nothing(self):
        out, _ = gateway(*self.OWN)
        assert lint("--policy", SAMPLE, "--gateway-issuer", ISSUER, "-", text=out)[0].endswith("0 findings\n")
        assert "vela.example.com" not in out

    def test_forward_mode_wants_the_way(self):
        assert "--unpinned" in gateway(*self.FORWARD, status=64)[1]
        out, _ = gateway(*self.FORWARD, "--unpinned")
        assert "no-network-pin" in lint("-", status=1, text=out)[0]

    def test_what_was_asked_for_is_linted(self):
        out, err = gateway(*self.OWN, "--subject", "repo:octo*", status=1)
        assert json.loads(out)["Statement"] and "lint: statement 1 (Sid OctoRepo): organisation-wildcard" in err

    @pytest.mark.parametrize("arguments, words", [
        (["--rule", "none", "--unpinned"], "no allow rule 'none'"),
        (["--rule", "never-from-forks", "--unpinned"], "its allow rules are"),
    ])
    def test_a_rule_that_is_none_is_said(self, arguments, words):
        assert words in gateway("trust-policy", "print", SAMPLE, *arguments, status=1)[1]

    @pytest.mark.parametrize("arguments", [
        ["--federation", "issuer"], ["--gateway-issuer", ISSUER, "--unpinned"], ["--unpinned", "--source-ip", "203.0.113.7"],
        ["--federation", "issuer", "--gateway-issuer", "ci-issuer.example.com"], ["--role", "test", "--unpinned"],
    ])
    def test_arguments_that_do_not_go_together_are_refused(self, arguments):
        gateway(*self.FORWARD, *arguments, status=64)


class TestRevoke:
    MOMENT = ("--before", "2026-01-02T03:04:05Z")

    def test_the_sample_is_what_it_prints(self):
        out, err = gateway("revoke", "--repository", "octo-org/octo-repo", "--policy", SAMPLE, "--rule", "octo-repo", *self.MOMENT)
        assert out == (REPOSITORY / "deploy/aws/revoked-sessions.json").read_text()
        assert "aws iam put-role-policy" in err and "arn:aws:iam::123456123456:role/test" in err

    def test_one_build(self):
        out, _ = gateway("revoke", "--repository", "octo-org/octo-repo", "--build", 42, "--policy", SAMPLE, "--rule", "octo-repo", *self.MOMENT)
        [statement] = json.loads(out)["Statement"]
        assert "*:octo-org.octo-repo-42" in statement["Condition"]["StringLike"]["aws:userid"]

    def test_what_cannot_be_reached_is_said_and_ends_with_1(self, tmp_path):
        policy = tmp_path / "policy.yaml"
        policy.write_text(
            (SAMPLE / "00-issuers.yaml").read_text() + "\nrules:\n  - {name: one, issuer: vela, condition: {StringEquals: {repo: a/b}}, "
            "roles: ['arn:aws:iam::123456123456:role/test']}\n")
        policy.chmod(0o600)
        out, err = gateway("revoke", "--repository", "a/b", "--policy", policy, status=1)
        assert out == "" and "NOT REACHED: Rule one has no session_name" in err

    def test_a_repository_without_a_rule_is_an_error(self):
        out, err = gateway("revoke", "--repository", "other/one", "--policy", SAMPLE, status=1)
        assert out == "" and "no allow rule takes builds of other/one" in err

    @pytest.mark.parametrize("arguments, condition", [
        (["--source-identity", "octo-org.octo-repo.42"], {"StringEquals": {"aws:SourceIdentity": "octo-org.octo-repo.42"}}),
        (["--session-name", "vela*"], {"StringLike": {"aws:userid": "*:vela*"}}),
        (["--tag", "Repo=octo-org/octo-repo"], {"StringEquals": {"aws:PrincipalTag/Repo": "octo-org/octo-repo"}}),
        (["--all"], {}),
    ])
    def test_sessions_that_say_who_they_are_need_no_policy(self, arguments, condition):
        [statement] = json.loads(gateway("revoke", *arguments, *self.MOMENT)[0])["Statement"]
        assert statement["Condition"] == {"DateLessThan": {"aws:TokenIssueTime": "2026-01-02T03:04:05Z"}, **condition}
        assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", "*", "*")

    @pytest.mark.parametrize("arguments", [
        [], ["--all", "--tag", "a=b"], ["--repository", "a/b"], ["--repository", "a/*", "--policy", SAMPLE], ["--all", "--rule", "x"],
        ["--source-identity", "a b"], ["--session-name", "*"], ["--tag", "a=*"], ["--all", "--before", "yesterday"],
        ["--repository", "a/b", "--policy", SAMPLE, "--build", "x"],
    ])
    def test_arguments_that_say_too_little_or_too_much_are_refused(self, arguments):
        gateway("revoke", *arguments, status=64)
