"""Runs every check of the house, two at a time, and prints them in order; all failures show in one go."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
# Throw-away keys and no data folder: the tools that load Django read only its shape.
SHAPE = {
    "DJANGO_SETTINGS_MODULE": "roadstead.config.offline",
    "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("src", "gotext/src", "agent/src")),
    "ROADSTEAD_SKIP_ASSETS": "1",
}

CHECKS: dict[str, tuple[str, ...]] = {
    "types": (
        "mypy",
        "src",
        "gotext/src",
        "gotext/tests",
        "agent/src",
        "agent/tests",
        "scripts",
        "tests",
        "bench",
        "run.py",
        "hatch_build.py",
        "conftest.py",
    ),
    "lint": ("ruff", "check", "--output-format", "concise", "."),
    "format": ("ruff", "format", "--check", "--output-format", "concise", "."),
    "layers and doors": ("lint-imports", "--no-logo", "--no-cache"),
    "languages": ("python", "-m", "scripts.messages"),
    "migrations": ("python", "-m", "django", "makemigrations", "--check", "--dry-run"),
    "locks": ("python", "-m", "scripts.locks"),
    "yardstick": ("python", "-m", "scripts.yardstick"),
}


def run(name: str) -> tuple[str, bool, str, float]:
    """Run one check; returns its name, whether it passed, what it said and how long it took."""
    program, *arguments = CHECKS[name]
    started = time.monotonic()
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env={**os.environ, **SHAPE},
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return name, done.returncode == 0, done.stdout, time.monotonic() - started


def main(names: list[str]) -> int:
    """Run the named checks, or all; 1 when one fails."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for name, passed, said, seconds in pool.map(run, names or CHECKS):
            sys.stdout.write(f"{'ok    ' if passed else 'FAILED'} {name} ({seconds:.1f} s)\n")
            if not passed or name == "yardstick":
                sys.stdout.write("".join(f"    {line}\n" for line in said.splitlines()))
            if not passed:
                failed.append(name)
    sys.stdout.write(f"failed: {', '.join(failed)}\n" if failed else "all checks passed\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
