"""What the engine's machine has, and what is too large for it."""

import shutil
import time
from pathlib import Path

from roadstead.providers.docker import problems as says
from roadstead.providers.docker.client import Engine, Json
from roadstead.runtimes.sdk import QuotaExceeded, Room

MIB, GIB = 2**20, 2**30
KEPT_SECONDS = 60.0
_told: dict[str, tuple[float, Json]] = {}


def room(engine: Engine) -> Room:
    """Return what the machine has, with facts of the engine."""
    told = engine.call(engine.api.info)
    _told[engine.access.host] = (time.monotonic(), told)
    facts = {
        "name": told.get("Name", ""),
        "engine": told.get("ServerVersion", ""),
        "system": told.get("OperatingSystem", ""),
        "processor": told.get("Architecture", ""),
        "storage": told.get("Driver", ""),
    }
    return Room(cpu=told["NCPU"], memory=told["MemTotal"] // MIB, disk=_free(engine, told), facts=facts)


def refuse_too_large(engine: Engine, *, cpu: int, memory: int) -> None:
    """Raise when the machine has fewer cores or less memory than this."""
    told = _info(engine)
    if cpu > told["NCPU"]:
        raise QuotaExceeded(says.CPU_TOO_LARGE(where="cpu", wanted=cpu, have=told["NCPU"]))
    if memory > told["MemTotal"] // MIB:
        raise QuotaExceeded(says.MEMORY_TOO_LARGE(where="memory", wanted=memory, have=told["MemTotal"] // MIB))


def refuse_full(engine: Engine, size: int) -> None:
    """Raise when the machine has less disk free than this; of a remote one it can't be told."""
    free = _free(engine, _info(engine))
    if free and size > free:
        raise QuotaExceeded(says.DISK_TOO_LARGE(where="size", wanted=size, have=free))


def _info(engine: Engine) -> Json:
    """Return what the engine tells of itself; it takes its time, and hardly ever changes."""
    at, told = _told.get(engine.access.host, (0.0, {}))
    if not told or time.monotonic() - at > KEPT_SECONDS:
        told = engine.call(engine.api.info)
        _told[engine.access.host] = (time.monotonic(), told)
    return told


def _free(engine: Engine, told: Json) -> int:
    """Return the free disk in GiB, 0 where it can't be told: the engine may be elsewhere, or in a place of its own."""
    root = Path(told.get("DockerRootDir", "/nowhere"))
    try:
        return shutil.disk_usage(root).free // GIB if engine.access.local else 0
    except OSError:
        return 0
