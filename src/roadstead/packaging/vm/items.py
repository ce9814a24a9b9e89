"""`config.json` as a tree of items: what the package asks for, with every rule that it states for an answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import re2  # type: ignore[import-untyped]  # google-re2 brings no types

GROUP = "array"
TYPES = (GROUP, "string", "integer", "number", "boolean", "password", "service", "loadbalancer", "accesskey", "vxnet", "eip")
TEXTS = frozenset({"string", "password", "service", "accesskey", "vxnet", "eip"})
NUMBERS = frozenset({"integer", "number"})
NETWORK_KEYS = frozenset({"subnet", "vxnet"})
_ZEROS: Mapping[str, Any] = {"integer": 0, "number": 0.0, "boolean": False}
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


@dataclass(frozen=True)
class Item:
    """One question, or a group of them; `path` leads to it from the root, whose own is empty."""

    key: str = ""
    type: str = GROUP
    path: tuple[str, ...] = ()
    label: str = ""
    description: str = ""
    properties: tuple["Item", ...] = ()
    required: bool = False
    default: Any = None  # None: the author gave none
    range: tuple[Any, ...] = ()
    min: float | None = None
    max: float | None = None
    step: int | None = None
    pattern: str = ""
    multichoice: bool = False
    separator: str = ","
    changeable: bool = True
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # versions by the app that may be linked; none: all of them
    allowed_operations: tuple[str, ...] = ()
    port: tuple[int, ...] = ()
    unit: str = ""
    changeable_when_create: bool = True
    customizable: bool = True
    resource_group: tuple[Any, ...] = ()
    auto_scale_step: int | None = None
    system: bool = False
    expanded: bool = False
    dependencies: tuple[Mapping[str, Any], ...] = ()
    associate_mode: int = 0

    @property
    def where(self) -> str:
        """The path as problems say it."""
        return ".".join(self.path)

    @property
    def is_group(self) -> bool:
        """Whether it holds other items."""
        return self.type == GROUP

    @property
    def is_secret(self) -> bool:
        """Whether its value is never shown."""
        return self.type == "password"

    @property
    def is_role(self) -> bool:
        """Whether it is the section of a role: such a one asks for cores and memory."""
        return {"cpu", "memory"} <= {item.key for item in self.properties}

    @property
    def initial(self) -> Any:
        """What holds when nothing is answered."""
        if self.default is not None:
            return self.default
        return [] if self.type == "loadbalancer" else _ZEROS.get(self.type, "")

    @property
    def sample(self) -> Any:
        """What a form offers and an upload is tried with: the default, else the least that is allowed."""
        if self.default is None and self.range:
            return self.range[0]
        if self.default is None and self.type in NUMBERS and self.min is not None:
            return self.min
        return self.initial

    def child(self, key: str) -> "Item | None":
        """Return the item right below this one."""
        return next((item for item in self.properties if item.key == key), None)

    def at(self, *path: str) -> "Item | None":
        """Return the item at a path below this one."""
        found: Item | None = self
        for key in path:
            found = found.child(key) if found else None
        return found

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the author that people read: of this item, and of those below it."""
        yield from filter(None, (self.label, self.description))
        for item in self.properties:
            yield from item.texts

    def leaves(self) -> Iterator["Item"]:
        """Yield every question of this group and of those in it."""
        for item in self.properties:
            if item.is_group:
                yield from item.leaves()
            else:
                yield item

    def matches(self, text: str) -> bool:
        """Whether a text is as the author's pattern wants it; RE2 takes time in proportion to the text."""
        return re2.search(compiled(self.pattern), text.encode("utf-8", "replace").decode()) is not None


def compiled(pattern: str) -> Any:
    """Return a pattern of an author, ready to be matched, or None if RE2 has no such pattern."""
    try:
        return re2.compile(pattern, _OPTIONS)
    except (re2.error, UnicodeEncodeError):
        return None
