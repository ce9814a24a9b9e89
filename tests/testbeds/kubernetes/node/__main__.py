"""`python -m tests.testbeds.kubernetes.node`: gets the programs and images of a real node into the cache folder."""

import sys

from tests.testbeds.kubernetes.build import CannotBuild
from tests.testbeds.kubernetes.node.real import RealNode


def main() -> int:
    """Build, and say in one line why it can't be done."""
    try:
        RealNode.prepare()
    except CannotBuild as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
