"""Prints condition cases with the verdict of the oracle, one JSON object a line.

    generate_conditions.py --seed 1 --count 100000

A case is decided first (met or not), then its claims and tests are drawn until the oracle agrees, so both verdicts are common.
The same seed gives the same lines.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

import claim_material as material
import conditions
import values
from claim_material import CLAIMS, Kind, Written, dumps
from conditions import Deviations

ENGINE = Deviations()
FAMILIES = ("String", "Numeric", "Date", "Bool")
PREFIXES = ["", "", "ForAnyValue:", "ForAllValues:"]
SUFFIXES = ["", "", "IfExists"]
SUITING = {family: material.suiting(family) for family in FAMILIES}
TRIES = 5

Test = tuple[str, str, list[str]]  # operator, claim, wanted values


def cases(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Cases in the order of their ids, for `dumps` to write."""
    rng = Random(seed)
    for index in range(count):
        yield case(rng, index)


def case(rng: Random, index: int) -> dict[str, Any]:
    """One case: claims, then tests on them, then what the oracle says of all."""
    effect = rng.choice(["allow", "deny"])
    claims = dumps(claims_of(rng))
    read = values.load(claims)
    condition = condition_on(rng, read, effect)
    expected = conditions.evaluate(condition, read, effect=effect, deviations=ENGINE)
    return {"id": index, "effect": effect, "issuer_kind": "generic", "condition": condition, "claims": Written(claims), "expected": expected}


def claims_of(rng: Random) -> dict[str, Any]:
    """A token's claims, some missing, some empty, some of the wrong type."""
    claims: dict[str, Any] = {}
    for path, kind in CLAIMS.items():
        if rng.random() > (0.3 if kind is material.GATE else 0.12):
            place(claims, path, claim_value(rng, kind))
    if rng.random() < 0.05:
        claims["custom_properties"] = rng.choice([None, "team", [], [{"team": "platform"}], Written("1"), {}])
    return claims


def place(claims: dict[str, Any], path: str, value: Any) -> None:
    """Puts a value where a dotted path points."""
    *parents, name = path.split(".")
    for parent in parents:
        claims = claims.setdefault(parent, {})
    claims[name] = value


def claim_value(rng: Random, kind: Kind) -> Any:
    """Mostly one value, now and then with a line break; else several, none, null or what no operator of the kind reads."""
    roll = rng.random()
    if "octocat" in kind.present and roll < 0.06:
        return rng.choice(material.LINES)
    if kind is material.GATE or roll < 0.7:
        return rng.choice(kind.present)
    if roll < 0.82:
        return rng.choices(kind.present, k=rng.randint(1, 4))
    if roll < 0.86:
        return []
    if roll < 0.9:
        return None
    return unfit_value(rng, kind)


def unfit_value(rng: Random, kind: Kind) -> Any:
    """Something unreadable, alone or among readable values."""
    odd = rng.choice(kind.unreadable)
    if rng.random() < 0.6:
        return odd
    mixed = [*rng.choices(kind.present, k=rng.randint(0, 2)), rng.choice([odd, None])]
    rng.shuffle(mixed)
    return mixed


def condition_on(rng: Random, claims: dict[str, Any], effect: str) -> dict[str, dict[str, Any]]:
    """One to three operators on one or two claims each; to miss, one test of them misses and the rest hold."""
    shape = [rng.choice([1, 1, 1, 2]) for _ in range(rng.choice([1, 1, 2, 3]))]
    missing = rng.randrange(sum(shape)) if rng.random() < 0.5 else -1
    condition: dict[str, dict[str, Any]] = {}
    for size in shape:
        tests = tests_of_one(rng, condition, size, claims, effect, missing)
        condition[tests[0][0]] = {path: written(rng, wanted) for _, path, wanted in tests}
        missing -= size
    return condition


def tests_of_one(rng: Random, taken: dict[str, Any], size: int, claims: dict[str, Any], effect: str, missing: int) -> list[Test]:
    """Tests of one operator, which is new to the condition, on different claims."""
    first = next(test for test in iter(lambda: wanted_test(rng, claims, effect, missing != 0), None) if test[0] not in taken)
    tests = [first]
    while len(tests) < size:
        test = wanted_test(rng, claims, effect, missing != len(tests), first[0])
        if test[1] not in {path for _, path, _ in tests}:
            tests.append(test)
    return tests


def wanted_test(rng: Random, claims: dict[str, Any], effect: str, met: bool, name: str | None = None) -> Test:
    """Draws claims and values for one operator until the oracle's verdict is the wanted one; gives up in the end."""
    name = name or operator_name(rng)
    for _ in range(TRIES):
        name, path, wanted = test = any_test(rng, name, claims)
        if conditions.evaluate({name: {path: wanted}}, claims, effect=effect, deviations=ENGINE) == met:
            return test
    return test


def operator_name(rng: Random) -> str:
    """Each family, each operator in it, each prefix and suffix."""
    if rng.random() < 0.07:
        return conditions.NULL
    family = rng.choices(FAMILIES, weights=[6, 3, 3, 2])[0]
    return rng.choice(PREFIXES) + rng.choice(NAMES[family]) + rng.choice(SUFFIXES)


NAMES = {family: [name for name in conditions.COMPARISONS if name.startswith(family)] for family in FAMILIES}


def any_test(rng: Random, name: str, claims: dict[str, Any]) -> Test:
    """A test of a claim that suits the operator, or now and then of another.

    Never Date on another, since whether a text of digits is a date is left open.
    """
    if name == conditions.NULL:
        return name, rng.choice(list(CLAIMS)), [rng.choice(["true", "false"])]
    family = next(family for family in FAMILIES if family in name)
    path = rng.choice(SUITING[family])
    kind = CLAIMS[path]
    if family != "Date" and rng.random() < 0.04:
        path = rng.choice(list(CLAIMS))
    return name, path, wanted_values(rng, name, kind, claims, path)


def wanted_values(rng: Random, name: str, kind: Kind, claims: dict[str, Any], path: str) -> list[str]:
    """One to four different values, often among them the claim's own."""
    if kind in (material.BOOL, material.GATE):
        return [rng.choice(kind.wanted)]
    pool = kind.wanted + [value for value in conditions.values_of(conditions.resolve(claims, path)) if value in kind.wanted] * 3
    drawn = [rng.choice(pool) for _ in range(rng.choice([1, 1, 2, 3, 4]))]
    return list(dict.fromkeys(like(rng, value) if "Like" in name else value for value in drawn))


def like(rng: Random, text: str) -> str:
    """A pattern near a text: a run becomes `*`, a scalar `?`, one of each too many; never `*` alone."""
    for _ in range(rng.choice([0, 1, 1, 2])):
        start = rng.randint(0, len(text))
        length = rng.choice([0, 1, 1, 2, len(text)])
        text = text[:start] + rng.choice(["*", "*", "?" * max(length, 1), "?*"]) + text[start + length :]
    return text if text.strip("*") or not text else text + "?"


def written(rng: Random, wanted: list[str]) -> Any:
    """A list of one may be written without brackets."""
    return wanted[0] if len(wanted) == 1 and rng.random() < 0.5 else wanted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for item in cases(options.seed, options.count):
        print(dumps(item))


if __name__ == "__main__":
    main()
