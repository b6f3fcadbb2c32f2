"""What goes wrong by turns in a soak run, and which answers each kind of request may get meanwhile.

An answer is named by the gateway's code, `ok` for 200, and `cut` for a connection that the gateway ended without one.
"""

import dataclasses

# What each kind of request gets while nothing is wrong (traffic.py sends them).
USUAL = {
    "credentials": {"ok"}, "sts front": {"ok"}, "container front": {"ok"}, "whoami": {"ok"}, "readiness": {"ok"},
    "wrong signature": {"token_signature_invalid"}, "expired": {"token_expired"}, "wrong audience": {"token_audience"},
    # The first one in a cool-down makes the gateway ask the issuer; the others are told to wait.
    "random key id": {"token_unknown_key", "keys_unavailable"},
    "pull request": {"policy_denied"}, "other role": {"role_not_allowed"}, "bad json": {"invalid_request"},
    "two lengths": {"invalid_request"}, "oversized": {"request_too_large"},
    "wrong door": {"not_found", "method_not_allowed", "unsupported_media_type"},
    "no tls": {"cut"}, "slow head": {"cut"}, "slow body": {"cut"}, "leaves": {"left"},
}
# Those that reach STS, and those whose token needs a key of the issuer.
EXCHANGES = ("credentials", "sts front", "container front")
TOKENS = EXCHANGES + ("whoami", "wrong signature", "expired", "wrong audience", "pull request", "other role")


@dataclasses.dataclass(frozen=True)
class Phase:
    """A time in which something is wrong, or changes."""

    name: str
    # Method of surroundings.Surroundings with its arguments: done at the beginning, and again every `every` seconds.
    begin: tuple
    # Undoes it; nothing where there is nothing to undo.
    end: tuple = ()
    every: float = 0
    # Besides USUAL, for these kinds.
    kinds: tuple = ()
    also: frozenset = frozenset()
    # Answers without which the phase did not happen.
    must_see: frozenset = frozenset()
    # A sample of the gateway's metrics that must have grown, for the same reason.
    must_grow: str = ""

    def allows(self, kind, outcome):
        return outcome in USUAL[kind] or (kind in self.kinds and outcome in self.also)


def sts_fault(name, fault, code, kinds=EXCHANGES):
    """All calls of AssumeRoleWithWebIdentity go wrong in one way."""
    faults = [{"on": "AssumeRoleWithWebIdentity", "sticky": True, **fault}]
    return Phase(
        name, ("sts_faults", faults), ("sts_faults", []), kinds=kinds, also=frozenset({code}), must_see=frozenset({code}))


ISSUER_DOWN = [{"close": True, "sticky": True}]
NEW_KEYS = frozenset({"token_unknown_key", "keys_unavailable", "sts_rejected"})
RELOADS = 'vela_gateway_{}_reloads_total{{result="{}"}}'

PHASES = [
    Phase("nothing wrong", ("nothing",)),
    sts_fault("STS is down", {"close": True}, "sts_timeout"),
    sts_fault("STS is slow", {"delay_ms": 2500}, "sts_timeout", kinds=("container front",)),
    sts_fault("STS throttles", {"code": "Throttling", "message": "Rate exceeded"}, "sts_throttled"),
    sts_fault("STS refuses", {"code": "AccessDenied", "status": 403}, "sts_rejected"),
    sts_fault("STS answers rubbish", {"truncate": True}, "sts_invalid_response"),
    Phase("issuer is down", ("issuer_faults", ISSUER_DOWN), ("issuer_faults", []), must_see=frozenset({"keys_unavailable"})),
    Phase("Vela restarts", ("new_keys", "restart"), kinds=TOKENS, also=frozenset({"keys_unavailable"})),
    # Tokens of a key that is gone are refused by the gateway, or by STS while the gateway still has the key.
    Phase("keys are rotated", ("new_keys", "rotate"), kinds=TOKENS, also=NEW_KEYS),
    Phase("policy changes", ("change_policy",), every=1, must_grow=RELOADS.format("policy", "replaced")),
    Phase("policy is faulty", ("break_policy",), ("change_policy",), must_grow=RELOADS.format("policy", "failed")),
    Phase("certificate is renewed", ("renew_certificate",), every=2.5, must_grow=RELOADS.format("tls", "replaced")),
    Phase("audit file is rotated", ("rotate_audit",), every=1),
    Phase("SIGHUP", ("hang_up",), every=0.2, must_grow=RELOADS.format("tls", "unchanged")),
]
