"""The agent with a Python of its own, built by its command once of each state of its sources and kept in the cache folder."""

import hashlib
import platform
import subprocess
import sys
from pathlib import Path

from roadstead.agents import freezing
from roadstead.runtimes.sdk import FrozenAgent
from tests.testbeds.kubernetes.build import cache, locked


def build() -> FrozenAgent:
    """Return it, built when it is missing: ten seconds of processor time."""
    recipe = f"{freezing.source()} {platform.python_version()} {platform.machine()}".encode() + Path(freezing.__file__).read_bytes()
    made = cache() / f"agent-{hashlib.sha256(recipe).hexdigest()[:12]}.tar.gz"
    with locked(made.with_suffix(".lock")):
        if not made.exists():
            subprocess.run([sys.executable, "-m", "roadstead", "agent", "build", "--output", str(made)], check=True)  # our own words
    about = freezing.about_of(made)
    return FrozenAgent(made, about.glibc, about.processor)
