"""Each step of deploy/vela, run as Vela would run it: a real client, a real gateway with the sample policy, a development stack."""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import yaml

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "FrontTests"))
from fronts import PROGRAMS, REPOSITORY, running_gateway, running_stack  # noqa: E402
from vela import CLIENT_IMAGE, Build, parameter, steps_of, substitute  # noqa: E402

SAMPLES = REPOSITORY / "deploy/vela"
ADDRESS = "https://aws-gateway.example.com"
PIPELINES = ["pipeline.yml", "credential-file.yml", "credential-process.yml", "container-credentials.yml", "secret-origin.yml", "template-use.yml"]
# Those of the registry's page, and of the first page that everybody reads.
BLOCKS = [block for page in [SAMPLES / "DOCS.md", REPOSITORY / "README.md"]
          for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)]
# The roles of the sessions that each sample gets, in order.
ROLES = {
    "pipeline.yml": ["test", "test", "test", "test", "deploy", "test"], "credential-file.yml": ["test"], "credential-process.yml": ["read"],
    "container-credentials.yml": ["read"], "secret-origin.yml": ["test"], "template-use.yml": ["test"]}


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def gateway(stack, tmp_path_factory):
    """With the sample policy and the rule of this folder, of this issuer."""
    folder = tmp_path_factory.mktemp("gateway")
    policy = folder / "policy.d"
    shutil.copytree(REPOSITORY / "deploy/policy/policy.d", policy)
    shutil.copy(SAMPLES / "rule-for-tools.yaml", policy / "30-octo-tools.yaml")
    issuers = policy / "00-issuers.yaml"
    issuers.write_text(issuers.read_text().replace("https://vela.example.com/_services/token", stack.ready["issuer"]))
    for file in policy.iterdir():
        file.chmod(0o600)
    with running_gateway(folder, stack, {"GATEWAY_POLICY": str(policy)}) as gateway:
        yield gateway


@pytest.fixture
def build(stack, gateway, tmp_path):
    return Build(tmp_path, stack, gateway)


def containers(text, gateway):
    """The steps of a pipeline, with this gateway's address in place of the sample's."""
    assert ADDRESS in text or "template:" in text
    templates = (SAMPLES / "template.yml").read_text().replace(ADDRESS, gateway.url)
    return list(steps_of(yaml.safe_load(text.replace(ADDRESS, gateway.url)), templates))


def run_all(build, text):
    """Runs the steps in their order; gives what they said."""
    words = []
    for step in containers(text, build.gateway):
        done = build.run(step)
        assert done.returncode == 0, f"{step['name']}: {done.stdout}{done.stderr}"
        if step.get("commands", [""])[-1].endswith("get-caller-identity"):
            assert ":assumed-role/" in done.stdout, done.stdout
        words.append(done.stdout + done.stderr)
    return words


def allowed(gateway):
    return [record for record in map(json.loads, gateway.audit.read_text().splitlines()) if record.get("outcome") == "allowed"]


@pytest.mark.parametrize("name", PIPELINES)
def test_every_step_of_the_pipeline_works(build, gateway, name):
    before = len(allowed(gateway))
    words = run_all(build, (SAMPLES / name).read_text())
    records = allowed(gateway)[before:]
    assert [record["role"].rpartition("/")[2] for record in records] == ROLES[name]
    for record in records:
        assert not any(record["access_key_id"] in text for text in words), "credentials in a step's output"


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_step_of_a_page_works(build, block):
    run_all(build, block if "templates:" not in block else block.partition("templates:")[0] + "steps:" + block.partition("steps:")[2])


def test_no_sample_is_left_out():
    pipelines = {path.name for path in SAMPLES.glob("*.yml")} - {"template.yml"}
    assert pipelines == set(PIPELINES) and len(BLOCKS) == 7


def test_what_is_written_is_the_users_alone(build):
    run_all(build, (SAMPLES / "secret-origin.yml").read_text())
    script = build.vela / "secrets/aws/setup.sh"
    assert script.stat().st_mode & 0o777 == 0o600 and script.parent.stat().st_mode & 0o777 == 0o700


def test_a_process_writes_no_credentials_below_vela(build):
    run_all(build, (SAMPLES / "credential-process.yml").read_text())
    run_all(build, (SAMPLES / "container-credentials.yml").read_text())
    assert list(build.vela.rglob("*")) == []


def test_a_session_policys_variable_survives_velas_replacement(build, stack):
    run_all(build, next(block for block in BLOCKS if "$$$${" in block))
    assert "octo-org-site/${aws:userid}/*" in stack.sent()[-1]["policy"]


def generate(gateway):
    return next(step for step in containers((SAMPLES / "pipeline.yml").read_text(), gateway) if step["name"] == "generate_aws_script")


def test_without_id_request_the_step_says_so(build, gateway):
    step = {name: value for name, value in generate(gateway).items() if name != "id_request"}
    done = build.run(step)
    assert done.returncode == 1 and "id_request: yes" in done.stderr, done.stderr


def test_on_the_kubernetes_runtime_the_step_names_the_way_out(build, gateway):
    done = build.run(generate(gateway), has_token=False)
    assert done.returncode == 1 and "Kubernetes" in done.stderr and "origin" in done.stderr, done.stderr
    assert list(build.vela.rglob("*")) == []


@pytest.mark.parametrize("change", [{"repo": "other-repo"}, {"event": "pull_request:opened", "pull_fork": True}])
def test_another_build_gets_nothing(stack, gateway, tmp_path, change):
    done = Build(tmp_path, stack, gateway, **change).run(generate(gateway))
    assert done.returncode == 1 and "policy_denied" in done.stderr, done.stderr


def test_the_registrys_page_has_the_registrys_shape():
    page = (SAMPLES / "DOCS.md").read_text()
    headings = re.findall(r"^## (.+)$", page, re.MULTILINE)
    assert headings == ["Description", "Prerequisites", "Usage", "Secrets", "Parameters", "Template", "Troubleshooting"]
    assert re.search(r"^Source Code: \S+$", page, re.MULTILINE) and re.search(r"^Registry: \S+$", page, re.MULTILINE)
    table = re.findall(r"^\| `(\w+)` +\| .+ \| `(?:true|false)` +\| .+ \|$", page, re.MULTILINE)
    words = subprocess.run([PROGRAMS / "vela-aws-credentials", "--help"], capture_output=True, text=True, check=True).stdout
    known = [name.replace("-", "_") for name in re.findall(r"^  --([a-z-]+)", words, re.MULTILINE)]
    assert sorted(table) == sorted(known)


def test_samples_name_one_version_of_the_image():
    images = {image for path in [*SAMPLES.glob("*.yml"), SAMPLES / "DOCS.md"] for image in re.findall(re.escape(CLIENT_IMAGE) + r"\S+", path.read_text())}
    assert images == {CLIENT_IMAGE + "1.0.0"}


def test_velas_ways_of_writing_a_parameter():
    values = [True, 3600, ["a", "b"], {"b": 1, "a": [True]}, [{"a": 1}], None]
    assert [parameter(value) for value in values] == ["true", "3600", "a,b", '{"a":[true],"b":1}', '[{"a":1}]', None]
    assert substitute("$$$${aws:userid} ${A} ${B}$C", {"A": "x"}) == "${aws:userid} x $C"
