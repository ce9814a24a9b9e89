"""Go's own `text/template`, in one process that answers for as long as it is needed."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from gotext import GotextError, Limits, Template

GOLDEN = Path(__file__).parent / "golden"
GO = shutil.which("go")
HAS_GO = GO is not None
NO_GO = "Go is not on the PATH"


@dataclass(frozen=True)
class Case:
    """A template with data and options, and maybe what came of it."""

    template: str
    data: Any = None
    options: dict[str, Any] = field(default_factory=dict)

    def asked(self) -> dict[str, Any]:
        """Return what Go is asked."""
        return {"template": self.template, "data": self.data, "options": self.options}


def answered(case: Case, limits: Limits | None = None) -> dict[str, str]:
    """Return what gotext says, in the form of Go's answer."""
    left, right = case.options.get("delimiters", ("{{", "}}"))
    missing_key = case.options.get("missing_key", "default")
    try:
        template = Template(case.template, name="t", missing_key=missing_key, delimiters=(left, right))
        output = template.render_bytes(case.data, limits=limits or Limits())
    except GotextError as problem:
        return {"error": problem.message}
    try:
        return {"output": output.decode()}
    except UnicodeDecodeError:
        return {"hex": output.hex()}


class Original:
    """The process."""

    def __init__(self, program: Path) -> None:
        self.version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout.strip()
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    @classmethod
    @contextmanager
    def built(cls, folder: Path) -> Iterator[Self]:
        """Build the program into a folder, and end it at last."""
        program = folder / "golden"
        offline = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOWORK": "off"}
        subprocess.run([GO or "go", "build", "-buildvcs=false", "-o", program, "."], cwd=GOLDEN, env=offline, check=True)
        original = cls(program)
        try:
            yield original
        finally:
            original.process.communicate()

    def answer(self, cases: Sequence[Case]) -> list[dict[str, str]]:
        """Ask one case after the other."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin
        assert stdout
        answers = []
        for case in cases:
            stdin.write(json.dumps(case.asked()) + "\n")
            stdin.flush()
            answers.append(json.loads(stdout.readline()))
        return answers
