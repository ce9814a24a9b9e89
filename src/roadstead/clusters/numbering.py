"""Numbers of nodes: of the server within a role, of the group that a primary and its replicas share, of the whole installation."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from roadstead.clusters.errors import NoServerNumberFree

FIRST_GLOBAL = 100_000_000
REPLICA = "-replica"


@dataclass(frozen=True)
class Numbers:
    """What one node is numbered with. A primary and its replicas count as one role, and share the group."""

    server: int
    group: int


def base_role(role: str) -> str:
    """Return the role under which nodes are numbered and filed: replicas belong to their primaries."""
    return role.removesuffix(REPLICA)


def next_number(taken: Collection[int], bound: int | None = None) -> int:
    """Return the highest number in use and one more; beyond the bound, the highest that is free below it."""
    following = max(taken, default=0) + 1
    if bound is None or following <= bound:
        return following
    free = next((number for number in range(bound, 0, -1) if number not in taken), None)
    if free is None:
        raise NoServerNumberFree(bound=bound)
    return free


def new_groups(groups: int, replicas: int, *, taken: Collection[Numbers] = (), bound: int | None = None) -> Iterator[tuple[Numbers, ...]]:
    """Number new groups of a role: each a primary, then its replicas. `taken` is what the role's nodes have, replicas included."""
    servers, used = {numbers.server for numbers in taken}, {numbers.group for numbers in taken}
    for _ in range(groups):
        group = next_number(used, bound)
        used.add(group)
        yield tuple(_members(group, 1 + replicas, servers, bound))


def more_replicas(replicas: int, *, taken: Sequence[Numbers], bound: int | None = None) -> Iterator[tuple[Numbers, ...]]:
    """Number further replicas of every group that is there, by the groups' numbers."""
    servers = {numbers.server for numbers in taken}
    for group in sorted({numbers.group for numbers in taken}):
        yield tuple(_members(group, replicas, servers, bound))


def _members(group: int, count: int, servers: set[int], bound: int | None) -> Iterator[Numbers]:
    for _ in range(count):
        server = next_number(servers, bound)
        servers.add(server)
        yield Numbers(server, group)
