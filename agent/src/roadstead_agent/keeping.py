"""What a frontgate does for metadata: it runs the store, and writes into it what the platform orders."""

from __future__ import annotations

import secrets
import threading
import time
from pathlib import Path
from typing import Any, Callable

from roadstead_agent import certificates
from roadstead_agent.boot import Boot
from roadstead_agent.etcd import EtcdError
from roadstead_agent.link import Backoff
from roadstead_agent.machine import own_address
from roadstead_agent.store import Store
from roadstead_agent.tools import Trouble
from roadstead_agent.work import Answer, Verb, Work, done, failed

Told = Callable[..., None]


class Keeping:
    """The store of this frontgate. `boot` hears how it comes up, `fact` which life of it this is."""

    def __init__(self, boot: Boot, *, step: Callable[[str, str], None], fact: Told, log: Callable[[str], None]) -> None:
        self._boot = boot
        self._step, self._fact, self._log = step, fact, log
        self._address = boot.address or own_address()
        self._ready = threading.Event()
        self._store: Store | None = None
        self._ca = ""

    def start(self) -> None:
        """Bring the store up, however often it takes, while the relay works already."""
        threading.Thread(target=self._start, name="store", daemon=True).start()

    def _start(self) -> None:
        backoff, told = Backoff(), ""
        while True:
            try:
                self._begin()
            except (EtcdError, Trouble, OSError) as problem:
                if str(problem) != told:
                    told = str(problem)
                    self._step("metadata", told)
                time.sleep(backoff.seconds())
                continue
            self._step("metadata", "")
            self._ready.set()
            return

    def _begin(self) -> None:
        folder = self._boot.folder / "state"
        tls = certificates.made(folder / "tls", self._address)
        address = f"{self._address}:{self._boot.etcd_port}"
        self._store = Store(folder / "store", address, tls, program=self._boot.etcd, log=self._log)
        self._ca = Path(tls.ca).read_text()
        life = self._boot.kept("store")
        if self._store.start() or not life.read():
            # By this the platform learns that what it had written isn't here any more.
            life.write({"life": secrets.token_hex(8)})
        self._fact(store=life.read()["life"])

    def verbs(self) -> dict[str, Verb]:
        """Return what can be ordered of a frontgate."""
        return {"tree.put": self._put, "tree.delete": self._delete}

    def _put(self, work: Work) -> Answer:
        nodes: dict[str, Any] = work.params["nodes"]
        return self._with_store(work, lambda store: store.write(str(work.params["cluster"]), work.params["tree"], nodes), nodes)

    def _delete(self, work: Work) -> Answer:
        return self._with_store(work, lambda store: store.remove(str(work.params["cluster"])), {})

    def _with_store(self, work: Work, act: Callable[[Store], None], nodes: dict[str, Any]) -> Answer:
        """Do something when the store is there; the answer says where nodes find it, and as whom."""
        self._ready.wait(work.timeout)
        if self._store is None or not self._ready.is_set():
            return failed("store", "the metadata store has not come up")
        try:
            act(self._store)
        except EtcdError as problem:
            return failed("store", f"the metadata store said no: {problem}")
        place = {"url": f"https://{self._address}:{self._boot.etcd_port}", "ca": self._ca}
        return done(etcd=place, users={agent: self._store.user_for(agent) for agent in nodes})
