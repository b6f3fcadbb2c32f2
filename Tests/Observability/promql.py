"""What a PromQL expression reads: just enough of the language for our own dashboard and alerts."""

import re

# What the expressions are written with besides metrics and labels.
WORDS = {
    "sum", "min", "max", "count", "by", "on", "and", "or", "unless", "without", "rate", "increase", "changes", "absent", "time", "vector",
    "histogram_quantile", "min_over_time", "le", "instance", "job",
}
SELECTOR = re.compile(r"\b([a-z_]+_[a-z_]+)(?:\s*\{([^}]*)\})?")
MATCHER = re.compile(r'\s*(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"\s*')
RANGE = re.compile(r"\[[^\]]*\]")
GROUPING = re.compile(r"\b(?:by|on|without)\s*\(([^)]*)\)")
# Prometheus itself gives these to every series.
TARGET = {"job", "instance"}


def without_text(expression):
    return re.sub(r'"[^"]*"', '""', expression)


def selectors(expression):
    """Each metric that is read, with its matchers: label to value. In groupings there are labels, no metrics."""
    for name, matchers in SELECTOR.findall(RANGE.sub("", GROUPING.sub("", expression))):
        if name not in WORDS:
            yield name, {label: value for label, value in MATCHER.findall(matchers)}


def groupings(expression):
    for labels in GROUPING.findall(without_text(expression)):
        yield from (label.strip() for label in labels.split(","))


def faults(expression, documented, values=None):
    """What an expression names that does not exist; `values` are those of each label, by family."""
    found, labels = [], set(TARGET)
    for name, matchers in selectors(expression):
        base = name if name in documented else re.sub("_(bucket|sum|count)$", "", name)
        if base not in documented or (base != name) != (documented[base].kind == "histogram"):
            found.append(f"no metric {name}")
            continue
        known = documented[base].labels | TARGET | ({"le"} if name.endswith("_bucket") else set())
        labels |= known
        found += [f"{name} has no label {label}" for label in matchers.keys() - known]
        for label, value in matchers.items():
            listed = (values or {}).get(label) or documented[base].values.get(label)
            if label in TARGET or not listed:
                continue
            if not any(re.fullmatch(part, each) for part in [value] for each in listed):
                found.append(f"{name}: no {label} is ever {value}")
    return found + [f"grouped by {label}, which nothing has" for label in groupings(expression) if label not in labels]
