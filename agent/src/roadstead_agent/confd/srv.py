"""Asks a name server where a service is: Python's own library knows addresses only."""

from __future__ import annotations

import secrets
import socket
import struct
from pathlib import Path

SECONDS = 3.0
SRV, INTERNET = 33, 1
LARGEST_NAME = 255
POINTER = 0xC0
RESOLVERS = Path("/etc/resolv.conf")


def lookup_srv(service: str, protocol: str, name: str) -> list[dict[str, object]]:
    """Return the places of a service, in order; none when nobody knows it or answers."""
    asked = f"_{service}._{protocol}.{name}" if service or protocol else name
    for server in _servers():
        try:
            return sorted(_ask(server, asked), key=lambda place: "{Target}{Port}{Priority}{Weight}".format(**place))
        except (OSError, ValueError, struct.error, IndexError, UnicodeError):
            continue
    return []


def _servers() -> list[str]:
    try:
        lines = [line.split() for line in RESOLVERS.read_text().splitlines()]
    except OSError:
        lines = []
    return [words[1] for words in lines if words[:1] == ["nameserver"] and len(words) > 1] or ["127.0.0.1"]


def _ask(server: str, name: str) -> list[dict[str, object]]:
    number = secrets.randbelow(1 << 16)
    labels = [label.encode("idna") for label in name.rstrip(".").split(".")]
    question = b"".join(bytes([len(label)]) + label for label in labels) + b"\0" + struct.pack(">HH", SRV, INTERNET)
    query = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + question
    host, _, port = server.partition("#")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.settimeout(SECONDS)
        line.connect((host, int(port or 53)))
        line.send(query)
        answer = line.recv(65535)
    return _places(answer, number, len(question))


def _places(answer: bytes, number: int, question: int) -> list[dict[str, object]]:
    said, flags, _, count, _, _ = struct.unpack_from(">HHHHHH", answer)
    if said != number or not flags & 0x8000:
        raise ValueError("an answer to something else")
    at = 12 + question
    places: list[dict[str, object]] = []
    for _ in range(count):
        _, at = _name(answer, at)
        kind, _, _, size = struct.unpack_from(">HHIH", answer, at)
        at += 10
        if kind == SRV:
            priority, weight, port = struct.unpack_from(">HHH", answer, at)
            target, _ = _name(answer, at + 6)
            places.append({"Target": target, "Port": port, "Priority": priority, "Weight": weight})
        at += size
    return places


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """Return a name and where it ends; names point back to earlier ones, never round and round."""
    labels: list[str] = []
    end = 0
    while answer[at]:
        if answer[at] >= POINTER:
            end = end or at + 2
            target = struct.unpack_from(">H", answer, at)[0] & 0x3FFF
            if target >= at:
                raise ValueError("a name that points forward")
            at = target
            continue
        labels.append(answer[at + 1 : at + 1 + answer[at]].decode("ascii"))
        at += 1 + answer[at]
        if sum(map(len, labels)) > LARGEST_NAME:
            raise ValueError("a name that is too long")
    return ".".join(labels) + ".", end or at + 1
