"""What the chart renders, read by the gateway itself."""

import json
import re
import subprocess

import pytest
import yaml

from charts import CHART, PROGRAMS, REPOSITORY, SETS, TOOLS, gateway_container, manifests, needs_helm, render, run, values

pytestmark = needs_helm
GATEWAY = PROGRAMS / "vela-aws-gateway"
SAMPLE = REPOSITORY / "deploy/policy/policy.d"
EXAMPLE = REPOSITORY / "config.example.yaml"
OVERLAY = REPOSITORY / "deploy/kustomize/example"
# What the chart sets because its other manifests depend on it.
OWN = {"policy", "listen", "health_listen", "tls_certificate", "tls_key", "tls_client_ca", "allow_plaintext", "audit",
       "one_use_store_password_file", "emergency_deny", "issuer_url", "issuer_keys", "issuer_keys_group_readable", "issuer_listen",
       "replica", "ready_file"}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=gateway",
        "-keyout", folder / "key.pem", "-out", folder / "certificate.pem")
    return folder


def write_files(folder, config_map):
    """Puts a ConfigMap's keys where a pod would see them."""
    folder.mkdir()
    for name, text in config_map["data"].items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o444)
    return folder


def digest(folder):
    return re.search(r"policy (\S+):", run(GATEWAY, "policy", "check", folder)).group(1)


@pytest.mark.parametrize("name", SETS)
def test_the_gateway_takes_the_settings(name, certificate, tmp_path):
    """With the files of the pod, which are not here, replaced by others."""
    config = write_files(tmp_path / "config", next(
        one for (kind, its), one in manifests(render(values(name))).items() if kind == "ConfigMap" and its.endswith("-config")))
    sets = [f"policy={SAMPLE}", f"tls_certificate={certificate / 'certificate.pem'}", f"tls_key={certificate / 'key.pem'}"]
    # The folder of the emergency deny is the pod's too.
    if "emergency_deny:" in (config / "config.yaml").read_text():
        sets.append(f"emergency_deny={tmp_path / 'emergency-deny.yaml'}")
    if name == "everything":
        sets += [f"{setting}={certificate / 'certificate.pem'}"
                 for setting in ["tls_client_ca", "one_use_store_ca_file", "one_use_store_password_file"]]
    if values(name).read_text().count("keysSecret:"):
        (tmp_path / "keys").mkdir()
        run(GATEWAY, "issuer", "new-key", tmp_path / "keys")
        sets += [f"issuer_keys={tmp_path / 'keys'}"]
    words = run(GATEWAY, "check-config", "--config", config / "config.yaml", *[word for one in sets for word in ("--set", one)])
    assert "configuration is valid" in words


def test_the_rendered_policy_is_the_sample_byte_for_byte(tmp_path):
    files = sorted(SAMPLE.iterdir())
    arguments = [word for file in files
                 for word in ("--set-file", f"policy.files.{file.name}={file}".replace(".yaml=", "\\.yaml="))]
    found = manifests(render(arguments=("--set", "tls.secretName=vela-aws-gateway-tls", *arguments)))
    folder = write_files(tmp_path / "policy.d", found["ConfigMap", "vela-aws-gateway-policy"])
    assert digest(folder) == digest(SAMPLE)


def test_the_overlay_changes_policy_and_image_and_nothing_else(tmp_path):
    found = manifests(run(TOOLS / "kubectl", "kustomize", OVERLAY))
    folder = write_files(tmp_path / "policy.d", found["ConfigMap", "vela-aws-gateway-policy"])
    assert digest(folder) == digest(OVERLAY / "policy.d")
    assert found["Namespace", "vela-aws-gateway"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert gateway_container(found)["image"] == "registry.example.com/platform/vela-aws-gateway:0.1.0"


def test_every_setting_of_the_gateway_can_be_reached():
    """A setting that is new to config.example.yaml needs a line in values.schema.json, or the chart refuses it."""
    lines = EXAMPLE.read_text().splitlines()
    settings = {found.group(1) for line in lines if (found := re.match(r"#?([a-z_]+): ", line))}
    known = set(json.loads((CHART / "values.schema.json").read_text())["properties"]["config"]["properties"])
    assert len(settings) > 20
    assert settings - known - OWN == set(), "add it to `config` in values.schema.json, and to Tests/ChartTests/values/everything.yaml"
    assert not known & OWN


def test_every_setting_is_tried():
    known = set(json.loads((CHART / "values.schema.json").read_text())["properties"]["config"]["properties"])
    tried = set(yaml.safe_load(values("everything").read_text())["config"])
    assert known == tried


def test_the_chart_is_of_the_version_that_the_program_is():
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]
    assert subprocess.run([GATEWAY, "--version"], capture_output=True, text=True, check=True).stdout.split()[1] == version
