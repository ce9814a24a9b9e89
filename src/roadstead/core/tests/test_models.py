"""Asking how an identifier begins."""

from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

pytestmark = pytest.mark.django_db
KEYS = ("grp-1", "grp-1.grp-2:usr-a", "grp-10:usr-b", "grp-1:usr-c", "grp-1;", "GRP-1:usr-d", "grp%", "grp_1:usr-e", "")


@pytest.fixture(autouse=True)
def _rows() -> None:
    Session.objects.bulk_create(Session(session_key=key, session_data="", expire_date=datetime(2026, 1, 1, tzinfo=UTC)) for key in KEYS)


@pytest.mark.parametrize("prefix", ["grp-1:", "grp-1.", "grp-1", "grp%", "grp_", "g", "x", "GRP"])
def test_begins_is_what_python_says(prefix: str) -> None:
    found = set(Session.objects.filter(session_key__begins=prefix).values_list("pk", flat=True))
    assert found == {key for key in KEYS if key.startswith(prefix)}


def test_it_uses_the_index() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # So few rows are read without one.
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Session.objects.filter(session_key__begins="grp-1:").explain()
    assert "SEARCH" in plan or "Index" in plan
