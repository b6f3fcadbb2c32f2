"""Prints pairs of a ceiling and a request with tuples on which the oracle has judged both, one JSON object a line.

    generate_ceilings.py --seed 1 --count 20000 --pairs 12

Where `narrowing` is true the engine must find the request contained. Where some pair has request_allows and not
ceiling_allows it must not. In between both answers are right. The same seed gives the same lines.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from random import Random
from typing import Any, Union

import ceiling_material as material
import narrowings
import policies
import widenings
from ceiling_material import Document, Statement
from conditions import as_list

Context = dict[str, Union[str, list[str]]]

RUNS = ["", "x", "/", ":", "*", "?", "a/b:c", ".txt", "logs/", "bob", "1", "x" * 40]
ONES = ["x", "1", "/", ":", "*", "?", "-"]
VERBS = ["", "Object", "x", "Acl", "BucketPolicy", "Q"]
TRIES = 3

AROUND: dict[str, list[str]] = {
    "aws:currenttime": ["2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z", "2026-06-01T00:00:00Z", "2030-01-01T00:00:00Z"],
    "aws:sourceip": ["203.0.113.0", "203.0.113.127", "203.0.113.128", "203.0.114.0", "198.51.100.7", "198.51.100.8", "2001:db8::1", "2001:db9::1"],
    "s3:max-keys": ["-1", "-0.5", "0", "9.99", "10", "10.000000001", "99", "100", "101"],
    "aws:securetransport": ["true", "false"],
    "aws:tokenissuetime": ["2026-01-01T00:00:00Z"],
    "aws:sourcearn": ["arn:aws:sns:us-east-1:111122223333:topic", "arn:aws:sns:x:y:111122223333:topics", "arn:aws:sns:us-east-:1111:topic", "topic"],
    "s3:prefix": ["", "hom", "home/", "home/*", "home/bob/", "home/b?b/x", "Home/", "${aws:username}"],
    "aws:principaltag/team": ["", "platform", "plat*", "plat", "platform-eu", "PLATFORM", "plat?orm", "platxorm", "data"],
}
AROUND["aws:tagkeys"] = AROUND["aws:principaltag/team"]


def cases(seed: int, count: int, pairs: int) -> Iterator[dict[str, Any]]:
    """Cases in the order of their ids."""
    rng = Random(seed)
    for index in range(count):
        yield case(rng, index, pairs)


def case(rng: Random, index: int, pairs: int) -> dict[str, Any]:
    """One ceiling, one request, and tuples drawn mostly from what the request lets in."""
    ceiling, narrowing = material.ceiling(rng), rng.random() < 0.4
    request = narrowings.narrowed(rng, ceiling) if narrowing else widenings.widened(rng, ceiling)
    judged = [pair(rng, request, ceiling) for _ in range(pairs)]
    shown = {"ceiling": material.loosened(rng, ceiling), "request": material.loosened(rng, request)}
    return {"id": index, **shown, "narrowing": narrowing, "pairs": judged}


def pair(rng: Random, request: Document, ceiling: Document) -> dict[str, Any]:
    """A tuple that the request allows, if a few attempts find one; else the last one drawn."""
    for _ in range(TRIES):
        action, resource, context = asked(rng, request, ceiling)
        if allowed := policies.allows(request, action, resource, context):
            break
    within = policies.allows(ceiling, action, resource, context)
    return {"action": action, "resource": resource, "context": context, "request_allows": allowed, "ceiling_allows": within}


def asked(rng: Random, request: Document, ceiling: Document) -> tuple[str, str, Context]:
    """An action, a resource and a context made from the patterns of one statement."""
    allows = [item for item in request["Statement"] if item["Effect"] == "Allow"]
    statement = rng.choice(allows if rng.random() < 0.9 else ceiling["Statement"])
    context = context_for(rng, [statement, *ceiling["Statement"]])
    return action_for(rng, statement), resource_for(rng, statement, context), context


def action_for(rng: Random, statement: Statement) -> str:
    """A name that fits a pattern of actions, or any where the statement lists what it leaves out."""
    pattern = rng.choice(statement.get("Action", ["*"]))
    if pattern == "*":
        service = rng.choice([*material.ACTIONS, "iam"])
        return f"{service}:{rng.choice(material.ACTIONS.get(service, ['PassRole']))}"
    fitting = "".join(rng.choice(VERBS) if piece == "*" else "x" if piece == "?" else piece for piece in pattern)
    return fitting if ":" in fitting else f"{fitting}:GetObject"


def resource_for(rng: Random, statement: Statement, context: Context) -> str:
    """An ARN that fits a pattern, its wildcards filled with separators, nothing, or wildcards as plain characters."""
    pattern = rng.choice(statement.get("Resource", ["*"]))
    if pattern == "*":
        pattern = material.resource(rng, material.service(rng))
    return fitting_text(rng, pattern, context)


def fitting_text(rng: Random, pattern: str, context: Context) -> str:
    """Fills a pattern; a variable by its value, sometimes by itself, as a version without variables has it."""
    literal = rng.random() < 0.05
    folded = {key.lower(): value for key, value in context.items()}
    return "".join(piece if literal else _filled(rng, piece, folded) for piece in material.pieces(pattern))


def _filled(rng: Random, piece: str, context: Context) -> str:
    if piece == "*":
        return rng.choice(RUNS)
    if piece == "?":
        return rng.choice(ONES)
    if not material.is_variable(piece):
        return piece[2] if piece.startswith("${") else piece
    value = context.get(piece[2:-1].split(",")[0].lower(), "x")
    return value if isinstance(value, str) else "x"


def context_for(rng: Random, statements: list[Statement]) -> Context:
    """The variables' values and, for the keys of the conditions, values at, inside and outside those wanted, or none."""
    context: Context = {}
    if rng.random() < 0.85:
        context[material.spelled(rng, "aws:username")] = rng.choice(material.USERS)
    if rng.random() < 0.3:
        context["aws:userid"] = rng.choice(["AIDA:bob", "*"])
    if rng.random() < 0.7:
        context["aws:PrincipalTag/team"] = rng.choice(material.TEAMS)
    for name, key, wanted in tests_of(statements):
        if key not in {other.lower() for other in context} and rng.random() < (0.4 if "Null" in name or "Not" in name else 0.85):
            context[key] = key_value(rng, name, key, wanted, context)
    return context


def tests_of(statements: list[Statement]) -> list[tuple[str, str, list[str]]]:
    """Operator, key in lower case, and values of each test, the first statement's first."""
    tests = [(name, keys) for item in statements for name, keys in item.get("Condition", {}).items()]
    return [(name, key.lower(), as_list(wanted)) for name, keys in tests for key, wanted in keys.items()]


def key_value(rng: Random, name: str, key: str, wanted: list[str], context: Context) -> str | list[str]:
    """One value, or for the one multivalued key several or none."""
    if key == "aws:tagkeys":
        return [_one_value(rng, name, key, wanted, context) for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]
    return _one_value(rng, name, key, wanted, context)


def _one_value(rng: Random, name: str, key: str, wanted: list[str], context: Context) -> str:
    if ("String" in name or "Arn" in name) and rng.random() < 0.6:
        return fitting_text(rng, rng.choice(wanted), context) if "Like" in name or "Arn" in name else rng.choice(wanted)
    return rng.choice(AROUND[key])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=12)
    options = parser.parse_args()
    for item in cases(options.seed, options.count, options.pairs):
        print(json.dumps(item, separators=(",", ":")))


if __name__ == "__main__":
    main()
