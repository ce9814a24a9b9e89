"""Backup and restore of a whole installation: its rows and its files, and never its keys."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from roadstead import __version__
from roadstead.accounts.selectors import anybody
from roadstead.blobs import services as blobs
from roadstead.core.clock import now
from roadstead.core.secrets import key_id
from roadstead.store import services as store
from roadstead.upkeep import rows
from roadstead.upkeep.archive import Backup, Draft
from roadstead.upkeep.errors import BackupOfALaterVersion, BackupUnderAnotherKey, NotEmpty

Counts = dict[str, int]


def backup(file: Path) -> Counts:
    """Write everything that is kept into one file; Roadstead may run meanwhile. Return the number of rows a table, and of files."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as aside:
        draft = Draft(Path(aside))
        tables: dict[str, Any] = {}
        with one_moment():
            for model in rows.models_of(apps):
                tables[model._meta.label_lower] = {"columns": rows.columns_of(model), "rows": _dump(draft, model)}
            migrations = sorted(map(list, MigrationExecutor(connection).loader.applied_migrations))
            digests = blobs.digests()
        for digest in digests:
            draft.add(f"blobs/{digest}", [blobs.read(digest)])
        facts = {"version": __version__, "made": now().isoformat(), "key": key_id(), "migrations": migrations, "tables": tables}
        draft.write(file, facts)
    return {name: table["rows"] for name, table in tables.items()} | {"blobs": len(digests)}


def _dump(draft: Draft, model: Any) -> int:
    count = 0

    def pieces() -> Iterator[bytes]:
        nonlocal count
        for line in rows.lines_of(model):
            count += 1
            yield f"{line}\n".encode()

    draft.add(f"rows/{model._meta.label_lower}.jsonl", pieces())
    return count


@contextmanager
def one_moment() -> Iterator[None]:
    """See the rows as they are now, whatever is written meanwhile, and keep nobody from writing."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    connection.ensure_connection()
    wrapper: Any = connection
    mode, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        wrapper.transaction_mode = mode


def restore(file: Path) -> Counts:
    """Bring an empty installation to what a backup holds, on either engine; all of it, or nothing but files that no row names."""
    found = Backup.open(file)
    _require_key(found)
    executor = MigrationExecutor(connection)
    _require_known(found, executor)
    _migrate(executor, found)
    if anybody():
        raise NotEmpty
    for digest, data in found.files("blobs"):
        blobs.keep(digest, data)
    counts = _load(found)
    # From the shape that the rows had to the one of this version; what a verb writes beside its rows is written anew.
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    store.index_anew()
    return counts


def _require_key(found: Backup) -> None:
    if found.manifest["key"] != key_id():
        raise BackupUnderAnotherKey(file=found.file, wanted=found.manifest["key"], found=key_id())


def _require_known(found: Backup, executor: MigrationExecutor) -> None:
    known = set(executor.loader.disk_migrations)
    if any((app, name) not in known for app, name in found.manifest["migrations"]):
        raise BackupOfALaterVersion(file=found.file, version=found.manifest["version"])


def _migrate(executor: MigrationExecutor, found: Backup) -> None:
    """Give the tables the shape that they had when the backup was made."""
    then = {(app, name) for app, name in found.manifest["migrations"]}
    graph = executor.loader.graph
    last = [node for node in then if not any(child.key in then and child.key[0] == node[0] for child in graph.node_map[node].children)]
    executor.migrate(last)


@transaction.atomic
def _load(found: Backup) -> Counts:
    then = MigrationExecutor(connection)
    state = then.loader.project_state(list(then.loader.applied_migrations)).apps
    kept = {model._meta.label_lower: model for model in rows.models_of(state)}
    tables = found.manifest["tables"]
    rows.empty(kept.values())
    counts = {
        name: rows.load(kept[name], table["columns"], found.lines(f"rows/{name}.jsonl")) for name, table in tables.items() if table["rows"]
    }
    rows.number_on(kept.values())
    return counts
