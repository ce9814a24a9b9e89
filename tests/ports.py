"""Ports of the loopback for the servers that tests start."""

import contextlib
import random
import socket
from pathlib import Path

LOWEST = 10_000
RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
USUAL_LOWEST_OF_CLIENTS = 32_768


def free_ports(count: int) -> list[int]:
    """Return different ports that nobody listens on; all are held at once, so that they differ.

    They lie below those that the system lends to outgoing connections: one of these could be lent again before the server binds it.
    """
    highest = int(RANGE.read_text().split()[0]) if RANGE.exists() else USUAL_LOWEST_OF_CLIENTS
    candidates = range(LOWEST, highest) if highest > LOWEST + count else range(LOWEST, 2**16)
    with contextlib.ExitStack() as held:
        ports: list[int] = []
        # Not seeded by whoever seeds the tests: two workers must not walk the same row.
        for port in random.SystemRandom().sample(candidates, len(candidates)):
            probe = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                ports.append(port)
            if len(ports) == count:
                return ports
    raise OSError("no port of the loopback is free")
