"""Every command of the documents is run, or says what it needs; and what the documents name exists."""

import pathlib
import re
import subprocess
import sys

import pytest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "FrontTests"))
import desk  # noqa: E402
import documents  # noqa: E402
from fronts import PROGRAMS, REPOSITORY, running_gateway, running_stack  # noqa: E402

BLOCKS = [block for path in documents.documents() for block in documents.blocks(path)]
SHELL = [block for block in BLOCKS if block.language == "sh"]
RUN = [block for block in SHELL if not block.mark and block.place.partition(":")[0] not in documents.WALKS]
MARKED = [block for block in SHELL if block.mark]
# A block that begins with one of these is for a shell, whatever it says.
COMMANDS = re.compile(r"\s*(?:\$ )?(?:export |sudo )?(aws|curl|docker|git|helm|jq|kubectl|make|podman|promtool|swift|terraform|vela-aws-\w+|Scripts/\S+|\.ci/run)\b(?!:)")
LANGUAGES = {"sh", "yaml", "json", "hcl", "diff", "ini", "xml", "text", "swift", ""}


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    flags = ["sts_profiles.artifacts.session_policy=read-artifacts", "sts_profiles.artifacts.duration=15m"]
    with running_stack(tmp_path_factory.mktemp("stack")) as stack, desk.object_store() as objects:
        ended = desk.rotated_audit(tmp_path_factory.mktemp("ended"), stack)
        folder = tmp_path_factory.mktemp("gateway")
        with running_gateway(folder, stack, desk.settings(folder, stack), flags) as gateway:
            reader = desk.Desk(tmp_path_factory.mktemp("desk") / "files", stack, gateway, objects)
            reader.ended = ended
            yield reader


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.place)
def test_the_commands_work(reader, block):
    done = reader.run(block.text)
    assert done.returncode == 0, f"{block.text}\n{done.stdout}{done.stderr}"


def test_a_command_that_fails_is_found(reader):
    assert reader.run("vela-aws-gateway policy lint no-such-folder\n").returncode != 0
    assert reader.run('curl -sS https://gateway.example.com/v1/whoami -X POST -H "Authorization: Bearer junk"\n').returncode != 0
    assert reader.run("vela-aws-gateway audit verify audit.log.1 audit.log.2 audit.log\n").returncode != 0, "in the wrong order"


@pytest.mark.parametrize("page, test", documents.WALKS.items())
def test_a_walk_is_gone_by_its_own_test(page, test):
    if (REPOSITORY / page).exists():
        assert page in (REPOSITORY / test).read_text()


def test_there_are_commands():
    assert len(RUN) >= 10 and len(MARKED) >= 4


@pytest.mark.parametrize("block", MARKED, ids=lambda block: block.place)
def test_a_command_that_is_not_run_says_why_and_can_be_read(block):
    assert block.mark in documents.MARKS
    done = subprocess.run(["bash", "-n", "-c", block.text], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    for name in re.findall(r"(?:file://|--template-file )(\S+)", block.text):
        assert (REPOSITORY / name).exists(), name


@pytest.mark.parametrize("path", documents.documents(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_no_command_hides_in_another_kind_of_block(path):
    hidden = [block.place for block in documents.blocks(path) if block.language != "sh" and COMMANDS.match(block.text)]
    hidden += [text.strip() for text in documents.indented(path) if COMMANDS.match(text)]
    assert hidden == [], "write it as ```sh"


@pytest.mark.parametrize("path", documents.documents(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_no_fence_is_overlooked(path):
    fences = re.findall(r"^ *```", documents.text_of(path), re.MULTILINE)
    assert len(fences) == 2 * len(list(documents.blocks(path)))


def test_the_languages_of_blocks_are_known():
    assert [block.place for block in BLOCKS if block.language not in LANGUAGES] == []


@pytest.mark.parametrize("path", documents.documents(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_somewhere(path):
    for link in documents.links(path):
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in documents.anchors(target), link


@pytest.mark.parametrize("path", documents.documents(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_scripts_and_targets_that_are_named_exist(path):
    text, targets = documents.text_of(path), set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    for target in re.findall(r"`make ([a-z-]+)", text) + re.findall(r"^make ([a-z-]+)", text, re.MULTILINE):
        assert target in targets, f"make {target}"
    for script in re.findall(r"`(Scripts/[\w./-]*\w)", text):
        assert (REPOSITORY / script).exists(), script
    for name in re.findall(r"`((?:docs|deploy|Tests|Sources)/[\w./-]+\w)`", text):
        assert (REPOSITORY / name).exists(), name


def subcommands():
    """Every `vela-aws-gateway word word` that the documents name, as a command or in backticks."""
    pattern = re.compile(r"(?:^|`)vela-aws-gateway ((?:policy|audit|trust-policy) [a-z]+|[a-z][a-z-]+)(?=[ `\n])", re.MULTILINE)
    return sorted({words for path in documents.documents() for words in pattern.findall(documents.text_of(path))})


@pytest.mark.parametrize("words", subcommands())
def test_subcommands_that_are_named_exist(words):
    done = subprocess.run([PROGRAMS / "vela-aws-gateway", *words.split(), "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and f"vela-aws-gateway {words}" in done.stdout, done.stdout + done.stderr


def test_every_code_and_kind_has_a_line_in_troubleshooting():
    errors = (REPOSITORY / "docs/errors.md").read_text()
    names = re.findall(r"^\| `(\w+)` \|", errors, re.MULTILINE)
    told = set(re.findall(r"\w+", (REPOSITORY / "docs/troubleshooting.md").read_text()))
    # gateway_refused only says that a code follows.
    assert [name for name in names if name not in told] == ["gateway_refused"] and len(names) > 50
