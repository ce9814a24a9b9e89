"""Every page of a platform that has been used for years; `page_times` does the work, in a process with Django."""

import tempfile
from pathlib import Path

from bench.installation import inside


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="roadstead-bench-") as folder:
        inside(Path(folder), "bench.page_times")


if __name__ == "__main__":
    main()
