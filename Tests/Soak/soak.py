#!/usr/bin/env python3
"""Good, bad and hostile traffic against a gateway for a set time, while one thing after the other goes wrong around it.

Prints what was answered in each phase and what the gateway used; the exit status is 1 when an answer was not in the plan
(plan.py), when memory, descriptors or threads grew (verdict.py), when credentials and records differ, or when the audit does not verify.

Needs nothing but Python's standard library and openssl. SOAK_MINUTES is how long (30).
"""

import argparse
import asyncio
import collections
import os
import pathlib
import sys
import tempfile
import time

import plan
import traffic
import verdict
from surroundings import Surroundings

SAMPLE_EVERY = 1.0
RENEW_EVERY = 60.0
# A circuit that STS's outage has opened is tried again after half a minute at most.
RECOVERY = 90.0


class Soak:
    """One run: its surroundings, its callers, and what they saw."""

    def __init__(self, programs, folder, minutes):
        self.seconds = minutes * 60
        self.surroundings = Surroundings(programs, folder)
        self.tokens = traffic.Tokens(self.surroundings)
        self.callers = [
            traffic.Caller(kind, self.surroundings, self.tokens)
            for kind in plan.USUAL for _ in range(traffic.CALLERS.get(kind, 1))]
        self.phases = []
        self.seen = collections.Counter()
        self.received, self.samples, self.faults = [], [], []

    async def run(self):
        await self.surroundings.start()
        await self.tokens.renew()
        self.began = time.monotonic()
        self.phases.append(plan.PHASES[0])
        await self.settle()
        loops = [self.call_again_and_again(caller) for caller in self.callers]
        loops += [self.sample(), self.renew_tokens()]
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            await self.go_through_phases()
        finally:
            self.began = None  # Callers end their last request, so that no answer is missed.
            await asyncio.gather(*tasks)
        for caller in self.callers:
            caller.close()

    # Phases

    async def go_through_phases(self):
        """All phases, each as long, at least once; then again until the time is over."""
        length = max(5.0, min(20.0, self.seconds / len(plan.PHASES)))
        end = self.began + self.seconds
        while True:
            for phase in plan.PHASES:
                await self.go_through(phase, time.monotonic() + length)
                if time.monotonic() > end and len(self.phases) > len(plan.PHASES):
                    return

    async def go_through(self, phase, end):
        before, metrics = self.seen.copy(), await asyncio.to_thread(self.surroundings.metrics)
        self.phases.append(phase)
        for caller in self.callers:
            caller.is_stale = True
        await self.do(phase.begin)
        if phase.begin[0] == "new_keys":
            await self.tokens.renew()
        while time.monotonic() < end:
            await asyncio.sleep(phase.every or 0.5)
            if phase.every:
                await self.do(phase.begin)
        if phase.end:
            await self.do(phase.end)
        await self.settle()
        now = await asyncio.to_thread(self.surroundings.metrics)
        if phase.must_grow and now.get(phase.must_grow, 0) <= metrics.get(phase.must_grow, 0):
            self.fault(f"{phase.must_grow} did not grow in '{phase.name}': it did not happen")
        self.report(phase, self.seen - before)

    async def do(self, step):
        await getattr(self.surroundings, step[0])(*step[1:])

    async def settle(self):
        """Waits until good exchanges succeed again, three in a row of each front."""
        end, right = time.monotonic() + RECOVERY, 0
        probes = [traffic.Caller(kind, self.surroundings, self.tokens) for kind in plan.EXCHANGES]
        while right < 3 and time.monotonic() < end:
            answers = [await self.one(probe) for probe in probes]
            right = right + 1 if set(answers) == {"ok"} else 0
            await asyncio.sleep(0.2)
        for probe in probes:
            probe.close()
        if right < 3:
            self.fault(f"no recovery within {RECOVERY:g} s after '{self.phases[-1].name}'")

    def report(self, phase, seen):
        by_answer = collections.Counter()
        for (_, answer), count in seen.items():
            by_answer[answer] += count
        for answer in phase.must_see - by_answer.keys():
            self.fault(f"nobody saw {answer} in '{phase.name}': it did not happen")
        used = self.samples[-1] if self.samples else None
        words = ", ".join(f"{answer} {count}" for answer, count in by_answer.most_common())
        print(f"{time.monotonic() - self.began:6.0f} s  {phase.name}: {words}; {used}", flush=True)

    # Loops beside them

    async def call_again_and_again(self, caller):
        while self.began is not None:
            await self.one(caller)
            await asyncio.sleep(traffic.PAUSE)

    async def one(self, caller):
        first = len(self.phases) - 1
        try:
            answer, keys = await caller.call()
        except Exception as error:  # Whatever it is, no plan names it.
            answer, keys = f"{type(error).__name__}: {error}", []
        self.received += keys
        self.seen[caller.kind, answer] += 1
        # A request may have begun in an earlier phase.
        if not any(phase.allows(caller.kind, answer) for phase in self.phases[first:]):
            self.fault(f"{caller.kind} got '{answer}' in '{self.phases[-1].name}'")
        return answer

    async def sample(self):
        while self.began is not None:
            self.samples.append(self.surroundings.sample())
            await asyncio.sleep(SAMPLE_EVERY)

    async def renew_tokens(self):
        last = time.monotonic()
        while self.began is not None:
            await asyncio.sleep(1)
            if time.monotonic() - last > RENEW_EVERY:
                last = time.monotonic()
                await self.tokens.renew()

    def fault(self, words):
        self.faults.append(words)
        if len(self.faults) <= 20:
            print(f"FAULT   {words}", flush=True)

    # The end

    def judge(self):
        """Ends the programs and gives all faults."""
        metrics = self.surroundings.metrics()
        status = self.surroundings.end()
        if status != 0:
            self.fault(f"the gateway ended with status {status}")
        for words in verdict.growth_faults(self.samples):
            self.fault(words)
        lines = (line for file in self.surroundings.audit_files for line in file.open())
        for words in verdict.record_faults(self.received, lines):
            self.fault(words)
        verified, words = self.surroundings.verify_audit(metrics)
        if verified != 0:
            self.fault(f"the audit does not verify: {words[-500:]}")
        self.summarise(metrics, words)
        return self.faults

    def summarise(self, metrics, audit):
        print(f"\n{sum(self.seen.values())} requests in {len(self.phases) - 1} phases, {len(self.received)} credentials received")
        for field in verdict.GROWTH:
            first, last = verdict.thirds(self.samples, field)
            highest = max(getattr(sample, field) for sample in self.samples)
            print(f"{field}: first third {first:g}, last third {last:g} (medians), highest {highest}")
        for name in ("policy_reloads", "tls_reloads", "audit_records"):
            counts = {key: f"{value:g}" for key, value in metrics.items() if key.startswith(f"vela_gateway_{name}_total")}
            print(" ".join(f"{key.removeprefix('vela_gateway_')} {value}" for key, value in counts.items()))
        print(f"{len(self.surroundings.audit_files)} audit files: {audit}")
        print(f"{len(self.faults)} faults")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", help="a folder with builds of vela-aws-gateway and vela-aws-devstack")
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vela-soak-") as name:
        soak = Soak(options.programs, pathlib.Path(name), minutes)
        try:
            asyncio.run(soak.run())
            return 1 if soak.judge() else 0
        finally:
            soak.surroundings.end()


if __name__ == "__main__":
    sys.exit(main())
