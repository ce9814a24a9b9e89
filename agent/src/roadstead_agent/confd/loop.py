"""Keeps a node's configuration files as its metadata says: one thread a resource, so that a slow command holds no other up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from roadstead_agent import shell
from roadstead_agent.confd import placing
from roadstead_agent.confd.rendering import Unrendered, command, rendered
from roadstead_agent.confd.resource import BadResource, Resource, files, load
from roadstead_agent.metadata import Metadata

WAIT_SECONDS = 300.0
COMMAND_SECONDS = 600.0
CHANGED, UNCHANGED, FAILED = "changed", "unchanged", "failed"


@dataclass(frozen=True)
class Outcome:
    """What came of one resource. `file` is where `line` and `column` point into, the resource file or its template.

    `output` is what its command said: for the node's owner, and for no log.
    """

    resource: str
    state: str
    dest: str = ""
    problem: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    output: str = field(default="", repr=False)

    def __str__(self) -> str:
        # What is wrong with a template says where by itself.
        place = f":{self.line}" if self.line and self.file == self.resource else ""
        return f"{self.resource}{place}: {self.problem}" if self.problem else f"{self.resource}: {self.dest} {self.state}"


class Loop:
    """The resources of a folder such as /etc/confd. `prefix` is where their keys begin: `/self`, or `/` for those that may see all."""

    def __init__(
        self, metadata: Metadata, folder: str = "/etc/confd", log: Callable[[str], object] = print, *, prefix: str = "/self"
    ) -> None:
        self._metadata, self._folder, self._log, self._prefix = metadata, Path(folder), log, prefix
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._untold: dict[str, Outcome] = {}
        self._threads: list[threading.Thread] = []
        self.outcomes: dict[str, Outcome] = {}
        """What came of each resource when it was processed last."""

    @property
    def running(self) -> bool:
        """Whether it keeps files."""
        return any(thread.is_alive() for thread in self._threads)

    def start(self) -> None:
        """Process every resource, and go on whenever what it reads changes. Running already is done."""
        with self._lock:
            if self.running:
                return
            self._stopping.clear()
            self._threads = [threading.Thread(target=self._keep, args=(one,), name=one.name, daemon=True) for one in self._resources()[0]]
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Stop; a command that runs is ended."""
        self._stopping.set()
        self._metadata.wake()
        for thread in self._threads:
            thread.join(shell.GRACE_SECONDS + 5)

    def once(self) -> list[Outcome]:
        """Process every resource now, and return what changed or failed."""
        resources, unread = self._resources()
        done = [*unread, *(self._process(resource) for resource in resources)]
        return [outcome for outcome in done if outcome.state != UNCHANGED]

    def _resources(self) -> tuple[list[Resource], list[Outcome]]:
        read: list[Resource] = []
        unread: list[Outcome] = []
        for path in files(self._folder):
            try:
                resource = load(path, self._folder, self._prefix)
            except BadResource as problem:
                name = str(path.relative_to(self._folder / "conf.d"))
                unread.append(self._note(Outcome(name, FAILED, problem=str(problem), file=name, line=problem.line)))
            else:
                read += [resource] if resource else []
        return read, unread

    def _keep(self, resource: Resource) -> None:
        seen = 0
        while not self._stopping.is_set():
            if self._metadata.wait(seen, WAIT_SECONDS, resource.keys, self._stopping.is_set):
                seen = self._metadata.version
                self._process(resource)

    def _process(self, resource: Resource) -> Outcome:
        with self._lock:
            busy = self._busy.setdefault(resource.name, threading.Lock())
        with busy:
            try:
                outcome = self._carried_out(resource)
            except Unrendered as problem:
                file = str(resource.template) if problem.line else ""
                outcome = Outcome(resource.name, FAILED, str(resource.dest), problem.message, file, problem.line, problem.column)
            except OSError as problem:
                outcome = _failed(resource, f"{resource.dest} can't be written: {problem.strerror}")
        return self._note(outcome)

    def _carried_out(self, resource: Resource) -> Outcome:
        if not self._metadata.version:
            raise Unrendered("metadata has not been read yet")
        content = rendered(resource, self._metadata.view())
        look = placing.wanted(resource.dest, resource.mode, resource.uid, resource.gid)
        if placing.content_of(resource.dest) == content:
            placing.dress(resource.dest, look)
            # That its programs weren't told of it stays a failure until there is something new to tell them.
            return self._untold.get(resource.name) or Outcome(resource.name, UNCHANGED, str(resource.dest))
        reload_cmd = command(resource.reload_cmd, str(resource.dest))
        staged = placing.stage(resource.dest, content, look)
        try:
            if resource.check_cmd:
                checked = self._run(command(resource.check_cmd, str(staged)))
                if checked.exit_code:
                    return _failed(resource, f"check_cmd {_how(checked)}, the file stays as it was", checked.output)
            placing.put(staged, resource.dest, look)
        finally:
            staged.unlink(missing_ok=True)
        self._untold.pop(resource.name, None)
        reloaded = self._run(reload_cmd) if reload_cmd else None
        if reloaded and reloaded.exit_code:
            problem = f"{resource.dest} is new, and reload_cmd {_how(reloaded)}"
            return self._untold.setdefault(resource.name, _failed(resource, problem, reloaded.output))
        return Outcome(resource.name, CHANGED, str(resource.dest))

    def _run(self, text: str) -> shell.Ended:
        return shell.run(text, seconds=COMMAND_SECONDS, begun=_nothing, said=_nothing, stopped=self._stopping.is_set)

    def _note(self, outcome: Outcome) -> Outcome:
        if outcome.state != UNCHANGED and self.outcomes.get(outcome.resource) != outcome:
            self._log(str(outcome))
        self.outcomes[outcome.resource] = outcome
        return outcome


def _failed(resource: Resource, problem: str, output: str = "") -> Outcome:
    return Outcome(resource.name, FAILED, str(resource.dest), problem, output=output)


def _how(ended: shell.Ended) -> str:
    if ended.cause == "timed_out":
        return f"did not end within {COMMAND_SECONDS:.0f} s"
    return "was ended" if ended.cause else f"ended with {ended.exit_code}"


def _nothing(_said: object) -> None:
    """Hear it and forget it."""
