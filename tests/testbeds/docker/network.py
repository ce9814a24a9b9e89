"""The address ranges of the tests' engines: each has one of its own, and every bridge in it is the engine's."""

import ipaddress
import json
import shutil
import subprocess
from pathlib import Path

SLOTS = range(16)
_FILTERED = Path("/proc/sys/net/bridge/bridge-nf-call-iptables")
_PROGRAM = ("ip",)


def pool(slot: int) -> ipaddress.IPv4Network:
    """Return the range of an engine: 64 networks of 64 addresses, in a place for private networks that hardly anybody uses."""
    return ipaddress.IPv4Network(f"10.214.{16 * slot}.0/20")


def doorstep(slot: int) -> ipaddress.IPv4Interface:
    """Return where containers of a bridged engine find this machine: in the last network of the range."""
    last = [*pool(slot).subnets(new_prefix=26)][-1]
    return ipaddress.IPv4Interface(f"{last[1]}/26")


def bridge_name(slot: int) -> str:
    """Return the name of the bridge that is there."""
    return f"rs-build-{slot}"


def make_bridge(slot: int) -> None:
    """Make it, unless it is there."""
    _ip("link", "add", "name", bridge_name(slot), "type", "bridge")
    _ip("address", "replace", str(doorstep(slot)), "dev", bridge_name(slot))
    _ip("link", "set", bridge_name(slot), "up")


def bridges(slot: int) -> list[str]:
    """Return the bridges whose address lies in the range."""
    told = _ip("-json", "-4", "address")
    ours = pool(slot)
    return [link["ifname"] for link in json.loads(told) for at in link["addr_info"] if ipaddress.IPv4Address(at["local"]) in ours]


def remove_bridges(slot: int) -> None:
    """Take the bridges away that an engine left."""
    for name in bridges(slot):
        _ip("link", "delete", name)


def _ip(*words: str) -> str:
    return subprocess.run([*_PROGRAM, *words], capture_output=True, text=True, check=False).stdout  # our own words


def let_through(slot: int) -> None:
    """Let the engine's containers reach each other where the machine's packet filter looks at bridges too and drops what it doesn't know.

    An engine of the machine's own leaves it so.
    """
    if _FILTERED.exists() and _FILTERED.read_text().strip() == "1" and shutil.which("iptables") and not _rule("-C", slot):
        _rule("-I", slot)


def forget(slot: int) -> None:
    """Take back what `let_through` allowed."""
    while shutil.which("iptables") and _rule("-C", slot):
        _rule("-D", slot)


def _rule(act: str, slot: int) -> bool:
    ours = str(pool(slot))
    words = ["iptables", "--wait", act, "FORWARD", "-s", ours, "-d", ours, "-j", "ACCEPT"]
    done = subprocess.run(words, capture_output=True, check=False)  # our own words
    return done.returncode == 0
