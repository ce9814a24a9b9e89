"""Looks an installation over, part by part, and says in words what is wrong and what to do about it. Changes nothing."""

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import validate_host
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roadstead import helm
from roadstead.agents import services as agents
from roadstead.blobs import services as blobs
from roadstead.core.errors import DomainError
from roadstead.core.problems import Words
from roadstead.core.sealed import sealed_columns
from roadstead.core.secrets import key_id_of, known_keys
from roadstead.jobs.selectors import running_workers

OLDEST_POSTGRESQL = 130000
LEAST_BYTES = 1024**3
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Finding(NamedTuple):
    """What was seen of a part; without `wrong` it is well."""

    part: str
    title: Words
    seen: str
    wrong: str = ""


def look_over() -> Iterator[Finding]:
    """Look at every part. Without a database the parts that lie in it aren't looked at: they are neither well nor ill."""
    for name, (title, look, needs_database) in PARTS.items():
        if needs_database and not _database_answers():
            continue
        try:
            seen, wrong = look()
        except (DomainError, OSError, DatabaseError) as problem:
            seen, wrong = "", (str(problem).strip().splitlines() or [type(problem).__name__])[0]
        yield Finding(name, title, seen, wrong)


def _database_answers() -> bool:
    with suppress(DatabaseError):
        connection.ensure_connection()
        return True
    return False


def _variables() -> tuple[str, str]:
    unknown = ", ".join(settings.UNKNOWN_VARIABLES)
    return "", _("%(names)s name no setting and are left unread. Look for a misspelling.") % {"names": unknown} if unknown else ""


def _address() -> tuple[str, str]:
    parts = urlsplit(settings.OPTIONS.public_url)
    seen = settings.OPTIONS.public_url
    if not validate_host(parts.hostname or "", settings.ALLOWED_HOSTS):
        return seen, _("%(host)s is not in ROADSTEAD_ALLOWED_HOSTS, so every page answers 400. Add it.") % {"host": parts.hostname}
    if parts.scheme == "https" and not settings.OPTIONS.trusted_proxies:
        return seen, _("It is https, but no proxy is trusted. Name the proxy that ends TLS in ROADSTEAD_TRUSTED_PROXIES.")
    return seen, ""


def _folder() -> tuple[str, str]:
    folder = settings.OPTIONS.data_dir
    if not folder.is_dir():
        return str(folder), _("There is no such folder. `roadstead up` makes it; or name another one by ROADSTEAD_DATA_DIR.")
    open_to_others = [path.name for path in (folder, folder / "keys.toml") if path.exists() and path.stat().st_mode & _OTHERS]
    if open_to_others:
        return str(folder), _("Others on this machine can read %(name)s. Run chmod go= on it.") % {"name": open_to_others[0]}
    if shutil.disk_usage(folder).free < LEAST_BYTES:
        return str(folder), _("Less than 1 GiB is free there. Make room.")
    return str(folder), ""


def _database() -> tuple[str, str]:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        version = connection.pg_version  # type: ignore[attr-defined]  # of the wrapper for PostgreSQL
        seen = f"PostgreSQL {version // 10_000}"
        if version < OLDEST_POSTGRESQL:
            return seen, _("Roadstead needs PostgreSQL 13 or newer.")
    else:
        seen = f"SQLite, {connection.settings_dict['NAME']}"
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return seen, _("%(number)s migrations wait. `roadstead up`, `web` and `worker` apply them at their start.") % {"number": waiting}
    return seen, ""


def _keys() -> tuple[str, str]:
    known = known_keys()
    total, foreign = 0, set()
    for model, field in sealed_columns():
        for token in model._base_manager.exclude(**{field.attname: ""}).values_list(field.attname, flat=True).iterator():
            total += 1
            foreign |= {key_id_of(token)} - known.keys()
    seen = _("%(number)s secrets") % {"number": total}
    if foreign:
        words = _("Some are sealed with the master key %(key)s, which isn't known here. Start Roadstead with that key as well.")
        return seen, words % {"key": min(foreign)}
    return seen, ""


def _blobs() -> tuple[str, str]:
    digests = blobs.digests()
    missing = [digest for digest in digests if not blobs.is_there(digest)]
    seen = _("%(number)s files") % {"number": len(digests)}
    if missing:
        words = _("%(number)s are not in the store, such as %(digest)s. Restore them from a backup.")
        return seen, words % {"number": len(missing), "digest": missing[0]}
    return seen, ""


def _helm() -> tuple[str, str]:
    command = settings.OPTIONS.helm_command
    if not command:
        return _("built in"), ""
    version = helm.version_of(command)
    seen = f"{command} {version}".strip()
    if helm.is_fit(version):
        return seen, ""
    words = _("Roadstead needs Helm %(generation)s. Name such a command by ROADSTEAD_HELM_COMMAND, or leave it out for what is built in.")
    return seen, words % {"generation": helm.GENERATION}


def _frozen() -> tuple[str, str]:
    """An agent that brings its own Python is only needed for images that have none."""
    built = agents.frozen_agent()
    if built:
        return _("for %(processor)s and glibc %(glibc)s or later") % {"processor": built.processor, "glibc": built.glibc}, ""
    if agents.frozen_place().exists():
        return str(agents.frozen_place()), _("It is of another release of Roadstead, or damaged. Run `roadstead agent build`.")
    return _("none; images of machines need Python 3.9 or later"), ""


def _workers() -> tuple[str, str]:
    alive = running_workers(settings.OPTIONS.data_dir)
    if not alive:
        return "", _("No worker runs, so nothing is deployed. Start `roadstead worker` on PostgreSQL, `roadstead up` on SQLite.")
    return ", ".join(alive), ""


PARTS: dict[str, tuple[Words, Callable[[], tuple[str, str]], bool]] = {
    "variables": (gettext_lazy("Variables"), _variables, False),
    "address": (gettext_lazy("Public address"), _address, False),
    "folder": (gettext_lazy("Data folder"), _folder, False),
    "helm": (gettext_lazy("Helm"), _helm, False),
    "agent": (gettext_lazy("Agent with a Python of its own"), _frozen, False),
    "database": (gettext_lazy("Database"), _database, False),
    "keys": (gettext_lazy("Master keys"), _keys, True),
    "blobs": (gettext_lazy("Stored files"), _blobs, True),
    "workers": (gettext_lazy("Workers"), _workers, True),
}
