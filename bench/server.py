"""`python -m bench.server`: what `roadstead up` runs, with the settings of the benchmarks; with a number, fills its store instead."""

import sys

from roadstead.cli.loading import loaded

SETTINGS = "bench.settings"

if __name__ == "__main__":
    if sys.argv[1:]:
        loaded("bench.filling", SETTINGS).fill(int(sys.argv[1]))
    else:
        loaded("roadstead.cli.serving", SETTINGS).serve()
