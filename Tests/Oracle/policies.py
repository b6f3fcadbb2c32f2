"""An oracle of IAM policy documents: does this document allow this action on this resource in this context?

Written from AWS's documentation, to check the proof by which the Swift engine compares a requested session policy with a ceiling.
The sources, all under https://docs.aws.amazon.com/IAM/latest/UserGuide/ :
reference_policies_grammar.html, reference_policies_elements_resource.html, reference_policies_elements_action.html,
reference_policies_variables.html and those that conditions.py names.

A context maps condition keys to a text or a list of texts. Keys and actions are compared without regard to case, all else with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Callable, Union

import conditions
import values
import wildcards
from conditions import Absent, Comparison, Deviations, Operator
from wildcards import Pattern, Wild

Document = Mapping[str, Any]
Statement = Mapping[str, Any]
Context = Mapping[str, Union[str, list[str]]]

IAM = Deviations.none()
WITH_VARIABLES = "2012-10-17"
VARIABLE = re.compile(r"\$\{([^}]*)\}")
DEFAULT = re.compile(r"([^,]*), '(.*)'")
LITERALS = {"*", "?", "$"}
KNOWN = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


class Unresolvable(Exception):
    """A variable without a value in the context: it voids its whole statement."""


def allows(document: Document, action: str, resource: str, context: Context) -> bool:
    """Whether some Allow statement matches and no Deny statement does."""
    folded = {key.lower(): value for key, value in context.items()}
    variables = document.get("Version") == WITH_VARIABLES
    matching = {
        statement["Effect"]
        for statement in _statements(document)
        if _applies(statement, action, resource, folded, variables)
    }
    return matching == {"Allow"}


def _statements(document: Document) -> list[Statement]:
    statements = conditions.as_list(document["Statement"])
    for statement in statements:
        if not statement.keys() <= KNOWN:
            raise ValueError(f"unknown elements {statement.keys() - KNOWN}")
    return statements


def _applies(statement: Statement, action: str, resource: str, context: Context, variables: bool) -> bool:
    """"If AWS cannot resolve a variable this might cause the entire statement to be invalid": here it always does, a Deny too."""
    expander = Expander(context, variables)
    try:
        resources = _is_listed(statement, "Resource", expander.patterns, resource)
        conditional = _are_met(statement.get("Condition", {}), context, expander)
    except Unresolvable:
        return False
    return resources and conditional and _is_listed(statement, "Action", _actions, action.lower())


def _is_listed(statement: Statement, element: str, read: Callable[[list[str]], list[Pattern]], value: str) -> bool:
    """An element such as Resource, or its counterpart NotResource, which lists what is left out."""
    negated = f"Not{element}" in statement
    listed = read(conditions.as_list(statement[f"Not{element}" if negated else element]))
    return any(wildcards.matches(value, wanted) for wanted in listed) != negated


def _actions(patterns: list[str]) -> list[Pattern]:
    return [wildcards.pattern(text.lower()) for text in patterns]


class Expander:
    """Puts the values of the request's context in place of policy variables.

    What comes out of a variable is literal, so a user named `*` matches only that name.
    """

    def __init__(self, context: Context, variables: bool) -> None:
        self._context = context
        self._variables = variables

    def patterns(self, texts: Iterable[str]) -> list[Pattern]:
        """Texts in which `*` and `?` are wildcards unless they stand in, or come out of, a variable."""
        return [self.pattern(text) for text in texts]

    def pattern(self, text: str) -> Pattern:
        """One such text."""
        if not self._variables or "${" not in text:
            return wildcards.pattern(text)
        literals = tuple(self._value(name) for name in VARIABLE.findall(text))
        return _filled(text, literals)

    def text(self, text: str) -> str:
        """A text without wildcards, as StringEquals compares it."""
        if not self._variables or "${" not in text:
            return text
        return VARIABLE.sub(lambda found: self._value(found[1]), text)

    def _value(self, name: str) -> str:
        if name in LITERALS:
            return name
        default = DEFAULT.fullmatch(name)
        value = self._context.get((default[1] if default else name).lower())
        if isinstance(value, str):
            return value
        if default is None:
            raise Unresolvable(name)
        return default[2]


@lru_cache(maxsize=1 << 16)
def _filled(text: str, literals: tuple[str, ...]) -> Pattern:
    around = VARIABLE.split(text)[::2]
    tokens = list(wildcards.pattern(around[0]))
    for literal, following in zip(literals, around[1:]):
        tokens += [*literal, *wildcards.pattern(following)]
    return tuple(tokens)


def _is_within(address: values.Network, network: values.Network) -> bool:
    return address.version == network.version and address.subnet_of(network)  # type: ignore[arg-type]


def _arn_matches(value: str, wanted: Pattern) -> bool:
    """"Each of the six colon-delimited components of the ARN is checked separately"; the sixth may hold more colons."""
    parts, patterns = value.split(":", 5), _components(wanted)
    return len(parts) == len(patterns) == 6 and all(map(wildcards.matches, parts, patterns))


@lru_cache(maxsize=1 << 16)
def _components(wanted: Pattern) -> list[Pattern]:
    """Splits at the first five colons, as str.split does for a text."""
    components: list[list[str | Wild]] = [[]]
    for token in wanted:
        if token == ":" and len(components) < 6:
            components.append([])
        else:
            components[-1].append(token)
    return [tuple(component) for component in components]


def _pair(positive: str, negative: str, *functions: Any) -> dict[str, Comparison]:
    return {positive: Comparison(*functions), negative: Comparison(*functions, negated=True)}


COMPARISONS: dict[str, Comparison] = {
    **conditions.COMPARISONS,
    **_pair("IpAddress", "NotIpAddress", values.read_network, values.read_network, _is_within),
    **_pair("ArnEquals", "ArnNotEquals", values.read_text, wildcards.pattern, _arn_matches),
    **_pair("ArnLike", "ArnNotLike", values.read_text, wildcards.pattern, _arn_matches),
}


@lru_cache(maxsize=None)
def _operator(name: str) -> Operator:
    return conditions.parse_operator(name, COMPARISONS)


def _are_met(condition: Mapping[str, Mapping[str, Any]], context: Context, expander: Expander) -> bool:
    """Tests every key before it answers, so that an unresolvable variable is found wherever it stands."""
    results = [
        _is_met(name, context.get(key.lower(), Absent.ABSENT), conditions.as_list(wanted), expander)
        for name, keys in condition.items()
        for key, wanted in keys.items()
    ]
    return all(results)


def _is_met(name: str, value: Any, wanted: list[Any], expander: Expander) -> bool:
    texts = [_text_of(item) for item in wanted]
    if name == conditions.NULL:
        return conditions.is_null_met(value, texts, IAM)
    operator = _operator(name)
    return conditions.is_met(operator, value, _wanted(operator.comparison, texts, expander), "allow", IAM)


def _text_of(item: Any) -> str:
    """The grammar lets a value be a text, a number or a boolean."""
    return str(item).lower() if isinstance(item, bool) else str(item)


def _wanted(comparison: Comparison, texts: list[str], expander: Expander) -> list[Any]:
    """Variables work in string and ARN operators only; elsewhere `${` makes a value that cannot be read."""
    if comparison.want is wildcards.pattern:
        return expander.patterns(texts)
    if comparison.want is str:
        return [expander.text(text) for text in texts]
    return [comparison.want(text) for text in texts]
