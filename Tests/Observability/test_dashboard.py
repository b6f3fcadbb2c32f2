"""deploy/grafana: a dashboard that Grafana's own model of it takes, over metrics that exist."""

import collections
import json

import exposition
import grafana_foundation_sdk.cog.plugins
import promql
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from test_alerts import CODES

DASHBOARD = json.loads((exposition.REPOSITORY / "deploy/grafana/vela-aws-gateway.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
QUERIES += [("annotation " + annotation["name"], annotation["expr"]) for annotation in DASHBOARD["annotations"]["list"]]


def lost(given, kept, path=""):
    """What stands in `given` and not in `kept`."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            if name in kept:
                yield from lost(value, kept[name], f"{path}/{name}")
            elif value not in (None, [], {}):
                yield f"{path}/{name}"
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for index, (left, right) in enumerate(zip(given, kept)):
            yield from lost(left, right, f"{path}[{index}]")
    elif given != kept:
        yield path


def read_by_grafana(document):
    grafana_foundation_sdk.cog.plugins.register_default_plugins()
    return json.loads(JSONEncoder(sort_keys=True).encode(Dashboard.from_json(document)))


def test_grafanas_model_knows_every_field():
    assert list(lost(DASHBOARD, read_by_grafana(DASHBOARD))) == []


def test_a_field_that_it_does_not_know_is_found():
    spoilt = json.loads(json.dumps(DASHBOARD))
    spoilt["panels"][1]["fieldConfig"]["defaults"]["colour"] = "red"
    assert list(lost(spoilt, read_by_grafana(spoilt))) == ["/panels[1]/fieldConfig/defaults/colour"]


@pytest.mark.parametrize("title, query", QUERIES, ids=[f"{number}-{title}" for number, (title, _) in enumerate(QUERIES)])
def test_every_query_reads_only_what_exists(title, query):
    assert promql.faults(query, exposition.documented(), {"code": CODES}) == []
    assert 'job=~"$job", instance=~"$instance"' in query, "it must go by the variables"


def test_every_metric_is_shown():
    shown = {name.removesuffix("_bucket") for _, query in QUERIES for name, _ in promql.selectors(query)}
    assert shown == set(exposition.documented())


def test_panels_have_a_place_and_words_of_their_own():
    taken = collections.Counter()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        taken.update((x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"]))
    assert max(taken.values()) == 1, "panels lie over each other"
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    assert all(panel["description"].endswith(".") for panel in PANELS)


def test_rows():
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert rows == ["Is it healthy?", "Who gets what", "Refusals by reason", "STS", "Keys", "Audit", "Limits", "One-use tokens", "Emergency",
                    "The gateway as an issuer", "Policy and TLS", "Process"]
