"""What Benchmarks/instructions/run takes for growth, and that its record is whole."""

import counts
import pytest
from support import callgrind


@pytest.mark.parametrize(
    ("recorded", "now", "is_failure"),
    [(1000, 1000, False), (1000, 1100, False), (1000, 1101, True), (1000, 2000, True), (1000, 100, False), (None, 1, True)])
def test_flags_growth_over_a_tenth_and_what_was_never_recorded(recorded, now, is_failure):
    assert counts.verdict(recorded, now)[1] is is_failure


def test_says_that_a_gain_is_to_be_recorded():
    assert "--update" in counts.verdict(1000, 899)[0]


def test_every_counted_step_is_recorded():
    assert sorted(counts.read()) == sorted(counts.NAMES)
    assert all(count > 1000 for count in counts.read().values())


def test_reads_what_it_writes(tmp_path):
    path = tmp_path / "recorded.tsv"
    counts.write({"one": 12.6, "two": 2_000_000.2}, path)
    assert counts.read(path) == {"one": 13, "two": 2_000_000}


def test_takes_the_last_total_and_refuses_none():
    assert callgrind.total("events: Ir\nsummary: 7\ntotals: 1234\n") == 1234
    for text in ("events: Ir\n", "totals: 0\n"):
        with pytest.raises(SystemExit):
            callgrind.total(text)
