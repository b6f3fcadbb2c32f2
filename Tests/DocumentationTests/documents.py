"""The project's documents: their code blocks, headings and links."""

import pathlib
import re
import subprocess
from typing import NamedTuple

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
# What a block may need that no test has. The mark stands in the line before the block, or as a word behind `sh`.
MARKS = ["needs AWS", "needs a cluster", "needs a build", "needs root", "needs a registry"]
WORDS = {"aws": MARKS[0], "cluster": MARKS[1], "build": MARKS[2], "root": MARKS[3], "registry": MARKS[4]}
# Pages that are one walk from end to end, and the test that goes it.
WALKS = {"docs/deployment.md": "Tests/ChartTests/test_docs.py"}
FENCE = re.compile(r"^(?:<!-- (.*?) -->\n)?```(\S*)(?: +(\w+))?[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:\A|\n\n)((?:    .*\n?)+)")


class Block(NamedTuple):
    place: str
    language: str
    mark: str
    text: str


def documents():
    found = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    return [REPOSITORY / name for name in found.split()]


def text_of(path):
    return path.read_text()


def blocks(path):
    """The fenced blocks."""
    text = text_of(path)
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        mark = found[1] or (WORDS.get(found[3], "") if found[2] == "sh" else "")
        yield Block(f"{path.relative_to(REPOSITORY)}:{line}", found[2], mark, found[4])


def indented(path):
    """The blocks that are only indented."""
    without_fences = FENCE.sub("", text_of(path))
    return [found[1] for found in INDENTED.finditer(without_fences)]


def prose(path):
    """The text without its blocks."""
    return FENCE.sub("", text_of(path))


def anchors(path):
    """The names that a link can have after `#`, as the forges make them from headings."""
    seen, names = {}, set()
    for heading in re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE):
        words = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        count = seen.get(name, 0)
        seen[name] = count + 1
        names.add(name if count == 0 else f"{name}-{count}")
    return names


def links(path):
    """Targets of links that stay within the project."""
    without_code = re.sub(r"`[^`\n]*`", "", prose(path))
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code):
        if not re.match(r"[a-z]+:", target):
            yield target
