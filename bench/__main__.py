"""`make bench`: what machine this is, then every table."""

import os
import platform

from bench import agents, difference, engine, footprint, growth, life, machines, overhead, pages, store_list, templates, waiting

BUSY = 0.5


def machine() -> str:
    """Name what the figures depend on; on a machine that does other work too, only the ratios mean much."""
    load = os.getloadavg()[0]
    use = f"shared with other work (load {load:.1f} at the start)" if load > BUSY else "to itself"
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}, {use}"
    )


def main() -> None:
    """Print everything."""
    print(machine())
    for bench in (store_list, growth, pages, footprint, difference, templates, engine, life, overhead, agents, machines, waiting):
        print()
        bench.main()


if __name__ == "__main__":
    main()
