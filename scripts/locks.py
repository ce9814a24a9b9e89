"""Checks the lock files without a network: they fit `pyproject.toml`, every pin has hashes, and none names a host."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
HOST = re.compile(r"https?://|^\s*(-i|--(extra-)?index-url|--find-links|--trusted-host)\b", re.MULTILINE)
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;]+)(?P<rest>(?:.*\\\n)*.*)", re.MULTILINE)


def pins(text: str) -> dict[str, tuple[str, bool]]:
    """Return name → (version, has hashes) of a requirements file."""
    return {canonicalize_name(m["name"]): (m["version"], "--hash=sha256:" in m["rest"]) for m in PIN.finditer(text)}


def unfit(lock: Path, wanted: list[str]) -> Iterator[str]:
    """Say where a lock differs from what `pyproject.toml` asks for."""
    text = lock.read_text()
    locked = pins(text)
    for requirement in map(Requirement, wanted):
        version, _ = locked.get(canonicalize_name(requirement.name), ("", False))
        if not version:
            yield f"{requirement.name} is not locked"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement.name} is locked at {version}, wanted {requirement.specifier}"
    names = {canonicalize_name(Requirement(line).name) for line in wanted}
    direct = re.findall(r"^([A-Za-z0-9._-]+)==(?:(?!^\S).)*?\broadstead\b[^\n]*\(pyproject\.toml", text, re.MULTILINE | re.DOTALL)
    yield from (f"{name} is locked as a direct dependency and no longer one" for name in direct if canonicalize_name(name) not in names)
    yield from (f"{name} has no hash" for name, (_, hashed) in locked.items() if not hashed)
    yield from (f"names a host: {found[0]}" for found in HOST.finditer(text))


def complaints() -> Iterator[str]:
    """Say all that is wrong with the locks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    base, groups = project["project"]["dependencies"], project["dependency-groups"]
    # The image has no tools for binaries, and nothing to freeze an agent with.
    extras = [line for name, extra in project["project"]["optional-dependencies"].items() if name != "frozen" for line in extra]
    locked = {
        "base": base,
        "run": [*base, *project["project"]["optional-dependencies"]["docker"]],
        "dev": groups["dev"],
        "image": [*base, *extras],
        "build": groups["build"],
    }
    for name, wanted in locked.items():
        lock = ROOT / f"requirements/{name}.txt"
        yield from (f"{lock.relative_to(ROOT)}: {text}" for text in unfit(lock, wanted))
    packages = ROOT / "frontend/package-lock.json"
    if '"resolved"' in packages.read_text():
        yield f"{packages.relative_to(ROOT)}: names hosts; npm wants omit-lockfile-registry-resolved"


def main() -> int:
    """Print the complaints; 1 when there is one."""
    found = [*complaints()]
    for text in found:
        sys.stdout.write(f"{text}\n")
    if found:
        sys.stdout.write("`make lock` writes the locks anew.\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
