"""People and jobs of continuous integration at the command: from a package to the store, and everything that can go wrong on the way."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.program import BUSINESS, DEVELOPER, HEAD, TECHNICAL, Program, packed, program_of, token_of
from tests.server import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("commands")) as started:
        yield started


def test_a_job_publishes_and_everybody_finds_it(server: Server, tmp_path: Path) -> None:
    ci = program_of(server, DEVELOPER, ["apps:write"], tmp_path)
    made = ci("app", "create", packed(tmp_path), "-o", "json").json
    app, version = made["app"]["id"], made["version"]["id"]
    assert ci("version", "submit", version, "-o", "json").json["status"] == "submitted"
    assert ci("version", "wait", version, "--timeout", "0", code=10).out == ""
    for name, stage in ((HEAD, "provider"), (BUSINESS, "business"), (TECHNICAL, "technical")):
        reviewer = program_of(server, name, ["reviews:write"], tmp_path)
        (review,) = [row["id"] for row in reviewer("review", "list", "-o", "json").json if row["version"] == version]
        assert reviewer("review", "claim", review, "-o", "json").json["stage"] == stage
        reviewer("review", "pass", review, "--stage", stage)
    assert ci("version", "wait", version, "-o", "json").json["status"] == "passed"
    ci("version", "release", version)
    nobody = Program(tmp_path, {"ROADSTEAD_URL": server.url})
    assert nobody("store", "search", "wordpress", "-o", "json").json[0]["id"] == app
    assert nobody("store", "search", "nothing-like-it", "-o", "json").json == []
    shown = nobody("store", "show", app).out
    assert version in shown
    ci("version", "download", version, tmp_path / "again.tgz")
    assert (tmp_path / "again.tgz").read_bytes() == packed(tmp_path).read_bytes() or len((tmp_path / "again.tgz").read_bytes()) > 1_000
    # The next one is refused with its reason, and the job that waits for it learns so by its exit code.
    second = ci("version", "create", app, packed(tmp_path, "9.0.0"), "--log", "More", "-o", "json").json["id"]
    ci("version", "submit", second)
    head = program_of(server, HEAD, ["reviews:write"], tmp_path)
    (review,) = [row["id"] for row in head("review", "list", "-o", "json").json if row["version"] == second]
    head("review", "claim", review)
    head("review", "reject", review, "--reason", "No notes")
    assert "rejected" in ci("version", "wait", second, code=9).err
    assert "No notes" in head("review", "show", review).out


def test_signing_in_keeps_the_token_for_oneself(server: Server, tmp_path: Path) -> None:
    alone = Program(tmp_path, {})
    assert "roadstead login" in alone("app", "list", code=3).err
    token = token_of(server, DEVELOPER, ["apps:read"])
    said = alone("login", server.url, stdin=f"{token}\n")
    assert DEVELOPER in said.out
    assert token not in said.out + said.err
    (kept,) = tmp_path.rglob("login.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text()) == {"url": server.url, "token": token}
    assert alone("whoami", "-o", "json").json["token"]["scopes"] == ["apps:read"]
    # The token belongs to its address: named by the environment, another one doesn't get it.
    elsewhere = Program(tmp_path, {"ROADSTEAD_URL": "http://127.0.0.1:9"})
    assert elsewhere("whoami", code=3).out == ""
    alone("logout", "--revoke")
    assert not kept.exists()
    assert Program(tmp_path, {"ROADSTEAD_URL": server.url, "ROADSTEAD_TOKEN": token})("whoami", code=3).out == ""


def test_exit_codes_are_those_of_the_documentation(server: Server, tmp_path: Path) -> None:
    ci = program_of(server, DEVELOPER, ["apps:write"], tmp_path)
    version = ci("app", "list", "-o", "json").json
    assert ci("version", "status", "appv-nothing", code=5).out == ""
    assert "reviews:read" in ci("review", "list", code=4).err
    assert ci("version", "status", code=2).out == ""
    bad = tmp_path / "bad.tgz"
    bad.write_bytes(b"no archive")
    refused = ci("app", "create", bad, code=7)
    assert "[" in refused.err
    as_json = json.loads(ci("app", "create", bad, "-o", "json", code=7).err)
    assert as_json["code"] == "package_refused"
    if version:
        assert ci("app", "delete", version[0]["id"], "--yes", code=6).out == ""
    gone = Program(tmp_path, {"ROADSTEAD_URL": "http://127.0.0.1:9", "ROADSTEAD_TOKEN": "x"})
    assert "can't be reached" in gone("store", "show", "app-x", code=8).err
    assert Program(tmp_path, {"ROADSTEAD_URL": "ftp://x", "ROADSTEAD_TOKEN": "x"})("whoami", code=2).out == ""


def test_a_refusal_is_said_in_the_language_of_the_machine(server: Server, tmp_path: Path) -> None:
    ci = program_of(server, DEVELOPER, ["apps:read"], tmp_path)
    chinese = Program(ci.home, {**ci.variables, "LANG": "zh_CN.UTF-8"})
    assert "nothing here" in ci("version", "status", "appv-nothing", code=5).err
    assert "没有" in chinese("version", "status", "appv-nothing", code=5).err
