"""Instances that wait for their machines' agents; `waiting_times` does the work, in a process with Django."""

import tempfile
from pathlib import Path

from bench.installation import inside

# What a cloud's machines need to reach us, were there any.
SETTINGS = {"ROADSTEAD_FRONTGATE_IMAGE": "frontgate:1", "ROADSTEAD_AGENT_URL": "https://platform.test"}


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as folder:
        inside(Path(folder), "bench.waiting_times", settings=SETTINGS)


if __name__ == "__main__":
    main()
