"""A package's files as they are read on the review page: a tree, and one file with line anchors and colours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from roadstead.core.source import highlight

MAX_LINES = 5_000


@dataclass
class Folder:
    """A folder of the tree with its folders and files, in the order in which they are shown."""

    name: str
    path: str
    folders: dict[str, "Folder"] = field(default_factory=dict)
    files: list[tuple[str, str, str]] = field(default_factory=list)


def tree_of(paths: Iterable[str], marks: Mapping[str, str] | None = None) -> Folder:
    """Return the folders of a package; files are name, whole path, and the mark that says how it changed."""
    root = Folder("", "")
    for path in sorted(paths):
        *parents, name = path.split("/")
        folder = root
        for parent in parents:
            folder = folder.folders.setdefault(parent, Folder(parent, f"{folder.path}{parent}/"))
        folder.files.append((name, path, (marks or {}).get(path, "")))
    return root


@dataclass(frozen=True)
class Source:
    """One file: its lines as safe HTML, and what its head says."""

    path: str
    lines: Sequence[str]
    size: int
    cut: bool = False


def source_of(path: str, text: str) -> Source:
    """Return a file's text, coloured by its name; very long ones are cut and say so."""
    lines = highlight("\n".join(text.splitlines()[: MAX_LINES + 1]), path=path)
    return Source(path, lines[:MAX_LINES], len(text.encode()), cut=len(lines) > MAX_LINES)
