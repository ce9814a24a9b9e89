"""Namespaces and the mark that says which environment has one."""

import re
from collections.abc import Callable
from typing import Any

from roadstead.core.problems import Problem
from roadstead.providers.kubernetes.client import Api, Conflict
from roadstead.providers.kubernetes.problems import NAMESPACE_ENDING, NAMESPACE_MISSING, NAMESPACE_NAME, NAMESPACE_TAKEN
from roadstead.runtimes.sdk import CredentialRefused, NameTaken, NotThere, Refused

MARK = "roadstead.io/environment"
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_ATTEMPTS = 3


def check_name(name: str) -> tuple[Problem, ...]:
    """Say what is wrong with a name."""
    return () if _NAME.fullmatch(name) else (NAMESPACE_NAME(where="zone"),)


def claim(api: Api, name: str, mark: str, stale: Callable[[str], bool]) -> None:
    """Make sure that the namespace exists and carries the mark; another mark stands unless it is stale."""
    for _attempt in range(_ATTEMPTS):
        found = _read(api, name)
        if found is None and _create(api, name, mark):
            return
        if found is not None and _mark(api, found, mark, stale):
            return
    raise NameTaken(NAMESPACE_TAKEN(namespace=name))


def release(api: Api, name: str, mark: str) -> None:
    """Take the mark off, if it is this one."""
    found = _read(api, name)
    if found is not None and _mark_of(found) == mark:
        _annotate(api, found, None)


def _read(api: Api, name: str) -> dict[str, Any] | None:
    """Return the namespace, or None when it has to be made. Who may not look at it is believed that it is there."""
    try:
        found = api.find(f"/api/v1/namespaces/{name}")
    except CredentialRefused as refused:
        if refused.problem.code != "credential_forbidden":
            raise
        return {"metadata": {"name": name, "annotations": {}}, "unseen": True}
    if found and found.get("status", {}).get("phase") == "Terminating":
        raise Refused(NAMESPACE_ENDING(namespace=name))
    return found


def _create(api: Api, name: str, mark: str) -> bool:
    """Create the namespace; False when somebody was quicker."""
    metadata = {"name": name, "annotations": {MARK: mark} if mark else {}, "labels": {"app.kubernetes.io/managed-by": "roadstead"}}
    try:
        api.call("POST", "/api/v1/namespaces", body={"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    except Conflict:
        return False
    except CredentialRefused as refused:
        raise NotThere(NAMESPACE_MISSING(namespace=name)) from refused
    return True


def _mark(api: Api, found: dict[str, Any], mark: str, stale: Callable[[str], bool]) -> bool:
    """Add the mark to a namespace that is there; False when it changed meanwhile."""
    held = _mark_of(found)
    if held == mark or found.get("unseen"):
        return True
    if held and not stale(held):
        raise NameTaken(NAMESPACE_TAKEN(namespace=found["metadata"]["name"], where="zone"))
    return _annotate(api, found, mark)


def _annotate(api: Api, found: dict[str, Any], mark: str | None) -> bool:
    # The version makes it fail where another environment was quicker.
    change = {"annotations": {MARK: mark}, "resourceVersion": found["metadata"]["resourceVersion"]}
    try:
        api.call("PATCH", f"/api/v1/namespaces/{found['metadata']['name']}", body={"metadata": change})
    except Conflict:
        return False
    except CredentialRefused:
        # A service account of one namespace may use it but not change it: nobody else's mark is there, so go on without ours.
        return True
    return True


def _mark_of(found: dict[str, Any]) -> str:
    return str((found["metadata"].get("annotations") or {}).get(MARK, ""))
