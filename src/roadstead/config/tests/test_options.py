"""Where settings come from, and how the two secrets are kept."""

import base64
import os
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from roadstead.config.keys import make
from roadstead.config.options import Options, unknown_variables


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, and an environment that names only that."""
    for name in [name for name in os.environ if name.startswith("ROADSTEAD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ROADSTEAD_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def options() -> Options:
    return Options()  # type: ignore[call-arg]  # as in the settings: secrets come from elsewhere


def test_without_keys_nothing_starts_and_nothing_is_made(folder: Path) -> None:
    with pytest.raises(ValidationError) as wrong:
        options()
    assert {error["loc"] for error in wrong.value.errors()} == {("secret_key",), ("master_key",)}
    assert not folder.exists()


def test_up_makes_keys_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROADSTEAD_MAKE_KEYS", "1")
    first = options()
    again = options()
    assert first.master_key == again.master_key
    assert first.secret_key == again.secret_key
    assert len(base64.b64decode(first.master_key.get_secret_value())) == 32
    assert stat.S_IMODE((folder / "keys.toml").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["keys.toml"]


def test_making_keys_twice_keeps_the_first(folder: Path) -> None:
    make(folder / "keys.toml")
    before = (folder / "keys.toml").read_text()
    make(folder / "keys.toml")
    assert (folder / "keys.toml").read_text() == before


def test_the_environment_goes_before_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(folder / "keys.toml")
    monkeypatch.setenv("ROADSTEAD_MASTER_KEY", "given")
    assert options().master_key.get_secret_value() == "given"
    assert options().secret_key.get_secret_value() != "given"


def test_a_file_can_say_everything(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROADSTEAD_DATA_DIR")
    file = tmp_path / "roadstead.toml"
    file.write_text(f'data_dir = "{folder}"\nport = 9000\nsecret_key = "a"\nmaster_key = "b"\n[limits]\nentries = 7\n')
    monkeypatch.setenv("ROADSTEAD_CONFIG", str(file))
    found = options()
    assert (found.data_dir, found.port, found.limits.entries) == (folder, 9000, 7)
    monkeypatch.setenv("ROADSTEAD_PORT", "9001")
    assert options().port == 9001


@pytest.mark.parametrize(("given", "shown"), [("", "http://localhost:8000"), ("https://apps.example.com/", "https://apps.example.com")])
def test_the_address_that_people_see(folder: Path, monkeypatch: pytest.MonkeyPatch, given: str, shown: str) -> None:
    make(folder / "keys.toml")
    monkeypatch.setenv("ROADSTEAD_PUBLIC_URL", given)
    assert options().public_url == shown


def test_secrets_do_not_show(folder: Path) -> None:
    make(folder / "keys.toml")
    found = options()
    assert found.master_key.get_secret_value() not in repr(found)


def test_a_wrong_setting_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(folder / "keys.toml")
    monkeypatch.setenv("ROADSTEAD_LIMITS__UPLOAD_BYTES", str(65 * 1024 * 1024))
    with pytest.raises(ValidationError, match="upload_bytes"):
        options()


def test_a_helm_command_is_found_on_the_path_or_named_whole(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(folder / "keys.toml")
    assert options().helm_command == ""
    command = tmp_path / "helm"
    command.touch(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    for given in ("helm", str(command)):
        monkeypatch.setenv("ROADSTEAD_HELM_COMMAND", given)
        assert options().helm_command == str(command)
    monkeypatch.setenv("ROADSTEAD_HELM_COMMAND", "helm-of-nobody")
    with pytest.raises(ValidationError, match="helm_command"):
        options()


def test_limits_are_set_by_their_own_name_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(folder / "keys.toml")
    monkeypatch.setenv("DEPTH", "3")
    monkeypatch.setenv("ROADSTEAD_LIMITS__RATIO", "40")
    assert (options().limits.depth, options().limits.ratio) == (12, 40)


def test_a_missing_file_of_settings_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(folder / "keys.toml")
    monkeypatch.setenv("ROADSTEAD_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(FileNotFoundError, match=r"none\.toml"):
        options()


def test_a_misspelled_variable_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder
    monkeypatch.setenv("ROADSTEAD_PROT", "80")
    monkeypatch.setenv("ROADSTEAD_LIMITS__DEPTH", "3")
    assert unknown_variables() == ["ROADSTEAD_PROT"]


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"])
def test_an_authority_that_cannot_be_read_is_named_at_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "authority.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("ROADSTEAD_MAKE_KEYS", "1")
    monkeypatch.setenv("ROADSTEAD_AGENT_CA", str(file))
    with pytest.raises(ValidationError, match=r"authority\.pem must hold certificates"):
        options()
