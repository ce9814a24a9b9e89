"""The command's client at a server that misbehaves: nothing leaks, nothing is made twice, and every failure is one line."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from roadstead.cli import client
from roadstead.cli.api_errors import UNREACHABLE, Refusal, Stopped
from roadstead.cli.client import Api, checked_url
from roadstead.cli.main import main
from roadstead.cli.output import clean
from roadstead.cli.watching import waited

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers what the test has laid out, and remembers what was asked."""

    def answer(self) -> None:
        """Take the next answer; the last one stays."""
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server: Any = self.server
        server.asked.append((self.command, self.path, dict(self.headers), self.body))
        (server.answers.pop(0) if len(server.answers) > 1 else server.answers[0])(self)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815  # http.server names them

    def log_message(self, *_args: Any) -> None:
        """Stay silent."""


def said(status: int, body: object = None, **headers: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    return answer


def hangs_up(handler: Handler) -> None:
    handler.close_connection = True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(client, "_PAUSE_SECONDS", 0.0)
    made: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked, made.answers = [], []
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def api(server: Any) -> Api:
    return Api(f"http://127.0.0.1:{server.server_port}", "rst_secret")


def test_a_redirect_is_followed_nowhere(server: Any) -> None:
    server.answers = [said(302, Location=f"http://127.0.0.1:{server.server_port}/elsewhere")]
    with pytest.raises(Refusal) as refusal:
        api(server).get("/me")
    assert "302" in refusal.value.message
    assert [path for _method, path, *_rest in server.asked] == ["/api/v1/me"]


def test_a_create_whose_connection_breaks_is_repeated_under_one_key(server: Any) -> None:
    server.answers = [hangs_up, hangs_up, said(201, {"id": "x"})]
    assert api(server).create("/instances", {"name": "x"}) == {"id": "x"}
    keys = {headers["Idempotency-Key"] for _method, _path, headers, _body in server.asked}
    assert (len(server.asked), len(keys)) == (3, 1)


def test_what_may_be_done_once_only_is_not_repeated(server: Any) -> None:
    server.answers = [hangs_up, said(200, {})]
    with pytest.raises(Stopped) as stopped:
        api(server).send("/versions/x/submit")
    assert stopped.value.exit_code == UNREACHABLE
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"\xff"])
def test_an_answer_that_is_no_problem_is_a_line_all_the_same(server: Any, body: bytes) -> None:
    server.answers = [said(502, body)]
    with pytest.raises(Refusal) as refusal:
        api(server).get("/me")
    assert (refusal.value.exit_code, refusal.value.message) == (UNREACHABLE, "the server answered 502")


def test_a_page_instead_of_json_is_no_roadstead(server: Any) -> None:
    server.answers = [said(200, b"<html>")]
    with pytest.raises(Stopped, match="is no Roadstead"):
        api(server).get("/me")


def test_a_list_is_walked_as_far_as_it_is_wanted(server: Any) -> None:
    server.answers = [said(200, {"items": [{"id": n}], "next_cursor": str(n)}) for n in range(5)]
    assert [row["id"] for row in api(server).rows("/apps", 3)] == [0, 1, 2]
    assert len(server.asked) == 3
    assert "cursor=1" in server.asked[2][1]


def test_a_files_name_breaks_out_of_nothing(server: Any, tmp_path: Path) -> None:
    server.answers = [said(201, {})]
    file = tmp_path / 'a"\r\nX-Evil: 1\r\n.tgz'
    file.write_bytes(b"package")
    api(server).upload("/apps", file, once=True, description="more")
    body = server.asked[0][3]
    assert b"\r\nX-Evil" not in body
    assert b'name="description"\r\n\r\nmore' in body


@pytest.mark.parametrize("url", ["", "localhost", "ftp://x", "file:///etc/passwd", "https://"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Stopped):
        checked_url(url)


def test_names_from_strangers_move_no_cursor() -> None:
    assert clean("a\x1b[2Jb\rc\nd\u202e") == "a [2Jb c d "


def job(status: str, *steps: str) -> dict[str, Any]:
    told = [{"title": "Install", "target": "x", "status": step, "started_at": "1", "output": "", "problem": None} for step in steps]
    ended = status not in {"pending", "working"}
    problem = {"message": "No room"} if status == "failed" else None
    return {"id": "j", "title": "Create", "status": status, "finished": ended, "problem": problem, "steps": told}


def test_waiting_shows_each_step_once_and_outlives_a_restart(
    server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("roadstead.cli.watching.PACE_SECONDS", 0.0)
    states = [
        job("working", "successful", "working"),
        job("working", "successful", "working"),
        job("successful", "successful", "successful"),
    ]
    server.answers = [said(200, states[0]), said(503, {}), said(200, states[1]), said(200, states[2])]
    assert waited(api(server), "j", 30)["status"] == "successful"
    assert capsys.readouterr().err.splitlines() == ["✓ Install x", "✓ Install x"]


@pytest.mark.parametrize(("status", "code"), [("failed", 9), ("cancelled", 9), ("working", 10)])
def test_waiting_ends_with_a_code_of_its_own(server: Any, monkeypatch: pytest.MonkeyPatch, status: str, code: int) -> None:
    monkeypatch.setattr("roadstead.cli.watching.PACE_SECONDS", 0.0)
    server.answers = [said(200, job(status))]
    with pytest.raises(Stopped) as stopped:
        waited(api(server), "j", 0)
    assert stopped.value.exit_code == code


@pytest.mark.parametrize(("words", "offered"), [("roadstead inst", "instance"), ("roadstead instance roll", "rollback")])
def test_a_shell_completes_commands(words: str, offered: str) -> None:
    asking = {"_ROADSTEAD_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    program = Path(sys.executable).parent / "roadstead"
    done = subprocess.run([program], env={**os.environ, **asking}, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == [f"plain,{offered}"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    assert "_ROADSTEAD_COMPLETE" in CliRunner().invoke(main, ["completion", shell]).output


def test_the_commands_load_nothing_that_they_do_not_need() -> None:
    asked = "import sys, roadstead.cli.instances, roadstead.cli.login; print([m for m in ('django', 'rich', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
