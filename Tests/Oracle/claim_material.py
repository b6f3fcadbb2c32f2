"""The claims and values from which condition cases are made, chosen to catch an engine that is nearly right.

Values of one claim share prefixes, differ in case or in one scalar, or are equal to the eye only.
Letters outside ASCII are lower case or without case, so that IgnoreCase leaves no doubt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

COMPOSED, DECOMPOSED = "jos\u00e9", "jose\u0301"
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"
A_RING = "\u00e5"

SUBJECTS = [
    "repo:octo-org/octo-repo:ref:refs/heads/main:event:push",
    "repo:octo-org/octo-repo:ref:refs/heads/mainline:event:push",
    "repo:octo-org/octo-repo:ref:refs/heads/main:event:pull_request",
    "repo:octo-org/octo-repo:ref:refs/pull/7/head:event:pull_request",
    "repo:octo-org/octo-repo2:ref:refs/heads/main:event:push",
    "repo:octo-org/octo:ref:refs/heads/main:event:push",
    "Repo:Octo-Org/octo-repo:ref:refs/heads/main:event:push",
    "repo:octo-org/octo-repo:",
]
REPOSITORIES = ["octo-org/octo-repo", "octo-org/octo-repo2", "octo-org/octo", "octo-org/", "octo", "OCTO-org/octo-repo", "octo-org/octo-repo/", ""]
EVENTS = ["push", "push:", "Push", "tag", "pull_request:opened", "pull_request:", "pull_request", "comment:created", "schedule", ""]
IMAGES = [
    "registry.example.com/vela-aws-credentials:1.2",
    "registry.example.com/vela-aws-credentials:1.",
    "registry.example.com/vela-aws-credentials:10.2",
    "registry.example.com/vela-aws-credentials",
    "registry-example.com/vela-aws-credentials:1.2",
    "registry.example.com:5000/vela-aws-credentials:1.2@sha256:00ff",
    "Registry.Example.com/vela-aws-credentials:1.2",
]
REFS = ["refs/heads/main", "refs/heads/mai", "refs/heads/main/", "refs/heads/Main", "refs/tags/v1.0.0", "refs/tags/v1.0.0-rc.1", "refs/pull/7/head", "refs/heads/"]
ACTORS = ["octocat", "OctoCat", "octocat2", "octo", COMPOSED, DECOMPOSED, "jose", FAMILY, FLAG, FLAG[0], "a*b", "a?b", "ab", "axb", "a[b]c", "a\\b", "a.b", " octocat", ""]
TEAMS = ["platform", "Platform", "platform-eu", "plat", "plate\u0301", "plat\u00e9", A_RING, "a\u030a", "\u65e5\u672c", "\u65e5", "\U0001f680", "\U0001f680\ufe0f", "a*b", ""]
LINES = ["a\r\nb", "a\nb", "\nab", "ab\n", "octo\ncat", "octocat\r\n", "\u2028"]
"""Line breaks stand in claims only: `*` and `?` match them too, and CR LF is two scalars."""


@dataclass(frozen=True)
class Written:
    """JSON as written: 1e3, 1.0 and -0 would be lost on the way through Python's numbers."""

    text: str


ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def numbers(*texts: str) -> list[Written]:
    """JSON numbers as written."""
    return [Written(text) for text in texts]


def dumps(value: Any) -> str:
    """Compact JSON that keeps every scalar, and what is Written, as it is."""
    if isinstance(value, Written):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{ENCODE(name)}:{dumps(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    return ENCODE(value)


@dataclass(frozen=True)
class Kind:
    """What values a claim has, what conditions ask of it, and what its operators cannot read."""

    wanted: list[str]
    present: list[Any]
    unreadable: list[Any]


def text(pool: list[str]) -> Kind:
    """A claim of texts; conditions draw on the same pool."""
    return Kind(pool, pool, [*numbers("1", "1.5"), True, False, {"name": pool[0]}, {}, [pool[0]], [[]]])


BOOL = Kind(["true", "false"], [True, False, "true", "false", "True", "FALSE"], ["yes", "1", "", " true", *numbers("0", "1"), {}, {"true": True}])
GATE = Kind(["true", "false"], [True, False, "true", "false"], [])
"""`commands` and `pull_fork` as the engine normalises them: never of another type."""

NUMBER = Kind(
    ["0", "-0", "1", "01", "1.0", "10", "1000", "0.1", "0.10", "-1.5", "9007199254740992", "9007199254740993", "123456789012345678.123456789"],
    [
        *numbers("0", "-0", "0.0", "1", "1.0", "10.0e-1", "1e3", "1E+3", "1000", "0.1", "0.1000", "-1.5", "-15e-1"),
        *numbers("9007199254740992", "9007199254740993", "123456789012345678.123456789", "123456789012345678.123456788"),
        *["0", "-0", "1", "01", "1.0", "0010", "1000", "0.1", "0.100000000", "-1.5", "9007199254740993", "123456789012345678.123456789"],
    ],
    ["", "1e3", "+1", "1.", ".5", " 1", "1 ", "1\n", "0x1", "\u0661", "1,5", "NaN", "1234567890123456789", "0.1000000000", "--1", True, False, {}, {"value": Written("1")}],
)
COUNT = Kind(["1", "7", "42", "0042", "100"], ["1", "7", "42", "0042", "99", "100", "101"], ["", "7a", "seven", True])
"""`build_number`: a text of digits."""

DATE = Kind(
    ["2026-01-01", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z", "2024-02-29", "1767225600", "1767225599", "1970-01-01", "0"],
    [
        *numbers("1767225600", "1767225599", "1767225601", "1767225600.0", "1767225600.5", "1767225599.999999999", "1.7672256e9", "0", "-1", "1709164800"),
        *["2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:01Z", "2024-02-29T00:00:00Z", "1970-01-01T00:00:00Z"],
        *["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.5Z", "2026-01-01T01:00:00+01:00", "2025-12-31T19:30:00-04:30"],
    ],
    ["", "yesterday", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "01/02/2026", "2026-01-01T00:00:00Z ", True, {}],
)

CLAIMS: dict[str, Kind] = {
    "sub": text(SUBJECTS),
    "repo": text(REPOSITORIES),
    "event": text(EVENTS),
    "image": text(IMAGES),
    "ref": text(REFS),
    "actor": text(ACTORS),
    "groups": text(TEAMS),
    "custom_properties.team": text(TEAMS),
    "custom_properties.owner.login": text(ACTORS),
    "_x1": text(ACTORS),
    "commands": GATE,
    "pull_fork": GATE,
    "verified": BOOL,
    "custom_properties.pci": BOOL,
    "build_number": COUNT,
    "score": NUMBER,
    "custom_properties.tier": NUMBER,
    "issued": DATE,
    "custom_properties.review.due": DATE,
}
KINDS: dict[str, list[Kind]] = {"String": [], "Bool": [BOOL, GATE], "Numeric": [NUMBER, COUNT], "Date": [DATE]}
"""The kinds that suit a family of operators; texts, and counts too, suit String."""


def suiting(family: str) -> list[str]:
    """The claims that an operator of this family is meant for."""
    others = [BOOL, GATE, NUMBER, DATE]
    return [path for path, kind in CLAIMS.items() if kind in KINDS[family] or (family == "String" and kind not in others)]
