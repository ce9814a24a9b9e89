"""A node's own SSH key, and whose keys open it."""

from pathlib import Path
from typing import Any

import pytest

from roadstead_agent import keys
from roadstead_agent.work import Work


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keys, "HOME", tmp_path / ".ssh")
    return tmp_path / ".ssh"


def work(**params: Any) -> Work:
    made = Work.__new__(Work)
    made.params, made.timeout = params, 60.0
    return made


@pytest.mark.parametrize(
    ("kind", "file", "begins"),
    [("ssh-rsa", "id_rsa", "ssh-rsa"), ("ssh-dsa", "id_rsa", "ssh-rsa"), ("ssh-ed25519", "id_ed25519", "ssh-ed25519")],
)
def test_a_key_is_made_once(home: Path, kind: str, file: str, begins: str) -> None:
    first, again = keys.key(work(type=kind)), keys.key(work(type=kind))
    assert first["state"] == "done", first
    assert first == again
    assert first["result"]["public"].startswith(f"{begins} ")
    assert (home / file).stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in home.iterdir()} == {file, f"{file}.pub"}


def test_an_unknown_kind_is_refused(home: Path) -> None:
    assert keys.key(work(type="ssh-magic"))["result"] == {"problem": "unknown_key_type"}
    assert not home.exists()


def test_keys_are_let_in_and_out_by_their_very_line(home: Path) -> None:
    for line in ("ssh-rsa AAA one", "ssh-rsa AAAB two", "ssh-rsa AAA one"):
        assert keys.attach(work(line=line))["state"] == "done"
    assert (home / "authorized_keys").read_text() == "ssh-rsa AAAB two\nssh-rsa AAA one\n"
    assert keys.detach(work(line="ssh-rsa AAA"))["state"] == "done"
    assert keys.detach(work(line="ssh-rsa AAA one"))["state"] == "done"
    assert (home / "authorized_keys").read_text() == "ssh-rsa AAAB two\n"
    for odd in ("", "a\nb", "# all"):
        assert keys.attach(work(line=odd))["result"] == {"problem": "bad_params"}
