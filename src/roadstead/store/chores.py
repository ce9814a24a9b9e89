"""What the platform does from time to time: numbers that come from above the catalog and below the store, and forgetting what is old."""

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.contrib.sessions.backends.db import SessionStore

from roadstead import jobs
from roadstead.accounts.selectors import platform_rules
from roadstead.blobs import services as blobs
from roadstead.clusters import selectors as clusters
from roadstead.core.clock import now
from roadstead.store.models import Listing

if TYPE_CHECKING:
    from collections.abc import Callable

COUNT_EVERY = 60
FORGET_EVERY = 6 * 3600
_MOST_ROUNDS = 200
log = structlog.get_logger(__name__)


def count_deployments() -> None:
    """Write down how often each listed app was deployed, where that has changed."""
    known = dict(Listing.objects.filter(deployments__gt=0).values_list("app_id", "deployments"))
    for app_id, deployments in clusters.deployments_by_app().items():
        if known.get(app_id) != deployments:
            Listing.objects.filter(app_id=app_id).update(deployments=deployments)


def forget() -> None:
    """Remove what is older than the platform's rules keep it: outputs and jobs, files that nothing names, sessions that are over."""
    rules, moment = platform_rules(), now()
    removed = {
        "outputs": _until_none(lambda: jobs.forget_outputs(moment - timedelta(days=rules.output_days))),
        "jobs": _until_none(lambda: jobs.forget_jobs(moment - timedelta(days=rules.job_days))),
        "files": blobs.forget(moment - timedelta(days=rules.file_days)),
    }
    SessionStore.clear_expired()
    if any(removed.values()):
        log.info("forgotten", **removed)


def _until_none(some: "Callable[[], int]") -> int:
    """Call what removes a bounded number until there is nothing left, so that other writers get their turn in between."""
    total = 0
    for _ in range(_MOST_ROUNDS):
        removed = some()
        total += removed
        if not removed:
            break
    return total
