"""What a node sees of its cluster: its metadata, served on its own loopback and written into the templates of its image."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, Callable, Protocol

from roadstead_agent.lasting import METADATA, TEMPLATES, Lasting
from roadstead_agent.work import Answer, Verb, Work, done, failed

FIRST_SECONDS = 60.0
_AGAIN_SECONDS = 1.0


class Rendering(Protocol):
    """The loop over the image's templates."""

    def start(self) -> None:
        """Write templates whenever what they show changes."""

    def stop(self) -> None:
        """Leave them alone."""

    def once(self) -> list[Any]:
        """Write all templates now; return what changed or failed."""


class Seen(Protocol):
    """One view of the metadata, as one user of the store."""

    rendering: Rendering

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

    def resume(self) -> str:
        """Go on with what was saved; return what went wrong. What is started next is to find its files written."""
        settings, running = self._lasting.get(METADATA), self._lasting.get(TEMPLATES)
        if not settings:
            return ""
        self._use(settings)
        return self._rendered(FIRST_SECONDS) if running else ""

    def verbs(self) -> dict[str, Verb]:
        """Return what can be ordered about it."""
        return {"metadata": self._settings, "templates": self._templates}

    def _settings(self, work: Work) -> Answer:
        self._lasting.put(METADATA, work.params)
        self._use(work.params)
        if self._lasting.get(TEMPLATES):
            with self._lock:
                if self._seen:
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
        problem = self._rendered(min(FIRST_SECONDS, work.timeout))
        return failed("templates", problem) if problem else done()

    def _use(self, settings: dict[str, Any]) -> None:
        with self._lock:
            if self._seen:
                self._seen.rendering.stop()
                self._seen.close()
            self._seen = self._look(settings)

    def _rendered(self, seconds: float) -> str:
        """Write the templates, as often as it takes within a time, and keep them written; return what went wrong."""
        end = time.monotonic() + seconds
        with self._lock:
            seen = self._seen
        if seen is None:
            return "this machine has not been told where its metadata is"
        while True:
            problems = _problems(seen)
            if not problems or time.monotonic() > end:
                seen.rendering.start()
                return "\n".join(problems)
            time.sleep(_AGAIN_SECONDS)


def _problems(seen: Seen) -> list[str]:
    return [str(outcome.problem) for outcome in seen.rendering.once() if getattr(outcome, "problem", "")]


def ca_file(folder: Path, text: str) -> str:
    """Keep the certificate of the frontgate's store where programs find it; return its path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "metadata-ca.crt"
    aside = file.with_suffix(".new")
    aside.write_text(text)
    aside.replace(file)
    return str(file)
