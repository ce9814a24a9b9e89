"""Where `roadstead login` keeps an address and a token: in the user's configuration folder, readable by nobody else."""

import json
import os
from pathlib import Path

import click

from roadstead.cli.api_errors import Stopped


def place() -> Path:
    """Return the file."""
    return Path(click.get_app_dir("roadstead")) / "login.json"


def kept_login() -> dict[str, str]:
    """Return what is kept, or nothing."""
    try:
        kept = json.loads(place().read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Stopped(f"{place()} can't be read; sign in again: roadstead login") from error
    return {name: value for name, value in kept.items() if isinstance(value, str)} if isinstance(kept, dict) else {}


def keep_login(url: str, token: str) -> None:
    """Keep an address and a token; the file is its owner's alone from its first byte on."""
    file = place()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump({"url": url, "token": token}, out)
    draft.replace(file)


def forget_login() -> None:
    """Keep nothing."""
    place().unlink(missing_ok=True)
