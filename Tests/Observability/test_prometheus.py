"""A real Prometheus scrapes a real gateway, answers each query of the dashboard, and takes the alerts."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import exposition
import pytest
import traffic
from fronts import fetch
from test_alerts import NAMES
from test_dashboard import QUERIES

CONFIGURATION = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ['{rules}']
scrape_configs:
  - job_name: gateway
    static_configs: [{{targets: ['{target}']}}]
"""


class Prometheus:
    def __init__(self, url):
        self.url = url

    def ask(self, path, **parameters):
        try:
            answer = json.loads(fetch(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"))
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{parameters}: {error.read().decode()}") from error
        assert answer["status"] == "success" and not answer.get("warnings"), answer
        return answer["data"]

    def value(self, query):
        return [float(sample["value"][1]) for sample in self.ask("query", query=query)["result"]]

    def await_value(self, query, least):
        """Waits until a query gives at least so much; a minute at most."""
        for _ in range(600):
            if any(value >= least for value in self.value(query)):
                return
            time.sleep(0.1)
        raise AssertionError(f"{query} stayed at {self.value(query)}")


@contextlib.contextmanager
def running_prometheus(folder, target):
    (folder / "prometheus.yml").write_text(CONFIGURATION.format(
        rules=exposition.REPOSITORY / "deploy/prometheus/alerts.yaml", target=target))
    with open(folder / "prometheus.log", "wb") as log:
        child = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data", "--web.listen-address=127.0.0.1:0"],
            stdout=log, stderr=log, env={"PATH": os.environ["PATH"]})
        try:
            yield Prometheus("http://" + address(folder / "prometheus.log"))
        finally:
            child.terminate()
            child.wait(timeout=30)


def address(log):
    """Where it listens: the port is the system's choice, and the log names it."""
    for _ in range(300):
        found = re.search(r'msg="Listening on" address=(127\.0\.0\.1:\d+)', log.read_text())
        if found and "Server is ready" in log.read_text():
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def prometheus(stack, gateway, tmp_path_factory):
    target = urllib.parse.urlsplit(gateway.health).netloc
    with running_prometheus(tmp_path_factory.mktemp("prometheus"), target) as prometheus:
        # What happens between two scrapes is what rates are made of.
        prometheus.await_value('count_over_time(up{job="gateway"}[1h])', 1)
        traffic.send(gateway, "/v1/credentials", token=stack.token(), body={"role": traffic.ROLE}, trust=str(gateway.audit.with_name("tls.crt")))
        prometheus.await_value('count_over_time(up{job="gateway"}[1h])', 4)
        yield prometheus


def test_the_documented_configuration_is_sound(tmp_path):
    block = re.search(r"^```yaml\n(.*?)^```$", (exposition.REPOSITORY / "docs/metrics.md").read_text(), re.MULTILINE | re.DOTALL)[1]
    (tmp_path / "prometheus.yml").write_text(block)
    shutil.copy(exposition.REPOSITORY / "deploy/prometheus/alerts.yaml", tmp_path)
    done = subprocess.run(["promtool", "check", "config", "prometheus.yml"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "1 rule files found" in done.stdout, done.stdout + done.stderr


def test_it_takes_what_the_gateway_exposes(prometheus):
    assert prometheus.value('up{job="gateway"}') == [1]
    for name, family in exposition.documented().items():
        series = name + "_count" if family.kind == "histogram" else name
        assert prometheus.value(f'count({{__name__="{series}"}})'), series


@pytest.mark.parametrize("title, query", QUERIES, ids=[f"{number}-{title}" for number, (title, _) in enumerate(QUERIES)])
def test_it_answers_the_dashboards_query(prometheus, title, query):
    for name, value in [("$__rate_interval", "1m"), ("$__range", "1h"), ("$job", ".*"), ("$instance", ".*")]:
        query = query.replace(name, value)
    answer = prometheus.ask("query", query=query)["result"]
    # These two compare, so that an answer would mean that something happened.
    assert answer or title.startswith("annotation") or title == "Turned away", query


def test_it_evaluates_every_alert(prometheus):
    for _ in range(300):
        rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
        if all(rule["health"] != "unknown" for rule in rules):
            break
        time.sleep(0.1)
    assert sorted(rule["name"] for rule in rules) == sorted(NAMES)
    assert [rule["health"] for rule in rules] == ["ok"] * len(NAMES), [rule.get("lastError") for rule in rules]
    # The certificate of this test lives for two days, and an emergency rule binds: what is wrong is seen, and nothing else is. How fast this machine is, is no matter.
    seen = {rule["name"] for rule in rules if rule["state"] != "inactive"} - {"VelaGatewaySlow"}
    assert seen == {"VelaGatewayCertificateEndsSoon", "VelaGatewayEmergencyRules"}, seen
