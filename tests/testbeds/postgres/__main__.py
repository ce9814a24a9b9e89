"""`python -m tests.testbeds.postgres run COMMAND …`: runs a command with `ROADSTEAD_DATABASE_URL` naming a fresh server's database."""

import os
import subprocess
import sys

from tests.testbeds.postgres import databases
from tests.testbeds.postgres.cluster import CannotHave, running

MISSING = 69


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code; 69 if there is no server to be had."""
    if len(arguments) < 2 or arguments[0] != "run":
        sys.stderr.write("usage: python -m tests.testbeds.postgres run COMMAND …\n")
        return 2
    try:
        with running() as cluster:
            environment = {**os.environ, "ROADSTEAD_DATABASE_URL": databases.create(cluster.url(), "roadstead")}
            return subprocess.run(arguments[1:], env=environment, check=False).returncode
    except CannotHave as reason:
        sys.stderr.write(f"{reason}\n")
        return MISSING


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
