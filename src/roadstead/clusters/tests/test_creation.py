"""What deploying makes, and everything it refuses; a refusal leaves nothing behind."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.audit.models import Event
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import app, version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.errors import ClusterNameTaken, EnvironmentOfAnotherPurpose, EnvironmentUnfit, NameRefused, ValuesRefused
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.states import Status
from roadstead.clusters.tests.fakes import chart
from roadstead.core.errors import DomainError, Missing, NotPermitted
from roadstead.jobs.models import Job

pytestmark = pytest.mark.django_db


def deploy(actor: User, of: Version, **changed: Any) -> Cluster:
    wish = {"environment_id": "", "name": "blog", "values": "replicas: 2\n", **changed}
    wish["environment_id"] = wish["environment_id"] or environment(actor, debug=wish.get("debug", False)).pk
    return services.create(actor=actor, version_id=of.pk, **wish)


def test_an_instance_and_its_job_are_written_together(listed: Version) -> None:
    actor = person("user")
    made = deploy(actor, listed)
    assert (made.status, made.transition, made.digest, made.owner) == ("pending", "creating", listed.package, actor)
    made.refresh_from_db()
    assert made.values == "replicas: 2\n"
    assert "replicas" not in made.sealed_values
    job = Job.objects.get(subject_id=made.pk)
    assert (job.kind, job.on_failure, job.owner_id) == ("cluster.create", "clean_up", actor.pk)
    assert [step.op for step in job.steps.all()] == ["helm.check", "helm.namespace", "helm.install", "helm.await", "helm.read"]
    assert Event.objects.get(verb="cluster.create").data["digest"] == listed.package


@pytest.mark.parametrize(
    ("debug", "wanted", "kept"), [(False, None, False), (True, None, True), (False, "keep", True), (True, "clean_up", False)]
)
def test_what_becomes_of_a_failure(debug: bool, wanted: str | None, kept: bool) -> None:
    developer = person("developer")
    draft = version(VersionStatus.ACTIVE, package=blobs.put(chart()), of=app(developer))
    made = deploy(developer, draft, debug=debug, on_failure=wanted)
    assert made.keep_on_failure is kept
    assert Job.objects.get(subject_id=made.pk).on_failure == ("keep" if kept else "clean_up")


def refused(error: type[DomainError], field: str, actor: User, of: Version, **changed: Any) -> DomainError:
    before = Cluster.objects.count()
    with pytest.raises(error) as caught:
        deploy(actor, of, **changed)
    assert caught.value.field == field
    assert (Cluster.objects.count(), Job.objects.count()) == (before, 0)
    return caught.value


@pytest.mark.parametrize("name", ["", "Blog", "1blog", "blog-", "a_b", "a.b", "a" * 54, "blog\n", "博客"])
def test_names_are_dns_labels(listed: Version, name: str) -> None:
    refused(NameRefused, "name", person("user"), listed, name=name)


@pytest.mark.parametrize("name", ["a", "blog", "a1-b2", "a" * 53])
def test_dns_labels_are_names(listed: Version, name: str) -> None:
    assert deploy(person("user"), listed, name=name).name == name


@pytest.mark.parametrize("status", [status for status in Status.values if status != Status.CEASED])
def test_a_name_is_taken_until_its_instance_is_ceased(listed: Version, status: str) -> None:
    actor = person("user")
    old = cluster(status, owner=actor, name="blog")
    refused(ClusterNameTaken, "name", actor, listed, environment_id=old.environment_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        cluster(owner=actor, name="blog", place=old.environment)


def test_a_ceased_name_is_free_and_so_is_one_elsewhere(listed: Version) -> None:
    actor = person("user")
    old = cluster(Status.CEASED, owner=actor, name="blog")
    assert deploy(actor, listed, environment_id=old.environment_id)
    assert deploy(actor, listed)


def test_values_are_checked_against_the_package(listed: Version) -> None:
    wrong = refused(ValuesRefused, "values", person("user"), listed, values="replicas: many\n")
    assert [problem.where for problem in wrong.problems]
    refused(ValuesRefused, "values", person("user"), listed, values="replicas: [\n")


def test_environments_fit_in_kind_and_purpose(listed: Version) -> None:
    developer = person("developer")
    refused(EnvironmentOfAnotherPurpose, "environment", developer, listed, environment_id=environment(developer, debug=True).pk)
    machines = version(VersionStatus.ACTIVE, type="vm", package=blobs.put(chart()))
    refused(EnvironmentUnfit, "environment", developer, machines)


def test_a_foreign_environment_looks_missing(listed: Version) -> None:
    refused(Missing, "environment", person("user"), listed, environment_id=environment(person("user")).pk)
    refused(Missing, "environment", person("user"), listed, environment_id="runtime-nowhere")


@pytest.mark.parametrize("status", [status for status in VersionStatus if status is not VersionStatus.ACTIVE])
def test_only_versions_in_the_store_are_deployed(status: VersionStatus) -> None:
    refused(Missing, "", person("user"), version(status, package=blobs.put(chart())))


def test_test_deployments_are_not_for_customers(listed: Version) -> None:
    refused(NotPermitted, "", person("user"), listed, debug=True)
