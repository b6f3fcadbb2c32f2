"""The chart's prober: a CronJob whose words the program takes, that may reach the gateway, and that nobody takes for one."""

import pathlib
import re
import subprocess
import sys

import pytest
import yaml

from charts import PROGRAMS, REPOSITORY, SETS, manifests, needs_helm, of_kind, render, run, values, workload

# The stack and the gateway of the fronts' tests.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "FrontTests"))
from fronts import running_gateway, running_stack  # noqa: E402

pytestmark = needs_helm
GATEWAY = PROGRAMS / "vela-aws-gateway"
WITH_PROBER = ["prober", "everything"]
CHECKS = {"good_token", "no_token", "signature_changed", "payload_changed", "algorithm_none", "issuer_changed", "expired", "other_audience",
          "other_key"}


def job(found):
    return of_kind(found, "CronJob")[0]["spec"]


def pod(found):
    return job(found)["jobTemplate"]["spec"]["template"]


def arguments(found, **replaced):
    """The container's words, with another gateway and other files in place of the pod's."""
    words = pod(found)["spec"]["containers"][0]["args"]
    for option, value in replaced.items():
        words[words.index("--" + option) + 1] = str(value)
    return words


@pytest.fixture(scope="module")
def probed(tmp_path_factory):
    """A gateway whose policy has the prober's file of docs/operations.md, and the key."""
    folder = tmp_path_factory.mktemp("probed")
    prober = re.search(r"^```yaml prober\n(.*?)^```$", (REPOSITORY / "docs/operations.md").read_text(), re.MULTILINE | re.DOTALL)[1]
    run(GATEWAY, "probe", "new-key", "--key", folder / "prober.pem", "--key-set", folder / "prober.json")
    with running_stack(tmp_path_factory.mktemp("stack")) as stack, running_gateway(folder, stack, policy_text=prober) as gateway:
        gateway.key = folder / "prober.pem"
        # As the pod's group sees it.
        gateway.key.chmod(0o440)
        yield gateway


def test_it_is_off_unless_it_is_asked_for():
    assert [name for name in SETS if of_kind(manifests(render(values(name))), "CronJob")] == sorted(WITH_PROBER)


def test_the_job_proves_a_gateway_that_is_sound(probed):
    words = arguments(manifests(render(values("prober"))), gateway=probed.url, key=probed.key)
    done = subprocess.run([GATEWAY, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {name for name in CHECKS if name in done.stdout} == CHECKS, done.stdout


def test_the_job_fails_where_an_answer_is_not_as_expected(probed, tmp_path):
    """The wrong key: the policy knows another one."""
    run(GATEWAY, "probe", "new-key", "--key", tmp_path / "other.pem", "--key-set", tmp_path / "other.json")
    words = arguments(manifests(render(values("prober"))), gateway=probed.url, key=tmp_path / "other.pem")
    assert subprocess.run([GATEWAY, *words], capture_output=True, text=True, timeout=120).returncode == 1


def test_every_option_of_the_chart_is_one_of_the_program(probed, tmp_path):
    """A usage error is 64: what is left is an authority that signed nothing here, and a gateway on http."""
    found = manifests(render(values("everything")))
    (tmp_path / "ca.pem").write_text("")
    words = arguments(found, gateway=probed.url, key=probed.key, **{"gateway-ca": tmp_path / "ca.pem"})
    assert {word for word in words if word.startswith("--")} == {
        "--gateway", "--key", "--issuer", "--audience", "--subject", "--role", "--forbidden-role", "--expect", "--gateway-ca", "--timeout"}
    done = subprocess.run([GATEWAY, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stdout + done.stderr
    given = yaml.safe_load(values("everything").read_text())["prober"]
    for option, key in [("issuer", "issuer"), ("audience", "audience"), ("subject", "subject"), ("role", "role"), ("forbidden-role", "forbiddenRole"),
                        ("expect", "expect"), ("timeout", "timeout")]:
        assert words[words.index("--" + option) + 1] == given[key]
    clear = manifests(render(values("prober"), arguments=("--set", "prober.gatewayUrl=http://gateway.example.com,prober.allowPlaintext=true")))
    assert arguments(clear)[-1] == "--allow-plaintext"
    assert subprocess.run([GATEWAY, *arguments(clear, role="none")], capture_output=True, text=True, timeout=60).returncode == 64


def test_a_failure_is_seen_and_not_tried_again():
    its = job(manifests(render(values("prober"))))
    assert its["concurrencyPolicy"] == "Forbid" and its["startingDeadlineSeconds"] >= 10 and its["failedJobsHistoryLimit"] >= 1
    assert its["jobTemplate"]["spec"]["backoffLimit"] == 0
    assert its["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"] == "Never"


def test_the_job_may_last_as_long_as_its_requests():
    """Ten checks at most, one after the other."""
    for name, each in [("prober", 15), ("everything", 1.5)]:
        assert job(manifests(render(values(name))))["jobTemplate"]["spec"]["activeDeadlineSeconds"] > 10 * each


@pytest.mark.parametrize("name", WITH_PROBER)
def test_the_pod_is_as_restricted_as_the_gateways(name):
    found = manifests(render(values(name)))
    ours, theirs = pod(found)["spec"], workload(found)["spec"]["template"]["spec"]
    assert ours["automountServiceAccountToken"] is False and "serviceAccountName" not in ours
    assert ours["securityContext"] == {key: value for key, value in theirs["securityContext"].items() if key != "fsGroupChangePolicy"}
    assert ours["securityContext"]["fsGroup"] == 65532
    container = ours["containers"][0]
    assert container["securityContext"] == theirs["containers"][0]["securityContext"] and container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["image"] == theirs["containers"][0]["image"]
    key = next(volume["secret"] for volume in ours["volumes"] if volume["name"] == "key")
    assert key["defaultMode"] == 0o440 and len(key["items"]) == 1
    assert all(mount["readOnly"] for mount in container["volumeMounts"])


@pytest.mark.parametrize("name", WITH_PROBER)
def test_nobody_takes_the_prober_for_a_gateway(name):
    found = manifests(render(values(name)))
    labels = pod(found)["metadata"]["labels"]
    selectors = [one["spec"]["selector"] for one in of_kind(found, "Service")]
    selectors += [one["spec"]["selector"]["matchLabels"] for one in of_kind(found, "PodDisruptionBudget") + [workload(found)]]
    assert len(selectors) >= 4 and not any(selector.items() <= labels.items() for selector in selectors)


@pytest.mark.parametrize("name", WITH_PROBER)
def test_the_networks_rules_let_it_ask_the_gateway(name):
    found = manifests(render(values(name)))
    gateways, prober = workload(found)["spec"]["template"]["metadata"]["labels"], pod(found)["metadata"]["labels"]
    inward, outward = (next(one["spec"] for one in of_kind(found, "NetworkPolicy") if one["spec"]["podSelector"]["matchLabels"].items() <= labels.items())
                       for labels in (gateways, prober))
    assert "ingress" not in outward and outward["policyTypes"] == ["Ingress", "Egress"]

    def lets(rules, side, labels):
        return [rule["ports"][0]["port"] for rule in rules for peer in rule.get(side, [])
                if "podSelector" in peer and peer["podSelector"]["matchLabels"].items() <= labels.items()]

    assert lets(inward["ingress"], "from", prober) == ["https"] == lets(outward["egress"], "to", gateways)
    assert {"port": 53, "protocol": "UDP"} in outward["egress"][0]["ports"]
    # A host beyond the cluster is reached at its port.
    beyond = [rule["ports"][0]["port"] for rule in outward["egress"] if "to" not in rule and rule["ports"][0]["port"] != 53]
    assert beyond == ([8444] if name == "everything" else [])


def test_the_usual_address_is_the_services():
    found = manifests(render(values("prober")))
    name, port = next((one["metadata"]["name"], one["spec"]["ports"][0]["port"]) for one in of_kind(found, "Service")
                      if not one["metadata"]["name"].endswith("-health"))
    words = arguments(found)
    assert words[words.index("--gateway") + 1] == f"https://{name}.vela-aws-gateway.svc:{port}"


def test_a_name_that_kubernetes_would_refuse_is_cut():
    """A CronJob's name has 52 characters at most."""
    found = manifests(render(values("prober"), arguments=("--set", "fullnameOverride=" + 52 * "g")))
    name = of_kind(found, "CronJob")[0]["metadata"]["name"]
    assert len(name) == 52 and name.endswith("-prober")
