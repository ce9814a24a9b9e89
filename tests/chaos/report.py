"""What a campaign prints in the end."""

import os
import platform
import sys
from collections import Counter
from collections.abc import Mapping, Sequence


def print_table(
    title: str, rows: Sequence[str], counts: Counter[str], failed: Mapping[int, list[str]], *, runs: int, seconds: float
) -> None:
    """Print how often each thing was done and what went wrong, with the machine."""
    failures = "went wrong"
    width = max(map(len, (*rows, failures)))
    lines = [f"{runs} runs on {title}, {seconds:.0f} s, {os.cpu_count()} processors, Python {platform.python_version()}"]
    lines += [f"  {row:<{width}} {counts[row]:>6}" for row in rows]
    lines += [f"  {failures:<{width}} {len(failed):>6}", *(f"  seed {seed}: {'; '.join(wrong)}" for seed, wrong in failed.items())]
    sys.stdout.write("\n".join(lines) + "\n")
