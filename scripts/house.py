"""Sets the house up and runs its tools; `run.py` and the Makefile are doors to this. Standard library only: there is no environment yet."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from scripts import assets as built

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
STAMP = VENV / ".roadstead.json"
LOCKS = {"base": ("run.txt", "project.txt"), "dev": ("base.txt", "dev.txt", "project.txt")}
# How `tests.testbeds.postgres` says that there is no server, and pytest that there was no test.
NO_SERVER, NO_TESTS = 69, 5
# What this machine's own installation holds beyond the base, and what the image does.
RUN_EXTRAS = ("--extra", "docker")
IMAGE_EXTRAS = (*RUN_EXTRAS, "--extra", "postgresql", "--extra", "s3")
COMPILE = ("pip", "compile", "--quiet", "--generate-hashes", "--universal", "--python-version", "3.11")


class Refusal(Exception):
    """Something that a person must do first, in one line."""


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> int:
    """Run a command in the project's folder and return its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode


def must(*command: str | Path) -> None:
    """Run a command that has to succeed."""
    if run(*command):
        raise Refusal(f"This command failed, see above: {' '.join(map(str, command))}")


def make_venv() -> None:
    """Make `.venv` where it is missing."""
    if PYTHON.exists():
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        major, minor = sys.version_info[:2]
        raise Refusal(f"Python's venv module is missing. On Debian and Ubuntu: apt install python{major}.{minor}-venv")
    say("making .venv")
    try:
        must(sys.executable, "-m", "venv", VENV)
    except OSError as problem:
        raise Refusal(f"Cannot make {VENV}: {problem.strerror}") from problem


def uv() -> Path:
    """Return uv: the environment's own, this machine's, or one put into the environment."""
    own = VENV / "bin/uv"
    found = own if own.exists() else shutil.which("uv")
    if found:
        return Path(found)
    say("installing uv")
    must(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv>=0.8")
    return own


def fingerprint(kind: str) -> str:
    """Return a digest of all that decides what the environment holds."""
    whole = hashlib.sha256(f"{sys.version_info[:2]} {built.digest(built.inputs())}".encode())
    for name in (*LOCKS[kind], "../pyproject.toml"):
        whole.update((ROOT / "requirements" / name).read_bytes())
    return whole.hexdigest()


def setup(kind: str = "base") -> None:
    """Bring the environment to what the locks say; when nothing changed this takes milliseconds."""
    make_venv()
    stamp = json.loads(STAMP.read_text()) if STAMP.exists() else {}
    # What holds the tools too also holds the base: never take them away again.
    kind = "dev" if stamp.get("kind") == "dev" else kind
    if stamp == {"kind": kind, "digest": fingerprint(kind)} and not built.needs():
        return
    say("installing what requirements/ names" if not stamp else "bringing the environment up to date")
    must(uv(), "pip", "sync", "--quiet", "--python", PYTHON, *(ROOT / "requirements" / name for name in LOCKS[kind]))
    build_in_place()
    compile_python()
    STAMP.write_text(json.dumps({"kind": kind, "digest": fingerprint(kind)}))


def build_in_place() -> None:
    """Compile what the install left stale: uv may have had the project's build in its cache."""
    if built.assets_stale() or built.stale_catalogues():
        must(uv(), "pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--reinstall-package", "roadstead", "-e", ROOT)


def compile_python() -> None:
    """Compile what Python would compile at each start where it may not write it down; the start is twice as quick."""
    # What some package has for another Python than this one doesn't compile, and isn't used.
    run(PYTHON, "-m", "compileall", "-qq", "-j", "0", VENV / "lib", "src", "gotext/src", "agent/src")


def say(text: str) -> None:
    """Tell what takes time."""
    sys.stderr.write(f"roadstead: {text}\n")


def start(arguments: Sequence[str]) -> int:
    """Start Roadstead with sample data."""
    setup()
    program = VENV / "bin/roadstead"
    os.chdir(ROOT)
    # In the place of this process, so that signals reach it.
    os.execv(program, [str(program), "up", "--demo", *arguments])  # noqa: S606  # no shell is meant


def prepare_tests() -> None:
    """Get what the tests use beyond Python, and name what this machine cannot have."""
    setup("dev")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    parts = {"chromium": has_chromium(), "fonts-noto-cjk": has_chinese_font(), "postgresql": has_postgresql()}
    wanted = [package for package, there in parts.items() if not there]
    if wanted and root and shutil.which("apt-get"):
        say(f"installing {', '.join(wanted)}")
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted, environment={"DEBIAN_FRONTEND": "noninteractive"})
    elif wanted:
        say(f"{' and '.join(wanted)} missing, and only root can install: the tests that need them are left out")
    if (ROOT / "tests/testbeds/kubernetes").is_dir():
        prepare_kubernetes()


def prepare_kubernetes() -> None:
    """Build the Kubernetes testbed once into the user's cache folder."""
    if not shutil.which("go"):
        say("Go is missing: the tests against a real Kubernetes are left out")
    elif run(PYTHON, "-m", "tests.testbeds.kubernetes", "build"):
        say("the Kubernetes testbed could not be built: its tests are left out")
    elif run(PYTHON, "-m", "tests.testbeds.kubernetes.node"):
        say("a real node could not be built: the test on it is left out")


def has_chromium() -> bool:
    """Whether there is a browser for the journeys."""
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def has_chinese_font() -> bool:
    """Whether pictures of pages would show Chinese."""
    answer = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False) if shutil.which("fc-list") else None
    return bool(answer and answer.stdout.strip())


def has_postgresql() -> bool:
    """Whether a PostgreSQL server can be started; Debian keeps its programs off PATH."""
    return bool(shutil.which("initdb") or [*Path("/usr/lib/postgresql").glob("*/bin/initdb")])


def test(arguments: Sequence[str]) -> int:
    """Run the tests, with everything they need: all of them, then those with a database once more on PostgreSQL."""
    prepare_tests()
    return on_both_engines("pytest", "-n", "2", *arguments)


def test_long(arguments: Sequence[str]) -> int:
    """Run all tests, those that take many minutes too."""
    prepare_tests()
    return on_both_engines("pytest", "-n", "2", "-m", "long or not long", *arguments)


def on_both_engines(*module: str) -> int:
    """Run pytest on SQLite, and on PostgreSQL what touches the database; return the first exit code that isn't 0."""
    code = run(PYTHON, "-m", *module)
    say("and once more on PostgreSQL, what touches the database")
    again = run(PYTHON, "-m", "tests.testbeds.postgres", "run", PYTHON, "-m", *module)
    if again == NO_SERVER and os.environ.get("CI", "").lower() not in {"1", "true"}:
        say("PostgreSQL's server is missing: the tests on it are left out")
        again = 0
    return code or (0 if again == NO_TESTS else again)


def check(arguments: Sequence[str]) -> int:
    """Run every check and report all that fail."""
    setup("dev")
    return run(PYTHON, "-m", "scripts.check", *arguments)


def assets(_arguments: Sequence[str]) -> int:
    """Build the front end and the translations in place."""
    setup("dev")
    return run(PYTHON, "-m", "scripts.assets", environment={"PATH": f"{uv().parent}{os.pathsep}{os.environ['PATH']}"})


def lock(_arguments: Sequence[str]) -> int:
    """Write all locks anew; pins that still fit stay."""
    make_venv()
    must(uv(), *COMPILE, "pyproject.toml", "--output-file", "requirements/base.txt")
    parts = {
        "run": ("pyproject.toml", *RUN_EXTRAS),
        "dev": ("--group", "dev"),
        "image": ("pyproject.toml", *IMAGE_EXTRAS),
        "build": ("--group", "build"),
    }
    for name, wanted in parts.items():
        must(uv(), *COMPILE, *wanted, "--constraints", "requirements/base.txt", "--output-file", f"requirements/{name}.txt")
    return 0


def demo_data(arguments: Sequence[str]) -> int:
    """Fill the folder that `run` uses with made-up apps, people, reviews and instances."""
    setup()
    return run(VENV / "bin/roadstead", "demo-data", *arguments, environment={"ROADSTEAD_MAKE_KEYS": "1"})


def image(arguments: Sequence[str]) -> int:
    """Build the container image with docker."""
    return run(sys.executable, "-m", "scripts.image", "build", *arguments)


def wheelhouse(_arguments: Sequence[str]) -> int:
    """Fetch what building the image takes, for a machine without a network."""
    setup("dev")
    return run(PYTHON, "-m", "scripts.image", "wheelhouse")


def messages(arguments: Sequence[str]) -> int:
    """Bring the Chinese catalogues to what the sources say."""
    setup("dev")
    return run(PYTHON, "-m", "scripts.messages", "--write", *arguments)


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks."""
    setup("dev")
    started = time.monotonic()
    code = run(PYTHON, "-m", "bench", *arguments)
    say(f"took {time.monotonic() - started:.0f} s")
    return code


def cluster(arguments: Sequence[str]) -> int:
    """Start a Kubernetes control plane on this machine to try deployments on, or stop it with `down`."""
    setup("dev")
    return run(PYTHON, "-m", "tests.testbeds.kubernetes", *(arguments or ["up"]))


def only_setup(_arguments: Sequence[str]) -> int:
    """Set up the environment that `run` needs."""
    setup()
    return 0


WORDS: dict[str, Callable[[Sequence[str]], int]] = {
    "run": start,
    "setup": only_setup,
    "test": test,
    "test-long": test_long,
    "check": check,
    "assets": assets,
    "lock": lock,
    "messages": messages,
    "bench": bench,
    "cluster": cluster,
    "demo-data": demo_data,
    "image": image,
    "wheelhouse": wheelhouse,
}


def main(arguments: list[str]) -> int:
    """Do what the first word says; without one, start."""
    word = arguments.pop(0) if arguments and not arguments[0].startswith("-") else "run"
    if word not in WORDS:
        for name, function in WORDS.items():
            sys.stdout.write(f"{name:14}{(function.__doc__ or '').splitlines()[0]}\n")
        return 0 if word == "help" else 2
    try:
        return WORDS[word](arguments)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
    except OSError as problem:
        sys.stderr.write(f"{problem.filename or 'roadstead'}: {problem.strerror}\n")
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    return 1
