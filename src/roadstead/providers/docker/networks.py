"""Private networks of an environment: ranges are the engine's choice, addresses in them are ours."""

import contextlib
import hashlib
import ipaddress
import time
from collections.abc import Iterator
from threading import Lock

from roadstead.providers.docker import problems as says
from roadstead.providers.docker.client import Conflict, Engine, Gone, Json
from roadstead.providers.docker.labels import ADDRESS, TOKEN, labelled
from roadstead.runtimes.sdk import CredentialRefused, Network, NetworkGone, NetworkSpec, Place, QuotaExceeded, Refused

TRIES = 10
_MOMENT = 0.1
TURNS = 16
_turns = [Lock() for _ in range(TURNS)]


def ensure(engine: Engine, place: Place, spec: NetworkSpec) -> Network:
    """Make a network, or find it. An engine takes two of one name: of two that were made at once, the first stays.

    Which one is first is known a moment later, so those that want one at once in this process come one after the other.
    """
    with _turns[hash(spec.token) % TURNS]:
        return _ensured(engine, place, spec)


def _ensured(engine: Engine, place: Place, spec: NetworkSpec) -> Network:
    for _try in range(TRIES):
        # What was made is looked for like what was there: another call may have made one too, and taken ours away.
        found = _ours(engine, spec.token)
        for second in found[1:]:
            with contextlib.suppress(Gone):
                engine.call(engine.api.remove_network, second["Id"])
        if found:
            return network(found[0])
        _make(engine, place, spec)
    raise NetworkGone(says.NETWORK_GONE(name=spec.name))


def delete(engine: Engine, token: str) -> None:
    """Delete a network; machines that are still in it keep it."""
    for found in _ours(engine, token):
        try:
            engine.call(engine.api.remove_network, found["Id"])
        except Gone:
            continue
        except (Conflict, CredentialRefused) as error:
            # The engine says 403 when something is still connected.
            raise Refused(says.NETWORK_IN_USE(name=found["Name"])) from error


def listed(engine: Engine, place: Place) -> tuple[Network, ...]:
    """Return the environment's networks."""
    return tuple(network(found) for found in engine.list("networks", environment=place.mark))


def network(found: Json) -> Network:
    """Return a network as the seam tells it; its name is its id, for a network that was lost is made again under it."""
    return Network(id=found["Name"], name=found["Name"], cidr=_range(found), zone="")


def addresses(engine: Engine, name: str, token: str) -> Iterator[str]:
    """Return free addresses of a network, first the one that the token means: two machines that are made at once seldom meet."""
    found = engine.find(engine.api.inspect_network, name)
    if found is None:
        raise NetworkGone(says.NETWORK_GONE(name=name))
    taken = {container["Labels"].get(ADDRESS) for container in engine.list("containers", token="")}
    hosts = list(ipaddress.ip_network(_range(found)).hosts()) if ":" not in _range(found) else []
    gateway = next((part.get("Gateway") for part in found["IPAM"]["Config"] or () if part.get("Gateway")), str(hosts[0]) if hosts else "")
    start = int.from_bytes(hashlib.sha256(token.encode()).digest()[:4]) % max(len(hosts), 1)
    for host in (str(host) for host in (*hosts[start:], *hosts[:start])):
        if host not in taken and host != gateway:
            yield host


def holds(engine: Engine, name: str, address: str) -> bool:
    """Whether an address lies in a network: one that was deleted and made again may have got another range."""
    found = engine.find(engine.api.inspect_network, name)
    return found is None or not _range(found) or ipaddress.ip_address(address) in ipaddress.ip_network(_range(found))


def _make(engine: Engine, place: Place, spec: NetworkSpec) -> None:
    """Let the engine choose a range, then make the network with it: fixed addresses need a range that was named."""
    labels = labelled(place, spec.token, spec.labels)
    for number in range(TRIES):
        try:
            chosen = _choice(engine, labels, spec.name)
        except (Conflict, Gone):
            # Another call about the same network is choosing at this moment, or has just made it.
            if _ours(engine, spec.token):
                return
            time.sleep(_MOMENT * (number + 1))
            continue
        try:
            _created(engine, spec.name, labels, {"Driver": "default", "Config": [{"Subnet": chosen}]})
        except Conflict:
            # Another call was quicker, or somebody has the name.
            if not _ours(engine, spec.token):
                raise
        except (Refused, CredentialRefused) as error:
            if "overlap" not in str(error):
                raise
            continue
        return
    raise QuotaExceeded(says.NO_NETWORK_LEFT(reason="ranges were taken again and again"))


def _choice(engine: Engine, labels: dict[str, str], name: str) -> str:
    """Return a range that the engine finds free on its machine: that of a network which is there for this moment only."""
    passing = {**labels, TOKEN: f"{labels[TOKEN]}.range"}
    for left in _ours(engine, passing[TOKEN]):
        with contextlib.suppress(Gone):
            engine.call(engine.api.remove_network, left["Id"])
    try:
        made = _created(engine, f"{name}.range", passing, None)
    except Conflict:
        raise
    except (Refused, CredentialRefused) as error:
        raise QuotaExceeded(says.NO_NETWORK_LEFT(reason=str(error))) from error
    try:
        return _range(engine.call(engine.api.inspect_network, made["Id"]))
    finally:
        # Another call about the same network may have cleared it away.
        with contextlib.suppress(Gone):
            engine.call(engine.api.remove_network, made["Id"])


def _created(engine: Engine, name: str, labels: dict[str, str], pool: Json | None) -> Json:
    made: Json = engine.call(engine.api.create_network, name, driver="bridge", ipam=pool, labels=labels, check_duplicate=True)
    return made


def _ours(engine: Engine, token: str) -> list[Json]:
    return sorted(engine.list("networks", token=token), key=lambda found: (found["Created"], found["Id"]))


def _range(found: Json) -> str:
    return str(next((part["Subnet"] for part in found["IPAM"]["Config"] or () if part.get("Subnet")), ""))
