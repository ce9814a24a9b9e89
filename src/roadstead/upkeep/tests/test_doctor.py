"""Every part that can be ill: said in words, with what to do; and one that is well."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as present
from django.core.files.storage import storages
from django.db import connection
from django.utils import translation
from pytest_django import Settings

from roadstead.agents.services import frozen_place
from roadstead.blobs import services as blobs
from roadstead.blobs.models import Blob
from roadstead.clusters.factories import environment
from roadstead.runtimes.models import Credential
from roadstead.upkeep import doctor
from roadstead.upkeep.doctor import PARTS, look_over

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _well(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation of which nothing is wrong."""
    tmp_path.chmod(0o700)
    settings.OPTIONS = settings.OPTIONS.model_copy(update={"data_dir": tmp_path, "public_url": "http://localhost:8000"})
    settings.UNKNOWN_VARIABLES = []
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setattr(doctor, "running_workers", lambda _folder: ["1"])
    environment()
    with translation.override("en"):
        yield


def wrong() -> dict[str, str]:
    return {finding.part: finding.wrong for finding in look_over() if finding.wrong}


def break_the_agent() -> None:
    frozen_place().parent.mkdir()
    frozen_place().write_bytes(b"of another release")


def options(settings: Settings, **changed: Any) -> None:
    settings.OPTIONS = settings.OPTIONS.model_copy(update=changed)


def lose_a_file() -> None:
    digest = blobs.put(b"lost")
    storages["blobs"].delete(f"{digest[:2]}/{digest[2:4]}/{digest}")


def open_the_folder() -> None:
    present.OPTIONS.data_dir.chmod(0o755)


def seal_elsewhere() -> None:
    Credential.objects.update(content="rs1.0badcafe.YQ.YQ")


def lose_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "running_workers", lambda _folder: [])


def test_nothing_is_wrong_with_an_installation_that_is_well() -> None:
    blobs.put(b"kept")
    found = list(look_over())
    assert [finding.part for finding in found] == [*PARTS]
    assert not wrong()
    assert next(finding.seen for finding in found if finding.part == "database").lower().startswith(connection.vendor[:6])


CASES: list[tuple[str, str, Callable[[], None]]] = [
    ("agent", "roadstead agent build", break_the_agent),
    ("blobs", "1 are not in the store", lose_a_file),
    ("folder", "chmod", open_the_folder),
    ("keys", "0badcafe", seal_elsewhere),
]


@pytest.mark.parametrize(("part", "words", "harm"), CASES)
def test_what_is_wrong_is_said(part: str, words: str, harm: Callable[[], None]) -> None:
    harm()
    assert wrong().keys() == {part}
    assert words in wrong()[part]


SETTINGS: list[tuple[str, str, dict[str, Any]]] = [
    ("address", "ROADSTEAD_ALLOWED_HOSTS", {"public_url": "https://apps.example.com"}),
    ("address", "ROADSTEAD_TRUSTED_PROXIES", {"public_url": "https://localhost"}),
    ("folder", "no such folder", {"data_dir": Path("/nowhere")}),
]


@pytest.mark.parametrize(("part", "words", "changed"), SETTINGS)
def test_a_setting_that_cannot_be_meant_is_said(part: str, words: str, changed: dict[str, Any], settings: Settings) -> None:
    options(settings, **changed)
    assert wrong().keys() == {part}
    assert words in wrong()[part]


def test_a_misspelled_variable_is_said(settings: Settings) -> None:
    settings.UNKNOWN_VARIABLES = ["ROADSTEAD_HOTS"]
    assert "ROADSTEAD_HOTS" in wrong()["variables"]


def test_a_missing_worker_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    lose_the_workers(monkeypatch)
    assert wrong().keys() == {"workers"}


@pytest.mark.parametrize(
    ("says", "wanted"),
    [
        ("v4.3.1", ""),
        ("v4.0.0-rc.1+meta", ""),
        ("v3.19.0", "Roadstead needs Helm 4"),
        ("v5.0.0", "Roadstead needs Helm 4"),
        ("helm, whatever that is", "Roadstead needs Helm 4"),
    ],
)
def test_an_unfit_helm_command_is_said(says: str, wanted: str, tmp_path: Path, settings: Settings) -> None:
    command = tmp_path / "helm"
    command.write_text(f"#!/bin/sh\n[ \"$1\" = version ] && echo '{says}'\n")
    command.chmod(0o700)
    options(settings, helm_command=str(command))
    assert wrong().get("helm", "").startswith(wanted)
    assert bool(wrong()) is bool(wanted)


def test_a_helm_command_that_is_not_there_is_said(settings: Settings) -> None:
    options(settings, helm_command="/nowhere/helm")
    assert "/nowhere/helm" in wrong()["helm"]


def test_looking_changes_nothing() -> None:
    blobs.put(b"kept")
    before = (Blob.objects.count(), sorted(present.OPTIONS.data_dir.rglob("*")))
    list(look_over())
    assert (Blob.objects.count(), sorted(present.OPTIONS.data_dir.rglob("*"))) == before
