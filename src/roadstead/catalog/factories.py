"""Apps and versions for tests: rows in any state, without a package being checked."""

from itertools import count
from typing import TYPE_CHECKING, Any

from roadstead.accounts.access import owned_by
from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.catalog.models import UNCATEGORIZED, App, Category, Version
from roadstead.catalog.sequence import sequence_of
from roadstead.catalog.track import Status, status_of_app
from roadstead.core.clock import now
from roadstead.vendors import factories as vendors

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.vendors.models import Provider

_numbers = count(1)


def developer(provider: "Provider | None" = None) -> "User":
    """Make a developer of a provider, a new one unless it is named."""
    return person("developer", (provider or vendors.provider()).group)


def app(owner: "User | None" = None, *, provider: "Provider | None" = None, **fields: Any) -> App:
    """Make an app of a developer."""
    provider = provider or vendors.provider()
    owner = owner or developer(provider)
    number = next(_numbers)
    # A test that commits empties the tables behind it, and this row is never missing elsewhere.
    Category.objects.get_or_create(pk=UNCATEGORIZED, defaults={"name": "Uncategorised"})
    words = {"name": f"App {number}", "chart_name": f"app-{number}", "introduction": "Keeps ships at anchor.", **fields}
    return App.objects.create(provider=provider, **words, **owned_by(owner))


def version(status: Status = Status.DRAFT, *, of: App | None = None, name: str = "", **fields: Any) -> Version:
    """Make a version in a state, with a package of a few bytes that is in the content store."""
    of = of or app()
    name = name or f"1.0.{next(_numbers)}"
    data = f"{of.pk} {name}".encode()
    columns: dict[str, Any] = {
        "type": "helm",
        "package": blobs.put(data),
        "package_name": f"{of.chart_name}-{name}.tgz",
        "package_size": len(data),
        "facts": {
            "app_version": name,
            "files": [{"path": "Chart.yaml", "size": 40}],
            "images": [],
            "kinds": {},
            "manifests": blobs.put(b""),
        },
        **fields,
    }
    made = Version.objects.create(
        app=of, name=name, sequence=sequence_of(name), status=status, owner=of.owner, owner_path=of.owner_path, **columns
    )
    statuses = list(of.versions.exclude(status=Status.DELETED).values_list("status", flat=True))
    of.status, of.updated_at = status_of_app(statuses), now()
    of.save(update_fields=["status", "updated_at"])
    return made
