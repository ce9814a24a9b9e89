"""What a frontgate does for its nodes: it passes their requests on, many in one of its own, and holds the orders sealed for them.

It can read and sign none of that. Whoever else in the network asks gets nothing that is of use to them.
"""

from __future__ import annotations

import threading
from typing import Any

from roadstead_agent import wire
from roadstead_agent.console import say
from roadstead_agent.link import Away, Link, Refused

MOST_AT_ONCE, MOST_BYTES = 100, 1024 * 1024
PASS_SECONDS = 40.0
LOST = wire.Answer(502)


class _Waiting:
    """A node's request on its way."""

    def __init__(self, request: wire.Request) -> None:
        self.request = request
        self.answer = LOST
        self.ready = threading.Event()


class Relay:
    """Passes requests on over one connection: what comes while one is under way goes together with the next."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._queue: list[_Waiting] = []
        self._came = threading.Condition()

    def start(self) -> None:
        """Pass on from now on."""
        threading.Thread(target=self._work, name="relay", daemon=True).start()

    def passed_on(self, request: wire.Request) -> wire.Answer:
        """Return the platform's answer to a node's request."""
        waiting = _Waiting(request)
        with self._came:
            self._queue.append(waiting)
            self._came.notify()
        waiting.ready.wait(PASS_SECONDS)
        return waiting.answer

    def _work(self) -> None:
        while True:
            batch = self._batch()
            try:
                self._pass(batch)
            except (Away, Refused, KeyError, ValueError, TypeError) as problem:
                say(f"cannot pass on: {type(problem).__name__} {problem}")
            for waiting in batch:
                waiting.ready.set()

    def _batch(self) -> list[_Waiting]:
        with self._came:
            while not self._queue:
                self._came.wait()
            taken, size = 0, 0
            for waiting in self._queue[:MOST_AT_ONCE]:
                size += 2 * len(waiting.request.body) + 1000
                if taken and size > MOST_BYTES:
                    break
                taken += 1
            batch, self._queue = self._queue[:taken], self._queue[taken:]
            return batch

    def _pass(self, batch: list[_Waiting]) -> None:
        answers = self._link.ask(wire.RELAY, {"requests": [waiting.request.packed() for waiting in batch]})["answers"]
        for waiting, packed in zip(batch, answers):
            waiting.answer = wire.Answer.unpacked(packed)


class PostBox:
    """The latest order for each node, until a newer one replaces it: a node that asks again gets it again."""

    def __init__(self) -> None:
        self._parcels: dict[str, dict[str, Any]] = {}
        self._came = threading.Condition()

    def put(self, parcel: dict[str, Any]) -> None:
        """Take an order that came for a node."""
        with self._came:
            self._parcels[str(parcel["agent"])] = parcel
            self._came.notify_all()

    def marks(self) -> dict[str, str]:
        """Return what is here, for the platform to send the rest."""
        with self._came:
            return {agent: str(parcel.get("mark", "")) for agent, parcel in self._parcels.items()}

    def wait_for(self, agent: str, have: str, seconds: float) -> dict[str, Any] | None:
        """Return a node's order when it is another one than it has; None when none came in time."""
        with self._came:
            self._came.wait_for(lambda: self._other(agent, have) is not None, seconds)
            return self._other(agent, have)

    def _other(self, agent: str, have: str) -> dict[str, Any] | None:
        parcel = self._parcels.get(agent)
        return parcel if parcel and parcel.get("mark") != have else None
