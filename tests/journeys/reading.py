"""Reads a page as people do: what is said at which field, which problems are listed at which place, and what a refusal's page says."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """One element of a page; `parts` are texts and elements in their order."""

    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list["Element | str"] = field(default_factory=list)

    def all(self) -> "Iterator[Element]":
        """Yield this element and everything in it."""
        yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part.all()

    def of_class(self, name: str) -> "list[Element]":
        """Return the elements that carry a class."""
        return [one for one in self.all() if name in one.attributes.get("class", "").split()]

    def text(self, *, without: str = "") -> str:
        """Return the words as they are read, without those of some tag."""
        said = (part if isinstance(part, str) else part.text(without=without) for part in self._kept(without))
        return " ".join(" ".join(said).split())

    def _kept(self, without: str) -> "list[Element | str]":
        return [part for part in self.parts if isinstance(part, str) or not without or part.tag != without]


class _Reader(HTMLParser):
    """Builds the tree; our pages close what they open, and a page that doesn't fails the story."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element()
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        self.handle_startendtag(tag, attrs)
        if tag not in _EMPTY:
            made = self._open[-1].parts[-1]
            assert isinstance(made, Element)
            self._open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Add an element without content."""
        self._open[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        assert self._open.pop().tag == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        """Add words."""
        self._open[-1].parts.append(data)


@dataclass(frozen=True)
class Said:
    """What a page tells about bad input: errors by the name of their field, and problems as (place, words)."""

    fields: dict[str, str]
    problems: list[tuple[str, str]]
    refusal: str
    language: str


def read(page: str) -> Element:
    """Return the tree of a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.root


def said_on(page: str) -> Said:
    """Return everything that a page tells about what was sent to it."""
    tree = read(page)
    by_id = {one.attributes["id"]: one for one in tree.all() if "id" in one.attributes}
    listed = [one for listing in tree.of_class("rs-problems") for one in listing.all() if one.tag == "li"]
    refusals = [one.text() for box in tree.of_class("rs-refusal") for one in box.all() if one.tag == "p"]
    return Said(
        fields=_errors(by_id),
        problems=[_problem(one) for one in listed],
        refusal=" ".join(refusals),
        language=next(one.attributes["lang"] for one in tree.all() if one.tag == "html"),
    )


def _errors(by_id: dict[str, Element]) -> dict[str, str]:
    """Return the error of each field; the control of one that has an error must lead a screen reader to it."""
    errors = {name: one.text() for name, one in by_id.items() if name.endswith("-error")}
    for name in errors:
        if control := by_id.get(name.removesuffix("-error")):
            assert control.attributes["aria-invalid"] == "true"
            assert name in control.attributes["aria-describedby"].split()
    return {name.removeprefix("id_").removesuffix("-error"): text for name, text in errors.items()}


def _problem(item: Element) -> tuple[str, str]:
    place = " ".join(one.text() for one in item.all() if one.tag == "code")
    return place, item.text(without="small")
