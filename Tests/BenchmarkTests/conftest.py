"""The benchmarks' modules lie in their own folder."""

import pathlib
import sys

BENCHMARKS = pathlib.Path(__file__).resolve().parents[2] / "Benchmarks"
sys.path += [str(BENCHMARKS), str(BENCHMARKS / "instructions"), str(BENCHMARKS / "profile")]
