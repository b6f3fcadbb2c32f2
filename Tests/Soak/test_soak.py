"""The soak run's verdicts can fail: each is given a run that breaks what it promises."""

import json

import plan
import pytest
import verdict
from verdict import Sample


def line(outcome, key=None):
    return json.dumps({"outcome": outcome, **({"access_key_id": key} if key else {})})


QUIET = [Sample(30_000 + 50 * (number % 3), 40 + number % 4, 9) for number in range(90)]


def test_a_flat_run_has_no_faults():
    assert verdict.growth_faults(QUIET) == []


@pytest.mark.parametrize("field, step", [("memory_kib", 100), ("descriptors", 0.5), ("threads", 0.05)])
def test_growth_is_found(field, step):
    grown = [sample._replace(**{field: getattr(sample, field) + int(step * n)}) for n, sample in enumerate(QUIET)]
    assert [words.split()[0] for words in verdict.growth_faults(grown)] == [field]


def test_nothing_measured_proves_nothing():
    assert verdict.growth_faults([]) != []


def test_each_credential_has_its_record():
    lines = [line("start"), line("allowed", "A"), line("refused"), line("allowed", "B"), line("allowed", "B")]
    assert verdict.record_faults(["B", "A", "B"], lines) == []
    assert verdict.record_faults(["A", "B", "B", "C"], lines) == ["C was received and is not recorded"]
    assert verdict.record_faults(["A", "B"], lines) == ["B is recorded and was not received"]


def test_withheld_credentials_are_not_planned():
    assert verdict.record_faults(["A"], [line("allowed", "A"), line("withheld", "B")]) == ["credentials were withheld: B"]


def test_a_phase_allows_what_it_names_and_no_more():
    down = next(phase for phase in plan.PHASES if phase.name == "STS is down")
    assert down.allows("credentials", "ok") and down.allows("credentials", "sts_timeout")
    assert not down.allows("credentials", "overloaded")
    assert not down.allows("whoami", "sts_timeout")
    assert not plan.PHASES[0].allows("credentials", "sts_timeout")


def test_phases_speak_of_kinds_that_there_are():
    for phase in plan.PHASES:
        assert set(phase.kinds) <= set(plan.USUAL), phase.name
        assert bool(phase.kinds) == bool(phase.also), phase.name
