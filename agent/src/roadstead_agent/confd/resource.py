"""Resource files: which template becomes which file, what it reads, and what is run."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadstead_agent import paths
from roadstead_agent.confd.toml import BadToml, parse

TEXTS = ("src", "dest", "prefix", "mode", "file_mode", "check_cmd", "reload_cmd", "pgp_private_key")
NUMBERS = ("uid", "gid")
SYSTEMS = frozenset({"aix", "darwin", "dragonfly", "freebsd", "illumos", "linux", "netbsd", "openbsd", "plan9", "solaris", "windows"})
MODE_BITS = 0o7777


@dataclass(frozen=True)
class Resource:
    """One resource file, read. `mode`, `uid` and `gid` are None where it leaves them open; `keys` have the prefix."""

    name: str
    template: Path
    dest: Path
    keys: tuple[str, ...]
    prefix: str
    mode: int | None
    uid: int | None
    gid: int | None
    check_cmd: str
    reload_cmd: str
    pgp_private_key: str


class BadResource(ValueError):
    """A resource file can't be used; `line` is 0 where no line is to blame."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def files(folder: Path) -> list[Path]:
    """Return the resource files that are for this machine, below `conf.d`, in order."""
    found = sorted((folder / "conf.d").rglob("*.toml"))
    return [path for path in found if path.name[0] not in "._" and path.is_file() and _named_for_us(path)]


def load(path: Path, folder: Path, prefix: str) -> Resource | None:
    """Read a resource file; None when its build constraints leave this machine out. Raises `BadResource`."""
    try:
        text = path.read_text()
        table = parse(text).get("template")
    except BadToml as problem:
        raise BadResource(str(problem), problem.line) from problem
    except (OSError, ValueError) as problem:
        raise BadResource(f"it can't be read: {problem}") from problem
    if not _built_for_us(text):
        return None
    if not isinstance(table, dict):
        raise BadResource("it has no table [template]")
    return _resource(str(path.relative_to(folder / "conf.d")), table, folder, prefix)


def _resource(name: str, table: dict[str, Any], folder: Path, prefix: str) -> Resource:
    fields = {field: _typed(table, field, str, "a text") for field in TEXTS}
    numbers = {field: _typed(table, field, int, "a number") for field in NUMBERS}
    keys = table.get("keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise BadResource("keys must be a list of texts")
    for field in ("src", "dest"):
        if not fields[field]:
            raise BadResource(f"{field} is missing")
    dest = Path(str(fields["dest"]).replace("${LIBCONFD_CONFDIR}", str(folder)))
    if not dest.is_absolute():
        raise BadResource(f"dest must be an absolute path, not {dest}")
    own = paths.join(prefix, fields["prefix"] or "")
    return Resource(
        name=name,
        template=folder / "templates" / str(fields["src"]),
        dest=dest,
        keys=tuple(paths.join(own, key) for key in keys),
        prefix=own,
        mode=_mode(fields["mode"] or fields["file_mode"]),
        uid=numbers["uid"],
        gid=numbers["gid"],
        check_cmd=fields["check_cmd"] or "",
        reload_cmd=fields["reload_cmd"] or "",
        pgp_private_key=fields["pgp_private_key"] or "",
    )


def _typed(table: dict[str, Any], field: str, kind: type, word: str) -> Any:
    value = table.get(field)
    if value is not None and type(value) is not kind:
        raise BadResource(f"{field} must be {word}")
    # Origin's files say -1 for what is left open.
    return None if value == -1 else value


def _mode(text: str | None) -> int | None:
    if not text:
        return None
    try:
        mode = int(text.removeprefix("0o"), 8)
    except ValueError:
        mode = -1
    if not 0 <= mode <= MODE_BITS:
        raise BadResource('mode must be an octal number in quotes, such as "0640"')
    return mode


def _named_for_us(path: Path) -> bool:
    """Whether a name such as `web.linux.toml` names this system, or none."""
    system = path.name[: -len(".toml")].rpartition(".")[2]
    return system not in SYSTEMS or system == _system()


def _built_for_us(text: str) -> bool:
    """Whether the build constraints at the head of a file fit: lines all, blanks any, commas all, `!` not."""
    tags = {_system(), os.uname().machine, "unix"}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return True
        words = line.lstrip("# \t").split()
        if words[:1] == ["+build"] and not any(all(_holds(tag, tags) for tag in word.split(",")) for word in words[1:]):
            return False
    return True


def _holds(tag: str, tags: set[str]) -> bool:
    return tag[1:] not in tags if tag.startswith("!") else tag in tags


def _system() -> str:
    return "linux" if sys.platform.startswith("linux") else sys.platform
