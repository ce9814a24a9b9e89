"""`python -m …docker.inside COMMAND…`: the first process of an engine, in mounts and process ids of its own.

It starts the engine, buries whoever ends, and ends with the engine; the kernel then ends all the rest, containers too.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

# Where the engine's parts meet whatever they are told: an empty place of this engine's own.
OWN_PLACES = ("/run/containerd",)
MOUNT = ("mount", "-t", "tmpfs", "none")


def main(command: list[str]) -> int:
    """Be the first process until the engine has ended."""
    for place in OWN_PLACES:
        Path(place).mkdir(parents=True, exist_ok=True)
        subprocess.run([*MOUNT, place], check=True)  # our own words
    engine = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # our own words

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(engine.pid, number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        ended, _status = os.wait()
        if ended == engine.pid:
            return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
