"""The static client as a container would run it that holds nothing else: `FROM scratch`."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "FrontTests"))
from fronts import REPOSITORY, ROLE, fetch, running_gateway, running_stack  # noqa: E402

CLIENT = REPOSITORY / "dist/vela-aws-credentials"
# In CI both must be there: a skipped test fails it.
NEEDED = os.environ.get("VAG_REQUIRE_ALL_TESTS") == "1"

pytestmark = [
    pytest.mark.skipif(not (CLIENT.exists() or NEEDED), reason="run Scripts/build-client"),
    pytest.mark.skipif(os.geteuid() != 0 and not NEEDED, reason="changing the root needs root"),
]
IMAGE = "registry.example.com/vela-aws-credentials:1.0.0"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=gateway", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "ca.pem"],
        cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def scene(tmp_path_factory, authority):
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        tls = {"GATEWAY_TLS_CERTIFICATE": str(authority / "ca.pem"), "GATEWAY_TLS_KEY": str(authority / "key.pem")}
        with running_gateway(tmp_path_factory.mktemp("gateway"), stack, tls) as gateway:
            yield stack, gateway


def run_in_empty_root(folder, scene, authority, **parameters):
    """Runs the client in a root of two files and /proc, and gives what came of it."""
    stack, gateway = scene
    step = json.loads(fetch(stack.ready["vela"] + "/_dev/builds", {"org": "octo-org", "repo": "octo-repo", "build": 7, "image": IMAGE}))
    root = folder / "root"
    root.mkdir()
    shutil.copy(CLIENT, root / "client")
    shutil.copy(authority / "ca.pem", root / "ca.pem")
    environment = {
        "VELA_ID_TOKEN_REQUEST_URL": step["request_url"], "VELA_ID_TOKEN_REQUEST_TOKEN": step["request_token"],
        "PARAMETER_ROLE": ROLE, "PARAMETER_GATEWAY_URL": gateway.url, "PARAMETER_GATEWAY_CA": "/ca.pem",
        "PARAMETER_SCRIPT_WRITE": "true", "PARAMETER_SCRIPT_PATH": "/secrets/aws/setup.sh",
        **{f"PARAMETER_{name.upper()}": value for name, value in parameters.items()},
    }

    # Every container runtime gives /proc, and Swift's runtime does not start without it.
    (root / "proc").mkdir()
    enter = 'mount -t proc proc "$1/proc" && exec chroot "$1" /client'
    done = subprocess.run(
        ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", enter, "sh", root], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **environment},
        capture_output=True, text=True, timeout=120)
    return done, root


def test_it_needs_nothing_but_itself(scene, authority, tmp_path):
    done, root = run_in_empty_root(tmp_path, scene, authority)
    assert done.returncode == 0, done.stderr
    script = root / "secrets/aws/setup.sh"
    assert script.stat().st_mode & 0o777 == 0o600
    words = script.read_text()
    key = scene[1].records("credentials")[-1]["access_key_id"]
    assert f"export AWS_ACCESS_KEY_ID='{key}'" in words and "export AWS_SESSION_TOKEN='" in words
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()) == [
        "ca.pem", "client", "secrets/aws/setup.sh"]


def test_without_authorities_it_says_what_to_do(scene, authority, tmp_path):
    done, root = run_in_empty_root(tmp_path, scene, authority, gateway_ca="/missing.pem")
    assert done.returncode == 1 and "gateway_ca" in done.stderr, done.stderr
    assert not (root / "secrets/aws/setup.sh").exists()


def test_it_is_small():
    """What docs/client.md promises of the file; memory and time are the benchmark's."""
    assert CLIENT.stat().st_size <= 12_000_000
