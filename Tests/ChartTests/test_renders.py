"""What the chart renders from several sets of values, and what it refuses."""

import difflib
import re

import pytest

from charts import (
    BASE, CHART, HERE, REPOSITORY, SETS, TOOLS, compare, gateway_container, helm, manifests, needs_helm, of_kind, render, run, values, workload)

pytestmark = needs_helm
REFUSED = sorted((HERE / "refused").glob("*.yaml"))
# The oldest that the chart admits, one between, the newest that the validator knows.
KUBERNETES = ["1.30", "1.34", "1.37"]
# Kinds of the Prometheus operator, which Kubernetes' own schema does not have.
FOREIGN = {"ServiceMonitor", "PrometheusRule"}


@pytest.fixture(scope="session")
def rendered():
    return {name: render(values(name)) for name in SETS}


@pytest.mark.parametrize("name", SETS)
def test_lint_finds_nothing(name):
    helm("lint", "--strict", CHART, "--values", values(name))


@pytest.mark.parametrize("name", SETS)
def test_renders_are_those_that_were_reviewed(name, rendered):
    compare(HERE / "golden" / f"{name}.yaml", rendered[name])


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_wrong_values_are_refused_in_words(path):
    expected = path.read_text().splitlines()[0].removeprefix("# expect: ")
    assert expected in render(values("plain"), path, status=1)


@pytest.mark.parametrize("name", SETS)
def test_the_notes_name_what_was_installed(name, rendered):
    words = helm("install", "vela-aws-gateway", CHART, "--dry-run=client", "--namespace", "vela", "--values", values(name)).split("\nNOTES:\n")[1]
    its = workload(manifests(rendered[name]))
    assert f"rollout status {its['kind'].lower()}/{its['metadata']['name']}\n" in words
    assert "--namespace vela " in words and "no value" not in words
    # The gateways' alone: the prober's pods have no container of that name.
    assert "--selector " + ",".join(f"{key}={value}" for key, value in its["spec"]["selector"]["matchLabels"].items()) + " " in words


def test_defaults_alone_ask_for_the_two_choices():
    words = render(status=1)
    assert "/tls/secretName" in words and "/policy/files" in words


def test_the_kustomize_base_is_the_chart(rendered):
    """But for two labels, which would be untrue of what kubectl applies."""
    untrue = ("app.kubernetes.io/managed-by:", "helm.sh/chart:", "# Source:")
    lines = [line for line in rendered["kustomize"].splitlines() if not line.strip().startswith(untrue)]
    header = "# Rendered from deploy/helm by Scripts/check-chart --update, which compares the two. Change it in an overlay.\n"
    compare(BASE, header + "\n".join(lines) + "\n")


@pytest.mark.parametrize("version", KUBERNETES)
def test_kubernetes_knows_every_field(version, rendered, tmp_path):
    files = []
    for name, text in rendered.items():
        documents = [part for part in text.split("\n---\n") if not any(f"kind: {kind}\n" in part for kind in FOREIGN)]
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text("\n---\n".join(documents))
    run(TOOLS / "kubernetes-validate", "--strict", "--quiet", "--kubernetes-version", version, *files)


@pytest.mark.parametrize("name", SETS)
def test_pods_are_as_restricted_as_kubernetes_demands(name, rendered):
    """The Pod Security Standard `restricted`, which docs/deployment.md sets on the namespace."""
    found = manifests(rendered[name])
    pod, container = workload(found)["spec"]["template"]["spec"], gateway_container(found)
    context = container["securityContext"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert context["allowPrivilegeEscalation"] is False and context["capabilities"] == {"drop": ["ALL"]}
    assert context["readOnlyRootFilesystem"] is True
    assert pod["automountServiceAccountToken"] is False
    assert not any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC"))
    allowed = {"configMap", "secret", "emptyDir", "persistentVolumeClaim", "projected", "csi"}
    assert all((volume.keys() - {"name"}) <= allowed for volume in pod["volumes"])


@pytest.mark.parametrize("name, seconds", [("plain", 5 + 15 + 10), ("audit-volume", 2 + 120 + 10), ("everything", 60 + 30 + 10)])
def test_the_pod_may_live_as_long_as_its_drain(name, seconds, rendered):
    assert workload(manifests(rendered[name]))["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == seconds


def test_a_change_of_settings_makes_new_pods_and_one_of_the_policy_does_not(tmp_path):
    changed = tmp_path / "changed.yaml"

    def annotation(text):
        changed.write_text(text)
        found = manifests(render(values("plain"), changed))
        return workload(found)["spec"]["template"]["metadata"]["annotations"]["checksum/config"]

    usual = annotation("{}")
    assert annotation("config: {log_level: debug}") != usual
    assert annotation("policy: {files: {more.yaml: 'version: 1'}}") == usual


def test_every_selector_finds_the_pods(rendered):
    """Helm renders a selector that finds nothing as gladly as one that does; one with a version would lose the old pods of a rollout."""
    for name in SETS:
        found = manifests(rendered[name])
        wanted = workload(found)["spec"]["selector"]["matchLabels"]
        assert wanted.keys() == {"app.kubernetes.io/name", "app.kubernetes.io/instance"}
        assert wanted.items() <= workload(found)["spec"]["template"]["metadata"]["labels"].items()
        selectors = [one["spec"]["selector"] for one in of_kind(found, "Service")]
        # The prober's has a selector of its own: test_prober.py.
        selectors += [one["spec"]["podSelector"]["matchLabels"] for one in of_kind(found, "NetworkPolicy") if not one["metadata"]["name"].endswith("-prober")]
        selectors += [one["spec"]["selector"]["matchLabels"] for one in of_kind(found, "PodDisruptionBudget")]
        assert selectors and all(selector == wanted for selector in selectors)


def test_the_alerts_are_sound_and_about_metrics_that_exist():
    run("promtool", "check", "rules", CHART / "alerts.yaml")
    documented = "".join((REPOSITORY / "docs" / name).read_text() for name in ("operations.md", "metrics.md") if (REPOSITORY / "docs" / name).exists())
    used = set(re.findall(r"vela_gateway_\w+", (CHART / "alerts.yaml").read_text()))
    assert used and {name for name in used if re.sub("_(bucket|sum|count)$", "", name) not in documented} == set()


def test_the_chart_carries_the_alerts_of_the_repository():
    """Helm reads only what lies in the chart, so that there are two copies."""
    source = REPOSITORY / "deploy/prometheus/alerts.yaml"
    if not source.exists():
        return
    ours = (CHART / "alerts.yaml").read_text()
    difference = "".join(difflib.unified_diff(ours.splitlines(True), source.read_text().splitlines(True), "chart", "deploy/prometheus"))
    assert not difference, f"run Scripts/check-chart --update\n{difference}"
