"""`roadstead up`: everything in one process."""

import os
from pathlib import Path

import click

from roadstead.cli.loading import loaded


@click.command()
@click.option("--demo", is_flag=True, help="Add sample data, and people to sign in as with one click. Only on this machine.")
@click.option("--host", help="Address to listen on; 127.0.0.1 if not set.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; 8000 if not set.")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), help="Folder for everything that is kept; ./var if not set.")
def up(*, demo: bool, host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Start pages, API and jobs, and prepare the data folder on the first start."""
    given = {"DEMO": "1" if demo else None, "HOST": host, "PORT": port, "DATA_DIR": data_dir, "MAKE_KEYS": "1"}
    os.environ.update({f"ROADSTEAD_{name}": str(value) for name, value in given.items() if value is not None})
    loaded("roadstead.cli.serving").serve()
