"""The bridge from ASGI to Django: every part of an answer arrives, in order, and a long one waits for its reader."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from roadstead.config.asgi import Pages

ROOM = 3


def answered(parts: list[bytes]) -> tuple[list[bytes], int]:
    """Ask a slow reader's question; return the parts that came, and by how many the program was ever ahead of the reader."""
    made: list[bytes] = []
    came: list[bytes] = []
    ahead = 0

    def program(_environ: Any, start: Any) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        for part in parts:
            made.append(part)
            yield part

    async def send(message: Any) -> None:
        nonlocal ahead
        await asyncio.sleep(0.001)
        if message.get("body"):
            came.append(message["body"])
        ahead = max(ahead, len(made) - len(came))

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "http_version": "1.1", "headers": []}
    asyncio.run(Pages(program, workers=1, send_queue_size=ROOM)(scope, receive, send))
    return came, ahead


@pytest.mark.parametrize("count", [0, 1, ROOM - 1, ROOM, 50])
def test_parts(count: int) -> None:
    """Whether or not they fit into the queue."""
    parts = [b"%d" % number for number in range(count)]
    came, ahead = answered(parts)
    assert came == parts
    assert ahead <= ROOM + 2
