"""The store's list when there are ten times as many apps: it must not be felt."""

import statistics

from bench.client import Client
from bench.installation import APPS, BENCH, filled, server
from bench.store_list import LIST, Wanted, ask, in_turns

TIMES, TARGET = 10, 1.2


def main() -> None:
    """Print the table."""
    few, many = f"list of {APPS:,}", f"list of {TIMES * APPS:,}"
    with server(filled(), BENCH) as small, server(filled(TIMES * APPS), BENCH) as large:
        clients = {few: Client(small.port), many: Client(large.port)}
        # The name travels along, to tell whom to ask.
        wanted = {name: Wanted(LIST, name) for name in clients}
        rounds = in_turns(wanted, lambda one: ask(clients[one.header], Wanted(one.path)))
    took = {name: statistics.median(one for turn in turns for one in turn.took) for name, turns in rounds.items()}
    ratio = took[many] / took[few]
    print(f"{few}: {took[few] * 1000:.2f} ms, {many}: {took[many] * 1000:.2f} ms (medians)")
    print(f"target: {TARGET} times: {'met' if ratio <= TARGET else 'MISSED'} ({ratio:.2f})")


if __name__ == "__main__":
    main()
