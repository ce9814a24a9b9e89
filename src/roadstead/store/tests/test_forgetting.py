"""The platform forgets what its rules say and nothing that somebody still names."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CharField
from pytest_django import Settings

from roadstead.accounts import rules
from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.blobs.models import Blob
from roadstead.catalog import factories as catalog
from roadstead.catalog.models import App, Picture
from roadstead.catalog.track import Status
from roadstead.clusters import factories as clusters
from roadstead.clusters.states import Status as Instance
from roadstead.core.clock import now
from roadstead.jobs import housekeeping
from roadstead.jobs.factories import job, ops, walk
from roadstead.jobs.models import Job, Step
from roadstead.reviews.factories import cast, packaged, submission
from roadstead.store import chores
from roadstead.store.factories import listing

pytestmark = pytest.mark.django_db

# Every column that holds a digest, and who names it. A new one must be added here and to its package's `naming`.
DIGESTS = {
    "catalog.App.icon",
    "catalog.Picture.digest",
    "catalog.Version.package",
    "clusters.Change.digest",
    "clusters.Cluster.digest",
    "reviews.Submission.digest",
    "store.Listing.icon",
}
# As long, but something else.
OTHERS = {
    "accounts.",
    "agents.",
    "audit.Event.correlation",
    "audit.Event.subject_id",
    "blobs.Blob.digest",
    "catalog.Version.name",
    "jobs.",
    "runtimes.Credential.fingerprint",
    "runtimes.Environment.place",
    "store.Listing.etag",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "blobs": {"BACKEND": "roadstead.blobs.storage.FolderStorage", "OPTIONS": {"location": tmp_path}},
    }


def test_every_digest_is_named() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("roadstead.")]
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in ours
        for field in model._meta.local_fields
        if isinstance(field, CharField) and field.max_length == 64
    }
    unknown = {name for name in columns - DIGESTS if not any(name.startswith(other) for other in OTHERS)}
    assert (unknown, DIGESTS - columns) == (set(), set())


def test_what_somebody_names_stays_and_the_rest_goes() -> None:
    people = cast()
    made = submission(people)
    version = packaged(catalog.app(), Status.DRAFT, manifests="kind: Service\n")
    deleted = packaged(catalog.app(), Status.DELETED, manifests="kind: Secret\n")
    running, ceased = clusters.cluster(digest=blobs.put(b"ran")), clusters.cluster(Instance.CEASED, digest=blobs.put(b"ceased"))
    shown = listing()
    picture = blobs.put(b"icon")
    type(shown).objects.filter(pk=shown.pk).update(icon=picture)
    shot = Picture.objects.create(digest=blobs.put(b"shot"), app=version.app)
    icon = blobs.put(b"of a deleted app")
    App.objects.filter(pk=deleted.app_id).update(icon=icon, status="deleted")
    kept = {version.package, version.facts["manifests"], made.digest, running.digest, picture, shot.pk}
    gone = {deleted.package, deleted.facts["manifests"], ceased.digest, icon} - {version.package, blobs.put(b"")}
    chores.forget()
    assert kept | gone <= set(Blob.objects.values_list("pk", flat=True))
    Blob.objects.exclude(unnamed_since=None).update(unnamed_since=now() - timedelta(days=31))
    chores.forget()
    left = set(Blob.objects.values_list("pk", flat=True))
    assert kept <= left
    assert not gone & left


def test_it_is_done_when_the_worker_starts_and_again_every_six_hours() -> None:
    assert housekeeping._chores["forget"] == housekeeping.Chore("forget", 6 * 3600, chores.forget)  # nothing else tells


def test_a_reviewed_package_outlives_its_version() -> None:
    made = submission(cast())
    made.version.status = Status.DELETED
    made.version.save()
    chores.forget()
    assert Blob.objects.get(pk=made.digest).unnamed_since is None


def test_the_rule_of_the_settings_page_holds() -> None:
    subject = clusters.cluster()
    with ops({"a": lambda run: run.log("said")}):
        first, _last = walk(job("a", subject=subject)), walk(job("a", subject=subject))
    Job.objects.filter(pk=first.pk).update(created=now() - timedelta(days=41), finished=now() - timedelta(days=40))
    chores.forget()
    assert Step.objects.filter(output="").count() == 0
    rules.set_rules(actor=person("global_admin"), values={"output_days": 30})
    chores.forget()
    assert Step.objects.get(job=first).output == ""
    rules.set_rules(actor=person("global_admin"), values={"job_days": 30})
    chores.forget()
    assert not Job.objects.filter(pk=first.pk).exists()
    assert Job.objects.count() == 1
