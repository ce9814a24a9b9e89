"""What a node sees of its cluster: its metadata, served on its own loopback and written into the templates of its image."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, Callable, Protocol

from roadstead_agent.lasting import METADATA, TEMPLATES, Lasting
from roadstead_agent.work import Answer, Verb, Work, done, failed

FIRST_SECONDS = 60.0
# Of an order's time: who ordered it is to hear why, and not that nothing was heard.
_SHARE = 0.75
_LOOK_SECONDS = 0.05


class Outcome(Protocol):
    """What came of one template; as text it says where."""

    @property
    def problem(self) -> str:
        """What went wrong."""


class Rendering(Protocol):
    """The loop over the image's templates."""

    def start(self) -> None:
        """Write templates whenever what they show changes."""

    def stop(self) -> None:
        """Leave them alone."""

    def once(self) -> Sequence[Outcome]:
        """Write all templates now; return what changed or failed."""


class Seen(Protocol):
    """One view of the metadata, as one user of the store."""

    @property
    def ready(self) -> bool:
        """Whether it has been read."""

    @property
    def rendering(self) -> Rendering:
        """The loop over its templates."""

    def close(self) -> None:
        """Serve it no more."""


class Outlook:
    """The view that this node has now. `look` makes one of the settings that the platform sent."""

    def __init__(self, lasting: Lasting, look: Callable[[dict[str, Any]], Seen], log: Callable[[str], None]) -> None:
        self._lasting = lasting
        self._look = look
        self._log = log
        self._lock = threading.RLock()
        self._seen: Seen | None = None

    def resume(self, *, wait: bool) -> str:
        """Go on with what was saved. Wait for the templates where what is started next is to find them; return what went wrong."""
        settings, running = self._lasting.get(METADATA), self._lasting.get(TEMPLATES)
        if not settings:
            return ""
        self._use(settings)
        return self._rendered(FIRST_SECONDS if wait else 0) if running else ""

    def verbs(self) -> dict[str, Verb]:
        """Return what can be ordered about it."""
        return {"metadata": self._settings, "templates": self._templates}

    def _settings(self, work: Work) -> Answer:
        with self._lock:
            if self._seen is None or self._lasting.get(METADATA) != work.params:
                self._use(work.params)
            self._lasting.put(METADATA, work.params)
            if self._seen and self._lasting.get(TEMPLATES):
                self._seen.rendering.start()
        return done()

    def _templates(self, work: Work) -> Answer:
        running = bool(work.params.get("running"))
        self._lasting.put(TEMPLATES, running)
        if not running:
            with self._lock:
                if self._seen:
                    self._seen.rendering.stop()
            return done()
        problem = self._rendered(min(FIRST_SECONDS, _SHARE * work.timeout))
        return failed("templates", problem) if problem else done()

    def _use(self, settings: dict[str, Any]) -> None:
        with self._lock:
            if self._seen:
                self._seen.rendering.stop()
                self._seen.close()
            self._seen = self._look(settings)

    def _rendered(self, seconds: float) -> str:
        """Write the templates as soon as metadata has been read, and keep them written; return what went wrong."""
        end = time.monotonic() + seconds
        with self._lock:
            seen = self._seen
        if seen is None:
            return "this machine has not been told where its metadata is"
        while not seen.ready and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        problems = _problems(seen) if seen.ready or not seconds else ["this machine could not read its metadata"]
        seen.rendering.start()
        return "\n".join(problems)


def _problems(seen: Seen) -> list[str]:
    return [str(outcome) for outcome in seen.rendering.once() if outcome.problem]
