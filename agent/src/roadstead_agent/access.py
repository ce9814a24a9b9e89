"""Who may read what in the store: a user for each node, and a role for each set of paths that nodes of a cluster may read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from roadstead_agent import paths
from roadstead_agent.etcd import Etcd, EtcdError, wired

ROOT = "root"
# What the nodes of a cluster don't share: parameters of other roles hold passwords, commands are for one node.
PRIVATE = ("cmd", "env")
# Where the store remembers, for itself alone, which users and roles it made for a cluster.
RECORDS = "/roadstead/access"
ALREADY = ("already exists", "already enabled", "already granted", "is already granted")
GONE = ("user name not found", "role name not found", "role is not granted", "not found")
Reach = tuple[paths.Range, ...]


def reaches(root: str, view: Mapping[str, Mapping[str, str]]) -> Reach:
    """Return the ranges of keys that a node with this view may read: of its own cluster all but what is private to others."""
    targets = paths.outermost(target for names in view.values() for target in names.values())
    own = [target for target in targets if paths.holds(root, target) and target != root]
    ranges = [one for target in targets if target not in own for one in paths.at_and_below(target)]
    if own:
        ranges += _shared(root)
        ranges += [one for target in own if _private(root, target) for one in paths.at_and_below(target)]
    return tuple(ranges)


def _shared(root: str) -> list[paths.Range]:
    start, end = paths.below(root)
    ranges = []
    for name in PRIVATE:
        ranges.append((start, f"{root}/{name}"))
        start = f"{root}/{name}0"
    return [*ranges, (start, end)]


def _private(root: str, target: str) -> bool:
    return any(paths.holds(f"{root}/{name}", target) for name in PRIVATE)


class Access:
    """Users and roles of an etcd, changed by its root user."""

    def __init__(self, etcd: Etcd) -> None:
        self._etcd = etcd

    def close_to_strangers(self, password: str) -> None:
        """Give an etcd its root user and let nobody in without a password."""
        self._make("auth/user/add", name=ROOT, password=password)
        self._make("auth/role/add", name=ROOT)
        self._make("auth/user/grant", user=ROOT, role=ROOT)
        self._make("auth/enable")

    def settle(self, cluster_id: str, nodes: Mapping[str, tuple[str, Reach]]) -> None:
        """Make the users of a cluster these: `{name: (password, what it may read)}`."""
        before = self._recorded(cluster_id)
        after = {name: f"{cluster_id}:{_digest(reach)}" for name, (_, reach) in nodes.items()}
        if before == {name: [role] for name, role in after.items()}:
            return
        # Until all is done a name stands for every role that it may have: what a kill between two calls leaves is found again by it.
        self._record(cluster_id, _either(before, after))
        for role, reach in {after[name]: reach for name, (_, reach) in nodes.items()}.items():
            if [role] not in before.values():
                self._make_role(role, reach)
        for name, (password, _) in nodes.items():
            if before.get(name) != [after[name]]:
                self._make_user(name, password, after[name], before.get(name, []))
        for name in before.keys() - after.keys():
            self._drop("auth/user/delete", name=name)
        for role in {role for roles in before.values() for role in roles if role} - set(after.values()):
            self._drop("auth/role/delete", role=role)
        self._record(cluster_id, after)

    def _make_role(self, role: str, reach: Reach) -> None:
        self._make("auth/role/add", name=role)
        for key, end in reach:
            self._make("auth/role/grant", name=role, perm={"permType": "READ", **wired((key, end))})

    def _make_user(self, name: str, password: str, role: str, before: list[str]) -> None:
        if not self._make("auth/user/add", name=name, password=password):
            self._etcd.call("auth/user/changepw", name=name, password=password)
        self._make("auth/user/grant", user=name, role=role)
        for old in before:
            if old not in ("", role):
                self._drop("auth/user/revoke", name=name, role=old)

    def _recorded(self, cluster_id: str) -> dict[str, list[str]]:
        """Return the roles that each name has: one when all was done, more where it was cut off, none for one that isn't made yet."""
        found = self._etcd.get(f"{RECORDS}/{cluster_id}").get(f"{RECORDS}/{cluster_id}")
        return {name: [had] if isinstance(had, str) else had for name, had in json.loads(found).items()} if found else {}

    def _record(self, cluster_id: str, nodes: Mapping[str, object]) -> None:
        path = f"{RECORDS}/{cluster_id}"
        if nodes:
            self._etcd.put({path: json.dumps(dict(nodes))})
        else:
            self._etcd.delete(path)

    def _make(self, call: str, /, **body: object) -> bool:
        """Call what makes something; False when it was there."""
        return self._tolerant(call, body, ALREADY)

    def _drop(self, call: str, /, **body: object) -> bool:
        """Call what removes something; False when it was gone."""
        return self._tolerant(call, body, GONE)

    def _tolerant(self, call: str, body: Mapping[str, object], but: Iterable[str]) -> bool:
        try:
            self._etcd.call(call, **body)
        except EtcdError as problem:
            if not any(word in str(problem) for word in but):
                raise
            return False
        return True


def _either(before: Mapping[str, list[str]], after: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the roles that names may have while they get new ones; never one alone, which would say that all is done."""
    names = {**before, **after}
    return {name: ["", *dict.fromkeys([*before.get(name, []), *([after[name]] if name in after else [])])] for name in names}


def _digest(reach: Reach) -> str:
    return hashlib.sha256(json.dumps(sorted(reach)).encode()).hexdigest()[:16]
