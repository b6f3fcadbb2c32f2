"""Prometheus' text format, and docs/metrics.md, read into the same form."""

import pathlib
import re
from typing import NamedTuple

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Sample(NamedTuple):
    name: str
    labels: dict
    value: float


class Family(NamedTuple):
    kind: str
    labels: frozenset
    """The labels' names, without a histogram's `le`."""
    values: dict
    """The values of each label; in the documentation only where they are listed."""


def samples(text):
    for line in text.splitlines():
        if not line.startswith("#"):
            name, labels, value = SAMPLE.match(line).groups()
            yield Sample(name, dict(LABEL.findall(labels or "")), float(value))


def exposed(text):
    """What a gateway exposes: its families by name."""
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))
    families = {name: Family(kind, frozenset(), {}) for name, kind in kinds.items()}
    for sample in samples(text):
        name = sample.name if sample.name in kinds else re.sub("_(bucket|sum|count)$", "", sample.name)
        labels = {label: value for label, value in sample.labels.items() if label != "le"}
        values = families[name].values
        for label, value in labels.items():
            values.setdefault(label, set()).add(value)
        families[name] = Family(kinds[name], frozenset(values), values)
    return families


def documented():
    """What docs/metrics.md says that a gateway exposes."""
    return read_tables(sections()[0])


def documented_of_prober():
    """What it says that the prober writes."""
    return read_tables(sections()[1])


def sections():
    """The page before the section on the prober, and that section."""
    gateway, prober = (REPOSITORY / "docs/metrics.md").read_text().split("\n## The prober's\n")
    return gateway, prober


def read_tables(text):
    """Families by name. Labels are written so: `label`: value, value; `label`."""
    families = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `") or len(cells) != 5:
            continue
        values = {}
        for part in filter(None, cells[2].split("; ")):
            label, _, listed = part.partition(":")
            values[label.strip("`")] = {value.strip() for value in listed.split(",") if value.strip()}
        name = cells[0].strip("`")
        assert name not in families, f"{name} is documented twice"
        families[name] = Family(cells[1], frozenset(values), values)
    return families
