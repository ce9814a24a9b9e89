"""Programs of the machine that verbs use, by their words and never by a shell's text."""

from __future__ import annotations

import subprocess

SECONDS = 60.0


class Trouble(Exception):
    """A program is missing or said no; the text is what it said."""


def run(*words: str, seconds: float = SECONDS, codes: tuple[int, ...] = (0,)) -> str:
    """Run a program and return what it said; raises `Trouble`."""
    try:
        done = subprocess.run(  # noqa: S603  # our own words
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False
        )
    except FileNotFoundError:
        raise Trouble(f"{words[0]} isn't on this machine") from None
    except subprocess.TimeoutExpired:
        raise Trouble(f"{words[0]} took longer than {seconds:.0f} s") from None
    said = done.stdout.decode(errors="replace").strip()
    if done.returncode not in codes:
        raise Trouble(f"{words[0]}: {said or f'code {done.returncode}'}")
    return said
