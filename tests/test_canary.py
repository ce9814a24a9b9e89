"""Promise A6: secrets of all kinds go through every path of a real installation; then all that it keeps and prints is searched for them.

The search reads every row of both databases, every file of the data folder, the log, a backup, and the answers and pages that
aren't meant to show a secret.
"""

import base64
import os
import re
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from psycopg import sql

from roadstead.core.ids import new_id
from tests.client import Client
from tests.commands.program import TECHNICAL, USER, Program, program_of
from tests.commands.test_running import released
from tests.server import Server, running
from tests.testbeds.kubernetes import ControlPlane
from tests.testbeds.postgres import databases

DATABASE = os.environ.get("ROADSTEAD_DATABASE_URL", "")
ADMINISTRATOR = "韩清"
TYPED, FAILED, REFUSED, BROKEN = (f"canary-{word}-5e1f0c77" for word in ("typed", "failed", "refused", "broken"))
# What must be found, or the search itself finds nothing.
CONTROL = "canary-control"
VALUES = "mariadb:\n  auth:\n    password: {}\n"
# Nothing that the chart's schema knows of, and nothing that a cluster takes.
FAILS = "nodeSelector:\n  no such label: nowhere\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder, under the name by which tests with a database are run on both engines."""
    return tmp_path


def test_no_secret_lies_in_the_clear(folder: Path, kubernetes: ControlPlane) -> None:
    address = databases.create(DATABASE, new_id("canary")) if DATABASE else ""
    with running(folder, **({"ROADSTEAD_DATABASE_URL": address} if address else {})) as server:
        secrets, said = through_every_path(server, kubernetes, folder)
        secrets |= keys(server.data_dir)
        kept = dict(everything(server, address, folder))
    assert any(CONTROL in text for name, text in kept.items() if name.startswith("rows of clusters_cluster"))
    assert "roadstead.job" in kept["rows of workflow_status"]
    assert CONTROL in said["page of the instance"]
    assert "failed" in said["job of fails"]
    assert found(secrets, kept | said) == []


def through_every_path(server: Server, kubernetes: ControlPlane, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Bring secrets in by every door; return them, and what was said that shouldn't hold one."""
    version = released(server, folder)
    user = program_of(server, USER, ["instances:write", "environments:write"], folder)
    keeper = program_of(server, ADMINISTRATOR, ["people:write"], folder)
    said: dict[str, str] = {}
    config = kubernetes.kubeconfig
    told(said, "environment", user("env", "create", "mine", "--zone", "canary", "--kubeconfig", written(folder, config), "-o", "json"))
    bad = written(folder, spoiled(config))
    told(said, "refused kubeconfig", user("env", "create", "bad", "--zone", "bad", "--kubeconfig", bad, code=None))

    def deploy(name: str, values: str, *how: str) -> Any:
        given = ("-e", "mine", "--name", name, "--values", "-", *how)
        return user("instance", "deploy", version, *given, stdin=values, code=None)

    told(said, "deployment", deploy(CONTROL, VALUES.format(TYPED), "--wait"))
    told(said, "failed deployment", deploy("fails", VALUES.format(FAILED) + FAILS, "--wait"))
    # It cleaned up after itself, so no list has the instance; its job is named where it failed.
    (job,) = set(re.findall(r"roadstead job show (j-\w+)", said["failed deployment"]))
    told(said, "job of fails", user("job", "show", job, "-o", "json"))
    told(said, "values that are none", deploy("none", f"mariadb: [{BROKEN}\n"))
    instances = {row["name"]: row["id"] for row in user("instance", "list", "-o", "json").json}
    for name, instance in instances.items():
        for job in user("job", "list", instance, "-o", "json").json:
            told(said, f"job of {name}", user("job", "show", job["id"], "-o", "json"))
    password = pages(server, keeper, instances, said)
    told(said, "removal", user("instance", "delete", instances[CONTROL], "--yes", "--wait"))
    token = yaml.safe_load(config)["users"][0]["user"]["token"]
    typed = {name: value for name, value in globals().items() if name in {"TYPED", "FAILED", "REFUSED", "BROKEN"}}
    return {"kubeconfig": token, "api token": user.variables["ROADSTEAD_TOKEN"], "password": password, **typed}, said


def pages(server: Server, keeper: Program, instances: dict[str, str], said: dict[str, str]) -> str:
    """Read the pages that aren't the owner's, and those of errors; return the password that was made for somebody."""
    administrator, reviewer = Client(server.url), Client(server.url)
    administrator.sign_in_as(ADMINISTRATOR)
    reviewer.sign_in_as(TECHNICAL)
    made = administrator.post("/workbench/people/new", email="canary@example.com", role="user", name="Canary")
    shown = re.search(r"[a-z2-9]{5}(?:-[a-z2-9]{5}){3}", made.text)
    assert shown, made.text[:3_000]
    stranger = Client(server.url)
    said["sign-in that failed"] = stranger.post("/accounts/login/", login="canary@example.com", password=shown.group() + "x").text
    said["page that is missing"] = stranger.get(f"/apps/{REFUSED}"[:20]).text
    said["page of the record"] = administrator.get("/workbench/audit").text
    said["page of the instance"] = "".join(reviewer.get(f"/workbench/instances/{one}").text for one in instances.values())
    for name, instance in instances.items():
        for tab in ("activity", "live", "events"):
            said[f"{tab} of {name}"] = reviewer.get(f"/workbench/instances/{instance}/{tab}").text
    return shown.group()


def told(said: dict[str, str], name: str, answer: Any) -> None:
    said[name] = answer.out + answer.err


def written(folder: Path, text: str) -> Path:
    (folder / "kubeconfig").write_text(text)
    return folder / "kubeconfig"


def spoiled(config: str) -> str:
    """A kubeconfig that is refused, with a secret in it."""
    told = yaml.safe_load(config)
    told["users"][0]["user"] = {"token": REFUSED, "exec": {"command": "true", "args": [REFUSED]}}
    return yaml.safe_dump(told)


def keys(data_dir: Path) -> dict[str, str]:
    """The installation's own keys, which stand in one file and nowhere else."""
    return {f"key {number}": value for number, value in enumerate(re.findall(r'"([^"]{20,})"', (data_dir / "keys.toml").read_text()))}


def everything(server: Server, address: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Return all that an installation keeps and has printed, by name."""
    program = Program(folder, {"ROADSTEAD_DATA_DIR": str(server.data_dir), **server.extra})
    backup = folder / "backup.tar"
    doctor = program("doctor", code=None)
    yield "doctor", doctor.out + doctor.err
    made = program("backup", backup)
    yield "what backup says", made.out + made.err
    with tarfile.open(backup) as tar:
        for info in tar:
            member = tar.extractfile(info)
            yield f"backup: {info.name}", member.read().decode("latin-1") if member else ""
    server.stop()
    yield "log", server.log.read_text()
    yield from rows_on_server(address) if address else rows_in(server.data_dir)
    for file in server.data_dir.rglob("*"):
        if file.is_file() and file.name != "keys.toml":
            yield str(file.relative_to(server.data_dir)), file.read_bytes().decode("latin-1")


def rows_in(data_dir: Path) -> Iterator[tuple[str, str]]:
    for file in ("roadstead.sqlite3", "engine.sqlite3"):
        with closing(sqlite3.connect(data_dir / file)) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in tables:
                yield f"rows of {table}", repr(list(database.execute(f'SELECT * FROM "{table}"')))  # noqa: S608  # its own name


def rows_on_server(address: str) -> Iterator[tuple[str, str]]:
    with psycopg.connect(address) as database:
        asked = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ('public', 'dbos')"
        for schema, table in database.execute(asked).fetchall():
            rows = database.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(schema, table)))
            yield f"rows of {table}", repr(rows.fetchall())


def found(secrets: dict[str, str], texts: dict[str, str]) -> list[str]:
    """Return which secret stands where, as it is or encoded as such things are."""
    forms = {name: {value, base64.b64encode(value.encode()).decode().rstrip("=")} for name, value in secrets.items()}
    return [f"{name} in {where}" for where, text in texts.items() for name, ways in forms.items() if any(way in text for way in ways)]
