"""The agent's program as machines get it: one file with everything in it, the same bytes from the same sources."""

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import gotext
import roadstead_agent

FRONTGATE = Path(__file__).with_name("frontgate")
_MAIN = "from roadstead_agent.__main__ import main\n\nmain()\n"
_BEFORE_ALL = (1980, 1, 1, 0, 0, 0)


@cache
def program() -> bytes:
    """Return the agent as a zipapp."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(_modules()):
            info = zipfile.ZipInfo(name, _BEFORE_ALL)
            info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            packed.writestr(info, content)
    return whole.getvalue()


def frontgate_tag() -> str:
    """Return the name of the frontgate's image; another folder is another name."""
    return f"roadstead-frontgate:{hashlib.sha256(frontgate_folder()).hexdigest()[:16]}"


def _modules() -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", _MAIN.encode()
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
