"""Ceilings, and the patterns, conditions and statements that they and requests are made of.

Inside the generators each Action, Resource and condition value is a list; `loosened` drops some brackets at the end.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

Statement = dict[str, Any]
Document = dict[str, Any]
Conditions = dict[str, dict[str, list[str]]]

PIECE = re.compile(r"\$\{[^}]*\}|.", re.DOTALL)
VERSION = "2012-10-17"

ACTIONS = {
    "s3": ["GetObject", "GetObjectAcl", "GetBucketPolicy", "PutObject", "ListBucket", "DeleteObject"],
    "sqs": ["SendMessage", "ReceiveMessage", "GetQueueUrl", "DeleteMessage"],
    "lambda": ["InvokeFunction", "GetFunction", "UpdateFunctionCode"],
}
REGIONS = ["us-east-1", "us-west-2", "us-*", "us-east-?", "*", "eu-*-1"]
ACCOUNTS = ["111122223333", "1111*", "*", "11112222????", "999988887777"]
BUCKETS = ["bucket", "bucket*", "bucket/*", "bucket/logs/*", "bucket-?", "*", "b*t/*", "bucket/*.txt", "bucket:*"]
BUCKETS += ["bucket/${aws:username}/*", "${aws:username}-bucket/*", "bucket${*}/x", "bucket/${?}*", "bucket/${$}x*"]
QUEUES = ["queue", "queue*", "q*-?", "queue:*", "*-${aws:username}"]
FUNCTIONS = ["function:deploy", "function:deploy*", "function:*", "function:deploy:?", "function:${aws:PrincipalTag/team}-*"]

USERS = ["bob", "*", "a/b", "b?b", "x:y", "?", "bob/logs", ""]
TEAMS = ["platform", "plat*", "plat", "platform-eu", "Platform", "plat?orm", "data", ""]
PREFIXES = ["home/", "home/bob/", "home/*", "home/b?b/*", "home/${aws:username}/*", "hom*", ""]
SOURCES = ["arn:aws:sns:us-east-1:111122223333:topic", "arn:aws:sns:*:111122223333:topic*", "arn:aws:sns:us-east-?:1111*:topic"]
NETWORKS = ["203.0.113.0/24", "203.0.113.0/25", "198.51.100.7", "2001:db8::/32"]
DATES = ["2026-01-01T00:00:00Z", "2026-06-01", "1767225600"]
KEYS = ["10", "10.0", "100", "0", "-1"]

STRINGS = ["StringEquals", "StringLike", "StringEqualsIgnoreCase", "StringNotEquals", "StringNotLike"]
ARNS = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]
NUMBERS = ["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan"]
TIMES = ["DateEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"]
TESTS: list[tuple[list[str], str, list[str]]] = [
    (STRINGS, "aws:PrincipalTag/team", TEAMS),
    (STRINGS, "s3:prefix", PREFIXES),
    ([f"{prefix}{name}" for prefix in ("ForAnyValue:", "ForAllValues:") for name in STRINGS], "aws:TagKeys", TEAMS),
    (ARNS, "aws:SourceArn", SOURCES),
    (["IpAddress", "NotIpAddress"], "aws:SourceIp", NETWORKS),
    (TIMES, "aws:CurrentTime", DATES),
    (NUMBERS, "s3:max-keys", KEYS),
    (["Bool"], "aws:SecureTransport", ["true", "false"]),
    (["Null"], "aws:TokenIssueTime", ["true", "false"]),
]


def pieces(pattern: str) -> list[str]:
    """Splits a pattern into variables and characters, so that the colon in `${aws:username}` is no separator."""
    return PIECE.findall(pattern)


def is_variable(piece: str) -> bool:
    """A variable that the context must resolve, unlike `${*}`."""
    return piece.startswith("${") and piece not in ("${*}", "${?}", "${$}")


def has_variable(text: str) -> bool:
    """Whether a text depends on the context."""
    return any(map(is_variable, pieces(text)))


def service(rng: Random) -> str:
    """One of the services; s3 most often, whose ARNs have no region and account."""
    return rng.choice(["s3", "s3", "sqs", "lambda"])


def action(rng: Random, name: str) -> str:
    """An action or a pattern of some of a service, the prefix without wildcards."""
    verb = rng.choice(ACTIONS[name])
    start, cut = rng.choice([3, 4]), rng.randint(1, len(verb) - 1)
    shapes = [verb, verb, verb[:start] + "*", "*", "*" + verb[start:], verb[:cut] + "?" + verb[cut + 1 :], verb[:start] + "*" + verb[-2:]]
    return f"{spelled(rng, name)}:{rng.choice(shapes)}"


def spelled(rng: Random, text: str) -> str:
    """Action and key names mean the same in any case."""
    return rng.choice([text, text, text.lower(), text.upper()])


def resource(rng: Random, name: str) -> str:
    """An ARN of six segments, wildcards only behind partition and service."""
    if name == "s3":
        return "arn:aws:s3:::" + rng.choice(BUCKETS)
    rest = rng.choice(QUEUES if name == "sqs" else FUNCTIONS)
    return f"arn:aws:{name}:{rng.choice(REGIONS)}:{rng.choice(ACCOUNTS)}:{rest}"


def conditions(rng: Random, count: int) -> Conditions:
    """So many tests on different keys, some with IfExists."""
    drawn: Conditions = {}
    for names, key, pool in rng.sample(TESTS, count):
        name = rng.choice(names)
        if name != "Null" and rng.random() < 0.2:
            name += "IfExists"
        size = 1 if name in ("Bool", "Null") else rng.choice([1, 1, 2, 3])
        drawn.setdefault(name, {})[key] = rng.sample(pool, min(size, len(pool)))
    return drawn


def statement(rng: Random, effect: str = "Allow") -> Statement:
    """One statement about one service, seldom about all."""
    name = service(rng)
    actions = [action(rng, name) for _ in range(rng.choice([1, 1, 2, 3]))]
    resources = [resource(rng, name) for _ in range(rng.choice([1, 1, 2]))]
    drawn: Statement = {"Effect": effect, "Action": unique(actions), "Resource": unique(resources)}
    if rng.random() < 0.08:
        drawn["Action"] = ["*"]
    if rng.random() < 0.12:
        drawn["Resource"] = ["*"]
    if tests := conditions(rng, rng.choice([0, 1, 1, 2])):
        drawn["Condition"] = tests
    return drawn


def unique(items: list[str]) -> list[str]:
    """Without repeats, in order."""
    return list(dict.fromkeys(items))


def ceiling(rng: Random) -> Document:
    """Allow statements only, one to three."""
    return document([statement(rng) for _ in range(rng.choice([1, 1, 2, 3]))])


def document(statements: list[Statement]) -> Document:
    """A policy of the version that knows variables."""
    return {"Version": VERSION, "Statement": statements}


def denial(rng: Random) -> Statement:
    """A Deny, sometimes of all but what it names; without variables, since one that does not resolve voids it."""
    drawn = statement(rng, "Deny")
    while "${aws" in repr(drawn):
        drawn = statement(rng, "Deny")
    for element in ("Action", "Resource"):
        if rng.random() < 0.15:
            drawn[f"Not{element}"] = drawn.pop(element)
    return drawn


def loosened(rng: Random, policy: Document) -> Document:
    """The same policy with some lists of one, and a single statement, written without brackets."""
    statements = [_loosened_statement(rng, item) for item in policy["Statement"]]
    bare = len(statements) == 1 and rng.random() < 0.3
    return policy | {"Statement": statements[0] if bare else statements}


def _loosened_statement(rng: Random, item: Statement) -> Statement:
    lists = {name: _bare(rng, value) for name, value in item.items() if isinstance(value, list)}
    tests = {name: {key: _bare(rng, wanted) for key, wanted in keys.items()} for name, keys in item.get("Condition", {}).items()}
    return item | lists | ({"Condition": tests} if tests else {})


def _bare(rng: Random, items: list[str]) -> Any:
    return items[0] if len(items) == 1 and rng.random() < 0.5 else items
