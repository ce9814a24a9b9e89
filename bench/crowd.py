"""A platform that has been used for years, around the store that `filling` fills: versions, reviews, instances, jobs, people, a record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.db.models import F

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.audit.models import Event
from roadstead.catalog.models import App, Version
from roadstead.catalog.track import Status
from roadstead.clusters import factories as clusters
from roadstead.clusters.models import Change, Cluster
from roadstead.clusters.operations import Operation
from roadstead.clusters.planning import submit
from roadstead.core.clock import now
from roadstead.jobs.models import Job, Step
from roadstead.reviews import factories as reviews
from roadstead.reviews.models import Decision, Submission
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.runtimes.models import Environment

PIECE = 2_000
VERSIONS_EACH = 10
MANY = 10_000  # instances, jobs
SOME = 2_000  # people, environments, reviews that wait
OF_AN_APP = (*[Status.SUSPENDED] * 5, Status.REJECTED, Status.DELETED, Status.DRAFT, Status.PASSED, Status.ACTIVE)
Fields = Callable[[int], dict[str, Any]]


@dataclass(frozen=True)
class Crowd:
    """Whom and what the pages are asked as and about: the fullest of each kind."""

    administrator: User
    developer: User
    user: User


def crowd() -> Crowd:
    """Make it, around the apps that are there."""
    first = App.objects.order_by("created_at").first()
    assert first is not None, "fill the store first"
    with transaction.atomic():
        _versions(list(App.objects.values_list("pk", flat=True)), first)
    with transaction.atomic():
        _reviews()
    with transaction.atomic():
        user = _instances(Version.objects.filter(app=first, status=Status.ACTIVE).latest("created_at"))
    with transaction.atomic():
        event = Event.objects.latest("pk")
        _copies(event, 10 * MANY, lambda number: {"at": _ago(number // 5)})
        reader = person("user")
        _copies(reader, SOME, lambda number: {"email": f"reader{number}@example.com", "name": f"reader {number}"})
    return Crowd(person("global_admin"), first.owner, user)


def _versions(apps: list[str], first: App) -> None:
    """Give every app versions in every state, the newest in the store."""
    model = first.versions.latest("created_at")
    states = len(OF_AN_APP)

    def fields(number: int) -> dict[str, Any]:
        app, nth = apps[number // VERSIONS_EACH], number % VERSIONS_EACH
        return {"app_id": app, "name": f"2.{nth}.0", "sequence": f"2.{nth}.0-{number:07}", "status": OF_AN_APP[nth % states]}

    _copies(model, len(apps) * VERSIONS_EACH, fields)


def _reviews() -> None:
    """Give many versions a review that ended, and let some wait in every stage."""
    cast = reviews.cast()
    ended = reviews.submission(cast, stage=Stage.TECHNICAL)
    reviews.pass_stage(cast, ended, Stage.TECHNICAL)
    versions = list(Version.objects.exclude(status=Status.DRAFT).values("app_id", "owner_id", "owner_path", version_id=F("pk"))[: 2 * MANY])
    made = _copies(ended, len(versions), lambda number: {**versions[number], "stage": Stage.PASSED, "stage_at": _ago(number)})
    for stage in OPEN_STAGES:
        model = Decision.objects.get(submission=ended, stage=stage)
        _copies(model, len(made), lambda number: {"submission_id": made[number].pk, "decided_at": _ago(number)})
    drafts = list(Version.objects.filter(status=Status.DRAFT).values("app_id", "owner_id", "owner_path", version_id=F("pk"))[:SOME])

    def waiting(number: int) -> dict[str, Any]:
        return {**drafts[number], "stage": OPEN_STAGES[number % len(OPEN_STAGES)], "stage_at": _ago(number)}

    _copies(Submission.objects.get(pk=ended.pk), len(drafts), waiting)
    Version.objects.filter(pk__in=[draft["version_id"] for draft in drafts]).update(status=Status.SUBMITTED)
    assert Decision.objects.filter(verdict=Verdict.PASS).count() > 2 * MANY


def _instances(version: Version) -> User:
    """Give one person many instances, each with its change and its job, and many environments."""
    first = clusters.cluster(version=version)
    job = submit(actor=first.owner, cluster=first, operation=Operation.UPDATE)
    Job.objects.filter(pk=job.pk).update(status="successful")
    job.refresh_from_db()
    rows = _copies(first, MANY, lambda number: {"name": f"blog-{number}", "created_at": _ago(2 * number)})
    _copies(Change.objects.filter(cluster=first).latest("created_at"), MANY, lambda number: {"cluster_id": rows[number].pk})
    jobs = _copies(job, MANY, lambda number: {"subject_id": rows[number].pk})
    for step in Step.objects.filter(job=job):
        _copies(step, MANY, lambda number: {"job_id": jobs[number].pk})
    _copies(first.environment, SOME, lambda number: {"name": f"place {number}", "zone": f"zone-{number}"})
    assert (Cluster.objects.count(), Environment.objects.count()) > (MANY, SOME)
    return first.owner


def _ago(number: int) -> datetime:
    """Spread what happened over two years."""
    return now() - timedelta(hours=number * 0.8)


def _copies(first: models.Model, count: int, fields: Fields) -> list[Any]:
    """Write many rows like one, each with fields of its own."""
    kind = type(first)
    plain = {field.attname: getattr(first, field.attname) for field in kind._meta.concrete_fields if not field.primary_key}
    rows: Iterator[Any] = (kind(**{**plain, **fields(number)}) for number in range(count))
    made: list[Any] = []
    while piece := list(islice(rows, PIECE)):
        made += models.QuerySet(kind).bulk_create(piece)
    return made
