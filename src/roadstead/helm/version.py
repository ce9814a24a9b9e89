"""Which version of Helm a command is: the calls are written for one generation, and an older one refuses half of their options."""

import re
import subprocess
from contextlib import suppress

GENERATION = 4
_SECONDS = 10
_VERSION = re.compile(r"v?(\d{1,4})\.\d{1,4}\.\d{1,4}\S{0,60}")


def version_of(command: str) -> str:
    """Return what a command says of its version, such as v4.3.1; nothing where it says none. Raises OSError where it can't be run."""
    ask = [command, "version", "--template", "{{.Version}}"]
    with suppress(subprocess.TimeoutExpired):
        said = subprocess.run(  # noqa: S603  # the operator's own command
            ask, env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        ).stdout
        found = _VERSION.fullmatch(said.decode(errors="replace").strip())
        return found[0] if found else ""
    return ""


def is_fit(version: str) -> bool:
    """Whether the calls are written for this version."""
    found = _VERSION.fullmatch(version)
    return found is not None and int(found[1]) == GENERATION
