"""`/openapi.json` against the gateway: schemathesis sends what the document allows and what it forbids."""

import json
import os
import pathlib
import subprocess

import pytest

from fronts import TOOLS, fetch, running_gateway, running_stack

# Left out: positive_data_acceptance, because JSON Schema takes 900.0 for an integer and any text for a policy, and what needs
# resources that a caller creates.
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance",
          "missing_required_header", "ignored_auth"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="module")
def gateway(stack, tmp_path_factory):
    flags = ["sts_profiles.artifacts.duration=15m"]
    with running_gateway(tmp_path_factory.mktemp("gateway"), stack, {"GATEWAY_WHOAMI": "rules"}, flags) as gateway:
        yield gateway


def test_the_gateway_does_what_its_description_says(stack, gateway, tmp_path):
    """A deterministic run has a seed that follows from the test, a bound on examples and no memory: each run sends the same."""
    token = stack.token()
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "ID_TOKEN": token, "PYTHONPATH": str(pathlib.Path(__file__).parent),
        "SCHEMATHESIS_HOOKS": "openapi_hooks",
    }
    # Not as an argument, which every process of the machine can read.
    (tmp_path / "schemathesis.toml").write_text('headers = { Authorization = "Bearer ${ID_TOKEN}" }\n')
    done = subprocess.run(
        [TOOLS / "schemathesis", "run", gateway.url + "/openapi.json", "--phases", "examples,coverage,fuzzing",
         "--max-examples", "40", "--generation-deterministic", "--checks", ",".join(CHECKS),
         "--continue-on-failure", "--no-color"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    # It takes the address of the description itself for granted; OpenAPIDocumentTests asks it.
    operations = -1 + sum(len(path.keys() - {"parameters"}) for path in description(gateway)["paths"].values())
    assert f"Tested: {operations}" in done.stdout, done.stdout[-2_000:]
    # Its examples were taken by every front, so that the answers of success were compared as well.
    for front in ["credentials", "sts", "container"]:
        assert gateway.exchanges(front, "none") >= 1, front
    assert gateway.exchanges("whoami", "none") >= 1
    assert gateway.exchanges("sts", "none") >= 2, "both addresses of the STS"


def test_nothing_secret_is_in_it(gateway):
    text = json.dumps(description(gateway))
    assert "read-artifacts" not in text and "pushes" not in text, "it is the same for every policy"


def description(gateway):
    return json.loads(fetch(gateway.url + "/openapi.json"))
