"""Tests of the condition oracle: IAM's documented behaviour with all deviations off, each deviation on and off, the generator.

Pages are named by their last path under https://docs.aws.amazon.com/IAM/latest/UserGuide/ .
"""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import conditions  # noqa: E402
import generate_conditions  # noqa: E402
import values  # noqa: E402
from claim_material import COMPOSED, DECOMPOSED, FLAG, dumps  # noqa: E402
from conditions import Deviations  # noqa: E402

IAM = Deviations.none()
ENGINE = Deviations()
ABSENT = object()


def met(operator: str, wanted: Any, claim: Any, effect: str = "allow", deviations: Deviations = IAM, path: str = "key") -> bool:
    claims = {} if claim is ABSENT else {path: claim}
    return conditions.evaluate({operator: {path: wanted}}, claims, effect=effect, deviations=deviations)


# reference_policies_elements_condition_operators.html, "String condition operators"
STRINGS = [
    ("StringEquals", "iamuser-admin", "iamuser-admin", True),
    ("StringEquals", "iamuser-admin", "IAMuser-admin", False),
    ("StringEquals", "a*", "a*", True),
    ("StringEquals", "a*", "ab", False),
    ("StringEquals", ["a", "b"], "b", True),
    ("StringEquals", COMPOSED, DECOMPOSED, False),
    ("StringNotEquals", "a", "b", True),
    ("StringNotEquals", ["a", "b"], "b", False),
    ("StringEqualsIgnoreCase", "Platform", "pLATFORM", True),
    ("StringNotEqualsIgnoreCase", "Platform", "pLATFORM", False),
    ("StringLike", ["", "home/", "home/bob/"], "", True),
    ("StringLike", "t1.*", "t1.micro", True),
    ("StringLike", "t1.*", "t1.", True),
    ("StringLike", "t1.*", "T1.micro", False),
    ("StringLike", "t1.*", "t1xmicro", False),
    ("StringLike", "a?c", "abc", True),
    ("StringLike", "a?c", "ac", False),
    ("StringLike", "a?c", "abbc", False),
    ("StringLike", "?", FLAG, False),
    ("StringLike", "??", FLAG, True),
    ("StringLike", "jos?", DECOMPOSED, False),
    ("StringLike", "a??b", "a\r\nb", True),
    ("StringLike", "*b", "a\nb", True),
    ("StringLike", "a[b]*", "ab", False),
    ("StringNotLike", "a*", "abc", False),
    ("StringNotLike", ["a*", "b*"], "cab", True),
]

# The same page, "Numeric", "Date", "Boolean"
ORDERED = [
    ("NumericEquals", "1", "1.0", True),
    ("NumericEquals", "0", "-0", True),
    ("NumericEquals", "9007199254740993", 9007199254740992, False),
    ("NumericNotEquals", ["1", "2"], 2, False),
    ("NumericNotEquals", "1", "one", True),
    ("NumericLessThanEquals", "10", 10, True),
    ("NumericLessThan", "10", 10, False),
    ("NumericGreaterThan", ["10", "5"], 7, True),
    ("NumericGreaterThanEquals", "0.1", values.load("0.10"), True),
    ("NumericLessThan", "10", "x", False),
    ("DateEquals", "2026-01-01", 1767225600, True),
    ("DateEquals", "1767225600", "2026-01-01T01:00:00+01:00", True),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", False),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01.5Z", True),
    ("DateLessThanEquals", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", True),
    ("DateNotEquals", "2026-01-01", "2026-02-30T00:00:00Z", True),
    ("Bool", "false", "false", True),
    ("Bool", "true", True, True),
    ("Bool", "true", "TRUE", True),
    ("Bool", "false", "no", False),
]

# The same page: the note on absent keys, "...IfExists", "Null"
ABSENCE = [
    ("StringEquals", "a", ABSENT, False),
    ("StringNotLike", "a", ABSENT, True),
    ("NumericLessThan", "1", ABSENT, False),
    ("DateNotEquals", "2026-01-01", ABSENT, True),
    ("Bool", "true", ABSENT, False),
    ("StringLikeIfExists", "t1.*", ABSENT, True),
    ("StringLikeIfExists", "t1.*", "m3.large", False),
    ("StringNotEqualsIfExists", "a", ABSENT, True),
    ("StringNotEqualsIfExists", "a", "a", False),
    ("Null", "true", ABSENT, True),
    ("Null", "false", ABSENT, False),
    ("Null", "true", None, True),
    ("Null", "false", "x", True),
    ("Null", "true", [], True),
    ("StringEquals", "a", [], False),
    ("StringNotEquals", "a", [], True),
    ("StringEqualsIfExists", "a", [], True),
]

# reference_policies_condition-single-vs-multi-valued-context-keys.html, "ForAllValues", "ForAnyValue";
# reference_policies_condition_examples-multi-valued-context-keys.html, the tables of aws:TagKeys
SETS = [
    ("ForAllValues:StringLike", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "Message"], True),
    ("ForAllValues:StringLike", ["PostDateTime", "Message", "Tags"], ["PostDateTime", "UserName"], False),
    ("ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName", "Message", "PostDateTime"], True),
    ("ForAnyValue:StringLike", ["ID", "PostDateTime"], ["UserName"], False),
    ("ForAllValues:StringNotLike", "key1*", ["key1:legal"], False),
    ("ForAllValues:StringNotLike", "key1*", ["key1:hr", "key1:personnel"], False),
    ("ForAllValues:StringNotLike", "key1*", ["key2:audit"], True),
    ("ForAllValues:StringNotLike", "key1*", ABSENT, True),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "c"], True),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], False),
    ("ForAnyValue:StringEquals", "a", ABSENT, False),
    ("ForAnyValue:StringNotEquals", "a", ABSENT, False),
    ("ForAnyValue:StringEqualsIfExists", "a", ABSENT, True),
    ("ForAllValues:StringEquals", "a", [], True),
    ("ForAnyValue:StringEquals", "a", [], False),
    ("ForAllValues:StringEquals", "a", "", True),
    ("ForAnyValue:StringEquals", "", "", False),
    ("ForAnyValue:StringEquals", "a", "a", True),
]


@pytest.mark.parametrize(("operator", "wanted", "claim", "expected"), [*STRINGS, *ORDERED, *ABSENCE, *SETS])
@pytest.mark.parametrize("effect", ["allow", "deny"])
def test_without_deviations_the_oracle_is_iam(operator: str, wanted: Any, claim: Any, expected: bool, effect: str) -> None:
    assert met(operator, wanted, claim, effect) == expected


def test_operators_and_keys_are_joined_by_and() -> None:
    # reference_policies_condition-logic-multiple-context-keys-or-values.html
    block = {"StringEquals": {"a": ["1", "2"], "b": "1"}, "StringNotEquals": {"c": ["1", "2"]}}
    for a, b, c in itertools.product("123", repeat=3):
        expected = a in "12" and b == "1" and c == "3"
        assert conditions.evaluate(block, {"a": a, "b": b, "c": c}, effect="allow", deviations=IAM) == expected


# Switch, operator, wanted, claim, met by IAM, met with the switch on in an allow, and in a deny
SWITCHES = [
    ("unfit_never_opens", "StringNotEquals", "a", 1, True, False, True),
    ("unfit_never_opens", "StringEquals", "a", {}, False, False, True),
    ("unfit_never_opens", "StringEqualsIfExists", "a", None, True, False, True),
    ("unfit_never_opens", "NumericNotEqualsIfExists", "1", "1e3", True, False, True),
    ("unfit_never_opens", "NumericEquals", "1000", "1e3", False, False, True),
    ("unfit_never_opens", "StringEquals", "a", ["a", 1], True, False, True),
    ("unfit_never_opens", "ForAllValues:StringNotEquals", "a", ["b", None], True, False, True),
    ("unfit_never_opens", "Bool", "true", 1, False, False, True),
    ("unfit_never_opens", "Null", "false", {}, True, True, True),
    ("unfit_never_opens", "Null", "true", None, True, True, True),
    ("for_all_values_needs_values", "ForAllValues:StringEquals", "a", ABSENT, True, False, True),
    ("for_all_values_needs_values", "ForAllValues:StringNotEqualsIfExists", "a", [], True, False, True),
    ("for_all_values_needs_values", "ForAllValues:StringEquals", "a", ["a"], True, True, True),
    ("plain_negation_over_all", "StringNotEquals", "a", ["a", "b"], True, False, False),
    ("plain_negation_over_all", "StringNotEquals", "a", ["b", "c"], True, True, True),
    ("plain_negation_over_all", "StringEquals", "a", ["a", "b"], True, True, True),
    ("empty_text_is_a_value", "ForAnyValue:StringEquals", "", "", False, True, True),
    ("empty_text_is_a_value", "ForAllValues:StringEquals", "a", "", True, False, False),
    ("empty_text_is_a_value", "Null", "true", "", True, False, False),
    ("empty_text_is_a_value", "StringEquals", "", "", True, True, True),
]


@pytest.mark.parametrize(("switch", "operator", "wanted", "claim", "iam", "allow", "deny"), SWITCHES)
def test_each_deviation_alone(switch: str, operator: str, wanted: Any, claim: Any, iam: bool, allow: bool, deny: bool) -> None:
    only = replace(IAM, **{switch: True})
    assert [met(operator, wanted, claim, effect) for effect in ("allow", "deny")] == [iam, iam]
    assert [met(operator, wanted, claim, effect, only) for effect in ("allow", "deny")] == [allow, deny]


EVERY_WAY = [("Bool", "false"), ("BoolIfExists", "true"), ("StringNotEquals", "true"), ("Null", "true"), ("Null", "false")]


@pytest.mark.parametrize(("operator", "wanted"), EVERY_WAY)
def test_an_absent_pull_fork_is_unknown(operator: str, wanted: str) -> None:
    verdicts = [met(operator, wanted, ABSENT, effect, ENGINE, "pull_fork") for effect in ("allow", "deny")]
    assert verdicts == [False, True]
    assert met("Null", "true", ABSENT, "allow", ENGINE, "commands")


def test_a_path_that_ends_early_is_absent() -> None:
    for claims, effect in itertools.product([{}, {"a": {}}], ["allow", "deny"]):
        assert conditions.evaluate({"Null": {"a.b": "true"}}, claims, effect=effect, deviations=ENGINE)


@pytest.mark.parametrize("claims", [{"a": "x"}, {"a": []}, {"a": None}, {"a": [{"b": "x"}]}])
@pytest.mark.parametrize("block", [{"Null": {"a.b": "true"}}, {"Null": {"a.b": "false"}}, {"StringNotEqualsIfExists": {"a.b": "x"}}])
def test_a_path_through_anything_but_an_object_is_absent_in_iam_and_unfit_in_the_engine(claims: Any, block: Any) -> None:
    absent = conditions.evaluate(block, {}, effect="allow", deviations=IAM)
    for effect in ("allow", "deny"):
        assert conditions.evaluate(block, claims, effect=effect, deviations=IAM) == absent
        assert conditions.evaluate(block, claims, effect=effect, deviations=ENGINE) == (effect == "deny")


@pytest.mark.parametrize("text", ["1e3", "+1", "1.", ".5", "", " 1", "1\n", "\u0661", "1" * 19, "0.1000000000"])
def test_texts_that_are_no_decimal_number(text: str) -> None:
    assert values.read_number(text) is None


@pytest.mark.parametrize("name", ["ForAnyValue:Null", "NullIfExists", "stringEquals", "StringEqualsIfExistsIfExists", "BoolNot", ""])
def test_unknown_operators_are_errors(name: str) -> None:
    with pytest.raises(ValueError):
        met(name, "true", "x")


def generated(seed: int, count: int) -> list[dict[str, Any]]:
    return [values.load(dumps(case)) for case in generate_conditions.cases(seed, count)]


def test_the_generator_is_deterministic() -> None:
    assert generated(7, 50) == generated(7, 50) != generated(8, 50)


def test_the_generator_reaches_everything_and_both_verdicts() -> None:
    cases = generated(3, 5000)
    prefixes, suffixes = ["", "ForAnyValue:", "ForAllValues:"], ["", "IfExists"]
    names = {"".join(parts) for parts in itertools.product(prefixes, conditions.COMPARISONS, suffixes)} | {"Null"}
    assert {name for case in cases for name in case["condition"]} == names
    for effect in ("allow", "deny"):
        verdicts = Counter(case["expected"] for case in cases if case["effect"] == effect)
        assert 0.25 < verdicts[True] / verdicts.total() < 0.75


@pytest.mark.parametrize("switch", [field.name for field in fields(Deviations)])
def test_the_generator_notices_a_missing_deviation(switch: str) -> None:
    without = replace(ENGINE, **{switch: False})
    cases = generated(3, 3000)
    verdicts = [conditions.evaluate(case["condition"], case["claims"], effect=case["effect"], deviations=without) for case in cases]
    assert any(verdict != case["expected"] for verdict, case in zip(verdicts, cases))


def test_generated_conditions_are_valid() -> None:
    for tests in (tests for case in generated(4, 2000) for tests in case["condition"].items()):
        wanted = [value for listed in tests[1].values() for value in conditions.as_list(listed)]
        assert wanted and all("${" not in value for value in wanted)
        assert "Like" not in tests[0] or all(value.strip("*") or not value for value in wanted)
