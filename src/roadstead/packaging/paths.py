"""The rules for names in an archive, all of them reported: one top folder, nothing outside of it, nothing twice."""

import unicodedata

from roadstead.core.problems import Problem
from roadstead.packaging import kinds
from roadstead.packaging.limits import Limits

_MOST = 100  # problems worth reading
_NAMED = 5  # top folders worth naming
_FINDER = "__MACOSX"  # what the Mac's own packer adds beside the folder


class Paths:
    """Judges entries one after another; `admit` returns the path below the top folder, or nothing."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._problems: list[Problem] = []
        self._tops: dict[str, None] = {}
        self._spelling: dict[str, str] = {}
        self._taken: set[str] = set()

    @property
    def problems(self) -> list[Problem]:
        """What is wrong so far; what is too much to read is counted."""
        found = self._problems[:_MOST]
        return [*found, kinds.MORE_PROBLEMS(count=len(self._problems) - _MOST)] if len(self._problems) > _MOST else found

    @property
    def top(self) -> str:
        """The name of the top folder."""
        return next(iter(self._tops), "")

    def admit(self, name: str, kind: str) -> str | None:
        """Judge one entry."""
        shown = name.encode("utf-8", "backslashreplace").decode()
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
        if not parts or parts[0] == _FINDER:
            return None
        wrong = self._wrong_spelling(name, shown, parts) or self._wrong_kind(kind, shown) or self._wrong_place(kind, shown, parts)
        if wrong:
            self._problems.append(wrong)
            return None
        if kind == "folder":
            return None
        self._taken.add("/".join(parts))
        return "/".join(parts[1:])

    def finish(self) -> list[Problem]:
        """Return all problems, those of the archive as a whole included."""
        if len(self._tops) > 1:
            names = ", ".join(list(self._tops)[:_NAMED])
            self._problems.append(kinds.SEVERAL_TOP_FOLDERS(names=names))
        if not self._taken and not self._problems:
            self._problems.append(kinds.ARCHIVE_EMPTY())
        return self.problems

    def _wrong_spelling(self, name: str, shown: str, parts: list[str]) -> Problem | None:
        if shown != name or any(unicodedata.category(letter) == "Cc" for letter in name):
            return kinds.PATH_UNREADABLE(file=shown)
        if name.startswith(("/", "\\")) or parts[0].endswith(":"):
            return kinds.PATH_ABSOLUTE(file=shown)
        if ".." in parts:
            return kinds.PATH_TRAVERSAL(file=shown)
        if len(parts) - 1 > self._limits.depth:
            return kinds.TOO_DEEP(file=shown, limit=self._limits.depth)
        return None

    def _wrong_kind(self, kind: str, shown: str) -> Problem | None:
        if kind == "link":
            return kinds.ENTRY_LINK(file=shown)
        return kinds.ENTRY_SPECIAL(file=shown) if kind == "special" else None

    def _wrong_place(self, kind: str, shown: str, parts: list[str]) -> Problem | None:
        if kind == "file" and len(parts) == 1:
            return kinds.NO_TOP_FOLDER(file=shown)
        self._tops[parts[0]] = None
        if "/".join(parts) in self._taken:
            return kinds.PATH_DUPLICATE(file=shown)
        for end in range(1, len(parts) + 1):
            path = "/".join(parts[:end])
            other = self._spelling.setdefault(unicodedata.normalize("NFC", path).casefold(), path)
            if other != path:
                return kinds.PATH_CASE_COLLISION(file=shown, other=other)
        return None
