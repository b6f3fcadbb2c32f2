"""Reads JSON values the way each family of IAM condition operators does.

A reader returns None for a value it cannot read; the caller decides what that means.
Numbers are decimals throughout: a float would make 9007199254740993 equal to its neighbour.
"""

from __future__ import annotations

import ipaddress
import json
import re
from calendar import timegm
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Union

Json = Any
Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,9})?")
EPOCH = re.compile(r"[0-9]{1,18}")
RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt]((?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2})))?"
)


def load(text: str) -> Json:
    """Parses JSON without losing a digit of its numbers."""
    return json.loads(text, parse_float=Decimal)


def is_number(value: Json) -> bool:
    """Whether this is a JSON number; Python counts booleans as integers, JSON does not."""
    if isinstance(value, float):
        raise TypeError("floats are inexact: parse with values.load")
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def read_text(value: Json) -> str | None:
    """String operators read JSON texts and nothing else."""
    return value if isinstance(value, str) else None


def read_bool(value: Json) -> bool | None:
    """A JSON boolean, or the text true or false without regard to case."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    return {"true": True, "false": False}.get(value.lower())


def read_number(value: Json) -> Decimal | None:
    """A JSON number of any form, or a text of at most 18 digits before the point and 9 after."""
    if is_number(value):
        return Decimal(value)
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return Decimal(value)
    return None


def read_instant(value: Json) -> Decimal | None:
    """Seconds since 1970 from a JSON number, a text of digits, a date or an RFC 3339 text.

    Of the W3C profile of ISO 8601, which IAM names, the forms without day or seconds are left out.
    """
    if is_number(value):
        return Decimal(value)
    return _instant(value) if isinstance(value, str) else None


@lru_cache(maxsize=1 << 12)
def _instant(text: str) -> Decimal | None:
    if EPOCH.fullmatch(text):
        return Decimal(text)
    parts = RFC3339.fullmatch(text)
    return _seconds(parts) if parts else None


def _seconds(parts: re.Match[str]) -> Decimal | None:
    date, time, fraction, sign, hours, minutes = parts.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{time or '00:00:00'}")
    except ValueError:
        return None
    offset = _offset(sign, hours, minutes)
    return None if offset is None else timegm(moment.timetuple()) + Decimal(fraction or 0) - offset


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> int | None:
    """Seconds east of UTC; None for an hour or minute that no clock shows."""
    if sign is None or hours is None or minutes is None:
        return 0
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return (int(hours) * 3600 + int(minutes) * 60) * (1 if sign == "+" else -1)


def read_network(value: Json) -> Network | None:
    """An address or a CIDR range; an address alone is a range of one, as in IAM."""
    try:
        return ipaddress.ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None
