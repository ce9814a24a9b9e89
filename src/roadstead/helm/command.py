"""The calls that the throw-away process makes through a `helm` command. Only the child imports this module."""

import json
import logging
import os
import re
import signal
import subprocess
import tarfile
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from roadstead.helm.failures import is_memory, kind_of, shortened

Request = dict[str, Any]
Answer = dict[str, Any]

# Go says why it gave up first, and then where; Helm says why last.
_HEAD_LINES, _TAIL_LINES = 50, 200
_PREFIXES = ("Error: ", "INSTALLATION FAILED: ", "UPGRADE FAILED: ", "UNINSTALL FAILED: ")
_SOURCE = re.compile(r"^---\n# Source: (\S+)\n", re.MULTILINE)
_NOT_FOUND = "release: not found"


class _Failed(Exception):
    """The command failed."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind, self.text = kind, text


def perform(request: Request, log: logging.Handler) -> Answer:
    """Do the call that the request names; a failure is an answer too."""
    try:
        return {"result": _CALLS[request["call"]](_Command(request, log))}
    except _Failed as failure:
        return {"failure": {"kind": failure.kind, "text": shortened(failure.text)}}
    except OSError as error:
        return {"failure": {"kind": "crashed", "text": f"{error.filename}: {error.strerror}"}}


class _Command:
    """Runs `helm` for one request: arguments as a list, what may be secret in private files, nothing inherited, no plugins."""

    def __init__(self, request: Request, log: logging.Handler) -> None:
        self.request = request
        self._log = log
        self._folder = Path(os.environ["HOME"])
        self._kubeconfig = self._private("kubeconfig", request.get("kubeconfig", ""))
        values = self._private("values.yaml", request.get("values", ""))
        # A dash in front of a name would be an option; what stands behind two dashes never is.
        self.chart = ("--values", str(values), "--", request["name"], request["chart"])
        self.release = ("--", request["name"])

    def __call__(self, verb: str, *arguments: str) -> str:
        """Run one command and return what it prints; raises _Failed."""
        place = ["--namespace", self.request["namespace"], "--kubeconfig", str(self._kubeconfig)]
        debug = ["--debug"] if self.request["progress"] else []
        printed = self._folder / "printed"
        with (
            printed.open("wb") as out,
            subprocess.Popen(  # noqa: S603 - the operator's own command
                [self.request["command"], *verb.split(), *place, *debug, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                env=self._environment(),
                text=True,
                errors="replace",
            ) as process,
        ):
            said = self._listen(process)
        if process.returncode:
            raise _failure(process.returncode, said.replace(f"{self._folder}/", ""))
        with printed.open(encoding="utf-8", errors="replace") as text:
            answer = text.read(self.request["output_bytes"] + 1)
        if len(answer) > self.request["output_bytes"]:
            raise _Failed("output", f"more than {self.request['output_bytes']} bytes")
        return answer

    def json(self, verb: str, *arguments: str) -> Any:
        """Run one command and return the JSON that it prints."""
        return json.loads(self(verb, "--output", "json", *arguments))

    def flags(self, **texts: str | None) -> list[str]:
        """Return options with their values, without those that have none."""
        return [f"--{name.replace('_', '-')}={text}" for name, text in texts.items() if text]

    @property
    def changing(self) -> list[str]:
        """The options of every verb that changes a release and says why."""
        request = self.request
        labels = ",".join(f"{name}={text}" for name, text in request.get("labels", {}).items())
        return self.flags(timeout=f"{request['timeout']}s", description=request.get("description"), labels=labels)

    def _listen(self, process: "subprocess.Popen[str]") -> str:
        """Pass on what is said while the command runs; return both ends of it."""
        head: list[str] = []
        tail: deque[str] = deque(maxlen=_TAIL_LINES)
        for line in process.stderr or ():
            (head if len(head) < _HEAD_LINES else tail).append(line)
            if self.request["progress"]:
                self._log.emit(logging.LogRecord("helm", logging.DEBUG, "", 0, line.strip(), None, None))
        return "".join((*head, *tail))

    def _private(self, name: str, text: str) -> Path:
        path = self._folder / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def _environment(self) -> dict[str, str]:
        """What this process has, which is next to nothing, and every place of Helm's inside the private folder."""
        places = {
            name: str(self._folder / name.lower()) for name in ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS")
        }
        return {**os.environ, **places, "HELM_NO_PLUGINS": "1", "HELM_REGISTRY_CONFIG": str(self._folder / "registry.json")}


def _failure(code: int, said: str) -> _Failed:
    lines = [line for line in said.strip().splitlines() if not line.startswith(("level=", "time="))]
    words = "\n".join(lines)
    if code == -signal.SIGXCPU:
        return _Failed("timeout", "Helm did not finish in time and was stopped.")
    if is_memory(said):
        return _Failed("memory", "Helm needed more memory than it may use and was stopped.")
    if code < 0 or not any(line.startswith("Error: ") for line in lines):
        return _Failed("crashed", f"Helm's process ended with {code}: {words[:500]}")
    for prefix in _PREFIXES:
        words = words.replace(prefix, "")
    return _Failed(kind_of(None, words), words)


def _render(helm: _Command) -> Answer:
    """Render the chart as an install would send it; answers template path → text, notes, and definitions when there may be some."""
    dry = helm.json("install", "--dry-run=client", *helm.chart)
    hooks = "".join(f"---\n# Source: {hook['path']}\n{hook['manifest']}\n" for hook in dry.get("hooks") or ())
    crds: list[list[str]] = []
    if _may_define(Path(helm.request["chart"])):
        both = _by_path(helm("template", "--include-crds", "--no-hooks", *helm.chart))
        crds = [[path, text] for path, text in both if "/crds/" in path]
    return {"files": _by_path(dry.get("manifest", "") + hooks), "crds": crds, "notes": dry["info"].get("notes", "")}


def _install(helm: _Command) -> Answer:
    """Install a release and answer its summary."""
    wait = "watcher" if helm.request["wait"] else "hookOnly"
    make = ["--create-namespace"] if helm.request["create_namespace"] else []
    return _summary(helm, helm.json("install", *helm.changing, *helm.flags(wait=wait), *make, *helm.chart))


def _upgrade(helm: _Command) -> Answer:
    """Make a new revision of a release and answer its summary; nothing of the former values is reused."""
    bounds = helm.flags(history_max=str(helm.request["max_history"]))
    return _summary(helm, helm.json("upgrade", "--reset-values", *helm.changing, *bounds, *helm.chart))


def _rollback(helm: _Command) -> Answer:
    """Make a new revision that is as an earlier one was, and answer its summary."""
    helm("rollback", *helm.changing, *helm.release, str(helm.request["revision"]))
    return _status(helm)


def _uninstall(helm: _Command) -> Answer:
    """Remove a release; answers whether there was one."""
    return {"found": _remove(helm, wait=helm.request["wait"], keep_history=helm.request["keep_history"])}


def _status(helm: _Command) -> Answer:
    """Answer the latest revision, or an empty object."""
    try:
        return _summary(helm, helm.json("status", *helm.release))
    except _Failed as failure:
        if _NOT_FOUND in failure.text:
            return {}
        raise


def _clear_pending(helm: _Command) -> Answer:
    """Remove a release whose only revision is a pending install. Helm's own uninstall is the one verb that accepts it."""
    try:
        revisions = helm.json("history", *helm.release)
    except _Failed as failure:
        if _NOT_FOUND in failure.text:
            return {"found": False}
        raise
    if not str(revisions[-1]["status"]).startswith("pending-"):
        return {"found": False}
    if len(revisions) > 1:
        raise _Failed("pending", "another operation (upgrade or rollback) is in progress")
    return {"found": _remove(helm)}


_CALLS: dict[str, Callable[[_Command], Answer]] = {
    "render": _render,
    "install": _install,
    "upgrade": _upgrade,
    "rollback": _rollback,
    "uninstall": _uninstall,
    "status": _status,
    "clear_pending": _clear_pending,
}


def _remove(helm: _Command, *, wait: bool = False, keep_history: bool = False) -> bool:
    options = [*(["--wait=watcher"] if wait else []), *(["--keep-history"] if keep_history else [])]
    try:
        helm("uninstall", *helm.flags(timeout=f"{helm.request['timeout']}s"), *options, *helm.release)
    except _Failed as failure:
        if _NOT_FOUND in failure.text:
            return False
        raise
    return True


def _summary(helm: _Command, release: dict[str, Any]) -> Answer:
    """Answer what the seam knows of a release; Helm never prints its labels with it, and its chart not always."""
    told = helm.json("get metadata", f"--revision={release['version']}", *helm.release)
    return {
        "name": release["name"],
        "namespace": release["namespace"],
        "revision": release["version"],
        "status": release["info"]["status"],
        "chart_name": told["chart"],
        "chart_version": told["version"],
        "app_version": told.get("appVersion", ""),
        "labels": told.get("labels") or {},
        "manifest": release.get("manifest", ""),
        "notes": release["info"].get("notes", ""),
    }


def _by_path(printed: str) -> list[list[str]]:
    """Take apart what Helm prints as one text; answers template path → what it gave."""
    _, *parts = _SOURCE.split(printed)
    files: dict[str, list[str]] = {}
    for path, text in zip(parts[::2], parts[1::2], strict=True):
        files.setdefault(path, []).append(text.strip() + "\n")
    return [[path, "---\n".join(texts)] for path, texts in sorted(files.items())]


def _may_define(archive: Path) -> bool:
    """Whether a chart may bring custom resource definitions, which cost a second call; what can't be read is Helm's to refuse."""
    try:
        with tarfile.open(archive, "r|gz") as packed:
            return any("/crds/" in member.name for member in packed)
    except (OSError, EOFError, tarfile.TarError):
        return False
