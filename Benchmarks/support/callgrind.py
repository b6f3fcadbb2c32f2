"""Programs under callgrind: how many instructions, and where."""

import pathlib
import re
import subprocess

# Without chance: Swift seeds the hashes of its dictionaries anew in each process.
ENVIRONMENT = {"SWIFT_DETERMINISTIC_HASHING": "1"}


def readable(program, folder):
    """A copy of `program` that valgrind can read: Debian's does not know the debug format that Swift writes. Names stay."""
    copy = pathlib.Path(folder) / pathlib.Path(program).name
    if not copy.exists():
        subprocess.run(["strip", "--strip-debug", "-o", copy, program], check=True)
    return copy


def command(program, output):
    """The program as callgrind runs it, nothing counted before it is told to."""
    return ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={output}", program]


def total(text):
    """The instructions in callgrind's output."""
    found = re.findall(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
    if not found or found[-1] == "0":
        raise SystemExit("callgrind counted nothing: is valgrind's header callgrind.h there where the programs are built?")
    return int(found[-1])
