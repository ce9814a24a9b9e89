"""The metadata store of a frontgate: etcd with TLS and passwords, trees of clusters in it, and who of the nodes may read what.

It is a cache. What was written is kept in memory, so that an etcd that lost its data gets it back; what the frontgate itself forgot,
the platform writes again.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from roadstead_agent import changes, paths
from roadstead_agent.access import ROOT, Access, reaches
from roadstead_agent.etcd import Etcd, EtcdError
from roadstead_agent.etcd_process import EtcdProcess, Tls

__all__ = ["Store", "Tls"]
CLUSTERS = "/clusters"
Nodes = Mapping[str, Mapping[str, Mapping[str, str]]]
"""What `/self` maps for each agent: `{agent: {"self": {name: absolute path}}}`."""


def nobody(_line: str) -> None:
    """Log to nowhere."""


class Store:
    """Etcd, run and filled. `address` is where nodes reach it, as `host:port`; a certificate of `tls` must be for it and for 127.0.0.1."""

    def __init__(self, folder: Path, address: str, tls: Tls, *, program: str = "etcd", log: Callable[[str], None] = nobody) -> None:
        self._process = EtcdProcess(folder, address, tls, program=program, log=log)
        self._log = log
        self._lock = threading.RLock()
        self._trees: dict[str, dict[str, str]] = {}
        self._nodes: dict[str, Nodes] = {}
        self._root: Etcd | None = None
        self._tls = tls

    def start(self) -> bool:
        """Start etcd and keep it running; True when it began from nothing. Raises `EtcdError` when it does not come up."""
        with self._lock:
            fresh = self._process.start(self._set_up, self._restore)
            self._root = Etcd(self._process.url, ROOT, self.user_for(ROOT), self._tls.ca)
            return fresh

    def stop(self) -> None:
        """End etcd."""
        self._process.stop()
        self.close()

    def close(self) -> None:
        """Let go of the connection to etcd."""
        if self._root:
            self._root.close()

    def healthy(self) -> bool:
        """Whether etcd answers and takes our word."""
        try:
            self._etcd().call("kv/range", key="AA==")
        except EtcdError:
            return False
        return True

    @property
    def pid(self) -> int:
        """Etcd's process id, 0 when it does not run."""
        return self._process.pid

    def user_for(self, agent_id: str) -> str:
        """Return an agent's password; its user's name is its id."""
        return hmac.new(self._process.secret(), agent_id.encode(), hashlib.sha256).hexdigest()

    def clusters(self) -> list[str]:
        """Return the ids of the clusters whose trees are here."""
        return sorted({key.split("/")[2] for key in self._etcd().get(CLUSTERS) if key.count("/") > 1})

    def write(self, cluster_id: str, tree: Mapping[str, str], nodes: Nodes) -> None:
        """Make a cluster's tree this one, and let its nodes read what they map, and no more. `tree` is by path below the cluster's root."""
        root = paths.join(CLUSTERS, cluster_id)
        with self._lock:
            self._trees[cluster_id] = {f"{root}/{key.lstrip('/')}": value for key, value in tree.items()}
            self._nodes[cluster_id] = {agent: {name: dict(names) for name, names in view.items()} for agent, view in nodes.items()}
            self._write(cluster_id)

    def remove(self, cluster_id: str) -> None:
        """Forget a cluster: its nodes are known no more, and nothing of its tree is left."""
        with self._lock:
            self._trees.pop(cluster_id, None)
            self._nodes.pop(cluster_id, None)
            Access(self._etcd()).settle(cluster_id, {})
            self._etcd().delete(paths.join(CLUSTERS, cluster_id))

    def _write(self, cluster_id: str) -> None:
        etcd, root = self._etcd(), paths.join(CLUSTERS, cluster_id)
        passwords = {agent: self.user_for(agent) for agent in self._nodes[cluster_id]}
        allowed = {agent: reaches(root, view) for agent, view in self._nodes[cluster_id].items()}
        Access(etcd).settle(cluster_id, {agent: (passwords[agent], allowed[agent]) for agent in passwords})
        change = changes.difference(etcd.get(root), self._trees[cluster_id])
        etcd.txn(change.puts, change.deletes, most=self._process.most_operations)

    def _etcd(self) -> Etcd:
        if self._root is None:
            raise EtcdError("the store was not started")
        return self._root

    def _set_up(self, url: str) -> None:
        """Close a new etcd to everybody without a password."""
        etcd = Etcd(url, "", "", self._tls.ca)
        try:
            Access(etcd).close_to_strangers(self.user_for(ROOT))
        finally:
            etcd.close()

    def _restore(self) -> None:
        """Write again what was in an etcd that lost it."""
        with self._lock:
            for cluster_id in self._trees:
                self._write(cluster_id)
