"""How images are named, and what a test deployment says of each: a name can be moved to other bytes, a digest can't."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from roadstead.core.problems import Words
    from roadstead.core.states import Tone

Naming = Literal["digest", "tag", "latest", "untagged"]
# What a reviewer is told beside a name that floats.
_WARNINGS: "Mapping[Naming, Words]" = {
    "tag": _("A tag can be moved to another image; only the digest names what ran."),
    "latest": _("`latest` is another image every week; only the digest names what ran."),
    "untagged": _("Without a tag, the newest image is taken; only the digest names what ran."),
}
NOT_REPORTED = _("The cluster reported no digest, so nobody can tell which image ran.")
_NOT_ALL_REPORTED = _("Not every container reported a digest, so others may have run too.")
_SEVERAL = _("One name ran as several images: it was moved while this ran.")


def naming_of(image: str) -> Naming:
    """Return how a manifest names an image."""
    if "@" in image:
        return "digest"
    name = image.rsplit("/", 1)[-1]
    if ":" not in name:
        return "untagged"
    return "latest" if name.endswith(":latest") else "tag"


def floats(image: str) -> bool:
    """Whether a name stands for whatever is newest."""
    return naming_of(image) in {"untagged", "latest"}


@dataclass(frozen=True)
class SeenImage:
    """One image of a test deployment: its name, the digests that ran, and what a reviewer has to know about them."""

    image: str
    digests: list[str]
    warnings: "list[Words]"

    @property
    def tone(self) -> "Tone":
        """Green only where a digest was asked for and reported."""
        return "wait" if self.warnings else "ok"


def seen_image(stored: Mapping[str, Any]) -> SeenImage:
    """Return what is said of an image that was written down."""
    digests, silent = stored["digests"], stored["silent"]
    said = [NOT_REPORTED] if not digests else [_NOT_ALL_REPORTED] if silent else []
    said += [_SEVERAL] if digests[1:] else []
    naming = naming_of(stored["image"])
    return SeenImage(stored["image"], digests, [*said, *([_WARNINGS[naming]] if naming in _WARNINGS else [])])
