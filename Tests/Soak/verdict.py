"""What must hold at the end of a soak run. Each function gives the faults that it found, in words."""

import collections
import json
import statistics

# How much the median of the last third may lie above that of the first. Half an hour's growth that was no leak was one MiB; 20 bytes
# leaked a request would be five. Descriptors move with the connections, threads with those of the signals and of name resolution.
GROWTH = {"memory_kib": 4096, "descriptors": 8, "threads": 2}

Sample = collections.namedtuple("Sample", ["memory_kib", "descriptors", "threads"])


def thirds(samples, field):
    """The medians of a field over the first and the last third."""
    values = [getattr(sample, field) for sample in samples]
    third = max(1, len(values) // 3)
    return statistics.median(values[:third]), statistics.median(values[-third:])


def growth_faults(samples):
    if len(samples) < 6:
        return ["too few samples to compare"]
    found = []
    for field, bound in GROWTH.items():
        first, last = thirds(samples, field)
        if last - first > bound:
            found.append(f"{field} grew from {first:g} to {last:g}, by more than {bound}")
    return found


def record_faults(received, lines):
    """Compares access key ids that callers received with the audit's lines: each has one `allowed` record, and no record more."""
    recorded = collections.Counter()
    found = []
    for line in lines:
        record = json.loads(line)
        if record["outcome"] == "allowed":
            recorded[record["access_key_id"]] += 1
        elif record["outcome"] == "withheld":
            found.append(f"credentials were withheld: {record['access_key_id']}")
    received = collections.Counter(received)
    found += [f"{key} was received and is not recorded" for key in received - recorded]
    found += [f"{key} is recorded and was not received" for key in recorded - received]
    return found
