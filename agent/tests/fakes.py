"""A store in memory, for what needs no etcd."""

import threading
import time
from collections.abc import Sequence

from roadstead_agent import paths
from roadstead_agent.etcd import Etcd, Snapshot, Unreachable

DEADLINE = 60.0
ROOT = "/clusters/cl-1"
MAPPING = {
    "self": {
        "host": f"{ROOT}/hosts/web/i-1",
        "hosts": f"{ROOT}/hosts",
        "cluster": f"{ROOT}/cluster",
        "env": f"{ROOT}/env/web",
        "links/db": "/clusters/cl-2",
    }
}


class MemoryEtcd(Etcd):
    """Trees with revisions; `gone` makes it unreachable."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = dict(values)
        self.changed = dict.fromkeys(values, 1)
        self.now = 1
        self.life = "first"
        self.gone = self.ended = False
        self.condition = threading.Condition()

    def set(self, **values: str | None) -> None:
        """Write some paths below `/clusters`, or remove them."""
        with self.condition:
            self.now += 1
            for name, value in values.items():
                self.values.pop(f"/clusters/{name}", None)
                if value is not None:
                    self.values[f"/clusters/{name}"] = value
                    self.changed[f"/clusters/{name}"] = self.now
            self.condition.notify_all()

    def begin_anew(self, **values: str) -> None:
        """Be another store, which counts from the beginning."""
        with self.condition:
            self.life, self.now = "second", 1
            self.values = {f"/clusters/{name}": value for name, value in values.items()}
            self.changed = dict.fromkeys(self.values, 1)
            self.condition.notify_all()

    def snapshot(self, prefixes: Sequence[str]) -> Snapshot:
        with self.condition:
            if self.gone:
                raise Unreachable("etcd does not answer")
            found = {key: value for key, value in self.values.items() if any(paths.holds(prefix, key) for prefix in prefixes)}
            return Snapshot(self.now, self.life, found, {key: self.changed[key] for key in found})

    def watch(self, prefixes: Sequence[str], since: int, seconds: float) -> bool:
        deadline = time.monotonic() + min(seconds, DEADLINE)
        with self.condition:
            life = self.life
            while not self.ended and self.life == life and self.now == since and time.monotonic() < deadline:
                self.condition.wait(0.5)
            if self.life != life:
                raise Unreachable("etcd hung up")
            return self.now != since

    def interrupt(self) -> None:
        with self.condition:
            self.ended = True
            self.condition.notify_all()

    def close(self) -> None:
        self.interrupt()
