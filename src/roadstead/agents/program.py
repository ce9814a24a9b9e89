"""The agent's program as machines get it: one file with everything in it, the same bytes from the same sources."""

import hashlib
import io
import marshal
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path

import gotext
import roadstead_agent

FRONTGATE = Path(__file__).with_name("frontgate")
_MAIN = "from roadstead_agent.__main__ import main\n\nmain()\n"
_BEFORE_ALL = (1980, 1, 1, 0, 0, 0)


@cache
def program() -> bytes:
    """Return the agent as a zipapp. It starts at once on a Python of this one's version, and any other reads the sources beside."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(_files()):
            info = zipfile.ZipInfo(name, _BEFORE_ALL)
            info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return whole.getvalue()


def frontgate_tag() -> str:
    """Return the name of the frontgate's image; another folder is another name."""
    return f"roadstead-frontgate:{hashlib.sha256(frontgate_folder()).hexdigest()[:16]}"


def _files() -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", _MAIN.encode()
    for name, content in _modules():
        yield name, content
        yield f"{name}c", _compiled(name, content)


def _compiled(name: str, content: bytes) -> bytes:
    """Return a module as Python keeps it, to be taken as it is: in this one file it can't part from its source."""
    unlooked = (1).to_bytes(4, "little")
    # The second version has no marks of what the compiling process knew already, and so is the same everywhere.
    code = marshal.dumps(compile(content, name, "exec", dont_inherit=True), 2)
    return MAGIC_NUMBER + unlooked + source_hash(content) + code


def _modules() -> Iterator[tuple[str, bytes]]:
    for package in (roadstead_agent, gotext):
        folder = Path(*package.__path__)
        for file in folder.rglob("*.py"):
            yield f"{folder.name}/{file.relative_to(folder).as_posix()}", file.read_bytes()


@cache
def frontgate_folder() -> bytes:
    """Return the folder that the frontgate's image is built from, as a tar."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as packed:
        for file in sorted(FRONTGATE.iterdir()):
            info = tarfile.TarInfo(file.name)
            info.size, info.mode = file.stat().st_size, 0o644
            packed.addfile(info, io.BytesIO(file.read_bytes()))
    return whole.getvalue()
