"""The whole of Roadstead's web side as one ASGI callable.

Event streams and the polls of agents are native coroutines that wait without a thread; everything else is Django's WSGI application in a
thread pool, which serves several times the requests of Django's own ASGI handler.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import Body, WSGIResponder, build_environ
from django.conf import settings

from roadstead.agents.doors import agent_doors
from roadstead.config.wsgi import application as django
from roadstead.jobs.streams import job_events

if TYPE_CHECKING:
    from asyncio import Task

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
STREAMS, AGENTS = "/events/", "/agents/"


class Answer(WSGIResponder):
    """Hands an answer over to the loop: whole, with the one change of thread that ends the work, or part by part where it is a stream.

    Each further change of thread costs as much as a tenth of what the store takes to answer. Of a stream, the first parts don't wait
    for the loop to take each.
    """

    def __init__(self, app: Any, executor: ThreadPoolExecutor, room: int) -> None:
        super().__init__(app, executor, room)
        self._room = room
        self._held: list[Any] = []
        self._whole = True
        self._sender: Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        body = Body(self.loop, receive)
        self._send = send
        context = copy_context()
        try:
            await self.loop.run_in_executor(self.executor, context.run, self.wsgi, build_environ(scope, body), self.start_response)
            if self._sender:
                await self.send_queue.put(None)
                await self._sender
            else:
                for message in self._held:
                    await send(message)
        finally:
            if self._sender:
                self._sender.cancel()
        if self.exc_info is not None:
            raise self.exc_info[0].with_traceback(self.exc_info[1], self.exc_info[2])

    def wsgi(self, environ: Any, start_response: Any) -> None:
        """Run Django; it says itself whether its answer is a stream."""
        answer: Any = self.app(environ, start_response)
        try:
            if getattr(answer, "streaming", True):
                self._flow()
                for part in answer:
                    self.send({"type": "http.response.body", "body": part, "more_body": True})
                self.send({"type": "http.response.body", "body": b""})
            else:
                self.send({"type": "http.response.body", "body": b"".join(answer)})
        finally:
            getattr(answer, "close", _nothing)()

    def send(self, message: Any) -> None:
        """Send a part. So many of a stream fit into the queue; what comes later waits until the reader has taken some."""
        if self._whole:
            self._held.append(message)
        elif self._room:
            self._room -= 1
            self.loop.call_soon_threadsafe(self.send_queue.put_nowait, message)
        else:
            super().send(message)

    def _flow(self) -> None:
        """Begin a stream, with what was held so far."""
        self._whole = False
        self.loop.call_soon_threadsafe(self._begin)
        for message in self._held:
            self.send(message)

    def _begin(self) -> None:
        self._sender = self.loop.create_task(self.sender(self._send))


def _nothing() -> None:
    """Close what has nothing to close."""


class Pages(WSGIMiddleware):
    """Django in a pool of threads."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request; what else a server asks is answered as ever."""
        if scope["type"] == "http":
            await Answer(self.app, self.executor, self.send_queue_size)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


_wsgi: Any = django
_pages: Any = Pages(_wsgi, workers=settings.OPTIONS.web_threads)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Hand a connection to whom it belongs."""
    if scope["type"] == "http" and (scope["path"].startswith(AGENTS) or _at_the_socket(scope)):
        await agent_doors(scope, receive, send)
    elif scope["type"] == "http" and scope["path"].startswith(STREAMS):
        await job_events(scope, receive, send)
    else:
        await _pages(scope, receive, send)


def _at_the_socket(scope: Message) -> bool:
    """Whether somebody came through the socket that is mounted into frontgates: they find agents' doors and nothing else."""
    server = scope.get("server")
    return server is None or server[1] is None
