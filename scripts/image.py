"""Builds the container image, and fills the folder that lets it be built without a network. `deploy/Dockerfile` says the rest.

`python -m scripts.image build [docker's options]`, `python -m scripts.image wheelhouse`.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts import assets

ROOT = Path(__file__).parent.parent
WHEELHOUSE = ROOT / "deploy/wheelhouse"
LOCKS = ("build", "image")
README = "README.md"


def version() -> str:
    """Return Roadstead's version without importing it."""
    found = re.search(r'^__version__ = "([^"]+)"', (ROOT / "src/roadstead/__init__.py").read_text(), re.MULTILINE)
    if found is None:
        raise LookupError("src/roadstead/__init__.py names no version")
    return found[1]


def build_command(options: Sequence[str]) -> list[str]:
    """Return what builds the image; `options` go to docker."""
    return ["docker", "build", "--file", "deploy/Dockerfile", "--tag", f"roadstead:{version()}", "--tag", "roadstead", *options, "."]


def build(options: Sequence[str]) -> int:
    """Build it."""
    if not shutil.which("docker"):
        sys.stderr.write("roadstead: the image is built with docker, and there is none here\n")
        return 1
    return subprocess.run(build_command(options), cwd=ROOT, check=False).returncode


def wheelhouse(_options: Sequence[str]) -> int:
    """Fetch every wheel and npm package that the image takes, as the locks name them."""
    empty()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    for lock in LOCKS:
        wanted = ["--require-hashes", "--only-binary", ":all:", "--requirement", f"requirements/{lock}.txt"]
        subprocess.run([*pip, *wanted, "--dest", WHEELHOUSE], cwd=ROOT, check=True)
    fetch_npm()
    wheels = len([*WHEELHOUSE.glob("*.whl")])
    sys.stdout.write(f"{wheels} wheels and npm's cache are in {WHEELHOUSE.relative_to(ROOT)}\n")
    return 0


def empty() -> None:
    """Take out what an earlier run brought; the note of what this is for stays."""
    for path in WHEELHOUSE.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != README:
            path.unlink()


def fetch_npm() -> None:
    """Fill a cache of npm's own, and note where it came from: its entries are found again under that address only."""
    command, environment = assets.npm()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "frontend" / name, folder)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        subprocess.run([*command, "ci", *quiet, "--cache", WHEELHOUSE / "npm"], cwd=folder, env=environment, check=True)
        asked = [*command, "config", "get", "registry"]
        registry = subprocess.run(asked, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout.strip()
    (WHEELHOUSE / "npmrc").write_text(f"registry={registry}\ncache=/wheelhouse/npm\noffline=true\n")


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"build": build, "wheelhouse": wheelhouse}


def main(arguments: Sequence[str]) -> int:
    """Run one of them."""
    if not arguments or arguments[0] not in COMMANDS:
        sys.stderr.write(f"usage: python -m scripts.image {'|'.join(COMMANDS)}{os.linesep}")
        return 2
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
