"""docs/metrics.md against what a gateway exposes after traffic of every kind."""

import re
import subprocess

import exposition
import traffic
from fronts import PROGRAMS

REPOSITORY = exposition.REPOSITORY


def test_every_metric_is_documented_and_every_documented_one_exists(gateway):
    exposed, documented = exposition.exposed(traffic.metrics(gateway)), exposition.documented()
    assert set(exposed) == set(documented)
    for name, family in exposed.items():
        assert (family.kind, family.labels) == (documented[name].kind, documented[name].labels), name


def test_labels_have_only_the_values_that_are_listed(gateway):
    codes = set(re.findall(r"^\| `(\w+)` \| \d{3} \|", (REPOSITORY / "docs/errors.md").read_text(), re.MULTILINE))
    assert len(codes) > 30
    documented = exposition.documented()
    for name, family in exposition.exposed(traffic.metrics(gateway)).items():
        for label, values in family.values.items():
            listed = codes | {"none"} if label == "code" else documented[name].values[label]
            assert not listed or values <= listed, (name, label)


def test_what_the_prober_writes_is_documented_and_nothing_else(gateway, tmp_path):
    """With a key that the policy does not know, so that every check is made and most fail: 0 is seen too."""
    program, key, file = PROGRAMS / "vela-aws-gateway", tmp_path / "prober.pem", tmp_path / "probe.prom"
    subprocess.run([program, "probe", "new-key", "--key", key, "--key-set", tmp_path / "prober.json"], check=True, capture_output=True, timeout=60)
    done = subprocess.run(
        [program, "probe", "--gateway", gateway.url, "--gateway-ca", gateway.audit.with_name("tls.crt"), "--key", key, "--issuer", "https://prober.example.com",
         "--audience", "nobody", "--subject", "probe", "--role", traffic.ROLE, "--forbidden-role", traffic.ROLE + "-other", "--metrics-file", file],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done.stdout + done.stderr
    written, documented = exposition.exposed(file.read_text()), exposition.documented_of_prober()
    assert written == documented
    assert {sample.value for sample in exposition.samples(file.read_text()) if sample.name == "vela_gateway_probe_check_success"} == {0, 1}
    linted = subprocess.run(["promtool", "check", "metrics"], input=file.read_text(), capture_output=True, text=True, timeout=60)
    assert (linted.returncode, linted.stdout + linted.stderr) == (0, "")


def test_promtool_finds_nothing_wrong(gateway):
    done = subprocess.run(["promtool", "check", "metrics"], input=traffic.metrics(gateway), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout + done.stderr) == (0, ""), done.stdout + done.stderr


def test_nothing_else_names_a_metric_that_is_not_there():
    """Not in the documents, the samples or the settings' descriptions."""
    documented = exposition.documented() | exposition.documented_of_prober()
    files = subprocess.run(["git", "ls-files", "docs", "deploy", "README.md", "config.example.yaml"], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    for path in [REPOSITORY / name for name in files.stdout.split()]:
        for name in re.findall(r"\bvela_gateway_[a-z_]+", path.read_text(errors="replace")):
            assert re.sub("_(bucket|sum|count)$", "", name) in documented or name in documented, f"{path}: {name}"


def test_the_process_is_described_truly(gateway):
    values = {sample.name: sample.value for sample in exposition.samples(traffic.metrics(gateway)) if not sample.labels}
    with open(f"/proc/{gateway.child.pid}/stat") as file:
        pages = int(file.read().rpartition(")")[2].split()[21])
    assert 0.5 < values["process_resident_memory_bytes"] / (pages * 4096) < 2
    assert 10 <= values["process_open_fds"] < values["process_max_fds"]
    assert values["process_cpu_seconds_total"] > 0
    assert values["process_start_time_seconds"] <= values["vela_gateway_policy_loaded_timestamp_seconds"] + 1
