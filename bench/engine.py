"""The engine on both kinds of database; `engine_times` does the work, in a process with Django."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.installation import inside
from roadstead.core.ids import new_id
from tests.testbeds.postgres import databases
from tests.testbeds.postgres.cluster import CannotHave, running


@contextmanager
def both_databases() -> Iterator[list[str]]:
    """Give the addresses of an empty database of each kind; SQLite's is empty, and PostgreSQL may be missing."""
    try:
        with running() as cluster:
            yield ["", databases.create(cluster.url(), new_id("bench"))]
    except CannotHave as reason:
        print(f"without PostgreSQL: {reason}")
        yield [""]


def main() -> None:
    """Print a table for each."""
    with both_databases() as addresses:
        for address in addresses:
            with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as folder:
                inside(Path(folder), "bench.engine_times", database=address)


if __name__ == "__main__":
    main()
