"""Counts of instructions, recorded and now, and which of them have grown."""

import pathlib
import subprocess

from support import callgrind

RECORD = pathlib.Path(__file__).with_name("recorded.tsv")
# The steps of an exchange that take the same way each time.
NAMES = ["verify-rs256", "decide-10", "sts-answer", "audit-line", "exchange"]
# What is taken for growth. Counts of the same program differ by less than one percent; what is below is worth no alarm.
MOST = 1.10
LEAST = 0.90


def counted(program, name, folder):
    """The instructions of one operation of the micro benchmark called `name`."""
    output = pathlib.Path(folder) / f"{name}.callgrind"
    run = subprocess.run(
        [*callgrind.command(program, output), "--instructions", name], env=callgrind.ENVIRONMENT, capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"{name} failed under callgrind: {run.stderr[-2000:]}")
    return callgrind.total(output.read_text()) / int(run.stdout)


def read(path=RECORD):
    """The recorded counts by name; none where there is no record."""
    if not path.exists():
        return {}
    lines = (line for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return {name: int(count) for name, count in (line.split("\t") for line in lines)}


def write(counts, path=RECORD):
    rows = "".join(f"{name}\t{count:.0f}\n" for name, count in counts.items())
    path.write_text("# Instructions of one operation by callgrind: Benchmarks/instructions/run --update writes this file.\n" + rows)


def verdict(recorded, now):
    """What to say of one count, and whether it is a failure."""
    if recorded is None:
        return "not recorded: run Benchmarks/instructions/run --update", True
    if now > recorded * MOST:
        return f"GROWN by more than {MOST - 1:.0%}: find out why, or record it with --update", True
    if now < recorded * LEAST:
        return "less: record it with --update, so that it stays", False
    return "as recorded", False
