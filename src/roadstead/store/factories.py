"""Listings for tests."""

from typing import TYPE_CHECKING, Any

from roadstead.catalog import factories as catalog
from roadstead.catalog.track import Status
from roadstead.store import services

if TYPE_CHECKING:
    from roadstead.catalog.models import App
    from roadstead.store.models import Listing


def listing(of: "App | None" = None, *, version: str = "1.0.0", **fields: Any) -> "Listing":
    """Make an app with a version that is in the store; `fields` are the app's."""
    app = of or catalog.app(**fields)
    passed = catalog.version(Status.PASSED, of=app, name=version)
    return services.release(actor=app.owner, version_id=passed.pk)
