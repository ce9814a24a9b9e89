"""What pages cost in queries: few, and the same however much there is to show."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.tests.fakes import FakeProvider, chart
from roadstead.clusters.tests.walking import walk
from roadstead.runtimes.models import Environment

pytestmark = pytest.mark.django_db
MOST = 12
PARTS = (
    "",
    "?tab=workloads",
    "?tab=objects",
    "?tab=values",
    "?tab=notes",
    "/activity",
    "/live?part=workloads",
    "/update",
    "/upgrade",
    "/rollback",
    "/rollback?revision=1",
    "/events",
    "/pods/blog-mariadb-0/log",
)


@pytest.fixture
def made(place: FakeProvider, listed: Version) -> Cluster:
    """An instance with two revisions and a version that it could be upgraded to."""
    del place
    owner = person("user")
    wish: Any = {"environment_id": environment(owner).pk, "name": "blog", "values": "replicas: 1\n"}
    mine = services.create(actor=owner, version_id=listed.pk, **wish)
    walk(mine)
    more(mine, 1)
    return mine


def more(mine: Cluster, times: int) -> None:
    """Give it so much more to show: jobs, revisions, versions, neighbours."""
    for number in range(times):
        begun = Version.objects.count()
        services.update(actor=mine.owner, cluster_id=mine.pk, values=f"replicas: {begun + number + 2}\n")
        walk(mine)
        package = blobs.put(chart(f"replicas: {begun}\n"))
        version(VersionStatus.ACTIVE, of=mine.app, name=f"9.{begun}.0", package=package)
        for debug in (False, True):
            cluster(owner=mine.owner, place=environment(mine.owner, debug=debug), debug=debug)
        cluster(owner=mine.owner, place=Environment.objects.get(pk=mine.environment_id))


def cost(reader: User, address: str) -> int:
    client = Client()
    client.force_login(reader)
    client.get(address)  # what is read once a process doesn't count
    with CaptureQueriesContext(connection) as told:
        assert client.get(address).status_code == 200
    return len(told)


@pytest.mark.parametrize("part", PARTS)
def test_a_page_of_an_instance(made: Cluster, part: str) -> None:
    address = f"/workbench/instances/{made.pk}{part}"
    before = cost(made.owner, address)
    assert before <= MOST
    more(made, 3)
    assert cost(made.owner, address) == before


LISTS = ("instances", "test-instances", "environments", "credentials", "deployed")


@pytest.mark.parametrize("name", LISTS)
def test_a_list(made: Cluster, name: str) -> None:
    address = f"/workbench/{name}"
    before = cost(made.owner, address)
    assert before <= MOST
    more(made, 3)
    assert cost(made.owner, address) == before


def test_the_page_of_an_environment_and_the_deploy_form(made: Cluster) -> None:
    addresses = [
        f"/workbench/environments/{made.environment_id}",
        f"/workbench/deploy/{made.version_id}",
        f"/workbench/credentials/{made.environment.credential_id}",
    ]
    before = [cost(made.owner, address) for address in addresses]
    assert max(before) <= MOST
    more(made, 3)
    assert [cost(made.owner, address) for address in addresses] == before


@pytest.mark.parametrize("operation", ["update", "upgrade"])
def test_what_changes_before_it_is_done(made: Cluster, operation: str) -> None:
    newest = Version.objects.filter(app=made.app).exclude(pk=made.version_id).order_by("-created_at")[0]
    client = Client()
    client.force_login(made.owner)
    wish = {"version": newest.pk if operation == "upgrade" else made.version_id, "values": "replicas: 7\n"}
    with CaptureQueriesContext(connection) as told:
        assert client.post(f"/workbench/instances/{made.pk}/{operation}", wish).status_code == 200
    assert len(told) <= MOST
