"""The bills of materials: valid SPDX, and nothing linked whose licence nobody read."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
# What the images held when they were last built; `make sbom` writes what they hold now.
INVENTORIES = sorted((pathlib.Path(__file__).parent / "inventories").glob("*.tsv"))
CLIENT = REPOSITORY / "dist/vela-aws-credentials"
NEEDED = os.environ.get("VAG_REQUIRE_ALL_TESTS") == "1"


def sbom(folder, *inventories, status=0):
    done = subprocess.run([sys.executable, REPOSITORY / "Scripts/sbom", "--output", folder, *inventories], capture_output=True, text=True, timeout=60)
    assert done.returncode == status, done.stderr
    return done.stderr


def changed(folder, old, new):
    """A copy of the client's inventory in which one text is another."""
    text = next(path for path in INVENTORIES if path.stem == "vela-aws-credentials").read_text()
    assert old in text
    path = folder / "changed.tsv"
    path.write_text(text.replace(old, new))
    return path


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sbom")
    sbom(folder, *INVENTORIES)
    return sorted(folder.glob("*.spdx.json"))


def test_both_programs_have_one(documents):
    assert [path.name for path in documents] == ["vela-aws-credentials.spdx.json", "vela-aws-gateway.spdx.json"]


def test_they_are_valid(documents):
    for path in documents:
        assert [str(message) for message in validate_full_spdx_document(parse_file(str(path)))] == []


def test_every_component_is_named_in_the_notice(documents):
    notice = (REPOSITORY / "NOTICE").read_text()
    for path in documents:
        for package in json.loads(path.read_text())["packages"]:
            assert re.search(rf"(?<![\w-]){re.escape(package['name'])}(?![\w-])", notice), f"NOTICE does not name {package['name']}"


def test_they_hold_what_the_package_description_asks_for(documents):
    """Resolved is not linked: but what Package.swift asks for by name is linked into the gateway, and into nothing else."""
    wanted = dict(re.findall(r'url: "https://github.com/\S+/([\w-]+)", exact: "([\d.]+)"', (REPOSITORY / "Package.swift").read_text()))
    client, gateway = ({one["name"]: one["versionInfo"] for one in json.loads(path.read_text())["packages"]} for path in documents)
    assert len(wanted) > 3
    assert wanted.items() <= gateway.items(), "run `make sbom` and copy .build-images/inventory/*.tsv to Tests/SBOMTests/inventories"
    assert not wanted.keys() & client.keys()
    assert "libcurl4" in gateway and "libssl-dev" in client and "libc6-dev" in client


def test_the_same_lists_give_the_same_bytes(documents, tmp_path):
    sbom(tmp_path, *INVENTORIES)
    assert [path.read_bytes() for path in documents] == [(tmp_path / path.name).read_bytes() for path in documents]


@pytest.mark.parametrize("old, new, words", [
    ("libssl-dev", "libwonder-dev", "libwonder-dev: no licence in Scripts/licences.txt"),
    ("debian\tlibssl-dev", "unknown\t/usr/local/lib/libssl.a", "no Debian package and no toolchain: /usr/local/lib/libssl.a"),
    ("program\t", "swift\t", "there are 0"),
    ("\tstatic ", "\t\tstatic ", "five columns are wanted"),
])
def test_what_is_not_known_is_refused(old, new, words, tmp_path):
    assert words in sbom(tmp_path, changed(tmp_path, old, new), status=1)


@pytest.mark.skipif(not (CLIENT.exists() or NEEDED), reason="run Scripts/build-client")
def test_the_client_that_was_just_built_holds_nothing_new(tmp_path):
    product = REPOSITORY / ".build-client/release/vela-aws-credentials.product"
    done = subprocess.run(
        ["sh", REPOSITORY / "Scripts/inventory", CLIENT, product, REPOSITORY / ".build-client/link.map"], cwd=REPOSITORY, capture_output=True,
        text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (tmp_path / "client.tsv").write_text(done.stdout)
    sbom(tmp_path, tmp_path / "client.tsv")
    names = {one["name"] for one in json.loads((tmp_path / "vela-aws-credentials.spdx.json").read_text())["packages"]}
    assert names == {"vela-aws-credentials", "ca-certificates", "libc6-dev", "libgcc-12-dev", "libssl-dev", "libstdc++-12-dev", "swift"}
