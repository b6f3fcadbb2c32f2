"""Requests that are near a ceiling and often reach outside it, each by one sneaky change.

No claim is made that a change widens: the pairs and the oracle tell. A widening takes a request that it may alter and
answers whether it did; one that finds nothing to alter leaves the place to another.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Callable

import ceiling_material as material
from ceiling_material import Conditions, Document, Statement
from narrowings import narrowed
from pattern_rewrites import ACTION_REWRITES, RESOURCE_REWRITES, Rewrite

Change = Callable[[Random, Document, Document], bool]  # request to alter, ceiling

OTHER_OPERATOR = {
    "StringEquals": ["StringLike", "StringEqualsIgnoreCase", "StringNotEquals"],
    "StringLike": ["StringEquals", "StringNotLike"],
    "StringEqualsIgnoreCase": ["StringEquals", "StringLike"],
    "StringNotEquals": ["StringNotLike", "StringEquals", "StringNotEqualsIgnoreCase"],
    "StringNotLike": ["StringNotEquals", "StringLike"],
    "ArnLike": ["StringLike", "ArnEquals", "ArnNotLike"],
    "ArnEquals": ["StringEquals", "StringLike", "ArnLike"],
    "ArnNotLike": ["StringNotLike", "ArnLike"],
    "NumericLessThan": ["NumericLessThanEquals", "NumericNotEquals", "StringEquals"],
    "NumericEquals": ["NumericLessThanEquals", "StringEquals"],
    "NumericGreaterThan": ["NumericGreaterThanEquals", "NumericLessThan"],
    "DateLessThan": ["DateLessThanEquals", "DateGreaterThan"],
    "DateGreaterThan": ["DateGreaterThanEquals", "DateNotEquals"],
    "IpAddress": ["NotIpAddress", "StringLike"],
    "Bool": ["StringEquals", "Null"],
    "Null": ["Bool"],
}


def widened(rng: Random, ceiling: Document) -> Document:
    """The ceiling itself or a narrower request, with one or two changes."""
    request = copy.deepcopy(ceiling) if rng.random() < 0.6 else narrowed(rng, ceiling)
    request["Statement"] = [item for item in request["Statement"] if item["Effect"] == "Allow"]
    for _ in range(rng.choice([1, 1, 1, 2])):
        request = _changed(rng, request, ceiling)
    return request


def _changed(rng: Random, request: Document, ceiling: Document) -> Document:
    for change in rng.sample(CHANGES, len(CHANGES)):
        altered = copy.deepcopy(request)
        if change(rng, altered, ceiling) and altered != request:
            return _without_empty_tests(altered)
    return request


def _without_empty_tests(request: Document) -> Document:
    """The grammar has no operator without a key and no condition without an operator."""
    for statement in request["Statement"]:
        tests = {name: keys for name, keys in statement.pop("Condition", {}).items() if keys}
        if tests:
            statement["Condition"] = tests
    return request


def _rewriting(element: str, rewrite: Rewrite) -> Change:
    """A change of one pattern of one statement."""

    def change(rng: Random, request: Document, ceiling: Document) -> bool:
        items = rng.choice(request["Statement"]).get(element, [])
        if not items:
            return False
        index = rng.randrange(len(items))
        items[index] = rewrite(rng, items[index])
        return True

    return change


def _conditions(rng: Random, request: Document) -> Iterator[tuple[Statement, str, str]]:
    """Each test of each statement, in random order."""
    found = [(s, name, key) for s in request["Statement"] for name, keys in s.get("Condition", {}).items() for key in keys]
    return iter(rng.sample(found, len(found)))


def drop_test(rng: Random, request: Document, ceiling: Document) -> bool:
    """Leaves a test out."""
    for statement, name, key in _conditions(rng, request):
        del statement["Condition"][name][key]
        return True
    return False


def more_values(rng: Random, request: Document, ceiling: Document) -> bool:
    """A superset of positive values; of negated ones it narrows."""
    for statement, name, key in _conditions(rng, request):
        wanted = statement["Condition"][name][key]
        statement["Condition"][name][key] = material.unique([*wanted, rng.choice(_pool(key))])
        return True
    return False


def fewer_values(rng: Random, request: Document, ceiling: Document) -> bool:
    """A subset of negated values, or one that drops what voids the ceiling's statement."""
    for statement, name, key in _conditions(rng, request):
        wanted = statement["Condition"][name][key]
        if len(wanted) > 1:
            wanted.remove(rng.choice(wanted))
            return True
    return False


def other_value(rng: Random, request: Document, ceiling: Document) -> bool:
    """Another value: a wider pattern, network or bound."""
    for statement, name, key in _conditions(rng, request):
        wanted = statement["Condition"][name][key]
        index = rng.randrange(len(wanted))
        wanted[index] = rng.choice(_other_values(name, key, wanted[index]))
        return True
    return False


def _other_values(name: str, key: str, value: str) -> list[str]:
    pool = _pool(key)
    if "String" not in name and "Arn" not in name:
        return pool
    return [*pool, value[:-1] + "*", value + "*", "*", value.replace("*", "?"), value + "${*}"]


def _pool(key: str) -> list[str]:
    """The values from which tests of this key are drawn."""
    return next(pool for _, other, pool in material.TESTS if other.lower() == key.lower())


def other_operator(rng: Random, request: Document, ceiling: Document) -> bool:
    """Another operator, another prefix, or IfExists added or taken."""
    for statement, name, key in _conditions(rng, request):
        renamed = rng.choice(_renamings(name))
        statement["Condition"].setdefault(renamed, {})[key] = statement["Condition"][name].pop(key)
        return True
    return False


def _renamings(name: str) -> list[str]:
    prefix, _, bare = name.rpartition(":")
    start, plain = (f"{prefix}:" if prefix else ""), bare.removesuffix("IfExists")
    names = [start + other for other in OTHER_OPERATOR.get(plain, []) if other != "Null" or not start]
    if plain == "Null":
        return names
    toggled = plain if bare.endswith("IfExists") else f"{plain}IfExists"
    prefixes = [other + bare for other in ("", "ForAnyValue:", "ForAllValues:") if other != start]
    return [*names, start + toggled, start + toggled, *prefixes]


def split_tests(rng: Random, request: Document, ceiling: Document) -> bool:
    """Two tests of one statement shared out over two."""
    for statement in request["Statement"]:
        tests: Conditions = statement.get("Condition", {})
        if len(tests) > 1:
            halves = [{name: keys} for name, keys in tests.items()]
            request["Statement"] += [statement | {"Condition": half} for half in halves[1:]]
            statement["Condition"] = halves[0]
            return True
    return False


def cross_statements(rng: Random, request: Document, ceiling: Document) -> bool:
    """Actions of one statement on the resources of another, or under the conditions of another."""
    if len(ceiling["Statement"]) < 2:
        return False
    one, other = rng.sample(ceiling["Statement"], 2)
    crossed = one | {element: other[element] for element in rng.choice([["Resource"], ["Condition"]]) if element in other}
    request["Statement"].append(copy.deepcopy(crossed))
    return True


def merge_statements(rng: Random, request: Document, ceiling: Document) -> bool:
    """One statement with the actions and resources of two."""
    if len(ceiling["Statement"]) < 2:
        return False
    one, other = copy.deepcopy(rng.sample(ceiling["Statement"], 2))
    merged = {element: material.unique([*one[element], *other[element]]) for element in ("Action", "Resource")}
    request["Statement"].append(one | merged)
    return True


def inverted_element(rng: Random, request: Document, ceiling: Document) -> bool:
    """NotAction or NotResource in an Allow."""
    statement = rng.choice(request["Statement"])
    element = rng.choice(["Action", "Resource"])
    if element not in statement:
        return False
    statement[f"Not{element}"] = statement.pop(element)
    return True


def drop_variable(rng: Random, request: Document, ceiling: Document) -> bool:
    """Leaves out the resources that depend on the context, where others stay."""
    for statement in request["Statement"]:
        items = statement.get("Resource", [])
        fixed = [item for item in items if not material.has_variable(item)]
        if fixed and fixed != items:
            statement["Resource"] = fixed
            return True
    return False


def other_version(rng: Random, request: Document, ceiling: Document) -> bool:
    """A version without variables, where `${*}` is a text with a wildcard in it."""
    request.pop("Version", None)
    if rng.random() < 0.5:
        request["Version"] = "2008-10-17"
    return True


def extra_allow(rng: Random, request: Document, ceiling: Document) -> bool:
    """A statement of which the ceiling knows nothing."""
    request["Statement"].append(material.statement(rng))
    return True


CHANGES: list[Change] = [
    *(_rewriting("Action", rewrite) for rewrite in ACTION_REWRITES),
    *(_rewriting("Resource", rewrite) for rewrite in RESOURCE_REWRITES),
    *(drop_test, drop_test, more_values, fewer_values, other_value, other_operator, other_operator, split_tests),
    *(cross_statements, merge_statements, inverted_element, drop_variable, other_version, extra_allow),
]
