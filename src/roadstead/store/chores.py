"""What the store does from time to time: numbers that come from above the catalog and below the store."""

from roadstead.clusters import selectors as clusters
from roadstead.store.models import Listing

COUNT_EVERY = 60


def count_deployments() -> None:
    """Write down how often each listed app was deployed, where that has changed."""
    known = dict(Listing.objects.filter(deployments__gt=0).values_list("app_id", "deployments"))
    for app_id, deployments in clusters.deployments_by_app().items():
        if known.get(app_id) != deployments:
            Listing.objects.filter(app_id=app_id).update(deployments=deployments)
