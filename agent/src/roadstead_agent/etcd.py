"""The metadata store as its users see it: trees of text below paths, read at one revision, changed in transactions, watched."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roadstead_agent import changes, paths
from roadstead_agent.gateway import EtcdError, Gateway, Refused, Unreachable

__all__ = ["Etcd", "EtcdError", "Refused", "Snapshot", "Unreachable", "wired"]
# So many ranges fit into one read.
MOST_RANGES = 128
NO_PERMISSION = "permission denied"


@dataclass(frozen=True)
class Snapshot:
    """What stood below some paths at one revision; `changed` is the revision at which each key was last written."""

    revision: int
    store: str
    """Names this life of the store: one that began from nothing has another name, and its revisions begin anew."""
    values: dict[str, str] = field(repr=False)
    changed: dict[str, int] = field(repr=False)


class Etcd:
    """One user's view of the store. Threads may share it."""

    def __init__(self, url: str, user: str, password: str, ca_file: str) -> None:
        self._gateway = Gateway(url, user, password, ca_file)
        self.revision = 0
        """The store's revision when it answered last."""

    def call(self, name: str, /, **body: Any) -> dict[str, Any]:
        """Call one of etcd's own methods, such as `auth/user/list`. Raises `EtcdError`."""
        answer = self._gateway.call(name, body)
        self.revision = int(answer.get("header", {}).get("revision", self.revision))
        return answer

    def get(self, prefix: str) -> dict[str, str]:
        """Return the value of a path and everything below it."""
        return self.snapshot([prefix]).values

    def snapshot(self, prefixes: Sequence[str]) -> Snapshot:
        """Read the paths and everything below them, all at one revision."""
        ranges = [one for path in paths.outermost(prefixes) for one in paths.at_and_below(path)]
        revision, store = 0, ""
        values: dict[str, str] = {}
        changed: dict[str, int] = {}
        for first in range(0, max(1, len(ranges)), MOST_RANGES):
            wanted = [{"request_range": {**wired(one), "revision": revision}} for one in ranges[first : first + MOST_RANGES]]
            answer = self.call("kv/txn", success=wanted)
            revision = revision or self.revision
            store = str(answer["header"]["cluster_id"])
            for pair in (pair for part in answer.get("responses", ()) for pair in part["response_range"].get("kvs", ())):
                key = _text(pair["key"])
                values[key] = _text(pair.get("value", ""))
                changed[key] = int(pair["mod_revision"])
        return Snapshot(revision, store, values, changed)

    def put(self, mapping: Mapping[str, str]) -> None:
        """Write some keys."""
        self.txn(mapping, ())

    def delete(self, path: str) -> None:
        """Remove a path and everything below it; its longer namesakes stay."""
        self.call("kv/txn", success=[{"request_delete_range": wired(one)} for one in paths.at_and_below(path)])

    def txn(self, puts: Mapping[str, str], deletes: Sequence[str], *, most: int = changes.MOST_OPERATIONS) -> None:
        """Write and remove keys: at once where it fits into one transaction, else so that no host record is ever seen in part."""
        for step in changes.transactions(changes.Change(dict(puts), list(deletes)), most):
            written = [{"request_put": {"key": _wire(key), "value": _wire(value)}} for key, value in step.puts.items()]
            self.call("kv/txn", success=[*written, *({"request_delete_range": {"key": _wire(key)}} for key in step.deletes)])

    def watch(self, prefixes: Sequence[str], since: int, seconds: float) -> bool:
        """Wait until something at or below one of the paths is newer than a revision, and say whether it is.

        Nothing in time, and a watch that was cancelled, are no change. Raises `EtcdError`.
        """
        ranges = [one for path in paths.outermost(prefixes) for one in paths.at_and_below(path)]
        asked = [{"create_request": {**wired(one), "start_revision": since + 1}} for one in ranges]
        for message in self._gateway.stream("\n".join(map(json.dumps, asked)), seconds):
            result = message.get("result")
            if not isinstance(result, dict):
                raise EtcdError(str(message.get("error", "the watch ended")))
            reason = str(result.get("cancel_reason", ""))
            if NO_PERMISSION in reason:
                raise Refused(reason)
            # What was compacted away, or ended for another reason, may have been a change.
            if result.get("events") or result.get("canceled") or int(result.get("compact_revision", 0)):
                return True
        return False

    def interrupt(self) -> None:
        """End every watch, for good; calls go on."""
        self._gateway.interrupt()

    def close(self) -> None:
        """Let go of everything."""
        self._gateway.close()


def wired(one: paths.Range) -> dict[str, str]:
    """Return a range as etcd's calls name it."""
    key, end = one
    return {"key": _wire(key), "range_end": _wire(end)} if end else {"key": _wire(key)}


def _wire(text: str) -> str:
    """Return text as the gateway takes bytes; a lone surrogate is no character and becomes a question mark."""
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


def _text(data: str) -> str:
    return base64.b64decode(data).decode("utf-8", "replace")
