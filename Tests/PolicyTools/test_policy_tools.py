"""The commands `policy check|explain|test|schema` of the real program, as somebody with a policy repository uses them."""

import json
import os
import pathlib
import re
import subprocess
import time
import urllib.request

import jsonschema
import pytest
import yaml

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("VAG_PROGRAMS", REPOSITORY / ".build/debug"))
SAMPLE = REPOSITORY / "deploy/policy/policy.d"
CASES = REPOSITORY / "deploy/policy/cases.yaml"
ROLE = "arn:aws:iam::123456123456:role/test"


def gateway(*arguments, status=0, text=None, environment=None):
    """Runs `vela-aws-gateway policy ...` and returns what it prints."""
    run = subprocess.run(
        [PROGRAMS / "vela-aws-gateway", "policy", *map(str, arguments)], input=text, capture_output=True, text=True,
        timeout=60, env=environment)
    assert run.returncode == status, run.stdout + run.stderr
    return run.stdout if status == 0 else run.stdout + run.stderr


@pytest.fixture(scope="session")
def claims(tmp_path_factory):
    """Writes claims of a push of octo-repo, changed as told, and gives the file."""
    usual = yaml.safe_load(CASES.read_text())["defaults"]["claims"]
    folder = tmp_path_factory.mktemp("claims")

    def write(**changes):
        merged = {name: value for name, value in {**usual, **changes}.items() if value is not None}
        path = folder / f"{len(list(folder.iterdir()))}.json"
        path.write_text(json.dumps(merged))
        return path

    return write


def writable_only_by_owner(path):
    path.chmod(0o600)
    return path


@pytest.fixture
def policy(tmp_path):
    """Writes a policy with the rules given as YAML."""

    def write(rules):
        text = ("version: 1\nissuers:\n  - {name: vela, url: 'https://vela.example.com/_services/token', "
                "audiences: [sts.amazonaws.com], claims: vela}\nrules:\n" + rules)
        path = tmp_path / "policy.yaml"
        path.write_text(text)
        return writable_only_by_owner(path)

    return write


class TestExplain:
    def test_says_which_rule_gives_what(self, claims):
        text = gateway("explain", SAMPLE, "--role", ROLE, "--claims", claims())
        assert "NOT VERIFIED" in text
        assert "allowed   rule octo-repo gives arn:aws:iam::123456123456:role/test in us-east-1 for 3600 s" in text
        assert "yes  allow octo-repo" in text

    def test_names_the_one_condition_that_failed_what_it_wanted_and_saw(self, claims):
        text = gateway("explain", SAMPLE, "--role", ROLE, "--claims", claims(image="golang:1.25"))
        assert "refused   policy_denied" in text
        assert re.search(
            r"no   allow octo-repo .*\n +StringLike image: .*\n +wanted +registry.example.com/vela-aws-credentials:1.\*\n"
            r" +saw +\"golang:1.25\"", text)

    def test_lists_every_rule_when_none_speaks_of_the_token(self, claims):
        text = gateway("explain", SAMPLE, "--role", ROLE, "--claims", claims(repo="a/b", sub="repo:a/b:ref:x:event:push"))
        names = ["never-from-forks", "no-deploys-from-pull-requests", "octo-repo", "octo-deploy"]
        assert [name for name in names if name in text] == names
        assert "deploy" in text and "is for other roles or regions" in text

    def test_json_says_the_same_to_machines(self, claims):
        answer = json.loads(gateway("explain", SAMPLE, "--json", "--role", ROLE, "--claims", claims(commands=True)))
        assert (answer["outcome"], answer["code"], answer["verified"]) == ("refused", "policy_denied", False)
        rule = next(rule for rule in answer["rules"] if rule["rule"] == "octo-repo")
        assert rule["finding"] == "condition_failed" and rule["file"] == "20-octo-org.yaml" and rule["line"] > 0
        assert (rule["operator"], rule["claim"], rule["wanted"], rule["saw"]) == ("Bool", "commands", ["false"], '"true"')
        allowed = json.loads(gateway("explain", SAMPLE, "--json", "--role", ROLE, "--claims", claims()))
        assert (allowed["outcome"], allowed["rule"], allowed["session_name"]) == ("allowed", "octo-repo", "octo-org.octo-repo-42")

    def test_no_colour_but_on_a_terminal(self, claims):
        assert "\x1b" not in gateway("explain", SAMPLE, "--role", ROLE, "--claims", claims())
        command = f"{PROGRAMS}/vela-aws-gateway policy explain {SAMPLE} --role {ROLE} --claims {claims()}"
        for variables, is_coloured in [({}, True), ({"NO_COLOR": "1"}, False)]:
            run = subprocess.run(
                ["script", "--quiet", "--command", command, "/dev/null"], capture_output=True, text=True, timeout=60,
                stdin=subprocess.DEVNULL, env={**os.environ, **variables})
            assert ("\x1b[3" in run.stdout) == is_coloured, run.stdout

    @pytest.mark.parametrize("arguments, words", [
        (["--role", ROLE], "name --token or --claims"),
        (["--role", ROLE, "--claims", "/nowhere"], "cannot read /nowhere"),
        (["--role", "admin", "--claims", "-"], "'role' must be the ARN of a role"),
        (["--role", ROLE, "--claims", "-", "--issuer", "github"], "the policy has no issuer github; it has vela"),
        (["--role", ROLE, "--claims", "-", "--unverified"], "--unverified goes with --token"),
    ])
    def test_says_what_is_wrong_with_the_question(self, arguments, words):
        run = subprocess.run(
            [PROGRAMS / "vela-aws-gateway", "policy", "explain", SAMPLE, *arguments], input="{}", capture_output=True,
            text=True, timeout=60)
        assert run.returncode != 0 and words in run.stderr

    def test_a_hostile_claim_does_not_reach_the_terminal(self, claims):
        text = gateway("explain", SAMPLE, "--role", ROLE, "--claims", claims(image="\x1b[31mred\n\x07"))
        assert "\x1b" not in text and "\x07" not in text


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """A development stack that runs: where its Vela and its issuer are."""
    ready = tmp_path_factory.mktemp("stack") / "ready.json"
    stack = subprocess.Popen(
        [PROGRAMS / "vela-aws-devstack", "--ready-file", ready, "--parent-pid", str(os.getpid())],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if ready.exists():
                break
            time.sleep(0.1)
        yield json.loads(ready.read_text())
    finally:
        stack.terminate()
        stack.wait(timeout=30)


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(gateway("schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class TestExplainTokens:
    @pytest.fixture
    def explained(self, stack, tmp_path):
        path = tmp_path / "policy.yaml"
        path.write_text(
            f"version: 1\nissuers:\n  - {{name: vela, url: '{stack['issuer']}', audiences: [sts.amazonaws.com], claims: vela}}\n"
            f"rules:\n  - {{name: one, issuer: vela, condition: {{StringEquals: {{event: push}}}}, roles: ['{ROLE}']}}\n")
        writable_only_by_owner(path)

        def explain(*arguments, change=lambda token: token, status=0):
            request = urllib.request.Request(
                stack["vela"] + "/_dev/tokens", data=b'{"count": 1, "event": "push"}', headers={"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=30) as answer:
                token = change(json.load(answer)["tokens"][0])
            return gateway("explain", path, "--role", ROLE, "--token", "-", *arguments, text=token + "\n", status=status), token

        return explain

    def test_a_token_is_verified_with_the_keys_of_its_issuer(self, explained):
        text, token = explained()
        assert "token     verified, issuer vela, key" in text and "allowed" in text
        assert token not in text

    def test_a_spoilt_token_is_refused(self, explained):
        text, _ = explained(change=lambda token: token[:-8] + "AAAAAAAA", status=1)
        assert "token_signature_invalid" in text

    def test_an_unverified_token_is_marked_so(self, explained):
        text, _ = explained("--unverified", change=lambda token: token[:-8] + "AAAAAAAA")
        assert "token     NOT VERIFIED" in text and "allowed" in text
        answer, _ = explained("--unverified", "--json")
        assert json.loads(answer)["verified"] is False


class TestCases:
    def test_the_sample_passes(self):
        text = gateway("test", SAMPLE, CASES)
        assert re.search(r"^8 passed, 0 failed, policy [0-9a-f]{64}$", text, re.MULTILINE)

    def test_a_case_that_fails_says_how_and_fails_the_run(self, tmp_path):
        cases = yaml.safe_load(CASES.read_text())
        cases["cases"][0]["expect"] = {"allow": "octo-deploy"}
        cases["cases"][1]["expect"] = {"allow": "octo-repo"}
        cases["cases"][2]["expect"] = {"refuse": "role_not_allowed"}
        cases["cases"][6]["expect"]["duration_seconds"] = 900
        path = tmp_path / "cases.yaml"
        path.write_text(json.dumps(cases))
        text = gateway("test", SAMPLE, path, status=1)
        assert "expected rule octo-deploy, but rule octo-repo gives" in text
        assert "expected rule octo-repo to give, but policy_denied" in text
        assert "expected role_not_allowed, but it is policy_denied" in text
        assert "expected duration_seconds 900, but it is 1800" in text
        assert "4 passed, 4 failed" in text

    @pytest.mark.parametrize("change, words", [
        (lambda cases: cases["cases"][0].pop("name"), "case 1 has no name"),
        (lambda cases: cases["cases"][0].pop("expect"), "expect of 'a push of octo-repo gets the role for tests'"),
        (lambda cases: cases["cases"][1].update(expect={"refuse": "denied"}), "with a code such as policy_denied"),
        (lambda cases: cases["cases"][0].update(claim={}), "unknown key 'claim' in case 1"),
        (lambda cases: cases["cases"][5]["request"].update(duration_seconds=5), "'duration_seconds' must be 900 to 43200"),
        (lambda cases: cases.update(cases=[]), "at least one case"),
        (lambda cases: cases["cases"][1].update(name=cases["cases"][0]["name"]), "two cases are named"),
    ])
    def test_a_faulty_file_of_cases_is_refused_with_a_word_on_why(self, tmp_path, change, words):
        cases = yaml.safe_load(CASES.read_text())
        change(cases)
        path = tmp_path / "cases.yaml"
        path.write_text(json.dumps(cases))
        assert words in gateway("test", SAMPLE, path, status=1)


class TestSchema:
    def test_takes_the_sample(self, validator):
        for path in SAMPLE.glob("*.yaml"):
            validator.validate(yaml.safe_load(path.read_text()))

    @pytest.mark.parametrize("rule", [
        {"effect": "deny", "max_duration": "1h"}, {"effect": "maybe"}, {"name": "a b"}, {"roles": ["admin"]}, {"region": ["x"]},
        {"condition": {"StringMatches": {"sub": "x"}}}, {"condition": {"NullIfExists": {"sub": "x"}}}, {"condition": {}},
        {"session_policy": {"ceiling": "a", "managed": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}},
        {"session_policy": {"defualt": "a"}}, {"observe": {}}, {"roles": None}, {"issuer": None},
    ])
    def test_refuses_what_the_gateway_refuses(self, validator, policy, rule):
        usual = {"name": "one", "issuer": "vela", "condition": {"StringEquals": {"event": "push"}}, "roles": [ROLE]}
        rules = [{key: value for key, value in {**usual, **rule}.items() if value is not None}]
        document = yaml.safe_load(policy("").read_text()) | {"rules": rules}
        assert list(validator.iter_errors(document))
        assert "policy.yaml" in gateway("check", policy("  " + json.dumps(rules)), status=1)
        assert not list(validator.iter_errors(document | {"rules": [usual]}))


class TestCheck:
    def test_every_fault_is_told_at_once_with_its_line_and_rule(self, policy):
        text = gateway("check", policy(
            "  - name: one\n    issuer: velo\n    condition: {StringEqual: {sub: x}}\n    roles: [admin]\n"
            "  - name: two\n    issuer: vela\n    condition: {StringEquals: {image_digest: x}}\n    roles: ['" + ROLE + "']\n"
            "    max_duration: 13h\n"), status=1)
        for line, rule, words in [
            (6, "one", "there is no issuer 'velo'"), (7, "one", "unknown operator 'StringEqual'"),
            (8, "one", "is not the ARN of a role"), (11, "two", "Vela sends no claim 'image_digest'"),
            (13, "two", "must be within 900 s to 43200 s"),
        ]:
            assert re.search(rf"policy.yaml:{line}:\d+: rule {rule}: .*{re.escape(words)}", text), (words, text)


ISSUER_MODE = """version: 1
federation: issuer
issuers:
  - {name: vela, url: https://vela.example.com/_services/token, audiences: [vela-aws-gateway], claims: vela}
rules:
  - name: octo-repo
    issuer: vela
    condition: {StringEquals: {repo: octo-org/octo-repo}}
    roles: ["arn:aws:iam::123456123456:role/test"]
    session_name: "{repo_org}.{repo_name}-{build_number}"
    tags: {Repo: "{repo}", Event: {value: "{event}", transitive: true}}
    source_identity: "{repo_org}.{repo_name}.{build_number}"
    pin_role: true
"""


def test_issuer_mode_is_explained_tested_and_in_the_schema(claims, tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text(ISSUER_MODE)
    policy.chmod(0o600)
    jsonschema.validate(yaml.safe_load(ISSUER_MODE), json.loads(gateway("schema")))
    asked = claims(aud=["vela-aws-gateway"])
    seen = json.loads(gateway("explain", policy, "--role", ROLE, "--claims", asked, "--json"))
    number = json.loads(pathlib.Path(asked).read_text())["build_number"]
    assert seen["federation"] == "issuer"
    assert seen["minted"]["tags"] == {"Repo": "octo-org/octo-repo", "Event": "push"}
    assert seen["minted"]["transitive_tag_keys"] == ["Event"] and seen["minted"]["roles"] == [ROLE]
    assert seen["minted"]["source_identity"] == f"octo-org.octo-repo.{number}"
    words = gateway("explain", policy, "--role", ROLE, "--claims", asked)
    assert "tag Repo octo-org/octo-repo" in words and "source identity" in words and "tag Event (transitive) push" in words
    refused = gateway("explain", policy, "--role", ROLE, "--claims", claims(aud=["sts.amazonaws.com"]))
    assert "token_audience" in refused

    cases = tmp_path / "cases.yaml"
    usual = json.loads(pathlib.Path(asked).read_text())
    expect = {"allow": "octo-repo", "federation": "issuer", "subject": usual["sub"], "pinned_role": ROLE,
              "tags": {"Event": "push", "Repo": "octo-org/octo-repo"}, "source_identity": f"octo-org.octo-repo.{number}"}
    wrong = {**expect, "tags": {"Event": "tag", "Repo": "octo-org/octo-repo"}}

    def write(*expected):
        cases.write_text(yaml.safe_dump({"version": 1, "cases": [
            {"name": f"case {index}", "claims": usual, "request": {"role": ROLE}, "expect": one}
            for index, one in enumerate(expected)]}))

    write(expect)
    gateway("test", policy, cases)
    write(wrong)
    assert "expected tags" in gateway("test", policy, cases, status=1)


@pytest.mark.parametrize("change", [
    ("federation: issuer", "federation: both"), ("Repo:", "aws:Repo:"), ("pin_role: true", "pin_role: 7"),
    ("transitive: true", "transitiv: true"), ("federation: issuer", "federation: {audience: x}")])
def test_the_schema_refuses_what_the_reader_refuses(change, tmp_path):
    text = ISSUER_MODE.replace(*change)
    policy = tmp_path / "policy.yaml"
    policy.write_text(text)
    policy.chmod(0o600)
    gateway("check", policy, status=1)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(text), json.loads(gateway("schema")))
