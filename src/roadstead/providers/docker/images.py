"""Images of the engine: fetched, built, and looked into for what a machine needs of them."""

import base64
import contextlib
import hashlib
import io
import json
import re
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from roadstead.core.problems import Problem
from roadstead.providers.docker import problems as says
from roadstead.providers.docker.client import Conflict, Engine, Json
from roadstead.providers.docker.labels import BUILD
from roadstead.runtimes.sdk import Boot, Image, Interrupted, Log, NotThere, ProviderError, Refused, TimedOut

SHELL = "/bin/sh"
OLDEST_PYTHON = 9
_FOLDERS = ("/usr/bin", "/usr/local/bin")
_LOADERS = {
    "amd64": "/lib64/ld-linux-x86-64.so.2",
    "arm64": "/lib/ld-linux-aarch64.so.1",
    "arm": "/lib/ld-linux-armhf.so.3",
    "386": "/lib/ld-linux.so.2",
}
_VERSION = re.compile(rb"(?:^ld-|(?:stable|development) release version )(\d+\.\d+)")
_UNAUTHORIZED = re.compile(r"basic auth|unauthorized|authentication required|incorrect username", re.IGNORECASE)
_MINOR = re.compile(r"python3\.(\d+)$")
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
KEPT = 200
LOOK_SECONDS = 120
LARGEST = 16 * 2**20


@dataclass(frozen=True)
class Facts:
    """What an image is made of, as far as a machine needs it; `settings` are what its own command expects.

    `glibc` is looked for only where there is no Python that can run the agent.
    """

    id: str
    python: str = ""
    glibc: str = ""
    processor: str = ""
    problem: Problem | None = None
    settings: Json = field(default_factory=dict)


_looked: dict[tuple[str, str], Facts] = {}


def known(engine: Engine, name: str) -> Facts:
    """Return the facts of an image that is there; raises `NotThere`."""
    found = engine.find(engine.api.inspect_image, name)
    if found is None:
        raise NotThere(says.IMAGE_MISSING(name=name, reason="it was never fetched"))
    key = (engine.access.host, found["Id"])
    if key not in _looked:
        while len(_looked) >= KEPT:
            _looked.pop(next(iter(_looked)))
        _looked[key] = _look(engine, name, found)
    return _looked[key]


def image(engine: Engine, name: str) -> Image:
    """Return an image as the seam tells it."""
    facts = known(engine, name)
    command, user = tuple(facts.settings["command"]), facts.settings["user"]
    return Image(name=name, digest=facts.id, user=user, command=command, python=facts.python, problem=facts.problem)


def refuse_unfit(facts: Facts, boot: Boot, name: str) -> None:
    """Refuse an image that no agent of ours can run in, and say what can be done about it."""
    bare = boot.role == "bare"
    if facts.problem and not (bare and facts.problem.code == says.IMAGE_NO_SHELL.code):
        raise Refused(facts.problem)
    if facts.python or bare:
        return
    if not facts.glibc:
        raise Refused(says.IMAGE_NO_GLIBC(name=name))
    frozen = boot.frozen
    if frozen is None:
        raise Refused(says.IMAGE_NO_PYTHON(name=name))
    if frozen.processor != facts.processor:
        raise Refused(says.AGENT_PROCESSOR(name=name, found=frozen.processor, wanted=facts.processor))
    if _numbers(facts.glibc) < _numbers(frozen.glibc):
        raise Refused(says.IMAGE_OLD_GLIBC(name=name, found=facts.glibc, wanted=frozen.glibc))


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


@dataclass(frozen=True)
class Patience:
    """How long work at the engine may take, who hears of it and who may stop it."""

    log: Log
    seconds: float
    cancelled: Callable[[], bool]

    def lines(self, stream: Iterator[Json]) -> Iterator[Json]:
        """Give the lines of the engine's answer, with an end."""
        deadline = time.monotonic() + self.seconds
        for line in stream:
            if self.cancelled():
                raise Interrupted(says.INTERRUPTED())
            if time.monotonic() > deadline:
                raise TimedOut(says.LATE(seconds=round(self.seconds)))
            yield line


def fetch(engine: Engine, name: str, patience: Patience) -> None:
    """Fetch an image that isn't there."""
    patience.log(f"Fetching the image {name}")
    repository, tag = _split(name)
    try:
        # With the environment's own login or none: the client would look for saved ones, and run the programs that keep them.
        login = engine.access.login(_registry(repository))
        stream = engine.call(engine.api.pull, repository, tag=tag, stream=True, decode=True, auth_config=login)
    except (NotThere, Refused) as error:
        raise _not_to_be_had(name, _said(error)) from error
    for line in patience.lines(_within(engine, stream)):
        if "error" in line:
            raise _not_to_be_had(name, str(line["error"]))
        if line.get("status") in {"Pull complete", "Download complete"} or "Digest" in line.get("status", ""):
            patience.log(" ".join(filter(None, (line.get("id", ""), line["status"]))))


def _not_to_be_had(name: str, reason: str) -> ProviderError:
    """Tell an image that isn't there from one that isn't given to whoever asks."""
    reason = reason.rstrip(".")
    if _UNAUTHORIZED.search(reason):
        return Refused(says.IMAGE_LOGIN(name=name, registry=_registry(_split(name)[0]), reason=reason))
    return NotThere(says.IMAGE_MISSING(name=name, reason=reason))


def _registry(repository: str) -> str:
    """Return the host that a repository's name begins with, if it names one."""
    first, slash, _rest = repository.partition("/")
    return first if slash and (first == "localhost" or "." in first or ":" in first) else "docker.io"


def built(engine: Engine, name: str, folder: bytes) -> bool:
    """Whether the image was built from this very folder."""
    found = engine.find(engine.api.inspect_image, name)
    return found is not None and (found["Config"].get("Labels") or {}).get(BUILD) == _digest(folder)


def build(engine: Engine, name: str, folder: bytes, patience: Patience) -> None:
    """Build an image from a packed folder with a Dockerfile."""
    patience.log(f"Building the image {name}")
    query = {"t": name, "rm": "1", "forcerm": "1", "labels": json.dumps({BUILD: _digest(folder)})}
    address = f"{engine.api.base_url}/v{engine.api.api_version}/build"
    # Not the client's own call: it reads saved logins, and runs the programs that keep them.
    sending = {
        "params": query,
        "data": folder,
        "headers": {"Content-Type": "application/x-tar"},
        "stream": True,
        "timeout": patience.seconds,
    }
    answer = engine.call(engine.api.post, address, **sending)
    if not answer.ok:
        raise Refused(says.BUILD_FAILED(name=name, reason=answer.text.strip()[:2_000]))
    with answer:
        for line in patience.lines(_within(engine, _decoded(answer.iter_lines()))):
            if "error" in line:
                raise Refused(says.BUILD_FAILED(name=name, reason=str(line["error"]).rstrip(".")))
            if words := _settled(str(line.get("stream", ""))):
                patience.log(words)


def _settled(text: str) -> str:
    """Return lines as a terminal would leave them: what progress wrote over is gone."""
    lines = [line.rstrip("\r").rpartition("\r")[2].strip() for line in text.split("\n")]
    return "\n".join(filter(None, lines))


def _look(engine: Engine, name: str, found: Json) -> Facts:
    config = found.get("Config") or {}
    settings = {
        "command": [*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())],
        "user": config.get("User") or "",
        "environment": dict(pair.partition("=")[::2] for pair in config.get("Env") or ()),
        "folder": config.get("WorkingDir") or "/",
    }
    wanted = _processor(engine.call(engine.api.info)["Architecture"])
    if found.get("Architecture") and found["Architecture"] != wanted:
        problem = says.IMAGE_PROCESSOR(name=name, found=found["Architecture"], wanted=wanted)
        return Facts(found["Id"], problem=problem, settings=settings)
    with _opened(engine, found["Id"]) as there:
        if not there(SHELL):
            return Facts(found["Id"], problem=says.IMAGE_NO_SHELL(name=name), settings=settings)
        python = _python(there)
        return Facts(found["Id"], python, "" if python else _glibc(there, wanted), wanted, settings=settings)


def _glibc(there: "_Files", processor: str) -> str:
    """Return the version of the glibc that is there, without running anything: its loader is named for it, or says it."""
    place = there(_LOADERS.get(processor, "")) if processor in _LOADERS else ""
    told = _VERSION.search(place.rpartition("/")[2].encode()) or _VERSION.search(there.content(place) if place else b"")
    return told[1].decode() if told else ""


def _python(there: "_Files") -> str:
    """Return where a Python is that is new enough and whole: a minimal one has no TLS."""
    for folder in _FOLDERS:
        minor = _MINOR.search(there(f"{folder}/python3"))
        if minor and int(minor[1]) >= OLDEST_PYTHON and there(f"{folder.removesuffix('/bin')}/lib/python3.{minor[1]}/ssl.py"):
            return f"{folder}/python3"
    return ""


class _Files:
    """The files of a container that never runs."""

    def __init__(self, engine: Engine, container: str) -> None:
        self._engine, self._address = engine, f"{engine.api.base_url}/v{engine.api.api_version}/containers/{container}/archive"
        self._container = container

    def __call__(self, path: str) -> str:
        """Return where a path leads, or nothing when it isn't there."""
        api: Any = self._engine.api
        answer = self._engine.call(api.head, self._address, params={"path": path}, timeout=api.timeout)
        if not answer.ok:
            return ""
        told = json.loads(base64.b64decode(answer.headers["X-Docker-Container-Path-Stat"]))
        return str(told["linkTarget"] or path)

    def content(self, path: str) -> bytes:
        """Return what a file holds, up to a limit that no file asked for here comes near."""
        stream, told = self._engine.call(self._engine.api.get_archive, self._container, path)
        if told["size"] > LARGEST:
            return b""
        with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as packed:
            first = packed.next()
            file = packed.extractfile(first) if first and first.isfile() else None
            return file.read() if file else b""


@contextlib.contextmanager
def _opened(engine: Engine, image_id: str) -> Iterator[_Files]:
    """Have a container of an image that never runs, to look at its files."""
    _sweep(engine)
    looking = {"Image": image_id, "Entrypoint": [SHELL], "Labels": {"roadstead.part": "look"}, "NetworkDisabled": True}
    container = engine.call(engine.api.create_container_from_config, looking)["Id"]
    try:
        yield _Files(engine, container)
    finally:
        engine.call(engine.api.remove_container, container, v=True, force=True)


def _sweep(engine: Engine) -> None:
    """Take away what a process that died left of a look; another process may be looking at this moment."""
    for left in engine.list("containers", part="look"):
        if left["Created"] < time.time() - LOOK_SECONDS:
            with contextlib.suppress(NotThere, Conflict):
                engine.call(engine.api.remove_container, left["Id"], v=True, force=True)


def _within(engine: Engine, stream: Iterator[Json]) -> Iterator[Json]:
    """Read a stream; what breaks it is said in the seam's words."""
    while True:
        line = engine.call(next, stream, None)
        if line is None:
            return
        yield line


def _decoded(lines: Iterator[bytes]) -> Iterator[Json]:
    for line in lines:
        if line.strip():
            yield json.loads(line)


def _said(error: ProviderError) -> str:
    return str(error.problem.params.get("reason", error))


def _digest(folder: bytes) -> str:
    return hashlib.sha256(folder).hexdigest()


def _processor(kernel: str) -> str:
    return _PROCESSORS.get(kernel, kernel)


def _split(name: str) -> tuple[str, str | None]:
    """Tell a repository from its tag; the engine means all tags where none is named."""
    if "@" in name:
        repository, _at, digest = name.partition("@")
        return repository, digest
    repository, colon, tag = name.rpartition(":")
    return (repository, tag) if colon and "/" not in tag else (name, "latest")
