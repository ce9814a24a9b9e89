"""Event streams: who may see one, what it says, and that it ends."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest
from django.test import Client

from roadstead.accounts import factories as people
from roadstead.accounts.models import UserStatus
from roadstead.jobs import bell, factories, streams
from roadstead.jobs.streams import JobEvents, Progress

WORKING, DONE = Progress("j-1", "working", 1, 2, unfinished=True), Progress("j-1", "successful", 2, 2, unfinished=False)
Story = Callable[["Browser"], Awaitable[None]]


class Browser:
    """One request to a stream, and everything that came back."""

    def __init__(self, events: JobEvents, monkeypatch: pytest.MonkeyPatch, progress: Progress | None) -> None:
        self.events = events
        self.progress = progress
        self.status = 0
        self.body = ""
        self._gone = asyncio.Event()
        monkeypatch.setattr(streams, "progress_for", lambda _session, _job: self.progress)

    async def open(self, **headers: str) -> "asyncio.Task[None]":
        lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope: MutableMapping[str, Any] = {"type": "http", "method": "GET", "path": "/events/jobs/j-1", "headers": lines}
        task = asyncio.create_task(self.events(scope, self._receive, self._send))
        await asyncio.sleep(0.05)
        return task

    def leave(self) -> None:
        self._gone.set()

    async def _receive(self) -> MutableMapping[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"").decode()


async def says_each_change_and_the_end(browser: Browser) -> None:
    task = await browser.open()
    assert browser.body == 'event: job\ndata: {"id": "j-1", "status": "working", "done": 1, "total": 2}\n\n'
    browser.progress = DONE
    await asyncio.to_thread(bell._ring, "j-1")
    await asyncio.wait_for(task, 1)
    assert browser.body.count("event: job\n") == 2
    assert browser.body.endswith('id: end\nevent: end\ndata: {"id": "j-1", "status": "successful", "done": 2, "total": 2}\n\n')


async def beats_while_nothing_happens(browser: Browser) -> None:
    task = await browser.open()
    await asyncio.sleep(0.25)
    assert browser.body.endswith(": still here\n\n")
    browser.leave()
    await asyncio.wait_for(task, 1)


async def ends_when_access_is_taken_away(browser: Browser) -> None:
    task = await browser.open()
    browser.progress = None
    await asyncio.wait_for(task, 1)
    assert "event: end" not in browser.body


async def ends_when_the_server_closes(browser: Browser) -> None:
    task = await browser.open()
    browser.events.close()
    await asyncio.wait_for(task, 1)
    await browser.open()
    assert browser.status == 503


async def keeps_to_its_limit(browser: Browser) -> None:
    await browser.open()
    second = Browser.__new__(Browser)
    second.__dict__.update(browser.__dict__, status=0, body="")
    await second.open()
    assert (second.status, second.body) == (503, "")
    browser.leave()


async def does_not_start_again_after_the_end(browser: Browser) -> None:
    await browser.open(last_event_id="end")
    assert (browser.status, browser.body) == (204, "")


async def is_missing_where_nothing_is_to_be_seen(browser: Browser) -> None:
    browser.progress = None
    await browser.open()
    assert (browser.status, browser.body) == (404, "")


@pytest.mark.parametrize(
    "story",
    [
        says_each_change_and_the_end,
        beats_while_nothing_happens,
        ends_when_access_is_taken_away,
        ends_when_the_server_closes,
        keeps_to_its_limit,
        does_not_start_again_after_the_end,
        is_missing_where_nothing_is_to_be_seen,
    ],
)
def test_a_stream(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tell() -> None:
        await story(Browser(JobEvents(limit=1, heartbeat=0.2), monkeypatch, WORKING))

    asyncio.run(tell())


@pytest.mark.django_db
def test_only_who_may_see_the_job_hears_of_it(client: Client) -> None:
    def seen(session: str) -> bool:
        return streams.progress_for.__wrapped__(session, job.pk) is not None  # type: ignore[attr-defined]

    owner, stranger = people.person("user"), people.person("user")
    with factories.ops({"a": lambda _run: None}):
        job = factories.job("a", actor=owner)
    assert not seen("")
    assert not seen("made-up-session-key")
    client.force_login(stranger)
    assert not seen(client.cookies["sessionid"].value)
    client.force_login(owner)
    session = client.cookies["sessionid"].value
    assert seen(session)
    owner.status = UserStatus.SUSPENDED
    owner.save()
    assert not seen(session)
