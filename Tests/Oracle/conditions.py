"""An oracle of IAM condition blocks over the claims of a token.

It exists to disagree with the Swift engine, so it is written from AWS's documentation and shares no code with it.
The sources, all under https://docs.aws.amazon.com/IAM/latest/UserGuide/ :
reference_policies_elements_condition_operators.html (operators, absent keys, IfExists, Null),
reference_policies_condition-logic-multiple-context-keys-or-values.html (AND, OR, NOR),
reference_policies_condition-single-vs-multi-valued-context-keys.html (ForAllValues, ForAnyValue, empty sets).

With every switch of `Deviations` off the result is IAM's; with all on it is that of the policy language in docs/policy.md.
Claim names are JSON names and compared exactly; a dot steps into an object.
"""

from __future__ import annotations

import operator as op
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from functools import lru_cache
from typing import Any, Callable, Union

import values
import wildcards
from values import Json

Effect = str  # "allow" or "deny"
Condition = Mapping[str, Mapping[str, Union[str, Sequence[str]]]]


@dataclass(frozen=True)
class Deviations:
    """The closed list of differences from IAM; each is on in the engine."""

    unfit_never_opens: bool = True
    """A value the operator cannot read, or a path through what is no object, fails an allow and meets a deny, whatever the operator."""
    unknown_pull_fork: bool = True
    """An absent `pull_fork` is unknown: each test on it, Null too, fails an allow and meets a deny."""
    for_all_values_needs_values: bool = True
    """ForAllValues over no values fails an allow and meets a deny; in IAM it is always met."""
    plain_negation_over_all: bool = True
    """A negated operator without a prefix is met only when none of several values matches."""
    empty_text_is_a_value: bool = True
    """Set operators and Null take an empty text for a value; IAM takes it for a null data set."""

    @classmethod
    def none(cls) -> Deviations:
        """IAM itself."""
        return cls(**{field.name: False for field in fields(cls)})


class Absent(Enum):
    """Tells a claim that is not there from one that is JSON null."""

    ABSENT = "absent"
    ASTRAY = "astray"
    """The path runs into something that is no object, so nobody knows what stands at its end."""


class Quantifier(Enum):
    """How the results over several values of one claim become one."""

    PLAIN = ""
    ANY = "ForAnyValue:"
    ALL = "ForAllValues:"


@dataclass(frozen=True)
class Comparison:
    """An operator without prefix and suffix: two readers and a test of one value against one wanted value."""

    read: Callable[[Json], Any]
    want: Callable[[str], Any]
    matches: Callable[[Any, Any], bool]
    negated: bool = False


@dataclass(frozen=True)
class Operator:
    """A comparison with its prefix and suffix."""

    comparison: Comparison
    quantifier: Quantifier
    if_exists: bool


def _equals_without_case(value: str, wanted: str) -> bool:
    return value.lower() == wanted.lower()


def _texts(name: str, want: Callable[[str], Any], matches: Callable[[Any, Any], bool]) -> dict[str, Comparison]:
    positive = Comparison(values.read_text, want, matches)
    negative = Comparison(values.read_text, want, matches, negated=True)
    return {f"String{name}": positive, f"StringNot{name}": negative}


def _ordered(family: str, read: Callable[[Json], Any]) -> dict[str, Comparison]:
    tests = {"Equals": op.eq, "LessThan": op.lt, "LessThanEquals": op.le, "GreaterThan": op.gt, "GreaterThanEquals": op.ge}
    ordered = {f"{family}{name}": Comparison(read, read, test) for name, test in tests.items()}
    return ordered | {f"{family}NotEquals": Comparison(read, read, op.eq, negated=True)}


COMPARISONS: dict[str, Comparison] = {
    **_texts("Equals", str, op.eq),
    **_texts("EqualsIgnoreCase", str, _equals_without_case),
    **_texts("Like", wildcards.pattern, wildcards.matches),
    "Bool": Comparison(values.read_bool, values.read_bool, op.eq),
    **_ordered("Numeric", values.read_number),
    **_ordered("Date", values.read_instant),
}

NULL = "Null"


def parse_operator(name: str, comparisons: Mapping[str, Comparison] = COMPARISONS) -> Operator:
    """Reads an operator's name; Null, which takes neither prefix nor suffix, is not one of these."""
    quantifier = next((q for q in (Quantifier.ANY, Quantifier.ALL) if name.startswith(q.value)), Quantifier.PLAIN)
    bare = name.removeprefix(quantifier.value)
    if bare.removesuffix("IfExists") not in comparisons:
        raise ValueError(f"unknown condition operator {name}")
    return Operator(comparisons[bare.removesuffix("IfExists")], quantifier, bare.endswith("IfExists"))


@lru_cache(maxsize=None)
def _operator(name: str) -> Operator:
    return parse_operator(name)


def evaluate(condition: Condition, claims: Mapping[str, Json], *, effect: Effect, deviations: Deviations) -> bool:
    """Whether the condition is met: operators and claims are joined by AND, the wanted values of one by OR (NOR where negated)."""
    return all(
        _meets(name, path, as_list(wanted), claims, effect, deviations)
        for name, tests in condition.items()
        for path, wanted in tests.items()
    )


def _meets(name: str, path: str, wanted: list[str], claims: Mapping[str, Json], effect: Effect, deviations: Deviations) -> bool:
    claim = resolve(claims, path)
    if claim is Absent.ASTRAY:
        if deviations.unfit_never_opens:
            return effect == "deny"
        claim = Absent.ABSENT
    if path == "pull_fork" and deviations.unknown_pull_fork and not values_of(claim):
        return effect == "deny"
    if name == NULL:
        return is_null_met(claim, wanted, deviations)
    operator = _operator(name)
    return is_met(operator, claim, [operator.comparison.want(value) for value in wanted], effect, deviations)


def resolve(claims: Json, path: str) -> Json | Absent:
    """Follows a dotted path into objects. IAM has no such paths: what leads nowhere is absent there."""
    for name in path.split("."):
        if not isinstance(claims, Mapping):
            return Absent.ASTRAY
        if name not in claims:
            return Absent.ABSENT
        claims = claims[name]
    return claims


def values_of(claim: Json | Absent) -> list[Json]:
    """The values of a claim; none when it is absent, null or an empty array."""
    if claim is Absent.ABSENT or claim is None:
        return []
    return claim if isinstance(claim, list) else [claim]


def is_null_met(claim: Json | Absent, wanted: list[str], deviations: Deviations) -> bool:
    """Null looks at presence alone: "true (the key doesn't exist - it is null) or false (the key exists and its value is not null)"."""
    return _is_empty(claim, deviations) in [values.read_bool(value) for value in wanted]


def is_met(operator: Operator, claim: Json | Absent, wanted: list[Any], effect: Effect, deviations: Deviations) -> bool:
    """Whether one claim meets one operator."""
    readings = [operator.comparison.read(value) for value in values_of(claim)]
    if deviations.unfit_never_opens and (claim is None or any(reading is None for reading in readings)):
        return effect == "deny"
    if not readings or (operator.quantifier is not Quantifier.PLAIN and _is_empty(claim, deviations)):
        return _met_without_values(operator, effect, deviations)
    results = (_holds(operator.comparison, reading, wanted) for reading in readings)
    return all(results) if _needs_all(operator, deviations) else any(results)


def _is_empty(claim: Json | Absent, deviations: Deviations) -> bool:
    """An empty text counts as nothing for the set operators and Null only: a plain StringLike on `s3:prefix` matches "" in IAM."""
    return not values_of(claim) or (claim == "" and not deviations.empty_text_is_a_value)


def _met_without_values(operator: Operator, effect: Effect, deviations: Deviations) -> bool:
    """"If the policy condition requires that the key is not matched [...] and the right key is not present, the condition is true."""
    if operator.quantifier is Quantifier.ALL:
        return effect == "deny" if deviations.for_all_values_needs_values else True
    if operator.if_exists:
        return True
    return operator.quantifier is Quantifier.PLAIN and operator.comparison.negated


def _holds(comparison: Comparison, reading: Any, wanted: list[Any]) -> bool:
    """One value against all wanted values; what cannot be read matches nothing."""
    matched = reading is not None and any(value is not None and comparison.matches(reading, value) for value in wanted)
    return matched != comparison.negated


def _needs_all(operator: Operator, deviations: Deviations) -> bool:
    """Whether each value must hold, or one is enough.

    For a plain operator on several values IAM says no more than "Multivalued context keys require a condition set operator".
    Of the two, ForAnyValue ("if any one of the context key values in the request matches") is the one that agrees with a
    plain operator on an absent key for positive operators, so with the switch off a missing set operator is read as that.
    """
    if operator.quantifier is Quantifier.PLAIN:
        return operator.comparison.negated and deviations.plain_negation_over_all
    return operator.quantifier is Quantifier.ALL


def as_list(value: Any) -> list[Any]:
    """IAM lets a list of one be written without its brackets."""
    return list(value) if isinstance(value, (list, tuple)) else [value]
