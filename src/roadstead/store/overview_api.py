"""The overview and the record of a version for programs: what waits, what happened, and how often."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.http import HttpRequest
from ninja import Router, Schema

from roadstead.accounts.bearer import Bearer, Scope
from roadstead.catalog import selectors as catalog
from roadstead.core.api import Id
from roadstead.core.pages import actor_of
from roadstead.reviews import selectors as reviews
from roadstead.store import selectors
from roadstead.store.history import history_of
from roadstead.store.overview import duties_of, month_of, totals_of, waiting_versions
from roadstead.store.working import AppVersion

if TYPE_CHECKING:
    from roadstead.store.history import Row

READ = Bearer(Scope.APPS_READ)
overview_router, record_router = Router(tags=["overview"]), Router(tags=["versions"])


class Totals(Schema):
    """How much the platform holds."""

    apps: int
    instances: int
    categories: int
    people: int


class Overview(Schema):
    """Numbers of the apps in reach; lists of days end today. `totals` are told to those who keep the store."""

    apps_in_store: int
    totals: Totals | None
    deployments: list[int]
    reviews_ended: list[int]
    reviews_waiting: int
    versions_waiting: list[AppVersion]


class Deed(Schema):
    """Something that happened to a version; `stage` and `submission` belong to what reviewers did."""

    what: str
    title: str
    who: str
    at: datetime
    reason: str
    stage: str
    submission: str

    @classmethod
    def of(cls, row: "Row") -> Self:
        """Tell of a row."""
        return cls(
            what=row.state.value,
            title=str(row.state.word),
            who=row.who,
            at=row.at,
            reason=row.reason,
            stage=row.stage,
            submission=row.submission_id,
        )


@overview_router.get("", response=Overview, auth=READ, operation_id="get_overview")
def get_overview(request: HttpRequest) -> Overview:
    """Return what waits for this person and the numbers of a month."""
    actor = actor_of(request)
    keeper, maker, stages = duties_of(actor)
    apps = None if keeper else catalog.apps_visible_to(actor)
    totals = Totals(**totals_of(actor)) if keeper else None
    deployments, ended = month_of(apps)
    return Overview(
        apps_in_store=totals.apps if totals else selectors.listed_number(catalog.apps_visible_to(actor)),
        totals=totals,
        deployments=list(deployments),
        reviews_ended=list(ended),
        reviews_waiting=reviews.waiting_for(actor) if stages else 0,
        versions_waiting=[AppVersion.of(version, actor) for version in waiting_versions(actor, keeper=keeper)] if maker else [],
    )


@record_router.get("/{version_id}/record", response=list[Deed], auth=READ, operation_id="get_version_record")
def get_version_record(request: HttpRequest, version_id: Id) -> list[Deed]:
    """Return what happened to a version, in review and out of it, the latest first."""
    version = catalog.version_for(actor_of(request), version_id)
    return [Deed.of(row) for row in history_of(version, reviews.history_of(version))]
