"""deploy/aws: Terraform and CloudFormation are sound, make the same trust policies, and lint finds nothing in them. Nothing here asks AWS."""

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
PROGRAMS = pathlib.Path(os.environ.get("VAG_PROGRAMS", REPOSITORY / ".build/debug"))
TERRAFORM = shutil.which("terraform")
# Debian has no Terraform. Where it is missing, CloudFormation's half still runs.
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="no terraform on PATH")
# A copy of AWS's provider, as `terraform init -plugin-dir` takes it: HOST/hashicorp/aws below the folder.
PLUGINS = os.environ.get("TERRAFORM_PLUGINS") or next((str(pathlib.Path(path).parents[2]) for path in glob.glob("/opt/*/*/hashicorp/aws")), None)

ISSUER = "vela.example.com/_services/token"
SUBJECT = "repo:octo-org/octo-repo:*"
GATEWAY = "ci-issuer.example.com"
ISSUER_MODE = {"federation": "issuer", "gateway_issuer_url": "https://" + GATEWAY}
# Terraform's variables; CloudFormation's parameters have the same names in its own spelling.
VARIANTS = {
    "unpinned": {"subjects": [SUBJECT]},
    "internet": {"subjects": [SUBJECT], "source_ips": ["203.0.113.7/32", "2001:db8::/64"]},
    "endpoint": {"subjects": [SUBJECT, "repo:octo-org/other:ref:refs/heads/main:event:push"], "vpc_endpoints": ["vpce-0123456789abcdef0", "vpce-1"]},
    "endpoint and address": {"subjects": [SUBJECT], "vpc_endpoints": ["vpce-0123456789abcdef0"], "vpc_source_ips": ["10.0.12.0/24"]},
    "another partition": {"subjects": [SUBJECT], "partition": "aws-us-gov"},
    "issuer": {"subjects": [SUBJECT, "repo:octo-org/other:*"], **ISSUER_MODE},
    "issuer, pinned": {"subjects": [SUBJECT], "source_ips": ["203.0.113.7/32"], **ISSUER_MODE},
    "issuer, its own subjects": {
        "subjects": [SUBJECT], "gateway_subjects": ["vela:" + SUBJECT, "vela:repo:octo-org/other:*"], "gateway_audience": "aws", **ISSUER_MODE},
    "both": {"subjects": [SUBJECT], "vpc_endpoints": ["vpce-1"], **ISSUER_MODE, "federation": "both"},
}
# What lint says of a variant, and must: the samples' defaults are for a first try.
FOUND = {
    "unpinned": ["no-network-pin"], "another partition": ["no-network-pin"], "both": ["vela-trusted-directly"],
}
REFUSED = {
    "any repository": ({"subjects": ["*"]}, "organization"),
    "any organization": ({"subjects": ["repo:*/octo-repo:*"]}, "organization"),
    "both ways": ({"subjects": [SUBJECT], "source_ips": ["203.0.113.7/32"], "vpc_endpoints": ["vpce-1"]}, "No request comes by both"),
    "addresses without an endpoint": ({"subjects": [SUBJECT], "vpc_source_ips": ["10.0.12.0/24"]}, "needs"),
    "an issuer that is not named": ({"subjects": [SUBJECT], "federation": "issuer"}, "need"),
    "an issuer with a port": ({"subjects": [SUBJECT], **ISSUER_MODE, "gateway_issuer_url": "https://ci-issuer.example.com:8443"}, "port"),
    "any organization's own subject": ({"subjects": [SUBJECT], **ISSUER_MODE, "gateway_subjects": ["*:" + SUBJECT]}, "organization"),
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
    if "gateway_issuer_url" in variables:
        variables["gateway_issuer_host_and_path"] = variables.pop("gateway_issuer_url").removeprefix("https://")
    parameters = {name.title().replace("_", ""): value if isinstance(value, str) else ",".join(value) for name, value in variables.items()}
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
    statements = from_cloudformation(variables)["Statement"]
    mode = variables.get("federation", "forward")
    assert [statement["Sid"] for statement in statements] == {"forward": ["VelaSteps"], "issuer": ["VelaGateway"], "both": ["VelaSteps", "VelaGateway"]}[mode]
    for statement in statements:
        says_who_for_whom_and_by_which_way(statement, variables)


def says_who_for_whom_and_by_which_way(statement, variables):
    partition = variables.get("partition", "aws")
    assume = "sts:AssumeRoleWithWebIdentity"
    issuer, action, audience, subjects = ISSUER, assume, "sts.amazonaws.com", variables["subjects"]
    if statement["Sid"] == "VelaGateway":
        issuer, action = GATEWAY, [assume, "sts:TagSession", "sts:SetSourceIdentity"]
        audience, subjects = variables.get("gateway_audience", audience), variables.get("gateway_subjects", subjects)
    assert statement["Principal"] == {"Federated": f"arn:{partition}:iam::123456123456:oidc-provider/{issuer}"}
    assert (statement["Effect"], statement["Action"]) == ("Allow", action)
    condition = statement["Condition"]
    assert condition["StringEquals"].pop(f"{issuer}:aud") == audience
    assert condition.pop("StringLike") == {f"{issuer}:sub": subjects}
    ways = {key: value for block in condition.values() for key, value in block.items()}
    names = {"source_ips": "aws:SourceIp", "vpc_endpoints": "aws:SourceVpce", "vpc_source_ips": "aws:VpcSourceIp"}
    assert ways == {key: variables[name] for name, key in names.items() if name in variables}


@pytest.mark.parametrize("name, variables", [
    ("trust-policy.json", {"subjects": [SUBJECT], "source_ips": ["203.0.113.7/32"]}),
    ("trust-policy-issuer.json", {"subjects": [SUBJECT], **ISSUER_MODE}),
])
def test_a_plain_file_is_what_the_others_make(name, variables):
    plain = json.loads((FOLDER / name).read_text())
    assert normalised(plain) == normalised(from_cloudformation(variables))


def linted(document, variables):
    """The kinds of what `trust-policy lint` finds in a trust policy."""
    options = ["--vela-issuer", "https://" + ISSUER, "--role", f"arn:{variables.get('partition', 'aws')}:iam::123456123456:role/test"]
    if "gateway_issuer_url" in variables:
        options += ["--gateway-issuer", variables["gateway_issuer_url"]]
    done = subprocess.run(
        [PROGRAMS / "vela-aws-gateway", "trust-policy", "lint", *options, "--output", "json", "-"], input=document, capture_output=True, text=True,
        timeout=60)
    assert done.returncode in (0, 1), done.stderr
    return [finding["kind"] for finding in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize("name", VARIANTS)
def test_lint_finds_nothing_but_what_is_left_open_on_purpose(name):
    assert linted(json.dumps(from_cloudformation(VARIANTS[name])), VARIANTS[name]) == FOUND.get(name, [])


@pytest.mark.parametrize("name, variables", [("trust-policy.json", {}), ("trust-policy-issuer.json", ISSUER_MODE)])
def test_lint_finds_nothing_in_the_plain_files(name, variables):
    assert linted((FOLDER / name).read_text(), variables) == []


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


def test_the_gateways_provider_is_made_when_it_is_asked_for():
    own = {**ISSUER_MODE, "subjects": [SUBJECT]}
    # Another role's move to issuer mode must neither make nor take what all roles of the account share.
    assert not stack(own).makes("GatewayProvider") and stack(own).makes("Provider")
    made = stack({**own, "create_gateway_provider": "true"})
    assert made.makes("GatewayProvider") and made.property("GatewayProvider", "Url") == "https://" + GATEWAY
    assert made.property("GatewayProvider", "ClientIdList") == ["sts.amazonaws.com"]


def test_the_two_take_the_same_values():
    # The role's module alone; the account and the partition are CloudFormation's own.
    variables = set(re.findall(r'^variable "(\w+)"', (FOLDER / "terraform/variables.tf").read_text(), re.MULTILINE))
    parameters = {re.sub("(?<!^)([A-Z])", r"_\1", name).lower() for name in read(TEMPLATE)["Parameters"]}
    hosts = {"issuer_host_and_path", "gateway_issuer_host_and_path"}
    assert variables - {"issuer_url", "gateway_issuer_url", "thumbprints"} == parameters - hosts and hosts <= parameters
