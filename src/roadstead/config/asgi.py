"""The whole of Roadstead's web side as one ASGI callable.

Event streams are native coroutines that wait without a thread; everything else is Django's WSGI application in a thread pool, which serves
several times the requests of Django's own ASGI handler.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings

from roadstead.config.wsgi import application as django
from roadstead.jobs.streams import job_events

Message = MutableMapping[str, Any]
STREAMS = "/events/"
_wsgi: Any = django
_pages: Any = WSGIMiddleware(_wsgi, workers=settings.OPTIONS.web_threads)


async def application(scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    """Hand a connection to whom it belongs."""
    if scope["type"] == "http" and scope["path"].startswith(STREAMS):
        await job_events(scope, receive, send)
    else:
        await _pages(scope, receive, send)
