"""A place that keeps a ledger, and a version in the store whose package is a real chart."""

import pytest

from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.clusters.tests.fakes import FakeProvider, at, chart


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    return at(monkeypatch, FakeProvider())


@pytest.fixture
def listed() -> Version:
    return version(Status.ACTIVE, package=blobs.put(chart()))
