"""The real command, as a process, for somebody who made a token on the page."""

import json
import os
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.client import Client
from tests.server import Server

EXAMPLE = Path(__file__).parents[2] / "examples/wordpress/helm"
DEVELOPER, HEAD, BUSINESS, TECHNICAL, USER = "陈屿", "苏禾", "何以晴", "林知远", "周子衿"


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """The command with a home folder and an environment of its own."""

    home: Path
    variables: dict[str, str]

    def __call__(self, *words: str | Path, stdin: str = "", code: int | None = 0) -> Said:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ROADSTEAD_", "DJANGO_", "XDG_"))}
        environment = {**kept, "HOME": str(self.home), "LANG": "C.UTF-8", **self.variables}
        command = [sys.executable, "-m", "roadstead", *map(str, words)]
        done = subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, timeout=300, check=False)
        said = Said(done.returncode, done.stdout, done.stderr)
        assert code is None or said.code == code, said
        return said


def program_of(server: Server, name: str, scopes: list[str], folder: Path) -> Program:
    """Sign a sample person in, make a token on their page, and return the command with it in its environment."""
    return Program(folder, {"ROADSTEAD_URL": server.url, "ROADSTEAD_TOKEN": token_of(server, name, scopes)})


def token_of(server: Server, name: str, scopes: list[str]) -> str:
    person = Client(server.url)
    person.sign_in_as(name)
    page = person.post("/workbench/account/tokens", name="ci", scopes=scopes, days="7").text
    found = re.search(r"rst_[\w-]{43}", page)
    assert found, page[:2_000]
    return found.group()


def packed(folder: Path, version: str = "") -> Path:
    """Pack our own chart, under another version number if one is given."""
    archive = folder / f"wordpress-{version or 'own'}.tgz"
    (folder / "Chart.yaml").write_text(re.sub(r"(?m)^version: .*", f"version: {version}", (EXAMPLE / "Chart.yaml").read_text()))
    with tarfile.open(archive, "w:gz") as whole:
        for file in sorted(EXAMPLE.rglob("*")):
            if file.is_file() and not (version and file == EXAMPLE / "Chart.yaml"):
                whole.add(file, f"wordpress/{file.relative_to(EXAMPLE)}")
        if version:
            whole.add(folder / "Chart.yaml", "wordpress/Chart.yaml")
    return archive
