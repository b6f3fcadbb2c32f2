"""Load by wrk, and what comes of it."""

import json
import os
import statistics
import subprocess

from .processes import HERE, LOAD_CORE, ROLE


def load(subject, tokens, connections, seconds, rate=None, delay_ms=0, is_kept=True):
    """One run: exchanges/s, latencies in ms, the subject's processor time for each exchange in us and its memory in MiB.

    With `rate` the connections pause between requests, so that together they come to about so many in a second, if one takes
    `delay_ms`; without it each sends the next request as soon as it has its answer. Connections are kept, or made for each request.
    """
    options = {"WRK_PAUSE_MS": str(max(connections / rate * 1000 - delay_ms, 1))} if rate else {}
    if not is_kept:
        options["WRK_CLOSE"] = "1"
    before = subject.processor_seconds() if subject.pid else 0
    run = subprocess.run(
        ["taskset", "--cpu-list", LOAD_CORE, "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
         "--latency", "--timeout", "20s", "--script", HERE / "exchange.lua", subject.url, "--", tokens, ROLE],
        capture_output=True, text=True, check=True, env={**os.environ, **options})
    figure = json.loads(run.stdout.splitlines()[-1])
    if figure["not_200"] or figure["broken"]:
        raise SystemExit(f"{subject.name}: {figure['not_200']} refused and {figure['broken']} broken of {figure['requests']}")
    if not figure["requests"]:
        raise SystemExit(f"{subject.name} answered nothing within {seconds} s: the machine is too busy for figures")
    if subject.pid:
        figure["processor_us"] = (subject.processor_seconds() - before) / figure["requests"] * 1e6
        figure["memory"] = subject.memory()
    return figure


def rounds(subjects, tokens, connections, count, seconds, **options):
    """All figures by subject's name and number of connections, of subjects that take turns.

    `tokens` is the file for all of them, or a file for each by the subject's name; `options` are those of `load`.
    """
    figures = {}
    for _ in range(count):
        for number in connections:
            for subject in subjects:
                own = tokens[subject.name] if isinstance(tokens, dict) else tokens
                figures.setdefault((subject.name, number), []).append(load(subject, own, number, seconds, **options))
    return figures


def median(figures, name):
    return statistics.median(figure[name] for figure in figures)


def ratio(ours, theirs, name="per_second"):
    """Of two subjects' figures, each round for itself."""
    return statistics.median(one[name] / other[name] for one, other in zip(ours, theirs))


def table(figures, reference):
    """Prints the figures, a subject's rows together, each beside those of the subject called `reference`."""
    print(f"\n| | connections | exchanges/s | of {reference} | p50 ms | p99 ms | CPU us | MiB |\n|---|---|---|---|---|---|---|---|")
    for name in dict.fromkeys(name for name, _ in figures):
        for number in (number for other, number in figures if other == name):
            own = figures[(name, number)]
            share = ratio(own, figures[(reference, number)])
            print(f"| {name} | {number} | {median(own, 'per_second'):.0f} | {share:.2f} | {median(own, 'p50_ms'):.2f} "
                  f"| {median(own, 'p99_ms'):.2f} | {median(own, 'processor_us'):.1f} | {median(own, 'memory'):.1f} |", flush=True)
