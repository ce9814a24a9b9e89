"""`/agents/v1/…` as a native ASGI coroutine: a poll waits on the loop without a thread, and the database is asked on threads of its own."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog

from roadstead.agents.handlers import NOTHING, Poll, answered, look
from roadstead.agents.identity import forget_nonces
from roadstead.agents.rates import Rates
from roadstead.jobs.bell import watching
from roadstead.jobs.threads import with_kept_connections
from roadstead_agent import wire

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 4
FORGET_SECONDS = 60.0
PATHS = frozenset({wire.ENROL, wire.POLL, wire.RELAY, wire.REPORT})
log = structlog.get_logger(__name__)


class TooLarge(Exception):
    """A body that no agent sends."""


class AgentDoors:
    """The doors of this process, as an ASGI application: at most `limit` polls wait at once."""

    def __init__(self, *, limit: int = 1000) -> None:
        self._limit = limit
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="agents")
        self._waiting: set[asyncio.Event] = set()
        self._closing = False
        self._rates = Rates()
        self._forgot = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever isn't an agent's finds nothing here."""
        reply = await self._reply(scope, receive)
        if reply:
            await _answer(send, reply)
        await self._forget()

    async def _reply(self, scope: Scope, receive: Receive) -> wire.Answer | None:
        if scope["method"] != "POST" or scope["path"] not in PATHS:
            return NOTHING
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if self._closing or not self._rates.allow(_who(scope, headers)):
            return wire.Answer(503 if self._closing else 429)
        try:
            body = await _body(receive)
        except TooLarge:
            return wire.Answer(413)
        request = wire.Request.received("POST", scope["path"], headers, body)
        reply: wire.Answer | Poll = await self._threaded(answered, request)
        return await self._held(reply, receive) if isinstance(reply, Poll) else reply

    @property
    def waiting(self) -> int:
        """How many polls wait now."""
        return len(self._waiting)

    def close(self) -> None:
        """End every poll and take no new ones; called on the loop when the server shuts down."""
        self._closing = True
        for event in self._waiting:
            event.set()

    async def _held(self, poll: Poll, receive: Receive) -> wire.Answer | None:
        """Wait until there is something to do, the time is up, or whoever asked has hung up (None)."""
        if len(self._waiting) >= self._limit:
            return wire.Answer(503)
        rung = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._waiting.add(rung)
        hangup = asyncio.create_task(_hangup(receive))
        hangup.add_done_callback(lambda _task: rung.set())
        try:
            with watching(poll.agent.pk, lambda: loop.call_soon_threadsafe(rung.set)):
                return await self._until_something(poll, rung, hangup)
        finally:
            hangup.cancel()
            self._waiting.discard(rung)

    async def _until_something(self, poll: Poll, rung: asyncio.Event, hangup: "asyncio.Task[None]") -> wire.Answer | None:
        loop = asyncio.get_running_loop()
        end = loop.time() + poll.wait
        while not hangup.done():
            rung.clear()
            late = loop.time() >= end or self._closing
            reply: wire.Answer | None = await self._threaded(look, poll, last=late)
            if reply or late:
                return reply
            try:
                await asyncio.wait_for(rung.wait(), end - loop.time())
            except TimeoutError:
                continue
        return None

    async def _threaded(self, function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        work = with_kept_connections(function)
        return await asyncio.get_running_loop().run_in_executor(self._pool, lambda: work(*args, **named))

    async def _forget(self) -> None:
        moment = asyncio.get_running_loop().time()
        if moment - self._forgot > FORGET_SECONDS:
            self._forgot = moment
            await self._threaded(forget_nonces)


agent_doors = AgentDoors()


def _who(scope: Scope, headers: dict[str, str]) -> str:
    """Return what requests are counted under: an address can't use up what others may ask under the same name."""
    client = scope.get("client")
    return f"{client[0] if client else ''} {headers.get(wire.AGENT, '')[:40]}"


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > wire.MAX_BODY:
            raise TooLarge
        if not message.get("more_body"):
            return body


async def _hangup(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, answer: wire.Answer) -> None:
    headers = {"content-length": str(len(answer.body)), "content-type": "application/octet-stream", **answer.headers()}
    lines = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": lines})
    await send({"type": "http.response.body", "body": answer.body})
