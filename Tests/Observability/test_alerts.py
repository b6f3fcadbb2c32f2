"""deploy/prometheus: each alert names what exists, says what it costs and what to do, and is seen to fire and not to fire."""

import re
import subprocess

import exposition
import promql
import pytest
import yaml

FOLDER = exposition.REPOSITORY / "deploy/prometheus"
RULES = [rule for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"] for rule in group["rules"]]
NAMES = [rule["alert"] for rule in RULES]
RUNBOOK = (exposition.REPOSITORY / "docs/runbook.md").read_text()
CODES = set(re.findall(r"^\| `(\w+)` \| \d{3} \|", (exposition.REPOSITORY / "docs/errors.md").read_text(), re.MULTILINE))


def promtool(*arguments):
    return subprocess.run(["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True, timeout=300)


def test_promtool_takes_the_rules():
    done = promtool("check", "rules", "alerts.yaml")
    assert done.returncode == 0 and f"{len(RULES)} rules found" in done.stdout, done.stdout + done.stderr


def test_promtool_passes_their_unit_tests():
    done = promtool("test", "rules", "alerts_test.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_it_is_seen_to_fire_and_to_be_quiet(name):
    tests = yaml.safe_load((FOLDER / "alerts_test.yaml").read_text())["tests"]
    cases = [case for test in tests for case in test.get("promql_expr_test", []) if f'alertname="{name}"' in case["expr"]]
    assert any(case["exp_samples"] for case in cases), "nobody has seen it fire"
    assert any(not case["exp_samples"] for case in cases), "nobody has seen it quiet"


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_it_reads_only_what_exists(rule):
    assert promql.faults(rule["expr"], exposition.documented() | exposition.documented_of_prober(), {"code": CODES}) == []


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_it_tells_consequence_and_action(rule):
    assert set(rule["annotations"]) == {"summary", "consequence", "action", "runbook"}
    assert all(text.endswith(".") for name, text in rule["annotations"].items() if name != "runbook")
    assert rule["labels"] in [{"severity": "page"}, {"severity": "ticket"}]


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_its_page_of_the_runbook_exists(rule):
    assert rule["annotations"]["runbook"] == "docs/runbook.md#" + rule["alert"].lower()
    assert f"\n### {rule['alert']}\n" in RUNBOOK


def test_the_runbook_has_no_page_of_an_alert_that_is_gone():
    assert sorted(re.findall(r"^### (\w+)$", RUNBOOK, re.MULTILINE)) == sorted(NAMES)


@pytest.mark.parametrize("expression, fault", [
    ("sum(rate(vela_gateway_nothing_total[5m]))", "no metric vela_gateway_nothing_total"),
    ('sum(vela_gateway_ready{colour="red"})', "vela_gateway_ready has no label colour"),
    ('rate(vela_gateway_exchanges_total{code="no_such_code"}[5m])', "vela_gateway_exchanges_total: no code is ever no_such_code"),
    ("sum by (colour) (vela_gateway_ready)", "grouped by colour, which nothing has"),
    ("rate(vela_gateway_exchange_stage_seconds[5m])", "no metric vela_gateway_exchange_stage_seconds"),
])
def test_a_name_that_does_not_exist_is_found(expression, fault):
    assert promql.faults(expression, exposition.documented(), {"code": CODES}) == [fault]
