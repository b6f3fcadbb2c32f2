"""Tests of the policy oracle against AWS's documentation, and of the ceiling generator.

Pages are named by their last path under https://docs.aws.amazon.com/IAM/latest/UserGuide/ .
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import conditions  # noqa: E402
import generate_ceilings  # noqa: E402
import policies  # noqa: E402

ARN = "arn:aws:s3:::bucket/home/bob/x"
Json = dict[str, Any]


def statement(**elements: Any) -> Json:
    return {"Effect": "Allow", "Action": "*", "Resource": "*"} | elements


def policy(*statements: Json, version: str | None = "2012-10-17") -> Json:
    return {"Statement": list(statements)} | ({"Version": version} if version else {})


def allows(item: Json, action: str = "s3:GetObject", resource: str = ARN, context: Json | None = None, **more: Any) -> bool:
    return policies.allows(policy(item, **more), action, resource, context or {})


# reference_policies_elements_action.html
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("s3:GetObject", True),
        ("S3:getOBJECT", True),
        ("s3:Get*", True),
        ("s3:*", True),
        ("*", True),
        ("s3:Get?bject", True),
        ("s3:GetObject?", False),
        ("s3:*Acl", False),
        ("sqs:*", False),
        (["sqs:*", "s3:Get*"], True),
    ],
)
def test_actions(pattern: Any, expected: bool) -> None:
    assert allows(statement(Action=pattern)) == expected
    excluding = statement(NotAction=pattern)
    del excluding["Action"]
    assert allows(excluding) != expected


# reference_policies_elements_resource.html; a wildcard spans the segments of an ARN
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (ARN, True),
        ("*", True),
        ("arn:aws:s3:::bucket/*", True),
        ("arn:aws:s3:::Bucket/*", False),
        ("arn:aws:s3:::bucket/home/???/x", True),
        ("arn:aws:s3:::bucket/home/????/x", False),
        ("arn:*/x", True),
        ("arn:aws:s3::bucket/*", False),
        ("arn:aws:s3:::bucket/home/bob", False),
        (["arn:aws:s3:::other", ARN], True),
    ],
)
def test_resources(pattern: Any, expected: bool) -> None:
    assert allows(statement(Resource=pattern)) == expected
    excluding = statement(NotResource=pattern)
    del excluding["Resource"]
    assert allows(excluding) != expected


# reference_policies_variables.html
@pytest.mark.parametrize(
    ("pattern", "context", "expected"),
    [
        ("arn:aws:s3:::bucket/home/${aws:username}/*", {"aws:username": "bob"}, True),
        ("arn:aws:s3:::bucket/home/${AWS:UserName}/*", {"aws:USERNAME": "bob"}, True),
        ("arn:aws:s3:::bucket/home/${aws:username}/*", {"aws:username": "*"}, False),
        ("arn:aws:s3:::bucket/home/${aws:username}/*", {"aws:username": "b?b"}, False),
        ("arn:aws:s3:::bucket/home/${aws:username}", {"aws:username": "bob/x"}, True),
        ("arn:aws:s3:::bucket/home/${aws:username}/*", {}, False),
        ("arn:aws:s3:::bucket/home/${aws:username}/*", {"aws:username": ["bob"]}, False),
        ("arn:aws:s3:::bucket/home/${aws:username, 'bob'}/*", {}, True),
        ("arn:aws:s3:::bucket/home/b${*}/x", {}, False),
        ("arn:aws:s3:::bucket/home/b${?}b/x", {}, False),
        (["*", "${aws:username}"], {}, False),
    ],
)
def test_variables_in_resources(pattern: Any, context: Json, expected: bool) -> None:
    assert allows(statement(Resource=pattern), context=context) == expected


@pytest.mark.parametrize("character", ["*", "?", "$"])
def test_special_characters_stand_for_themselves(character: str) -> None:
    item = statement(Resource="arn:aws:s3:::b/${" + character + "}*")
    assert allows(item, resource=f"arn:aws:s3:::b/{character}x")
    assert not allows(item, resource="arn:aws:s3:::b/ax")


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_older_versions_take_variables_as_they_are_written(version: str | None) -> None:
    item = statement(Resource="arn:aws:s3:::b/${aws:username}")
    assert allows(item, resource="arn:aws:s3:::b/${aws:username}", version=version)
    assert not allows(item, resource="arn:aws:s3:::b/bob", context={"aws:username": "bob"}, version=version)


# reference_policies_elements_condition_operators.html, "IP address" and "ARN condition operators", and variables in values
FINANCE = "arn:aws:someservice:*:111122223333:finance/*"
CROSSING = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
SQS = "arn:aws:sns:REGION:123456789012:TOPIC-ID"


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringLike", FINANCE, CROSSING, True),
        ("ArnLike", FINANCE, CROSSING, False),
        ("ArnEquals", FINANCE, CROSSING, False),
        ("ArnNotLike", FINANCE, CROSSING, True),
        ("ArnEquals", SQS, SQS, True),
        ("ArnEquals", SQS, SQS.lower(), False),
        ("ArnLike", "arn:aws:sns:*:123456789012:T*", SQS, True),
        ("ArnLike", "arn:aws:sns:*:*:*", SQS + ":more", True),
        ("ArnLike", "*", SQS, False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.255", True),
        ("IpAddress", "203.0.113.0/24", "203.0.114.0", False),
        ("IpAddress", "203.0.113.7", "203.0.113.7", True),
        ("IpAddress", ["203.0.113.0/24", "2001:DB8:1234:5678::/64"], "2001:db8:1234:5678::9", True),
        ("IpAddress", "0.0.0.0/0", "::1", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.9", False),
        ("NotIpAddress", "203.0.113.0/24", None, True),
        ("IpAddressIfExists", "203.0.113.0/24", None, True),
        ("IpAddress", "203.0.113.0/24", "elsewhere", False),
        ("StringLike", "home/${aws:username}/*", "home/a*/x", True),
        ("StringLike", "home/${aws:username}/*", "home/ab/x", False),
        ("StringEquals", "${aws:username}", "a*", True),
        ("StringEquals", "${*}${$}", "*$", True),
        ("StringNotEquals", ["x", "${aws:userid}"], "y", False),
        ("NumericEquals", "${aws:username}", "1", False),
        ("Bool", True, "true", True),
        ("NumericLessThan", 10, "9", True),
        ("Null", "true", None, True),
    ],
)
def test_condition_operators(operator: str, wanted: Any, value: str | None, expected: bool) -> None:
    context = {"aws:username": "a*"} | ({"aws:Key": value} if value is not None else {})
    assert allows(statement(Condition={operator: {"AWS:key": wanted}}), context=context) == expected


# reference_policies_evaluation-logic.html: an explicit deny wins, the default is deny
def test_deny_wins_and_nothing_is_allowed_by_default() -> None:
    deny = statement(Effect="Deny", Resource=ARN)
    assert not policies.allows(policy(statement(), deny), "s3:GetObject", ARN, {})
    assert policies.allows(policy(statement(), deny), "s3:GetObject", ARN + "y", {})
    assert not policies.allows(policy(deny), "s3:GetObject", ARN + "y", {})
    assert policies.allows({"Statement": statement()}, "s3:GetObject", ARN, {})


def test_an_unresolvable_variable_voids_a_deny_too() -> None:
    deny = statement(Effect="Deny", Resource=["*", "${aws:username}"])
    assert policies.allows(policy(statement(), deny), "s3:GetObject", ARN, {})
    assert not policies.allows(policy(statement(), deny), "s3:GetObject", ARN, {"aws:username": "bob"})


def test_a_ceiling_with_a_variable_beside_a_plain_resource_may_be_void() -> None:
    """Leaving out the resource with the variable looks like a subset, yet lets in what a void ceiling does not."""
    ceiling = statement(Resource=["arn:aws:s3:::bucket/*", "arn:aws:s3:::${aws:username}/*"])
    assert allows(statement(Resource="arn:aws:s3:::bucket/*"))
    assert not allows(ceiling)


def test_elements_that_a_session_policy_has_not_are_errors() -> None:
    with pytest.raises(ValueError):
        allows(statement(Principal="*"))


def generated(seed: int, count: int) -> list[Json]:
    return list(generate_ceilings.cases(seed, count, 12))


def escapes(case: Json) -> bool:
    return any(pair["request_allows"] and not pair["ceiling_allows"] for pair in case["pairs"])


def test_the_generator_is_deterministic() -> None:
    assert generated(7, 20) == generated(7, 20) != generated(8, 20)


def test_narrowings_never_escape_and_other_requests_often_do() -> None:
    cases = generated(5, 500)
    counts = Counter((case["narrowing"], escapes(case)) for case in cases)
    assert counts[True, True] == 0
    assert min(counts[True, False], counts[False, True], counts[False, False]) > 50
    assert sum(pair["request_allows"] for case in cases for pair in case["pairs"]) > 0.5 * 12 * len(cases)


def test_ceilings_keep_to_the_rules_of_the_proof() -> None:
    for case in generated(6, 300):
        assert case["ceiling"]["Version"] == "2012-10-17"
        for item in conditions.as_list(case["ceiling"]["Statement"]):
            assert item["Effect"] == "Allow" and item.keys() <= {"Effect", "Action", "Resource", "Condition"}
            assert all(text == "*" or text.startswith(("arn:aws:s3:", "arn:aws:sqs:", "arn:aws:lambda:")) for text in conditions.as_list(item["Resource"]))
