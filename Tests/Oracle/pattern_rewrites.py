"""Sneaky rewrites of one pattern of an action or a resource, most of which let in more than before.

A rewrite that finds nothing to do returns the text as it is.
"""

from __future__ import annotations

from random import Random
from typing import Callable, TypeVar

import ceiling_material as material

Item = TypeVar("Item")
Rewrite = Callable[[Random, str], str]


def star_too_early(rng: Random, text: str) -> str:
    """Drops the character before a `*`: `bucket/*` becomes `bucket*`, `a:*` becomes `a*`."""
    at = _chosen(rng, [i for i in range(1, len(text)) if text[i] == "*" and text[i - 1] not in "${"])
    return text if at is None else text[: at - 1] + text[at:]


def wider_wildcard(rng: Random, text: str) -> str:
    """`?` becomes `*`."""
    return text.replace("?", "*", 1) if "${?}" not in text else text


def wildcard_for_character(rng: Random, text: str) -> str:
    """A character behind the last colon becomes a wildcard, also `:` or `/` inside a variable."""
    at = rng.randint(min(text.rfind(":") + 1, len(text) - 1), len(text) - 1)
    return text[:at] + rng.choice("?*") + text[at + 1 :]


def trailing_star(rng: Random, text: str) -> str:
    """Anything behind the end, or a further segment."""
    return text + rng.choice(["*", ":*", "/*", "?"])


def lost_colon(rng: Random, text: str) -> str:
    """An ARN of fewer segments."""
    at = _chosen(rng, [i for i, character in enumerate(text) if character == ":"])
    return text if at is None else text[:at] + text[at + 1 :]


def short_arn(rng: Random, text: str) -> str:
    """Texts that are no whole ARN, or whose colons stand in a variable."""
    return rng.choice(["arn:*", "arn:aws:s3:*", "arn:aws:s3:::", "arn:aws:s3::${aws:username}", "arn:aws:*", "a*", "**", "?*", "", "arn:aws:s3:::*:*"])


def wild_head(rng: Random, text: str) -> str:
    """A wildcard or another name in the first segments."""
    parts = text.split(":")
    at = rng.randrange(min(len(parts), 5))
    parts[at] = rng.choice(["*", parts[at] + "*", "?" + parts[at][1:], "${aws:username}"])
    return ":".join(parts)


def variable_for_star(rng: Random, text: str) -> str:
    """A variable, or the text of one made by `${$}`, in place of a wildcard or at the end."""
    variable = rng.choice(["${aws:username}", "${aws:PrincipalTag/team}", "${$}{aws:username}", "${*}", "${?}", "${aws:userid, '*'}"])
    return text.replace("*", variable, 1) if "*" in text and "${*}" not in text else text + variable


def star_for_variable(rng: Random, text: str) -> str:
    """A wildcard, or the value of one user, in place of a variable or a literal `${*}`."""
    found = _chosen(rng, [piece for piece in material.pieces(text) if piece.startswith("${")])
    return text.replace(found, rng.choice(["*", "?", "bob", "$", "${aws:userid}"])) if found else text


def other_case(rng: Random, text: str) -> str:
    """Resources are compared with regard to case."""
    return text[:13] + text[13:].swapcase()


def wild_service(rng: Random, text: str) -> str:
    """All services, or a wildcard in the prefix."""
    service, _, name = text.partition(":")
    return rng.choice(["*", service[:1] + "*:" + name, "*:" + name, service + "*", "iam:" + name])


def _chosen(rng: Random, items: list[Item]) -> Item | None:
    return rng.choice(items) if items else None


ACTION_REWRITES: list[Rewrite] = [star_too_early, wider_wildcard, wildcard_for_character, wild_service]
RESOURCE_REWRITES: list[Rewrite] = [
    *(star_too_early, wider_wildcard, wildcard_for_character, trailing_star, lost_colon, short_arn),
    *(wild_head, other_case, variable_for_star, star_for_variable),
]
