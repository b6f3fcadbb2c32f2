"""The chart as Helm renders it, and what the tests of it share."""

import os
import pathlib
import subprocess

import pytest
import yaml

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
CHART = REPOSITORY / "deploy/helm/vela-aws-gateway"
BASE = REPOSITORY / "deploy/kustomize/base/gateway.yaml"
PROGRAMS = pathlib.Path(os.environ.get("VAG_PROGRAMS", REPOSITORY / ".build/debug"))
TOOLS = REPOSITORY / ".venv/bin"
# In CI all must be there: a skipped test fails it.
NEEDED = os.environ.get("VAG_REQUIRE_ALL_TESTS") == "1"
needs_helm = pytest.mark.skipif(not ((TOOLS / "helm").exists() or NEEDED), reason="run Scripts/install-dependencies test")
NAMESPACE = "vela-aws-gateway"
SETS = sorted(path.stem for path in (HERE / "values").glob("*.yaml"))
UPDATE = bool(os.environ.get("CHART_UPDATE"))


def values(name):
    return HERE / "values" / f"{name}.yaml"


def run(*command, status=0):
    """Runs a program and gives what it says; its standard output alone when it should succeed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120)
    assert (done.returncode == 0) == (status == 0), f"status {done.returncode}: {done.stderr or done.stdout[:200]}"
    return done.stdout if status == 0 else done.stdout + done.stderr


def helm(verb, *arguments, status=0):
    return run(TOOLS / "helm", verb, *arguments, status=status)


def render(*files, arguments=(), status=0):
    """The manifests, or, where a refusal is expected, Helm's words."""
    with_values = [word for file in files for word in ("--values", file)]
    return helm("template", "vela-aws-gateway", CHART, "--namespace", NAMESPACE, *with_values, *arguments, status=status)


def manifests(text):
    """By kind and name."""
    return {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(text) if one}


def of_kind(found, kind):
    return [one for (its_kind, _), one in found.items() if its_kind == kind]


def workload(found):
    return (of_kind(found, "Deployment") + of_kind(found, "StatefulSet"))[0]


def gateway_container(found):
    return next(one for one in workload(found)["spec"]["template"]["spec"]["containers"] if one["name"] == "gateway")


def compare(path, text):
    """Holds a file against what was rendered; with CHART_UPDATE=1 writes it."""
    if UPDATE:
        path.write_text(text)
    assert path.exists() and path.read_text() == text, (
        f"{path.relative_to(REPOSITORY)} is not what the chart renders: run Scripts/check-chart --update and review the difference")
