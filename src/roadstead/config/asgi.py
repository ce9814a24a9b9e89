"""The whole of Roadstead's web side as one ASGI callable.

Event streams and the polls of agents are native coroutines that wait without a thread; everything else is Django's WSGI application in a
thread pool, which serves several times the requests of Django's own ASGI handler.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder
from django.conf import settings

from roadstead.agents.doors import agent_doors
from roadstead.config.wsgi import application as django
from roadstead.jobs.streams import job_events

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
STREAMS, AGENTS = "/events/", "/agents/"


class Answer(WSGIResponder):
    """Hands the first parts of an answer over without waiting for the loop to take each.

    An ordinary page has three parts, and each wait is two changes of thread: without them the store serves a third more.
    """

    def __init__(self, app: Any, executor: ThreadPoolExecutor, room: int) -> None:
        super().__init__(app, executor, room)
        self._room = room

    def send(self, message: Any) -> None:
        """Send a part. So many fit into the queue; what comes later waits until the reader has taken some."""
        if self._room:
            self._room -= 1
            self.loop.call_soon_threadsafe(self.send_queue.put_nowait, message)
        else:
            super().send(message)


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
