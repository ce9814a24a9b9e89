"""The two probes."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from roadstead.config import health
from roadstead.jobs.bell import answering


def nothing(_job: str, _attempt: int) -> None:
    pass


def test_alive_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"ok": True}


@pytest.mark.django_db
def test_ready_while_a_worker_listens(client: Client) -> None:
    with answering(nothing):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "parts": {"database": True, "blobs": True, "jobs": True}})


@pytest.mark.django_db
def test_not_ready_without_a_worker(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ok"], answer.json()["parts"]["jobs"]) == (503, False, False)


def test_a_part_that_raises_is_not_ready(client: Client) -> None:
    """This test has no database at all."""
    with answering(nothing):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["database"]) == (503, False)


@pytest.mark.django_db
def test_no_place_for_packages(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings.OPTIONS, "data_dir", tmp_path / "gone")
    with answering(nothing):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["blobs"]) == (503, False)


def test_probes_come_with_any_host_name() -> None:
    assert Client(headers={"host": "10.1.2.3:8000"}).get("/healthz").status_code == 200
    assert set(health.PARTS) == {"database", "blobs", "jobs"}
