"""CloudFormation's functions, as far as our template uses them: what a stack's properties become for given parameters."""

import re

import yaml


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: !Ref, !Sub and the rest become {"Fn::Sub": ...}."""


def short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ["Ref", "Condition"] else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", short_form)


def read(path):
    return yaml.load(path.read_text(), Loader)


class Stack:
    """A template with its parameters; lists are texts with commas, as CloudFormation takes them."""

    def __init__(self, template, account="123456123456", partition="aws", **parameters):
        self.template = template
        self.values = {"AWS::AccountId": account, "AWS::Partition": partition}
        for name, parameter in template["Parameters"].items():
            value = str(parameters.pop(name, parameter.get("Default", "")))
            members = value.split(",") if parameter["Type"] == "CommaDelimitedList" else [value]
            pattern = parameter.get("AllowedPattern")
            if pattern and not all(re.fullmatch(pattern, member) for member in members):
                raise ValueError(f"{name}: {parameter['ConstraintDescription']}")
            self.values[name] = members if parameter["Type"] == "CommaDelimitedList" else value
        assert not parameters, f"no parameters of the template: {parameters}"
        for rule in template.get("Rules", {}).values():
            for assertion in rule["Assertions"]:
                if not self.resolve(assertion["Assert"]):
                    raise ValueError(assertion["AssertDescription"])

    def property(self, resource, name):
        return self.resolve(self.template["Resources"][resource]["Properties"][name])

    def makes(self, resource):
        condition = self.template["Resources"][resource].get("Condition")
        return condition is None or self.condition(condition)

    def condition(self, name):
        return self.resolve(self.template["Conditions"][name])

    def resolve(self, value, names=None):
        if isinstance(value, list):
            return [self.resolve(item, names) for item in value]
        if not isinstance(value, dict):
            return value
        [(function, argument)] = value.items()
        return getattr(self, "_" + function.replace("Fn::", "").lower())(argument, names)

    def _ref(self, name, names):
        return self.values[name]

    def _sub(self, argument, names):
        text, extra = argument if isinstance(argument, list) else (argument, {})
        local = {**(names or {}), **{name: self.resolve(value, names) for name, value in extra.items()}}
        return re.sub(r"\$\{([\w:]+)\}", lambda found: local.get(found[1], self.values.get(found[1])), text)

    def _join(self, argument, names):
        separator, parts = argument
        return separator.join(self.resolve(parts, names))

    def _if(self, argument, names):
        condition, yes, no = argument
        return self.resolve(yes if self.condition(condition) else no, names)

    def _equals(self, argument, names):
        left, right = self.resolve(argument, names)
        return left == right

    def _not(self, argument, names):
        return not self.resolve(argument[0], names)

    def _or(self, argument, names):
        return any(self.resolve(argument, names))

    def _and(self, argument, names):
        return all(self.resolve(argument, names))

    def _eachmemberequals(self, argument, names):
        members, text = self.resolve(argument, names)
        return all(member == text for member in members)
