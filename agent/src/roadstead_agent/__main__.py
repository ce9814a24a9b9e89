"""`agent.pyz run [FOLDER]`, or `roadstead-agent run [FOLDER]` with a Python of its own: what a machine starts with."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import MutableMapping
from pathlib import Path
from typing import Callable

from roadstead_agent.boot import FOLDER, Boot
from roadstead_agent.init import Child, Init, image_command


def main() -> None:
    """Be the first process of a machine until it stops."""
    words = sys.argv[1:]
    if words[:1] != ["run"] or words[2:]:
        sys.exit(f"usage: {Path(sys.argv[0]).name} run [FOLDER]")
    if getattr(sys, "frozen", False):
        as_before(os.environ)
    boot = Boot.read(Path(words[1]) if words[1:] else FOLDER)
    children = [Child("the agent", _agent(boot))]
    if boot.image.get("command"):
        children.append(Child("the image's command", image_command(boot.image)))
    sys.exit(Init(children, stop_seconds=boot.stop_seconds).run())


def as_before(environment: MutableMapping[str, str]) -> None:
    """Take back what the start of a frozen agent set for its own libraries: the machine's programs have theirs."""
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    environment.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        environment["LD_LIBRARY_PATH"] = before
    for name in [name for name in environment if name.startswith("_PYI_")]:
        del environment[name]


def _agent(boot: Boot) -> Callable[[], None]:
    """Return the agent, which ends when this process does."""
    watched, held = os.pipe()
    os.set_inheritable(held, False)

    def begin() -> None:
        os.close(held)
        threading.Thread(target=_end_with_parent, args=(watched,), daemon=True).start()
        # Only here: the first process is to stay small.
        from roadstead_agent import frontgate, node  # noqa: PLC0415

        (frontgate if boot.role == "frontgate" else node).run(boot)

    return begin


def _end_with_parent(watched: int) -> None:
    """Wait until the other end of the pipe is closed, which nobody does but the kernel."""
    os.read(watched, 1)
    os._exit(1)


if __name__ == "__main__":
    main()
