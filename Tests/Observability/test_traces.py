"""A W3C traceparent goes into the log and the audit, and what is none goes nowhere."""

import json

import pytest
import traffic
from fronts import ROLE

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def lines_of(path, trace):
    """Log lines that are of the trace."""
    lines = [json.loads(line) for line in path.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("trace_id") == trace]


@pytest.mark.parametrize("event, status, message, outcome", [
    ("push", 200, "credentials issued", "allowed"), ("schedule", 403, "exchange refused", "refused")])
def test_log_and_audit_hold_the_trace_and_the_same_request_id(stack, gateway, event, status, message, outcome):
    trace = f"{TRACE[:-3]}{status}"
    answer = traffic.send(
        gateway, "/v1/credentials", token=stack.token(event), body={"role": ROLE}, headers={"traceparent": f"00-{trace}-{SPAN}-01"},
        trust=str(gateway.audit.with_name("tls.crt")))
    assert answer[0] == status, answer
    request_id = json.loads(answer[1])["request_id"]
    [record] = [json.loads(line) for line in gateway.audit.read_text().splitlines() if trace in line]
    assert (record["trace_id"], record["request_id"], record["outcome"]) == (trace, request_id, outcome)
    [line] = lines_of(gateway.log, trace)
    assert (line["message"], line["request_id"]) == (message, request_id)


@pytest.mark.parametrize("traceparent", [
    f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE.upper()}-{SPAN}-01", f"ff-{TRACE}-{SPAN}-01", f"00-{TRACE[1:]}-{SPAN}-01", "junk"])
def test_what_is_no_trace_is_not_recorded(stack, gateway, traceparent):
    before = len(gateway.audit.read_text().splitlines())
    answer = traffic.send(
        gateway, "/v1/credentials", token=stack.token(), body={"role": ROLE}, headers={"traceparent": traceparent},
        trust=str(gateway.audit.with_name("tls.crt")))
    assert answer[0] == 200
    [record] = [json.loads(line) for line in gateway.audit.read_text().splitlines()[before:]]
    assert "trace_id" not in record and traceparent not in gateway.log.read_text()
