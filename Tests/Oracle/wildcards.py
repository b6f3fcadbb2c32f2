"""IAM's wildcards: `*` is any run of characters, also none; `?` is exactly one.

A character is one Unicode scalar, so a decomposed accent or a flag counts as several, and a line break is one like any other.
A pattern is a tuple of tokens, so that a `*` which came out of a policy variable stays a plain character.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Union


class Wild(Enum):
    """What a token that is no plain character stands for."""

    ANY_RUN = ".*"
    ANY_ONE = "."


Token = Union[str, Wild]
Pattern = tuple[Token, ...]

WILD = {"*": Wild.ANY_RUN, "?": Wild.ANY_ONE}


@lru_cache(maxsize=1 << 16)
def pattern(text: str) -> Pattern:
    """Reads a text in which each `*` and `?` is a wildcard."""
    return tuple(WILD.get(character, character) for character in text)


def matches(value: str, wanted: Pattern) -> bool:
    """Whether the whole of the value fits the pattern, with regard to case."""
    return _expression(wanted).fullmatch(value) is not None


@lru_cache(maxsize=1 << 16)
def _expression(wanted: Pattern) -> re.Pattern[str]:
    source = (token.value if isinstance(token, Wild) else re.escape(token) for token in wanted)
    return re.compile("".join(source), re.DOTALL)
