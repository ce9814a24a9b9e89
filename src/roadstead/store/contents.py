"""A table of contents for a long text: its headings get ids, so that they can be reached."""

import re
from html import unescape
from typing import NamedTuple

_HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
FEWEST = 3


class Heading(NamedTuple):
    """A heading of a text: its id on the page, its words, and whether it stands below another one."""

    id: str
    words: str
    deeper: bool


def with_contents(html: str) -> tuple[str, list[Heading]]:
    """Return sanitised HTML whose headings have ids, and the headings; none of a text that has hardly any."""
    found = list(_HEADING.finditer(html))
    if len(found) < FEWEST:
        return html, []
    top = min(int(one[1]) for one in found)
    headings = [Heading(f"part-{n}", unescape(_TAG.sub("", one[2])).strip(), int(one[1]) > top) for n, one in enumerate(found, 1)]
    ids = iter(headings)
    return _HEADING.sub(lambda one: f'<h{one[1]} id="{next(ids).id}">{one[2]}</h{one[1]}>', html), headings
