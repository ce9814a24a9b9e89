"""The output of running steps: kept in memory, written to the step's row when it grew, its tail only."""

import threading
import weakref

from roadstead.jobs.bell import ring_watchers
from roadstead.jobs.models import Step

LIMIT = 64 * 1024
_CUT = "…\n"
_lock = threading.Lock()
_open: "weakref.WeakSet[Output]" = weakref.WeakSet()


def tail(text: str, limit: int = LIMIT) -> str:
    """Return the end of a text in at most `limit` bytes of UTF-8, beginning with a whole line."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    kept = encoded[len(_CUT.encode()) - limit :].decode(errors="ignore")
    return _CUT + kept[kept.find("\n") + 1 :]


class Output:
    """What one step says. Lines come from the step's thread, and others may write them down."""

    def __init__(self, step: Step) -> None:
        self._step_id, self._job_id = step.pk, step.job_id
        self._text = step.output
        self._grew = False
        self._own = threading.Lock()
        with _lock:
            _open.add(self)

    def add(self, line: str) -> None:
        """Take one line."""
        with self._own:
            self._text = tail(f"{self._text}{line.rstrip()}\n")
            self._grew = True

    def write(self) -> None:
        """Store what was said, if it grew."""
        with self._own:
            if not self._grew:
                return
            text, self._grew = self._text, False
        Step.objects.filter(pk=self._step_id).update(output=text)
        ring_watchers(self._job_id)


def write_open() -> None:
    """Write down what every running step has said since; called twice a second."""
    with _lock:
        outputs = list(_open)
    for output in outputs:
        output.write()
