"""What the reading tabs of a review show: the package's files, what they render to, and what changed since the last listed version."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from roadstead.blobs import services as blobs
from roadstead.packaging import services as packaging
from roadstead.reviews.difference import UNREADABLE, Difference, changes_of, lines_of, text_of
from roadstead.reviews.source import source_of, tree_of

if TYPE_CHECKING:
    from roadstead.reviews.models import Submission

# What people read first, and what the templates' result is called.
FIRST = {"helm": "values.yaml", "vm": "config.json"}
RENDERED = {"helm": "manifests.yaml", "vm": "cluster.json"}


def files_context(submission: "Submission", query: Mapping[str, str], difference: Difference | None) -> dict[str, Any]:
    """Return the tab of the package's files: a tree and one file, or everything that was rendered from them."""
    version = submission.version
    try:
        package = packaging.open_package(blobs.read(submission.digest))
    except UNREADABLE:
        return {"unreadable": True}
    paths = [file.path for file in package.files]
    marks = difference.marks if difference else {}
    tree = tree_of(paths, marks)
    if query.get("show") == "rendered" and submission.digest == version.package:
        manifests = blobs.read(version.facts["manifests"]).decode()
        return {"tree": tree, "source": source_of(RENDERED[version.type], manifests), "rendered": True}
    chosen = _chosen(query.get("file", ""), paths, version.type)
    text = text_of(package, chosen)
    return {"tree": tree, "source": source_of(chosen, text or ""), "binary": text is None, "mark": marks.get(chosen, "")}


def difference_context(submission: "Submission", query: Mapping[str, str], difference: Difference | None) -> dict[str, Any]:
    """Return the tab of the difference: what changed in words, the files that changed, and the lines of one of them."""
    version = submission.version
    if difference is None or not difference.readable:
        return {}
    words = packaging.in_words(changes_of(difference, version))
    if query.get("show") == "rendered":
        before, after = (blobs.read(one.facts["manifests"]).decode() for one in (difference.base, version))
        name = RENDERED[version.type]
        shown = {"rendered": True, "source": source_of(name, ""), "lines": lines_of(before, after, path=name)}
        return {"changes": words, "tree": tree_of(difference.marks, difference.marks), **shown}
    if not difference.marks:
        return {"changes": words}
    chosen = _chosen(query.get("file", ""), list(difference.marks), version.type)
    texts = [text_of(packaging.open_package(blobs.read(one.package)), chosen) for one in (difference.base, version)]
    binary = None in texts
    return {
        "changes": words,
        "tree": tree_of(difference.marks, difference.marks),
        "source": source_of(chosen, ""),
        "binary": binary,
        "lines": [] if binary else lines_of(texts[0] or "", texts[1] or "", path=chosen),
    }


def _chosen(wanted: str, paths: list[str], delivery: str) -> str:
    """Return the file that was asked for, or the one that people read first."""
    if wanted in paths:
        return wanted
    return FIRST[delivery] if FIRST[delivery] in paths else paths[0]
