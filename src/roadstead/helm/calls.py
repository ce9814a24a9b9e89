"""The calls that the throw-away process makes to Helm's library. Only the child imports this module."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import helm_python as library

from roadstead.helm.failures import kind_of, shortened

Request = dict[str, Any]
Answer = dict[str, Any]


def perform(request: Request, log: logging.Handler) -> Answer:
    """Do the call that the request names; a failure is an answer too."""
    if request["progress"]:
        logger = logging.getLogger("helm")
        logger.setLevel(logging.DEBUG)
        logger.addHandler(log)
        library.enable_logging(logging.DEBUG, logger)
    try:
        answer = _CALLS[request["call"]](request)
    except library.HelmError as failure:
        return {"failure": {"kind": kind_of(failure.code, failure.detail), "text": shortened(failure.detail)}}
    if _size(answer) > request["output_bytes"]:
        return {"failure": {"kind": "output", "text": f"more than {request['output_bytes']} bytes"}}
    return {"result": answer}


def _render(request: Request) -> Answer:
    """Render the chart; answers template path → text, without `NOTES.txt` files, which are no objects."""
    with _chart(request) as chart:
        rendered = chart.render(_values(request), name=request["name"], namespace=request["namespace"], is_install=True)
        notes = rendered.get(f"{chart.name}/templates/NOTES.txt", "")
        crds = [[crd["filename"], crd["data"]] for crd in chart.crds]
    files = sorted((path, text) for path, text in rendered.items() if not path.endswith("/NOTES.txt") and text.strip())
    return {"files": files, "crds": sorted(crds), "notes": notes}


def _install(request: Request) -> Answer:
    """Install a release and answer its summary."""
    with _chart(request) as chart, _cluster(request) as cluster:
        return cluster.install(
            chart,
            request["name"],
            _values(request),
            namespace=request["namespace"],
            timeout=request["timeout"],
            wait="watcher" if request["wait"] else None,
            create_namespace=request["create_namespace"],
            description=request["description"] or None,
            labels=request["labels"] or None,
        )


def _upgrade(request: Request) -> Answer:
    """Make a new revision of a release and answer its summary; nothing of the former values is reused."""
    with _chart(request) as chart, _cluster(request) as cluster:
        return cluster.upgrade(
            chart,
            request["name"],
            _values(request),
            namespace=request["namespace"],
            timeout=request["timeout"],
            reset_values=True,
            max_history=request["max_history"],
            description=request["description"] or None,
            labels=request["labels"] or None,
        )


def _rollback(request: Request) -> Answer:
    """Make a new revision that is as an earlier one was, and answer its summary."""
    with _cluster(request) as cluster:
        cluster.rollback(request["name"], version=request["revision"], timeout=request["timeout"])
        return cluster.status(request["name"])


def _uninstall(request: Request) -> Answer:
    """Remove a release; answers whether there was one."""
    with _cluster(request) as cluster:
        return {"found": _remove(cluster, request, wait=request["wait"], keep_history=request["keep_history"])}


def _status(request: Request) -> Answer:
    """Answer the latest revision, or an empty object."""
    with _cluster(request) as cluster, contextlib.suppress(library.HelmNotFoundError):
        return cluster.status(request["name"])
    return {}


def _clear_pending(request: Request) -> Answer:
    """Remove a release whose only revision is a pending install. Helm's own uninstall is the one verb that accepts it."""
    with _cluster(request) as cluster:
        try:
            revisions = cluster.history(request["name"])
        except library.HelmNotFoundError:
            return {"found": False}
        if not str(revisions[-1]["status"]).startswith("pending-"):
            return {"found": False}
        if len(revisions) > 1:
            raise library.HelmReleaseError("another operation (upgrade or rollback) is in progress")
        return {"found": _remove(cluster, request)}


_CALLS: dict[str, Callable[[Request], Answer]] = {
    "render": _render,
    "install": _install,
    "upgrade": _upgrade,
    "rollback": _rollback,
    "uninstall": _uninstall,
    "status": _status,
    "clear_pending": _clear_pending,
}


def _chart(request: Request) -> library.Chart:
    return library.Chart.load_archive(Path(request["chart"]).read_bytes())


def _values(request: Request) -> dict[str, Any] | None:
    return library.values_from_yaml(request["values"]) if request["values"].strip() else None


@contextlib.contextmanager
def _cluster(request: Request) -> Iterator[library.Config]:
    with library.Config(kubeconfig_content=request["kubeconfig"], namespace=request["namespace"]) as cluster:
        yield cluster


def _remove(cluster: library.Config, request: Request, *, wait: bool = False, keep_history: bool = False) -> bool:
    gone = cluster.uninstall(
        request["name"],
        ignore_not_found=True,
        keep_history=keep_history,
        timeout=request["timeout"],
        wait="watcher" if wait else None,
    )
    return "release" in gone


def _size(answer: object) -> int:
    """Count the text of an answer before it is made into one long line."""
    if isinstance(answer, str):
        return len(answer)
    if isinstance(answer, dict):
        return sum(_size(value) for value in answer.values())
    return sum(_size(item) for item in answer) if isinstance(answer, list | tuple) else 0
