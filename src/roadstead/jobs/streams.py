"""`GET /events/jobs/<id>`: server-sent events of one job, as a native ASGI coroutine.

`job` says that something changed (`{"id", "status", "done", "total"}`), `end` that nothing more will. Who may see the job is asked anew
before each event. The database is asked on threads of the streams' own, never on the loop.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from roadstead.jobs.bell import watching
from roadstead.jobs.selectors import jobs_visible_to
from roadstead.jobs.threads import with_own_connections

PREFIX = "/events/jobs/"
# Steps that change in quick succession are told of together.
PACE_SECONDS = 0.1

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_pool = ThreadPoolExecutor(4, thread_name_prefix="streams")
_END = "end"
_HEADERS = ((b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"))


@dataclass(frozen=True)
class Progress:
    """What a stream says of a job."""

    id: str
    status: str
    done: int
    total: int
    unfinished: bool

    def data(self) -> str:
        """Return it as the data of an event."""
        return json.dumps({"id": self.id, "status": self.status, "done": self.done, "total": self.total})


Look = Callable[[], Awaitable[Progress | None]]


class JobEvents:
    """The streams of this process, as an ASGI application: at most `limit` at once, a heartbeat every so many seconds."""

    def __init__(self, *, limit: int = 200, heartbeat: float = 15.0) -> None:
        self._limit = limit
        self._heartbeat = heartbeat
        self._open: set[asyncio.Event] = set()
        self._closing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: a stream, 404 for a job that isn't there for this person, 204 to a browser that comes back after the end."""
        if scope["method"] != "GET":
            return await _answer(send, 405)
        if _headers(scope).get("last-event-id") == _END:
            return await _answer(send, 204)
        if self._closing or len(self._open) >= self._limit:
            return await _answer(send, 503)
        changed = asyncio.Event()
        self._open.add(changed)
        try:
            await self._stream(scope, receive, send, changed)
        finally:
            self._open.discard(changed)

    def close(self) -> None:
        """End every stream and take no new ones; called on the loop when the server shuts down."""
        self._closing = True
        for changed in self._open:
            changed.set()

    async def _stream(self, scope: Scope, receive: Receive, send: Send, changed: asyncio.Event) -> None:
        job_id, session = str(scope["path"]).removeprefix(PREFIX), _session_key(scope)
        loop = asyncio.get_running_loop()
        with watching(job_id, lambda: loop.call_soon_threadsafe(changed.set)):
            progress = await _look(session, job_id)
            if progress is None:
                return await _answer(send, 404)
            hangup = asyncio.create_task(_hangup(receive))
            hangup.add_done_callback(lambda _task: changed.set())
            try:
                await _start(send, 200, *_HEADERS)
                await self._follow(partial(_look, session, job_id), progress, send, changed, hangup)
                await send({"type": "http.response.body", "body": b""})
            finally:
                hangup.cancel()

    async def _follow(self, look: Look, progress: Progress, send: Send, changed: asyncio.Event, hangup: asyncio.Task[None]) -> None:
        """Say, wait, look again; until the job has ended, the person may not see it any more, or either side hangs up."""
        await _write(send, f"event: job\ndata: {progress.data()}\n\n")
        while progress.unfinished:
            woken = await self._change(changed)
            if self._closing or hangup.done():
                return
            latest = await look()
            if latest is None:
                return
            await _write(send, f"event: job\ndata: {latest.data()}\n\n" if woken or latest != progress else ": still here\n\n")
            progress = latest
        await _write(send, f"id: {_END}\nevent: end\ndata: {progress.data()}\n\n")

    async def _change(self, changed: asyncio.Event) -> bool:
        """Wait for the next change; False if a heartbeat is due first."""
        try:
            async with asyncio.timeout(self._heartbeat):
                await changed.wait()
                await asyncio.sleep(PACE_SECONDS)
        except TimeoutError:
            return False
        changed.clear()
        return True


job_events = JobEvents()
close_all = job_events.close


async def _hangup(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _look(session_key: str, job_id: str) -> Progress | None:
    return await asyncio.get_running_loop().run_in_executor(_pool, progress_for, session_key, job_id)


@with_own_connections
def progress_for(session_key: str, job_id: str) -> Progress | None:
    """Return where a job is, if the person of this session may see it now."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    job = jobs_visible_to(get_user(request)).filter(pk=job_id).first()
    return Progress(job.pk, job.status, job.done, job.total, job.unfinished) if job else None


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _session_key(scope: Scope) -> str:
    cookies = SimpleCookie(_headers(scope).get("cookie", ""))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


async def _answer(send: Send, status: int) -> None:
    """Answer without a body."""
    await _start(send, status, (b"content-length", b"0"))
    await send({"type": "http.response.body", "body": b""})


async def _start(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
