"""The parts of the exchange benchmark beside its main table. Each takes the bench, what already runs, and measured rates."""

import dataclasses
import functools
import pathlib

from support import load, subjects, surroundings
from support.processes import LOAD_CORE, SUBJECT_CORE

# Enough for figures that only a ratio is read of.
FEWER_ROUNDS = 3


@dataclasses.dataclass
class Bench:
    surroundings: surroundings.Surroundings
    subjects: subjects.Subjects
    # A file of different tokens.
    tokens: pathlib.Path
    seconds: int
    rounds: int

    @functools.cached_property
    def a_token(self):
        with open(self.tokens) as file:
            return file.readline().strip()

    def short_rounds(self, all_subjects, tokens, connections, **options):
        """Figures of shorter and fewer runs."""
        seconds, count = max(1, self.seconds // 2), min(self.rounds, FEWER_ROUNDS)
        return load.rounds(all_subjects, tokens, connections, count, seconds, **options)


def repeated(bench, gateway, haproxy, **_):
    """The same token again and again, as a step with several roles or a retrying SDK sends it."""
    print("\nOne token again and again:")
    load.table(bench.short_rounds([gateway, haproxy], bench.surroundings.tokens(1), [16, 64]), haproxy.name)


def ceiling(bench, fastest, **_):
    """What load and stand-in reach together on their core: below twice the subject's rate, a figure may be theirs."""
    stand_in = subjects.Subject("stand-in", bench.subjects.sts)
    figures = bench.short_rounds([stand_in], bench.tokens, [16, 64])
    reached = max(load.median(own, "per_second") for own in figures.values())
    print(f"\nLoad and stand-in together reach {reached:.0f} calls/s on their core, {reached / fastest:.1f} times what the fastest subject "
          "asked of them.")
    if reached < 2 * fastest:
        print("WARNING: that is less than twice. The fastest rates may be those of the load, not of the subject.")


def tls(bench, gateway, haproxy, **_):
    """TLS to the callers, kept alive, and TLS to STS, kept alive too: both as ECDSA P-256."""
    sts = bench.surroundings.sts(tls=True)
    compared = [gateway, haproxy]
    for where, options in (("TLS to callers", {"tls": True}), ("TLS to STS", {"sts": sts}), ("TLS to both", {"tls": True, "sts": sts})):
        compared += [bench.subjects.gateway(f"gateway, {where}", **options), bench.subjects.haproxy(f"HAProxy, {where}", **options)]
    print("\nTLS on connections that stay, 64 handshakes in each run:")
    load.table(bench.short_rounds(compared, bench.tokens, [64]), haproxy.name)
    print("\nA new connection for each exchange, as a step makes one:")
    compared = [subject for subject in compared if not subject.name.endswith(("STS", "both"))]
    load.table(bench.short_rounds(compared, bench.tokens, [16], is_kept=False), haproxy.name)


def scaling(bench, gateway, **_):
    """What more threads, more keys and longer tokens cost."""
    start, both = bench.subjects.gateway, f"{SUBJECT_CORE},{LOAD_CORE}"
    compared = {
        gateway.name: gateway,
        "two server threads, one core": start("two server threads, one core", settings={"THREADS": 2}),
        "two server threads, both cores (load shares them)": start(
            "two server threads, both cores (load shares them)", core=both, settings={"THREADS": 2})}
    compared |= {f"{count} keys of the issuer": start(f"{count} keys of the issuer", keys=count) for count in (10, 1000)}
    tokens = dict.fromkeys(compared, bench.tokens)
    for size in (4, 16):
        name = f"tokens of {size} KiB"
        compared[name], tokens[name] = start(name), bench.surroundings.tokens(2000, size * 1024)
    print(f"\nScaling; a token of the other rows has {len(bench.a_token)} bytes:")
    load.table(bench.short_rounds(list(compared.values()), tokens, [64]), gateway.name)


def issuing(bench, gateway, **_):
    """Issuer mode: a token of the gateway's own for each call of STS."""
    own = bench.surroundings.tokens(5000, audience=subjects.OWN_AUDIENCE)
    compared = [gateway, *(bench.subjects.issuing_gateway(f"issuer mode, {name}", name) for name in ("ES256", "RS256"))]
    tokens = {subject.name: own for subject in compared} | {gateway.name: bench.tokens}
    print("\nIssuer mode, with three session tags and a source identity:")
    load.table(bench.short_rounds(compared, tokens, [16, 64]), gateway.name)


def latency(bench, rate, **_):
    """What the gateway adds to a call of STS at half of the rate that it can do."""
    print(f"\nAdded latency at {rate / 2:.0f} exchanges/s, half load:\n")
    print("| stand-in's delay | connections | calls/s | p50 straight | p50 through | p50 added | p99 straight | p99 through | p99 added |")
    print("|---|---|---|---|---|---|---|---|---|")
    for delay, connections in ((0, 64), (20, 256)):
        sts = bench.surroundings.sts(delay)
        pair = [subjects.Subject("straight", sts), bench.subjects.gateway("through", sts=sts)]
        figures = {subject.name: [] for subject in pair}
        for _ in range(bench.rounds):
            for subject in pair:
                figures[subject.name].append(
                    load.load(subject, bench.tokens, connections, bench.seconds, rate=rate / 2, delay_ms=delay))
        show_latency(delay, connections, figures["straight"], figures["through"])


def show_latency(delay, connections, straight, through):
    cells = []
    for name in ("p50_ms", "p99_ms"):
        one, other = load.median(straight, name), load.median(through, name)
        cells.append(f"{one:.2f} ms | {other:.2f} ms | {other - one:.2f} ms")
    print(f"| {delay} ms | {connections} | {load.median(through, 'per_second'):.0f} | {' | '.join(cells)} |", flush=True)


PARTS = {part.__name__: part for part in (repeated, ceiling, issuing, tls, scaling, latency)}
