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


def whole(program: Any) -> list[Any]:
    """Return every message of an answer."""
    came: list[Any] = []

    async def send(message: Any) -> None:
        came.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"asked", "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "http_version": "1.1", "headers": []}
    asyncio.run(Pages(program, workers=1)(scope, receive, send))
    return came


class Page(list[bytes]):
    """An answer that isn't a stream, as Django makes them."""

    streaming = False
    closed = 0

    def close(self) -> None:
        """Count."""
        self.closed += 1


def test_an_answer_that_is_no_stream_comes_in_one_piece_and_is_closed() -> None:
    page = Page([b"one ", b"two"])

    def program(environ: Any, start: Any) -> Page:
        start("201 Created", [("X-Asked", environ["wsgi.input"].read().decode())])
        return page

    assert whole(program) == [
        {"type": "http.response.start", "status": 201, "headers": [(b"x-asked", b"asked")]},
        {"type": "http.response.body", "body": b"one two"},
    ]
    assert page.closed == 1


@pytest.mark.parametrize("begun", [False, True])
def test_what_goes_wrong_in_the_program_reaches_the_server(*, begun: bool) -> None:
    def program(_environ: Any, start: Any) -> Page:
        if begun:
            start("200 OK", [])
        raise LookupError("gone wrong")

    with pytest.raises(LookupError, match="gone wrong"):
        whole(program)
