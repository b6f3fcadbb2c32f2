"""What schemathesis cannot guess: a form that says it is valid has a valid token. Named by SCHEMATHESIS_HOOKS."""

import os

import schemathesis
from schemathesis import GenerationMode


@schemathesis.hook
def before_call(context, case, kwargs):
    is_valid = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if is_valid and isinstance(case.body, dict) and "WebIdentityToken" in case.body:
        case.body["WebIdentityToken"] = os.environ["ID_TOKEN"]
