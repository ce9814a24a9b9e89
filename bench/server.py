"""`python -m bench.server`: what `roadstead up` runs, with the settings of the benchmarks; or the `main` of a module, with Django."""

import sys

from roadstead.cli.loading import loaded

SETTINGS = "bench.settings"

if __name__ == "__main__":
    if sys.argv[1:]:
        loaded(sys.argv[1], SETTINGS).main(*sys.argv[2:])
    else:
        loaded("roadstead.cli.serving", SETTINGS).serve()
