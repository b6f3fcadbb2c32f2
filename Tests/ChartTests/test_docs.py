"""The commands of docs/deployment.md, as they stand there."""

import os
import re
import subprocess

import pytest

from charts import PROGRAMS, REPOSITORY, TOOLS, needs_helm

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
