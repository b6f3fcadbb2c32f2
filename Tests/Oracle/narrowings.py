"""Requests that stay inside a ceiling by the plain rules of the proof, so the engine must accept them.

Each Allow is made from one statement of the ceiling: actions and resources fewer or more exact, positive values fewer, negated
values more, conditions added, names in another case, Deny statements added, actions split over two statements.
"""

from __future__ import annotations

import copy
from random import Random

import ceiling_material as material
from ceiling_material import Conditions, Document, Statement

IN_ACTION = ["*", "Object", "X*", "?*", "*x", "Get"]
IN_RESOURCE = ["*", "x", "x*", "?*", "*x", "logs/*", "${*}", "${aws:username}", "a/b/"]
IN_SEGMENT = ["*", "us-east-1", "1*", "?*", "111122223333"]


def narrowed(rng: Random, ceiling: Document) -> Document:
    """A request that the ceiling covers statement by statement."""
    sources = rng.choices(ceiling["Statement"], k=rng.choice([1, 1, 2, 3]))
    allows = [part for source in sources for part in split(rng, narrowed_statement(rng, source))]
    denials = [material.denial(rng) for _ in range(rng.choice([0, 0, 0, 1]))]
    return material.document([*allows, *denials])


def narrowed_statement(rng: Random, source: Statement) -> Statement:
    """One Allow inside one Allow."""
    statement = copy.deepcopy(source)
    statement["Action"] = [narrowed_action(rng, item) for item in some(rng, source["Action"])]
    statement["Resource"] = [narrowed_resource(rng, item) for item in some(rng, source["Resource"])]
    if tests := narrowed_conditions(rng, source.get("Condition", {})):
        statement["Condition"] = tests
    return statement


def some(rng: Random, items: list[str]) -> list[str]:
    """A part of a list, never less than one item, and always what depends on the context.

    If the ceiling's variable does not resolve, its statement is void; the request's must be void with it.
    """
    kept = rng.sample(items, rng.randint(1, len(items)))
    return [item for item in items if item in kept or material.has_variable(item)]


def narrowed_action(rng: Random, pattern: str) -> str:
    """Names in another case; each wildcard as it is or replaced by what it contains."""
    if pattern == "*":
        return rng.choice([pattern, material.action(rng, material.service(rng))])
    service, name = pattern.split(":")
    fitting = "".join(_replaced(rng, piece, IN_ACTION if name == "*" else ["", *IN_ACTION]) for piece in name)
    return rng.choice([str.lower, str.upper, str.swapcase, str, str])(f"{service}:{fitting}")


def narrowed_resource(rng: Random, pattern: str) -> str:
    """The same number of segments; variables and other text as they are."""
    if pattern == "*":
        return rng.choice([pattern, material.resource(rng, material.service(rng))])
    segment, narrower = 0, []
    for piece in material.pieces(pattern):
        segment += piece == ":"
        narrower.append(_replaced(rng, piece, IN_SEGMENT if segment < 5 else IN_RESOURCE))
    return "".join(narrower)


def _replaced(rng: Random, piece: str, fillings: list[str]) -> str:
    if piece not in ("*", "?") or rng.random() < 0.4:
        return piece
    return rng.choice(fillings) if piece == "*" else rng.choice("?1x")


def narrowed_conditions(rng: Random, source: Conditions) -> Conditions:
    """Every test of the ceiling with fewer values, or more where negated, or equal ones; sometimes further tests."""
    tests: Conditions = {}
    for name, keys in source.items():
        tests[name] = {material.spelled(rng, key): narrowed_values(rng, name, key, wanted) for key, wanted in keys.items()}
    if rng.random() < 0.3:
        add_test(rng, tests)
    return tests


def narrowed_values(rng: Random, name: str, key: str, wanted: list[str]) -> list[str]:
    """Only strings and ARNs have fewer or more; the order of values means nothing."""
    if "String" not in name and "Arn" not in name:
        return rng.sample(wanted, len(wanted))
    if "Not" not in name:
        return some(rng, wanted)
    pool = next(values for _, other, values in material.TESTS if other == key)
    more = [value for value in rng.sample(pool, 2) if not material.has_variable(value)]
    return material.unique([*more, *wanted]) if rng.random() < 0.6 else list(wanted)


def add_test(rng: Random, tests: Conditions) -> None:
    """A test of a key that no test has yet; without variables, which could only void the request."""
    taken = {key.lower() for keys in tests.values() for key in keys}
    for name, keys in material.conditions(rng, 1).items():
        for key, wanted in keys.items():
            if key.lower() not in taken and not any(map(material.has_variable, wanted)):
                tests.setdefault(name, {})[key] = wanted


def split(rng: Random, statement: Statement) -> list[Statement]:
    """Two statements with a part of the actions each."""
    actions = statement["Action"]
    if len(actions) < 2 or rng.random() < 0.5:
        return [statement]
    cut = rng.randint(1, len(actions) - 1)
    return [statement | {"Action": part} for part in (actions[:cut], actions[cut:])]
