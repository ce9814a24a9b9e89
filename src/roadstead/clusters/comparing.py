"""What an upgrade, an update or a rollback would change: parameters and defaults line by line, and what runs in words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from roadstead.blobs import services as blobs
from roadstead.clusters.diffs import difference
from roadstead.packaging import services as packaging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.clusters.models import Cluster
    from roadstead.core.problems import Problem


@dataclass(frozen=True)
class Side:
    """A package and the values that are laid over it."""

    digest: str
    values: str


def compared(cluster: "Cluster", wish: Side) -> dict[str, Any]:
    """Return what a page of differences shows. Renders both sides: never inside a transaction."""
    present = Side(cluster.digest, cluster.values)
    packages = [packaging.open_package(blobs.read(side.digest)) for side in (present, wish)]
    words, problems = _in_words(cluster, packages, (present, wish))
    return {
        "values_lines": difference(present.values, wish.values),
        "defaults_lines": difference(packages[0].values, packages[1].values),
        "changes": words,
        "unrendered": problems,
    }


def _in_words(
    cluster: "Cluster", packages: "Sequence[packaging.Package]", sides: "Sequence[Side]"
) -> "tuple[list[packaging.ChangeGroup], Sequence[Problem]]":
    """Return what changes in the objects, or why it can't be told: some charts render in a cluster only."""
    namespace = cluster.environment.zone
    pairs = zip(packages, sides, strict=True)
    old, new = (packaging.render(package, side.values, name=cluster.name, namespace=namespace) for package, side in pairs)
    problems = new.problems or old.problems
    return ([], problems) if problems else (packaging.in_words(packaging.changes(cluster.delivery, old.manifests, new.manifests)), ())
