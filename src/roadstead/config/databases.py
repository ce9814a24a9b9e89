"""Where rows are kept: an SQLite file in the data folder, or the PostgreSQL database that `ROADSTEAD_DATABASE_URL` names."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = ("postgresql", "postgres")


def database(data_dir: Path, url: str) -> dict[str, Any]:
    """Return Django's settings of the one database."""
    return _postgresql(url) if url else _sqlite(data_dir)


def _sqlite(data_dir: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir / "roadstead.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # A file, as in real life: threads that share a database in memory lock each other's tables.
        "TEST": {"NAME": data_dir / "test.sqlite3"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "roadstead.core.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A folder of a Unix socket doesn't fit before the path, so it may stand among the options.
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        # A server that was restarted, or a connection that a firewall dropped, must not be anybody's error page.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def wrong_with(url: str) -> str:
    """Return what a person must change about an address; empty when it can be used."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return "the address can't be read; it reads postgresql://user:password@host:5432/database"
    if parts.scheme not in SCHEMES:
        return "only postgresql:// addresses are known; leave it out for SQLite in the data folder"
    return "" if parts.path[1:] else "the address names no database; it reads postgresql://user:password@host:5432/database"
