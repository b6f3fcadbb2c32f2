"""The commands of docs/deployment.md, as they stand there."""

import json
import os
import re
import subprocess

import pytest
import yaml

from charts import PROGRAMS, REPOSITORY, TOOLS, manifests, needs_helm, of_kind, run

pytestmark = needs_helm
PAGE = REPOSITORY / "docs/deployment.md"
BLOCKS = re.findall(r"^```(sh[^\n]*)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
# What only a reader has.
ELSEWHERE = {"sh registry", "sh cluster", "sh build"}


def test_every_block_is_run_or_marked():
    assert {mark for mark, _ in BLOCKS} == {"sh"} | ELSEWHERE


@pytest.mark.skipif(os.environ.get("VAG_REQUIRE_ALL_TESTS") != "1" and not (PROGRAMS / "vela-aws-gateway").exists(), reason="run make build")
def test_the_commands_work_in_order(tmp_path):
    """One shell for all, as for a reader, in a folder that sees the repository's samples."""
    (tmp_path / "deploy").symlink_to(REPOSITORY / "deploy")
    script = "\n".join(text for mark, text in BLOCKS if mark == "sh")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120,
        env={"PATH": f"{PROGRAMS}:{TOOLS}:/usr/bin:/bin", "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no faults" in done.stdout
    assert "kind: Deployment" in (tmp_path / "manifests.yaml").read_text()
    found = manifests((tmp_path / "manifests-prober.yaml").read_text())
    assert len(of_kind(found, "CronJob")) == 1
    assert {"00-issuers.yaml", "30-prober.yaml", "prober.json"} <= found["ConfigMap", "vela-aws-gateway-policy"]["data"].keys()
    first_exchange_is_allowed(tmp_path)


def first_exchange_is_allowed(folder):
    """The page's pipeline by the page's policy: the claims of the sample's cases, but for the image, which is the pipeline's."""
    pipeline = re.search(r"^```yaml\n(version: \"1\"\n.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)[1]
    step = yaml.safe_load(pipeline)["steps"][0]
    claims = yaml.safe_load((folder / "policy/cases.yaml").read_text())["defaults"]["claims"]
    (folder / "claims.json").write_text(json.dumps(claims | {"image": step["image"]}))
    words = run(
        PROGRAMS / "vela-aws-gateway", "policy", "explain", folder / "policy/policy.d", "--role", step["parameters"]["role"], "--claims",
        folder / "claims.json", "--issuer", "vela")
    assert "allowed   rule octo-repo" in words
