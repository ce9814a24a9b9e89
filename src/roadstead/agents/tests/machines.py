"""A platform and machines as processes of their own, for tests: started, asked, killed and started again."""

import base64
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from roadstead.agents.program import program

SCRIPT = Path(__file__).with_name("platform_script.py")
ROOT = SCRIPT.parents[4]
PATIENCE = 60
# A start makes the tables first.
START_SECONDS = 180


class PlatformProcess:
    """The platform of `platform_script.py` on a folder, from `with` to the end of it or `kill`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = settings

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, and wait until its doors are open."""
        self.folder.mkdir(exist_ok=True)
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "roadstead-test-pycache"),
            "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("src", "gotext/src", "agent/src", ".")),
            "DJANGO_SETTINGS_MODULE": "roadstead.config.testing",
            "ROADSTEAD_DATA_DIR": str(self.folder),
            "ROADSTEAD_SECRET_KEY": "only-for-tests",
            "ROADSTEAD_MASTER_KEY": base64.b64encode(bytes(32)).decode(),
            **self._settings,
        }
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, SCRIPT, self.folder], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        begun = self._answer()
        self.socket, self.port = Path(begun["socket"]), int(begun["port"])

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()

    def ask(self, do: str, **said: Any) -> Any:
        """Have it do something and return its answer."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **said}) + "\n")
        self.process.stdin.flush()
        answer = self._answer()
        assert "error" not in answer, answer["error"]
        return answer["answer"]

    def ended(self, token: str) -> dict[str, Any]:
        """Wait for the end of a command and return it."""
        command: dict[str, Any] = until(lambda: self._if_ended(token), f"the end of {token}")
        return command

    def _if_ended(self, token: str) -> dict[str, Any] | None:
        command: dict[str, Any] = self.ask("command", token=token)
        return command if command["state"] not in {"waiting", "sent", "running"} else None

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        assert select.select([self.process.stdout], [], [], START_SECONDS)[0], "no answer"
        line = self.process.stdout.readline()
        assert line, (self.folder / "log").read_text()[-4000:]
        answer: dict[str, Any] = json.loads(line)
        return answer


class Machine:
    """A machine's folder, and its agent's process where it runs."""

    def __init__(self, folder: Path, boot: dict[str, Any]) -> None:
        self.folder = folder
        self.boot = boot
        folder.mkdir()
        (folder / "agent.pyz").write_bytes(program())
        (folder / "boot.json").write_text(json.dumps(boot))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it as a container would be."""
        with (self.folder / "console").open("ab") as console:
            arguments = [sys.executable, "-I", str(self.folder / "agent.pyz"), "run", str(self.folder)]
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True)

    def agent_pid(self) -> int:
        """Return the process of the agent proper: the first child."""
        assert self.process
        pid = self.process.pid
        children = until(lambda: Path(f"/proc/{pid}/task/{pid}/children").read_text().split(), "the agent's process")
        return int(children[0])

    def kill_agent(self) -> None:
        """Kill the agent; the first process begins it again."""
        with suppress(ProcessLookupError):
            os.kill(self.agent_pid(), signal.SIGKILL)

    def kill(self) -> None:
        """Kill all of it, as the end of a container does."""
        if self.process:
            for pid in [*_descendants(self.process.pid), self.process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> int:
        """Have it end in good order; return its exit code."""
        assert self.process
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def said(self) -> str:
        """Return its console."""
        return (self.folder / "console").read_text(errors="replace")


def _descendants(pid: int) -> list[int]:
    """Return the processes below one, the nearest first."""
    try:
        children = [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [*children, *(one for child in children for one in _descendants(child))]


def until(look: Callable[[], Any], what: str) -> Any:
    """Wait until something is there, and return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s for {what}")
