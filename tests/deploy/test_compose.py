"""The compose file: that it hangs together, is bound tightly and holds no secret; and the secrets that its script makes."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from roadstead.cli.main import COMMANDS
from roadstead.config.databases import wrong_with
from roadstead.config.options import SWITCHES, Options

FOLDER = Path(__file__).parents[2] / "deploy/compose"
OURS = ("prepare", "web", "worker")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return told


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    shutil.copy(FOLDER / "make-secrets", tmp_path)
    subprocess.run([tmp_path / "make-secrets"], check=True, capture_output=True)
    return tmp_path / "secrets"


def test_every_name_has_what_it_names(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {*OURS, "database", "store"}
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert named <= set(compose["volumes"])
    for name, on in ((name, on) for name, service in services.items() for on in service.get("depends_on", {}).items()):
        assert on[1]["condition"] != "service_healthy" or "healthcheck" in services[on[0]], name


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_little(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["command"] == [name]
    assert name in COMMANDS
    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert "volumes" not in service


def test_pages_listen_on_this_machine_only_and_nothing_else_listens_at_all(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])


def test_what_is_set_are_settings_and_no_secrets(compose: dict[str, Any]) -> None:
    known = {f"ROADSTEAD_{name.upper()}" for name in Options.model_fields} | SWITCHES
    given = compose["services"]["web"]["environment"]
    assert set(given) <= known
    assert "KEY" not in "".join(given)
    others = [service["environment"] for name, service in compose["services"].items() if name not in OURS and "environment" in service]
    assert [name for each in others for name in each if re.search("PASSWORD|KEY", name) and not name.endswith("_FILE")] == []


def test_the_secrets_fit_each_other(secrets: Path) -> None:
    settings = tomllib.loads((secrets / "roadstead.toml").read_text())
    assert set(settings) <= set(Options.model_fields)
    assert not wrong_with(settings["database_url"])
    assert (secrets / "database-password").read_text() in settings["database_url"]
    (identity,) = json.loads((secrets / "store.json").read_text())["identities"]
    assert identity["credentials"] == [{"accessKey": settings["s3"]["access_key"], "secretKey": settings["s3"]["secret_key"]}]


def test_the_secrets_are_read_as_settings(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ROADSTEAD_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ROADSTEAD_CONFIG", str(secrets / "roadstead.toml"))
    options = Options()  # type: ignore[call-arg]  # all of it comes from the file
    assert options.s3.bucket == "roadstead"
    assert len(options.master_key.get_secret_value()) == 44
    assert len(options.secret_key.get_secret_value()) == 64


def test_only_their_owner_comes_to_the_secrets_and_they_are_never_made_again(secrets: Path) -> None:
    assert secrets.stat().st_mode & 0o777 == 0o700
    before = (secrets / "roadstead.toml").read_bytes()
    again = subprocess.run([secrets.parent / "make-secrets"], check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "stays as it is" in again.stderr
    assert (secrets / "roadstead.toml").read_bytes() == before
