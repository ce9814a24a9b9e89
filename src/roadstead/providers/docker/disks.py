"""Disks: named volumes. Their size is what was asked for, not a limit; what they hold is measured when somebody asks."""

from collections.abc import Mapping, Sequence

from roadstead.providers.docker import problems as says
from roadstead.providers.docker import room
from roadstead.providers.docker.client import Conflict, Engine, Gone, Json
from roadstead.providers.docker.labels import PART, SIZE, TOKEN, labelled
from roadstead.runtimes.sdk import Disk, DiskSpec, NameTaken, NotThere, Place, Refused

MIB = 2**20


def create(engine: Engine, place: Place, spec: DiskSpec) -> Disk:
    """Make a disk, or find it. The engine gives the same volume for the same name, so two calls at once make one."""
    found = _find(engine, spec)
    if found is None:
        room.refuse_full(engine, spec.size)
        engine.call(engine.api.create_volume, spec.name, labels=labelled(place, spec.token, spec.labels, size=str(spec.size)))
        _find(engine, spec)
    return one(engine, place, spec.token)


def resize(engine: Engine, place: Place, spec: DiskSpec) -> Disk:
    """Note another size: on a volume of its own that holds nothing, because labels of a volume never change."""
    now = one(engine, place, spec.token)
    if now.state == "gone":
        raise NotThere(says.DISK_MISSING(name=spec.name))
    if spec.size < now.size:
        raise Refused(says.DISK_SHRINKS(name=spec.name, have=now.size))
    if spec.size > now.size:
        room.refuse_full(engine, spec.size - now.size)
        note = f"{spec.name}.size-{spec.size}"
        labels = {**labelled(place, spec.token, spec.labels, size=str(spec.size)), PART: "size"}
        engine.call(engine.api.create_volume, note, labels=labels)
    return one(engine, place, spec.token)


def delete(engine: Engine, token: str) -> None:
    """Delete a disk, the notes of its sizes last: while one is there, the disk is found again."""
    for volume in sorted(engine.list("volumes", token=token), key=lambda volume: PART in volume["Labels"]):
        try:
            engine.call(engine.api.remove_volume, volume["Name"])
        except Gone:
            continue
        except Conflict as error:
            raise Refused(says.DISK_IN_USE(name=volume["Name"])) from error


def describe(engine: Engine, place: Place, tokens: Sequence[str], *, measured: bool = False) -> tuple[Disk, ...]:
    """Return how these disks are, from one list of volumes and one of machines."""
    volumes: dict[str, list[Json]] = {}
    for volume in engine.list("volumes", environment=place.mark):
        volumes.setdefault(volume["Labels"].get(TOKEN, ""), []).append(volume)
    holders = {
        mount["Name"]: container["Labels"].get(TOKEN, "")
        for container in engine.list("containers", environment=place.mark)
        for mount in container["Mounts"]
        if mount["Type"] == "volume"
    }
    used = _used(engine) if measured else {}
    return tuple(_told(token, volumes.get(token, []), holders, used) for token in tokens)


def one(engine: Engine, place: Place, token: str) -> Disk:
    """Return how a disk is."""
    return describe(engine, place, [token])[0]


def must_be_there(engine: Engine, place: Place, wanted: Sequence[DiskSpec]) -> None:
    """Raise `NotThere` for a disk that is missing: the engine would make one that nobody knows of."""
    there = describe(engine, place, [disk.token for disk in wanted]) if wanted else ()
    for spec, disk in zip(wanted, there, strict=True):
        if disk.state == "gone":
            raise NotThere(says.DISK_MISSING(name=spec.name))


def _find(engine: Engine, spec: DiskSpec) -> Json | None:
    found = engine.find(engine.api.inspect_volume, spec.name)
    if found and (found["Labels"] or {}).get(TOKEN) != spec.token:
        raise NameTaken(says.NAME_TAKEN(where="name", name=spec.name))
    return found


def _told(token: str, volumes: Sequence[Json], holders: Mapping[str, str], used: Mapping[str, int]) -> Disk:
    own = next((volume for volume in volumes if PART not in volume["Labels"]), None)
    if own is None:
        return Disk(token=token, id="", state="gone")
    size = max(int(volume["Labels"].get(SIZE) or 0) for volume in volumes)
    machine = holders.get(own["Name"], "")
    return Disk(token, own["Name"], "attached" if machine else "free", size=size, machine=machine, used=used.get(own["Name"]))


def _used(engine: Engine) -> dict[str, int]:
    """Measure what every volume holds, in MiB; the engine walks through all of them."""
    measured = engine.call(engine.api.df)["Volumes"] or ()
    return {
        volume["Name"]: round(volume["UsageData"]["Size"] / MIB)
        for volume in measured
        if (volume.get("UsageData") or {}).get("Size", -1) >= 0
    }
