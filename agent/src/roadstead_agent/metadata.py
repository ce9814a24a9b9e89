"""What a node sees of the store: `/self/…` by its mapping, kept fresh by a watch, and which of it changed when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from roadstead_agent import paths
from roadstead_agent.etcd import Etcd, EtcdError, Snapshot

WATCH_SECONDS = 300.0
LONGEST_PAUSE = 15.0
# So many paths that are gone are remembered, for those who ask what changed since.
MOST_GONE = 10_000
Mapped = Mapping[str, Mapping[str, str]]
"""Absolute paths by the names that a node sees: `{"self": {"host": "/clusters/cl-1/hosts/web/cln-1", …}}`."""


def nobody(_line: str) -> None:
    """Log to nowhere."""


class Metadata:
    """A node's view. It is empty until the store has been read once, and stays as it was while the store can't be reached."""

    def __init__(self, etcd: Etcd, mapping: Mapped, *, log: Callable[[str], None] = nobody) -> None:
        self._etcd, self._log = etcd, log
        self._changed = threading.Condition()
        self._targets = {_name(top, name): target for top, names in mapping.items() for name, target in names.items()}
        self._view: dict[str, str] = {}
        self._when: dict[str, int] = {}
        self._gone: dict[str, int] = {}
        self._known_since = 0
        self._version = 0
        self._skipped = 0
        self._store = ""
        self._stopping = threading.Event()

    @property
    def version(self) -> int:
        """Grows with every change; 0 until the store has been read. It is the store's revision, unless that began anew."""
        return self._version

    def start(self) -> None:
        """Read the store and follow it in a thread of its own."""
        threading.Thread(target=self._follow, name="metadata", daemon=True).start()

    def stop(self) -> None:
        """Stop following; who waits is woken."""
        self._stopping.set()
        self._etcd.interrupt()
        self.wake()

    def view(self) -> dict[str, str]:
        """Return everything that the node sees, by path. Nobody may change it."""
        return self._view

    def below(self, path: str) -> tuple[int, dict[str, str]]:
        """Return the version, and what is at or below a path."""
        with self._changed:
            return self._version, {key: value for key, value in self._view.items() if paths.holds(path, key)}

    def wake(self) -> None:
        """Have everybody who waits look whether they are still to."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, version: int, seconds: float, prefixes: tuple[str, ...] = ("/",), cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Wait until something at or below one of the paths is newer than a version, and say whether it is."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not self._newer(version, prefixes):
                left = deadline - time.monotonic()
                if left <= 0 or self._stopping.is_set() or cancelled():
                    return False
                self._changed.wait(left)
            return True

    def refresh(self) -> None:
        """Read the store now. Raises `EtcdError`."""
        self._take(self._etcd.snapshot([*self._targets.values()]))

    def _newer(self, version: int, prefixes: tuple[str, ...]) -> bool:
        if not self._version:
            return False
        # A version of before this agent was started, or one that it never had: what changed since is not known.
        if version > self._version or version < self._known_since:
            return True
        if "/" in prefixes:
            return version < self._version
        return any(
            when > version and any(paths.holds(prefix, key) for prefix in prefixes)
            for changes in (self._when, self._gone)
            for key, when in changes.items()
        )

    def _take(self, snapshot: Snapshot) -> None:
        view: dict[str, str] = {}
        when: dict[str, int] = {}
        for name, target in self._targets.items():
            for key, value in paths.moved(snapshot.values, target, name).items():
                view[key] = value
                when[key] = snapshot.changed[target + key[len(name) :]]
        with self._changed:
            if snapshot.store != self._store or snapshot.revision + self._skipped < self._version:
                # A store that began from nothing counts from the beginning; we go on counting.
                self._skipped, self._store = self._version, snapshot.store
            version = snapshot.revision + self._skipped
            self._note(view, {key: revision + self._skipped for key, revision in when.items()}, version)
            if not self._known_since:
                self._known_since = version
            self._view, self._version = view, version
            self._changed.notify_all()

    def _note(self, view: Mapping[str, str], when: dict[str, int], version: int) -> None:
        """Remember when each path changed last, those too that are gone."""
        for key in self._view.keys() - view.keys():
            self._gone[key] = version
        for key in view:
            self._gone.pop(key, None)
            if self._skipped and self._view.get(key) == view[key] and key in self._when:
                when[key] = self._when[key]
        if len(self._gone) > MOST_GONE:
            self._known_since = version
            self._gone.clear()
        self._when = when

    def _follow(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                self.refresh()
                # Then it is read again in any case: a store that began anew meanwhile would never come to what we wait for.
                self._etcd.watch([*self._targets.values()], self._version - self._skipped, WATCH_SECONDS)
                pause = 0.0
            except EtcdError as problem:
                pause = min(LONGEST_PAUSE, pause * 2 or 0.5)
                self._log(f"metadata can't be read, it stays as it was: {problem}")


def _name(top: str, name: str) -> str:
    return paths.join(top, name)
