"""Where a machine's programs speak when the platform can't be told: its console."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Say a line, never a secret."""
    sys.stdout.write(f"roadstead-agent: {text}\n")
    sys.stdout.flush()
