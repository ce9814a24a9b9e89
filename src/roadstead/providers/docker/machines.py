"""Machines: containers that are made, found again by name and token, made anew when their definition differs, and taken away."""

import contextlib
import hashlib
import json
import re
import time
from collections.abc import Iterator, Sequence
from threading import Lock

from roadstead.providers.docker import definitions, disks, images, networks, room
from roadstead.providers.docker import problems as says
from roadstead.providers.docker.client import Conflict, Engine, Gone, Json
from roadstead.providers.docker.definitions import Chosen
from roadstead.providers.docker.labels import ADDRESS, DEFINITION, IMAGE, PORTS, TOKEN
from roadstead.runtimes.sdk import (
    CredentialRefused,
    Machine,
    MachineSpec,
    MachineState,
    NameTaken,
    NetworkGone,
    NotThere,
    Place,
    Port,
    PortWish,
    ProviderError,
    Refused,
    TimedOut,
)

NEXT = ".next"
TRIES = 12
PORTS_FROM, PORTS_TO = 20_000, 32_000
GONE_SECONDS = 60
STOP_SECONDS = 10
TURNS = 64
_PORT = re.compile(r"127\.0\.0\.1:(\d+)")
_STATES: dict[str, MachineState] = {
    # Whoever made it died before it was started.
    "created": "stopped",
    "running": "running",
    "restarting": "failed",
    "dead": "failed",
    "removing": "pending",
}


_turns = [Lock() for _ in range(TURNS)]


def _turn(spec: MachineSpec) -> Lock:
    """Return what is held while a machine is begun: two that need it at once must not change the agent that the first has started."""
    return _turns[hash(spec.token) % TURNS]


def create(engine: Engine, place: Place, spec: MachineSpec) -> Machine:
    """Make a machine and start it, or find it made."""
    with _turn(spec):
        if _settled(engine, spec) is None:
            room.refuse_too_large(engine, cpu=spec.cpu, memory=spec.memory)
            disks.must_be_there(engine, place, spec.disks)
        return _running(engine, place, spec)


def start(engine: Engine, place: Place, spec: MachineSpec) -> Machine:
    """Start a machine that is there."""
    with _turn(spec):
        if _settled(engine, spec) is None:
            raise NotThere(says.MACHINE_MISSING(name=spec.name))
        return _running(engine, place, spec)


def stop(engine: Engine, spec: MachineSpec, *, seconds: float) -> None:
    """Ask a machine to end, and then end it."""
    found = _settled(engine, spec)
    if found:
        _missing_is_done(engine, engine.api.stop, found["Id"], timeout=round(seconds))


def resize(engine: Engine, spec: MachineSpec) -> None:
    """Give a machine another size; it may run."""
    room.refuse_too_large(engine, cpu=spec.cpu, memory=spec.memory)
    found = _settled(engine, spec)
    if found is None:
        raise NotThere(says.MACHINE_MISSING(name=spec.name))
    _size(engine, spec, found)


def _size(engine: Engine, spec: MachineSpec, found: Json) -> None:
    wanted = definitions.size(spec)
    if any(found["HostConfig"].get(name) != value for name, value in wanted.items()):
        engine.call(
            engine.api.update_container,
            found["Id"],
            cpu_period=wanted["CpuPeriod"],
            cpu_quota=wanted["CpuQuota"],
            mem_limit=wanted["Memory"],
            memswap_limit=wanted["MemorySwap"],
        )


def change(engine: Engine, place: Place, spec: MachineSpec) -> None:
    """Make a stopped machine what its specification says; a running one that differs is refused."""
    found = _settled(engine, spec)
    if found is None or not _differs(found, spec):
        return
    if found["State"]["Running"]:
        raise Refused(says.MACHINE_RUNS(name=spec.name))
    _anew(engine, place, spec, found)


def delete(engine: Engine, token: str) -> None:
    """Delete a machine with what an interrupted change of it left. Its disks stay."""
    deadline = time.monotonic() + GONE_SECONDS
    while found := engine.list("containers", token=token):
        for container in found:
            try:
                engine.call(engine.api.remove_container, container["Id"], v=True, force=True)
            except Gone:
                continue
            except Conflict:
                # Another call removes it at this moment.
                if time.monotonic() > deadline:
                    raise TimedOut(says.LATE(seconds=GONE_SECONDS)) from None
                time.sleep(0.2)


def describe(engine: Engine, place: Place, tokens: Sequence[str]) -> tuple[Machine, ...]:
    """Return how these machines are, from one list."""
    found: dict[str, Json] = {}
    for container in engine.list("containers", environment=place.mark):
        token = container["Labels"].get(TOKEN, "")
        if token not in found or _name(found[token]).endswith(NEXT):
            found[token] = container
    return tuple(_told(found[token], token) if token in found else Machine(token=token, id="", state="gone") for token in tokens)


def console(engine: Engine, token: str, lines: int) -> str:
    """Return the last lines that a machine wrote."""
    found = [container for container in engine.list("containers", token=token) if not _name(container).endswith(NEXT)]
    if not found:
        raise NotThere(says.MACHINE_MISSING(name=token))
    text: bytes = engine.call(engine.api.logs, found[0]["Id"], stdout=True, stderr=True, tail=lines)
    return text.decode(errors="replace")


def _settled(engine: Engine, spec: MachineSpec) -> Json | None:
    """Return the machine's container, after a change of it that died half-way is brought to an end."""
    found, following = _find(engine, spec, spec.name), _find(engine, spec, spec.name + NEXT)
    if following is None:
        return found
    if found:
        # The old one stands: the change begins again.
        engine.call(engine.api.remove_container, following["Id"], v=True, force=True)
        return found
    engine.call(engine.api.rename, following["Id"], spec.name)
    return _find(engine, spec, spec.name)


def _find(engine: Engine, spec: MachineSpec, name: str) -> Json | None:
    found = engine.find(engine.api.inspect_container, name)
    if found and (found["Config"]["Labels"] or {}).get(TOKEN) != spec.token:
        raise NameTaken(says.NAME_TAKEN(where="name", name=name))
    return found


def _running(engine: Engine, place: Place, spec: MachineSpec) -> Machine:
    """Have the machine run as its specification says. What is taken is found out by starting: a try after the other chooses anew."""
    facts = images.known(engine, spec.image)
    images.refuse_unfit(facts, spec.boot, spec.image)
    taken: set[str] = set()
    reason, lost = "", False
    for _try in range(TRIES):
        found = _settled(engine, spec)
        if found is None:
            found = _made(engine, place, spec, spec.name, _choice(engine, spec, None, taken))
        elif not found["State"]["Running"] and (_differs(found, spec) or taken or lost or _cut_off(found)):
            found = _anew(engine, place, spec, found, taken)
        try:
            if not found["State"]["Running"]:
                _begin(engine, spec, facts, found)
            elif _cut_off(found):
                _connect(engine, spec, found)
        except _NetworkLost as error:
            # Another one may have its name by now; the container still means the first.
            if lost or engine.find(engine.api.inspect_network, spec.network) is None:
                raise NetworkGone(says.NETWORK_GONE(name=spec.network)) from error
            lost = True
            continue
        except _Taken as error:
            taken |= error.what
            reason = error.reason
            continue
        return _inspected(engine, spec)
    raise Refused(says.PORT_TAKEN(port=", ".join(str(wish.port) for wish in spec.ports), reason=reason))


def _begin(engine: Engine, spec: MachineSpec, facts: images.Facts, found: Json) -> None:
    """Put the agent in and start."""
    _size(engine, spec, found)
    _load(engine, spec, facts, found["Id"])
    try:
        engine.call(engine.api.start, found["Id"])
    except NotThere as error:
        if "network" in str(error):
            raise _NetworkLost from error
        raise
    except (Refused, CredentialRefused) as error:
        if not networks.holds(engine, spec.network, found["Config"]["Labels"][ADDRESS]):
            # It was deleted and made again, with another range, since the container was made.
            raise _NetworkLost from error
        # Of an address that is taken the engine says that it is forbidden.
        raise _understood(error, spec, found) from error


def _load(engine: Engine, spec: MachineSpec, facts: images.Facts, container: str) -> None:
    """Put into a container what its agent starts with. What a machine has that only changes isn't started: it gets all of it then."""
    if spec.boot.role == "bare":
        return
    engine.call(engine.api.put_archive, container, "/", definitions.luggage(spec.boot, facts))
    if spec.boot.frozen and not facts.python:
        with spec.boot.frozen.archive.open("rb") as packed:
            engine.call(engine.api.put_archive, container, definitions.FROZEN, packed)


def _cut_off(container: Json) -> str:
    """Return the network that a container should be in and that somebody took out of it, empty where it is as it should be."""
    network: str = container["HostConfig"]["NetworkMode"]
    has = container["NetworkSettings"]["Networks"] or {}
    return "" if any(network == name or told["NetworkID"].startswith(network) for name, told in has.items()) else network


def _connect(engine: Engine, spec: MachineSpec, found: Json) -> None:
    """Connect a running machine again, so that nothing of it ends. Where its address isn't to be had any more, it stops to get another."""
    address = found["Config"]["Labels"][ADDRESS]
    known = {"ipv4_address": address, "aliases": [spec.hostname] if spec.hostname else []}
    with contextlib.suppress(Refused, CredentialRefused):
        if networks.holds(engine, spec.network, address):
            try:
                engine.call(engine.api.connect_container_to_network, found["Id"], spec.network, **known)
            except Gone as error:
                raise _NetworkLost from error
            return
    engine.call(engine.api.stop, found["Id"], timeout=STOP_SECONDS)
    raise _Taken({address}, "")


class _NetworkLost(Exception):
    """The network that a container was made in isn't there."""


class _Taken(Exception):
    """An outside port or an address that was free a moment ago isn't."""

    def __init__(self, what: set[str], reason: str) -> None:
        super().__init__(reason)
        self.what, self.reason = what, reason


def _understood(error: ProviderError, spec: MachineSpec, found: Json) -> Exception:
    """Tell a taken port from a taken address: the engine says much the same of both."""
    reason = str(error.problem.params.get("reason", error))
    if "external connectivity" in reason or "port is already allocated" in reason:
        named = _PORT.findall(reason)
        return _Taken(set(named) or {str(port) for port in json.loads(found["Config"]["Labels"][PORTS]).values()}, reason)
    if "ddress already in use" in reason:
        address = found["Config"]["Labels"][ADDRESS]
        return Refused(says.ADDRESS_TAKEN(address=address, network=spec.network)) if spec.address else _Taken({address}, reason)
    return error


def _made(engine: Engine, place: Place, spec: MachineSpec, name: str, chosen: Chosen) -> Json:
    """Make the container, or find that another call was quicker."""
    try:
        told = definitions.container(place, spec, images.known(engine, spec.image), chosen)
        engine.call(engine.api.create_container_from_config, told, name)
    except Conflict:
        if _find(engine, spec, name) is None:
            raise
    except Gone as error:
        # Nothing but image and network is named in there, and the image was there a moment ago.
        if "network" in str(error):
            raise NetworkGone(says.NETWORK_GONE(name=spec.network)) from error
        raise NotThere(error.problem) from error
    found = _find(engine, spec, name)
    if found is None:
        raise NotThere(says.MACHINE_MISSING(name=name))
    return found


def _anew(engine: Engine, place: Place, spec: MachineSpec, old: Json, taken: set[str] | None = None) -> Json:
    """Make a stopped machine anew under its name. The old container goes only when the new one has the agent's memory."""
    facts = images.known(engine, spec.image)
    disks.must_be_there(engine, place, spec.disks)
    chosen = _choice(engine, spec, old, taken or set())
    made = _made(engine, place, spec, spec.name + NEXT, chosen)
    _load(engine, spec, facts, made["Id"])
    _remember(engine, old["Id"], made["Id"])
    engine.call(engine.api.remove_container, old["Id"], v=True, force=True)
    engine.call(engine.api.rename, made["Id"], spec.name)
    return made


def _remember(engine: Engine, old: str, new: str) -> None:
    """Carry what the agent knows of itself from one container to the other."""
    try:
        stream, _told = engine.call(engine.api.get_archive, old, f"{definitions.PLACE}/state")
    except Gone:
        return
    engine.call(engine.api.put_archive, new, definitions.PLACE, b"".join(stream))


def _choice(engine: Engine, spec: MachineSpec, old: Json | None, taken: set[str]) -> Chosen:
    """Choose the address and the outside ports: the same as before where they aren't taken."""
    labels = old["Config"]["Labels"] if old else {}
    address = spec.address or labels.get(ADDRESS, "")
    if not address or address in taken or not networks.holds(engine, spec.network, address):
        address = next((free for free in networks.addresses(engine, spec.network, spec.token) if free not in taken), "")
    if not address:
        raise Refused(says.NO_ADDRESS_LEFT(network=spec.network))
    before = json.loads(labels.get(PORTS, "{}"))
    taken = taken | (_given(engine) if spec.ports and not before else set())
    ports: dict[str, int] = {}
    for wish in spec.ports:
        wished = _ports(spec, wish, before.get(definitions.key(wish)))
        ports[definitions.key(wish)] = next(port for port in wished if str(port) not in taken and port not in ports.values())
    return Chosen(address, ports)


def _given(engine: Engine) -> set[str]:
    """Return the outside ports that are other machines', stopped ones too: they stay theirs."""
    told = [container["Labels"].get(PORTS, "{}") for container in engine.list("containers", token="")]
    return {str(port) for ports in told for port in json.loads(ports).values()}


def _ports(spec: MachineSpec, wish: PortWish, before: int | None) -> Iterator[int]:
    """Return the outside ports to try. They stay for the machine's life: applications write their own address down."""
    yield from filter(None, (before, wish.prefer))
    for number in range(PORTS_TO):
        seed = hashlib.sha256(f"{spec.token} {definitions.key(wish)} {number}".encode()).digest()
        yield PORTS_FROM + int.from_bytes(seed[:4]) % (PORTS_TO - PORTS_FROM)


def _differs(found: Json, spec: MachineSpec) -> bool:
    labels = found["Config"]["Labels"]
    return labels.get(DEFINITION) != definitions.digest(spec) or (bool(spec.address) and labels.get(ADDRESS) != spec.address)


def _missing_is_done(engine: Engine, question: object, *words: object, **more: object) -> None:
    try:
        engine.call(question, *words, **more)  # type: ignore[arg-type]
    except Gone:
        return


def _inspected(engine: Engine, spec: MachineSpec) -> Machine:
    found = _find(engine, spec, spec.name)
    if found is None:
        raise NotThere(says.MACHINE_MISSING(name=spec.name))
    state = found["State"]["Status"]
    listed = {"Id": found["Id"], "Names": [found["Name"]], "Labels": found["Config"]["Labels"], "State": state, "Status": ""}
    return _told(found | listed, spec.token)


def _told(container: Json, token: str) -> Machine:
    labels = container["Labels"]
    ports = json.loads(labels.get(PORTS, "{}"))
    state = _STATES.get(container["State"], "stopped")
    return Machine(
        token=token,
        id=container["Id"],
        state=state,
        name=_name(container).removesuffix(NEXT),
        address=labels.get(ADDRESS, ""),
        ports=tuple(Port(int(name.partition("/")[0]), name.partition("/")[2], definitions.LOOPBACK, port) for name, port in ports.items()),
        image=labels.get(IMAGE, ""),
        reason=container["Status"] if state in {"failed", "stopped"} else "",
        cut_off=_cut_off(container) if state == "running" else "",
    )


def _name(container: Json) -> str:
    return str((container.get("Names") or [""])[0]).removeprefix("/")
