"""The address ranges of the tests' engines: each has one of its own, and every bridge in it is the engine's."""

import ipaddress
import json
import subprocess

SLOTS = range(16)
_PROGRAM = ("ip",)


def pool(slot: int) -> ipaddress.IPv4Network:
    """Return the range of an engine: 64 networks of 64 addresses, in a place for private networks that hardly anybody uses."""
    return ipaddress.IPv4Network(f"10.214.{16 * slot}.0/20")


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
