"""What would change in a text, line by line."""

from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 3


@dataclass(frozen=True)
class Line:
    """One line of a comparison; `sign` is "+", "−", a space, or "…" for lines left out."""

    sign: str
    text: str


def difference(before: str, after: str) -> list[Line]:
    """Return the lines that come and go with a few around them; empty when nothing changes."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for number, group in enumerate(SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)):
        if number:
            found.append(Line("…", ""))
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                found += [Line(" ", text) for text in old[i1:i2]]
            else:
                found += [Line("−", text) for text in old[i1:i2]]
                found += [Line("+", text) for text in new[j1:j2]]
    return found
