"""SSH keys of a node: its own pair, and whose keys open it."""

from __future__ import annotations

import os
from pathlib import Path

from roadstead_agent.tools import Trouble, run
from roadstead_agent.work import Answer, Work, done, failed

HOME = Path("/root/.ssh")
# What packages ask for, and what they get: a DSA key opens nothing any more.
KINDS = {"ssh-rsa": ("rsa", "3072"), "ssh-dsa": ("rsa", "3072"), "ssh-ed25519": ("ed25519", "")}


def key(work: Work) -> Answer:
    """Make the node's key pair, or find it made; the public half is the answer."""
    kind, bits = KINDS.get(str(work.params.get("type") or "ssh-rsa"), ("", ""))
    if not kind:
        return failed("unknown_key_type", str(work.params.get("type")))
    file = HOME / f"id_{kind}"
    try:
        HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            aside = file.with_suffix(".new")
            for old in (aside, aside.with_suffix(".new.pub")):
                old.unlink(missing_ok=True)
            run("ssh-keygen", "-q", "-t", kind, *(("-b", bits) if bits else ()), "-N", "", "-C", "roadstead", "-f", str(aside))
            aside.with_suffix(".new.pub").replace(file.with_suffix(".pub"))
            aside.replace(file)
        return done(public=file.with_suffix(".pub").read_text().strip())
    except (Trouble, OSError) as trouble:
        return failed("key", str(trouble))


def attach(work: Work) -> Answer:
    """Let a key in."""
    return _settle(str(work.params["line"]), wanted=True)


def detach(work: Work) -> Answer:
    """Let a key in no more."""
    return _settle(str(work.params["line"]), wanted=False)


def _settle(line: str, *, wanted: bool) -> Answer:
    """Have this very line among those who are let in, or not."""
    line = line.strip()
    if not line or "\n" in line or line.startswith("#"):
        return failed("bad_params")
    file = HOME / "authorized_keys"
    try:
        HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = file.read_text().splitlines() if file.exists() else []
        others = [known for known in lines if known.strip() != line]
        wished = [*others, line] if wanted else others
        if wished != lines:
            aside = file.with_suffix(".new")
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
                out.write("".join(f"{known}\n" for known in wished))
            aside.replace(file)
    except OSError as trouble:
        return failed("key", str(trouble))
    return done()
