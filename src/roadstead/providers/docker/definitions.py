"""A machine's definition: what its container is made from, what goes into it before it starts, and how the two are told apart later."""

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roadstead.providers.docker.client import Json
from roadstead.providers.docker.images import Facts
from roadstead.providers.docker.labels import labelled
from roadstead.runtimes.sdk import Boot, DiskSpec, MachineSpec, Place, PortWish

PLACE = "/opt/roadstead"
FROZEN = f"{PLACE}/agent"
RELAY = "/run/roadstead"
LOOPBACK = "127.0.0.1"
PERIOD = 100_000
MIB = 2**20
_LOG = {"Type": "json-file", "Config": {"max-size": "8m", "max-file": "2"}}


@dataclass(frozen=True)
class Chosen:
    """What the engine's machine left free: the address, and the outside port of each port."""

    address: str
    ports: Mapping[str, int]


def key(wish: PortWish) -> str:
    """Return a port as the engine writes it."""
    return f"{wish.port}/{wish.protocol}"


def digest(spec: MachineSpec) -> str:
    """Return what changes when the container must be made anew: everything but size, address and what the agent is told."""
    parts = [
        spec.image,
        spec.network,
        spec.hostname,
        sorted((disk.token, disk.name, disk.mount_point) for disk in spec.disks),
        sorted(key(wish) for wish in spec.ports),
        spec.boot.relay,
        spec.boot.role == "bare",
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def container(place: Place, spec: MachineSpec, facts: Facts, chosen: Chosen) -> Json:
    """Return the engine's own description of the machine."""
    ports = {key(wish): [{"HostIp": LOOPBACK, "HostPort": str(chosen.ports[key(wish)])}] for wish in spec.ports}
    notes = {"definition": digest(spec), "address": chosen.address, "image": facts.id, "ports": json.dumps(dict(chosen.ports))}
    return {
        "Image": facts.id,
        "Hostname": spec.hostname,
        **_first(spec.boot, facts),
        "Healthcheck": {"Test": ["NONE"]},
        "Labels": labelled(place, spec.token, spec.labels, **notes),
        "ExposedPorts": {name: {} for name in ports},
        "HostConfig": {
            **size(spec),
            "NetworkMode": spec.network,
            "RestartPolicy": {"Name": "unless-stopped"},
            "SecurityOpt": ["no-new-privileges"],
            "Privileged": False,
            "PortBindings": ports,
            "Mounts": [*map(_mounted, spec.disks), *_relay(spec.boot)],
            "LogConfig": _LOG,
        },
        "NetworkingConfig": {
            "EndpointsConfig": {
                spec.network: {"IPAMConfig": {"IPv4Address": chosen.address}, "Aliases": [spec.hostname] if spec.hostname else []}
            }
        },
    }


def size(spec: MachineSpec) -> Json:
    """Return cores and memory in the engine's units; there is no swap beyond the memory."""
    return {"CpuPeriod": PERIOD, "CpuQuota": spec.cpu * PERIOD, "Memory": spec.memory * MIB, "MemorySwap": spec.memory * MIB}


def _first(boot: Boot, facts: Facts) -> Json:
    """Return what the container starts with: the agent, by the image's Python or by itself; without one, what the image says."""
    if boot.role == "bare":
        return {}
    command = [facts.python, f"{PLACE}/agent.pyz"] if facts.python else [f"{FROZEN}/roadstead-agent"]
    # The image's own signal is for its own command, which the agent starts and stops.
    return {"User": "0", "WorkingDir": "/", "Entrypoint": [*command, "run"], "Cmd": [], "StopSignal": "SIGTERM"}


def luggage(boot: Boot, facts: Facts) -> bytes:
    """Return what is put into the container before it starts: the agent, and its configuration with the image's own command."""
    told = {**json.loads(boot.config or b"{}"), "image": facts.settings}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for folder, mode in (("opt", 0o755), (PLACE[1:], 0o755), (f"{PLACE[1:]}/state", 0o700), (FROZEN[1:], 0o755)):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            archive.addfile(entry)
        _put(archive, "opt/roadstead/boot.json", json.dumps(told).encode(), 0o600)
        if facts.python:
            _put(archive, "opt/roadstead/agent.pyz", boot.agent, 0o644)
    return out.getvalue()


def _put(archive: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))


def _mounted(disk: DiskSpec) -> Json:
    return {"Type": "volume", "Source": disk.name, "Target": disk.mount_point}


def _relay(boot: Boot) -> Sequence[Json]:
    return [{"Type": "bind", "Source": boot.relay, "Target": RELAY}] if boot.relay else []
