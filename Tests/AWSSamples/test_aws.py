"""deploy/aws: Terraform and CloudFormation are sound, and make the same trust policies. Nothing here asks AWS."""

import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
from cloudformation import Stack, read

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "deploy/aws"
TEMPLATE = FOLDER / "cloudformation.yaml"
TOOLS = pathlib.Path(sys.executable).parent
TERRAFORM = shutil.which("terraform")
# Debian has no Terraform. Where it is missing, CloudFormation's half still runs.
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="no terraform on PATH")
# A copy of AWS's provider, as `terraform init -plugin-dir` takes it: HOST/hashicorp/aws below the folder.
PLUGINS = os.environ.get("TERRAFORM_PLUGINS") or next((str(pathlib.Path(path).parents[2]) for path in glob.glob("/opt/*/*/hashicorp/aws")), None)

ISSUER = "vela.example.com/_services/token"
SUBJECT = "repo:octo-org/octo-repo:*"
# Terraform's variables; CloudFormation's parameters have the same names in its own spelling.
VARIANTS = {
    "unpinned": {"subjects": [SUBJECT]},
    "internet": {"subjects": [SUBJECT], "source_ips": ["203.0.113.7/32", "2001:db8::/64"]},
    "endpoint": {"subjects": [SUBJECT, "repo:octo-org/other:ref:refs/heads/main:event:push"], "vpc_endpoints": ["vpce-0123456789abcdef0", "vpce-1"]},
    "endpoint and address": {"subjects": [SUBJECT], "vpc_endpoints": ["vpce-0123456789abcdef0"], "vpc_source_ips": ["10.0.12.0/24"]},
    "another partition": {"subjects": [SUBJECT], "partition": "aws-us-gov"},
}
REFUSED = {
    "any repository": ({"subjects": ["*"]}, "organization"),
    "any organization": ({"subjects": ["repo:*/octo-repo:*"]}, "organization"),
    "both ways": ({"subjects": [SUBJECT], "source_ips": ["203.0.113.7/32"], "vpc_endpoints": ["vpce-1"]}, "No request comes by both"),
    "addresses without an endpoint": ({"subjects": [SUBJECT], "vpc_source_ips": ["10.0.12.0/24"]}, "needs"),
}


def terraform(folder, *arguments):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    return subprocess.run([TERRAFORM, *arguments, "-no-color"], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    """The trust policy's module, which needs no provider, ready to be applied."""
    folder = tmp_path_factory.mktemp("terraform") / "trust-policy"
    shutil.copytree(FOLDER / "terraform/trust-policy", folder)
    done = terraform(folder, "init", "-backend=false", "-input=false")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def applied(folder, variables):
    values = {"account_id": "123456123456", "issuer_url": "https://" + ISSUER, **variables}
    (folder / "terraform.tfvars.json").write_text(json.dumps(values))
    return terraform(folder, "apply", "-auto-approve", "-input=false")


def stack(variables):
    """CloudFormation's stack of the same values."""
    variables = dict(variables)
    partition = variables.pop("partition", "aws")
    parameters = {name.title().replace("_", ""): ",".join(value) for name, value in variables.items()}
    return Stack(read(TEMPLATE), partition=partition, IssuerHostAndPath=ISSUER, RoleName="test", **parameters)


def from_cloudformation(variables):
    return json.loads(stack(variables).property("Role", "AssumeRolePolicyDocument"))


def normalised(policy):
    """A list of one text is the same as the text, and the Sid is a name."""
    def value(node):
        if isinstance(node, dict):
            return {name: value(inner) for name, inner in node.items() if name != "Sid"}
        if isinstance(node, list):
            return value(node[0]) if len(node) == 1 else [value(inner) for inner in node]
        return node
    return value(policy)


@needs_terraform
@pytest.mark.parametrize("variables", VARIANTS.values(), ids=VARIANTS)
def test_both_make_the_same_trust_policy(module, variables):
    done = applied(module, variables)
    assert done.returncode == 0, done.stdout + done.stderr
    made = json.loads(json.loads(terraform(module, "output", "-json").stdout)["json"]["value"])
    assert normalised(made) == normalised(from_cloudformation(variables))


@pytest.mark.parametrize("variables", VARIANTS.values(), ids=VARIANTS)
def test_a_trust_policy_says_who_for_whom_and_by_which_way(variables):
    [statement] = from_cloudformation(variables)["Statement"]
    partition = variables.get("partition", "aws")
    assert statement["Principal"] == {"Federated": f"arn:{partition}:iam::123456123456:oidc-provider/{ISSUER}"}
    assert (statement["Effect"], statement["Action"]) == ("Allow", "sts:AssumeRoleWithWebIdentity")
    condition = statement["Condition"]
    assert condition["StringEquals"].pop(f"{ISSUER}:aud") == "sts.amazonaws.com"
    assert condition.pop("StringLike") == {f"{ISSUER}:sub": variables["subjects"]}
    ways = {key: value for block in condition.values() for key, value in block.items()}
    names = {"source_ips": "aws:SourceIp", "vpc_endpoints": "aws:SourceVpce", "vpc_source_ips": "aws:VpcSourceIp"}
    assert ways == {key: variables[name] for name, key in names.items() if name in variables}


def test_the_plain_file_is_the_unpinned_one():
    plain = json.loads((FOLDER / "trust-policy.json").read_text())
    assert normalised(plain) == normalised(from_cloudformation(VARIANTS["unpinned"]))


@pytest.mark.parametrize("variables, words", REFUSED.values(), ids=REFUSED)
def test_cloudformation_refuses_what_is_too_wide_or_never_met(variables, words):
    with pytest.raises(ValueError, match=words):
        stack(variables)


@needs_terraform
@pytest.mark.parametrize("variables, words", REFUSED.values(), ids=REFUSED)
def test_terraform_refuses_what_is_too_wide_or_never_met(module, variables, words):
    done = applied(module, variables)
    assert done.returncode != 0 and words in " ".join(done.stderr.split()), done.stdout + done.stderr


@needs_terraform
def test_terraform_is_formatted():
    done = terraform(FOLDER / "terraform", "fmt", "-check", "-diff", "-recursive")
    assert done.returncode == 0, done.stdout + done.stderr


@needs_terraform
@pytest.mark.skipif(PLUGINS is None, reason="no copy of AWS's provider: TERRAFORM_PLUGINS names one")
def test_terraform_fits_the_providers_schema(tmp_path):
    folder = tmp_path / "terraform"
    shutil.copytree(FOLDER / "terraform", folder)
    done = terraform(folder, "init", "-backend=false", "-input=false", f"-plugin-dir={PLUGINS}")
    assert done.returncode == 0, done.stdout + done.stderr
    done = terraform(folder, "validate")
    assert done.returncode == 0, done.stdout + done.stderr


def test_cfn_lint_finds_nothing():
    done = subprocess.run([TOOLS / "cfn-lint", "--include-checks", "I", "--", TEMPLATE], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_provider_is_made_once():
    made = stack(VARIANTS["unpinned"])
    assert made.makes("Provider") and made.property("Provider", "Url") == "https://" + ISSUER
    assert made.property("Provider", "ClientIdList") == ["sts.amazonaws.com"]
    assert not Stack(read(TEMPLATE), IssuerHostAndPath=ISSUER, RoleName="x", Subjects=SUBJECT, CreateProvider="false").makes("Provider")


def test_the_two_take_the_same_values():
    # The role's module alone; the account and the partition are CloudFormation's own.
    variables = set(re.findall(r'^variable "(\w+)"', (FOLDER / "terraform/variables.tf").read_text(), re.MULTILINE))
    parameters = {re.sub("(?<!^)([A-Z])", r"_\1", name).lower() for name in read(TEMPLATE)["Parameters"]}
    assert variables - {"issuer_url", "thumbprints"} == parameters - {"issuer_host_and_path"}
