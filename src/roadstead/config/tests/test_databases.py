"""Which database the settings name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from roadstead.config.databases import database
from roadstead.config.options import Options

PLACE = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
ADDRESSES = [
    ("postgresql://ada:pass@db.test:5433/roadstead", ("roadstead", "ada", "pass", "db.test", "5433", {})),
    ("postgres://db.test/roadstead", ("roadstead", "", "", "db.test", "", {})),
    (
        "postgresql://ada:p%40ss%2F@db.test/road%20stead?sslmode=require",
        ("road stead", "ada", "p@ss/", "db.test", "", {"sslmode": "require"}),
    ),
    ("postgresql://ada@/roadstead?host=/run/postgresql", ("roadstead", "ada", "", "/run/postgresql", "", {})),
]
REFUSED = [
    ("mysql://db.test/roadstead", "postgresql://"),
    ("postgresql://db.test", "names no database"),
    ("postgresql://db.test:many/roadstead", "can't be read"),
    ("roadstead", "postgresql://"),
]


@pytest.mark.parametrize(("url", "place"), ADDRESSES)
def test_an_address_is_read(url: str, place: tuple[object, ...]) -> None:
    read = database(Path("var"), url)
    assert read["ENGINE"] == "roadstead.core.postgresql"
    assert tuple(read[name] for name in PLACE) == place


def test_without_an_address_it_is_a_file_of_the_data_folder() -> None:
    read = database(Path("var"), "")
    assert (read["ENGINE"], read["NAME"]) == ("django.db.backends.sqlite3", Path("var/roadstead.sqlite3"))


@pytest.mark.parametrize(("url", "words"), REFUSED)
def test_an_address_that_leads_nowhere_stops_the_start(url: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROADSTEAD_DATABASE_URL", url)
    with pytest.raises(ValidationError, match=words):
        Options()  # type: ignore[call-arg]  # as in the settings: secrets come from elsewhere


def test_the_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROADSTEAD_DATABASE_URL", "postgresql://ada:hushhush@db.test/roadstead")
    assert "hushhush" not in repr(Options())  # type: ignore[call-arg]  # as above
