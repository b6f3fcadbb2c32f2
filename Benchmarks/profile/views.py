"""Views of one gateway under load. Each prints what it found for one exchange."""

import dataclasses
import http.client
import json
import os
import pathlib
import re
import subprocess
import time

from support import callgrind, load, subjects, surroundings
from support.processes import ROLE

TOKENS = 3000
# Exchanges under callgrind: some to warm up, then the ones that are counted.
WARM_UP, COUNTED = 50, 200


@dataclasses.dataclass
class Bench:
    surroundings: surroundings.Surroundings
    subjects: subjects.Subjects
    seconds: int
    connections: int
    # Exchanges/s; None is as fast as it goes.
    rate: float | None
    lines: int

    def load(self, gateway, tokens):
        """Runs the load and returns the number of exchanges."""
        figure = load.load(gateway, tokens, self.connections, self.seconds, rate=self.rate)
        print(f"{figure['per_second']:.0f} exchanges/s, p50 {figure['p50_ms']:.2f} ms, p99 {figure['p99_ms']:.2f} ms, "
              f"{figure['processor_us']:.1f} us of processor time each\n")
        return figure["requests"]


@dataclasses.dataclass
class Usage:
    """Of one thread or of several."""

    user: int = 0
    system: int = 0
    voluntary: int = 0
    involuntary: int = 0

    def __sub__(self, other):
        return Usage(*(one - two for one, two in zip(dataclasses.astuple(self), dataclasses.astuple(other))))

    def __add__(self, other):
        return Usage(*(one + two for one, two in zip(dataclasses.astuple(self), dataclasses.astuple(other))))

    def row(self, name, count):
        tick = 1e6 / os.sysconf("SC_CLK_TCK")
        return (f"| {name} | {self.user * tick / count:.1f} | {self.system * tick / count:.1f} "
                f"| {self.voluntary / count:.2f} | {self.involuntary / count:.2f} |")


def usages(pid):
    """What each thread has used so far, by its name and number."""
    found = {}
    for folder in pathlib.Path(f"/proc/{pid}/task").iterdir():
        fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        switches = re.findall(r"voluntary_ctxt_switches:\s*(\d+)", (folder / "status").read_text())
        name = f"{(folder / 'comm').read_text().strip()} {folder.name}"
        found[name] = Usage(int(fields[11]), int(fields[12]), *map(int, switches))
    return found


def threads(bench):
    gateway, tokens = bench.subjects.gateway("gateway"), bench.surroundings.tokens(TOKENS)
    before = usages(gateway.pid)
    count = bench.load(gateway, tokens)
    used = {name: usage - before.get(name, Usage()) for name, usage in usages(gateway.pid).items()}
    print("| thread | user us | system us | switches, waiting | switches, taken off |\n|---|---|---|---|---|")
    for name, usage in sorted(used.items(), key=lambda pair: -pair[1].user - pair[1].system):
        if usage.user + usage.system + usage.voluntary:
            print(usage.row(name, count))
    print(sum(used.values(), Usage()).row("in all", count))


def calls(bench):
    gateway, tokens = bench.subjects.gateway("gateway"), bench.surroundings.tokens(TOKENS)
    output = bench.surroundings.processes.new_path("strace")
    tracer = bench.surroundings.processes.start("strace", "-f", "-c", "-q", "-o", output, "-p", gateway.pid)
    await_tracer(gateway.pid)
    count = bench.load(gateway, tokens)
    tracer.terminate()
    tracer.wait()
    print("| system call | for one exchange |\n|---|---|")
    rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", output.read_text(), re.MULTILINE)
    for number, name in rows:
        if int(number) * 100 > count:
            print(f"| {'in all' if name == 'total' else name} | {int(number) / count:.2f} |")


def await_tracer(pid):
    """Returns when every thread is traced: what runs before is not counted."""
    for _ in range(500):
        states = [(folder / "status").read_text() for folder in pathlib.Path(f"/proc/{pid}/task").iterdir()]
        if not any("TracerPid:\t0\n" in text for text in states):
            return
        time.sleep(0.02)
    raise SystemExit("strace may not trace the gateway: run it as root")


def samples(bench):
    gateway, tokens = bench.subjects.gateway("gateway"), bench.surroundings.tokens(TOKENS)
    output = bench.surroundings.processes.new_path("perf")
    recorder = bench.surroundings.processes.start(
        "perf", "record", "-e", "cpu-clock", "-F", 4999, "-o", output, "-p", gateway.pid, "--", "sleep", bench.seconds + 1)
    bench.load(gateway, tokens)
    recorder.wait()
    report = subprocess.run(
        ["perf", "report", "--stdio", "--no-children", "--sort", "dso,symbol", "-i", output], capture_output=True, text=True)
    if report.returncode:
        raise SystemExit(f"perf found nothing: {report.stderr}")
    print("| share of the gateway's time | function | where |\n|---|---|---|")
    rows = re.findall(r"^ *([\d.]+%) +(\S+) +\[(.)\] (.*?)[- ]*$", demangled(report.stdout), re.MULTILINE)
    for share, where, kind, name in rows[:bench.lines]:
        print(f"| {share} | {name[:120]} | {'kernel' if kind == 'k' else where} |")


def demangled(text):
    """With Swift's names as people write them; as it is where there is no toolchain."""
    try:
        return subprocess.run(["swift", "demangle", "--simplified"], input=text, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        return text


def functions(bench):
    running = bench.surroundings.processes
    output = running.new_path("callgrind")
    program = callgrind.readable(bench.surroundings.programs / "vela-aws-gateway", running.folder)
    gateway = bench.subjects.gateway("gateway", core=None, program=callgrind.command(program, output))
    tokens = bench.surroundings.tokens(WARM_UP + COUNTED).read_text().split()
    connection = http.client.HTTPConnection(gateway.url.removeprefix("http://"), timeout=60)
    for token in tokens[:WARM_UP]:
        exchange(connection, token)
    control(gateway, "-i", "on")
    for token in tokens[WARM_UP:]:
        exchange(connection, token)
    control(gateway, "-i", "off")
    control(gateway, "-d")
    dump = max(running.folder.glob(output.name + ".*"), key=lambda path: path.stat().st_mtime)
    print(f"{callgrind.total(dump.read_text()) / COUNTED:,.0f} instructions for one exchange\n")
    report = subprocess.run(
        ["callgrind_annotate", "--inclusive=yes", "--threshold=100", dump], capture_output=True, text=True, check=True).stdout
    show_functions(demangled(report), bench.lines)


def show_functions(report, lines):
    print("| instructions | function |\n|---|---|")
    for count, name in re.findall(r"^ *([\d,]+) \([^)]*\) +(.*)$", report, re.MULTILINE)[:lines]:
        name = re.sub(r"^[^:]*:", "", name).removesuffix("]").split(" [")[0]
        print(f"| {int(count.replace(',', '')) / COUNTED:,.0f} | {name[:150]} |")


def control(gateway, *command):
    subprocess.run(["callgrind_control", *command, str(gateway.pid)], check=True, capture_output=True)


def exchange(connection, token):
    connection.request("POST", "/v1/credentials", json.dumps({"role": ROLE}),
                       {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
    answer = connection.getresponse()
    if (body := answer.read()) and answer.status != 200:
        raise SystemExit(f"{answer.status}: {body.decode()}")
