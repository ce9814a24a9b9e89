"""What a deployment asks its place for with the answers that a form holds now, for the summary beside it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from roadstead.blobs import services as blobs
from roadstead.clusters.creation import NAME, values_problems
from roadstead.packaging import services as packaging

if TYPE_CHECKING:
    from roadstead.catalog.models import Version

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_NEXT = 1024
_ANY_NAME, _ANY_NAMESPACE = "preview", "default"


@dataclass(frozen=True)
class Needed:
    """The sums, or (`why`) what keeps them from being known."""

    needs: packaging.Needs | None = None
    why: str = ""

    @property
    def cpu(self) -> str:
        """Processor in cores, short."""
        return _plain(self.needs.cpu) if self.needs else ""

    @property
    def memory(self) -> str:
        """Memory with its unit."""
        return sized(self.needs.memory) if self.needs else ""

    @property
    def storage(self) -> str:
        """Storage with its unit."""
        return sized(self.needs.storage) if self.needs else ""


def as_packaged(version: "Version", values: str) -> Needed | None:
    """Return the sums where the values are the package's own, which were rendered when it came; None where they are others."""
    package = packaging.open_package(blobs.read(version.package))
    rendered: str = version.facts.get("manifests", "")
    if not rendered or values != package.values:
        return None
    return Needed(packaging.needs_of(package, blobs.read(rendered).decode()))


def needed(version: "Version", values: str, *, name: str = "") -> Needed:
    """Add up what a version would ask for with these values. Renders it, unless they are its own: never inside a transaction."""
    if found := as_packaged(version, values):
        return found
    if values_problems(version, values):
        return Needed(why=_("It is counted again as soon as the parameters are right."))
    package = packaging.open_package(blobs.read(version.package))
    rendered = packaging.render(package, values, name=name if NAME.fullmatch(name) else _ANY_NAME, namespace=_ANY_NAMESPACE)
    if rendered.problems:
        return Needed(why=_("It can't be told without the place itself: the package doesn't render with these parameters."))
    return Needed(packaging.needs_of(package, rendered.manifests))


def sized(number: int) -> str:
    """Write an amount of bytes with the largest unit that leaves at least one."""
    amount, unit = Decimal(number), 0
    while amount >= _NEXT and unit < len(_UNITS) - 1:
        amount, unit = amount / _NEXT, unit + 1
    return f"{_plain(amount)} {_UNITS[unit]}" if number else "0"


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}".rstrip("0").rstrip(".")
