"""Who may read what was typed for an instance: no page shows it to anybody else, whatever they may do to instances."""

import pytest
from django.test import Client

from roadstead.accounts.factories import group, person
from roadstead.accounts.models import DataLevel, User
from roadstead.accounts.permissions import Action
from roadstead.accounts.services import grant
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters.factories import cluster
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import Operation, operations_open_to, reads_values
from roadstead.clusters.states import Status
from roadstead.clusters.tests.fakes import FakeProvider, chart
from roadstead.clusters.tests.fakes_view import VIEW
from roadstead.core.clock import now

pytestmark = pytest.mark.django_db
SECRET = "hunter-2-of-the-customer"
NOTES = "Open the address"
PAGES = ("?tab=values", "?tab=notes", "", "/update", "/upgrade", "/rollback?revision=1", "/pods/blog-mariadb-0/log", "/activity", "/events")


@pytest.fixture
def mine(place: FakeProvider, listed: Version) -> Cluster:
    version(VersionStatus.ACTIVE, of=listed.app, name="9.0.0", package=blobs.put(chart("replicas: 2\n")))
    made = cluster(version=listed, name="blog", values=f"password: {SECRET}\n", view=VIEW.as_dict(), viewed_at=now())
    place.releases["blog"] = made.pk
    return made


def told(reader: User, made: Cluster) -> bool:
    """Whether any page shows the reader something of it."""
    client = Client()
    client.force_login(reader)
    answers = [client.get(f"/workbench/instances/{made.pk}{page}") for page in PAGES]
    answers.append(client.get(f"/workbench/deploy/{made.version_id}", {"like": made.pk}))
    assert all(answer.status_code in {200, 403, 404} for answer in answers)
    text = "".join(answer.content.decode() for answer in answers)
    return any(word in text for word in (SECRET, NOTES, "&lt;ready&gt;"))


@pytest.mark.parametrize(("role", "reads"), [("technical_reviewer", False), ("business_reviewer", False), ("global_admin", True)])
def test_of_those_who_reach_everything_only_administrators_read(mine: Cluster, role: str, reads: bool) -> None:
    reader = person(role)
    assert reads_values(reader, mine) is reads
    assert told(reader, mine) is reads


def test_owners_read_their_own_and_nobody_elses(mine: Cluster) -> None:
    assert told(mine.owner, mine)
    assert not told(person("user"), mine)
    reviewer = person("technical_reviewer")
    assert reads_values(reviewer, cluster(owner=reviewer))


@pytest.mark.parametrize(("role", "reads"), [("isv", True), ("developer", False), ("user", False)])
def test_a_department_reads_by_right(place: FakeProvider, role: str, reads: bool) -> None:
    office = group("office")
    theirs = cluster(owner=person("developer", office), values=SECRET)
    place.releases[theirs.name] = theirs.pk
    assert reads_values(person(role, office), theirs) is reads
    assert not reads_values(person(role, group("elsewhere")), theirs)


def test_what_was_typed_for_a_test_is_read_by_who_reaches_it() -> None:
    trial = cluster(owner=person("developer"), debug=True)
    assert reads_values(person("technical_reviewer"), trial)


def test_a_reviewer_keeps_the_operations_that_show_nothing(mine: Cluster) -> None:
    assert operations_open_to(person("technical_reviewer"), mine) == [Operation.STOP, Operation.DELETE]
    mine.status = Status.DELETED
    assert operations_open_to(person("technical_reviewer"), mine) == [Operation.CEASE]


def test_the_right_can_be_given_and_ends_with_the_next_request(mine: Cluster) -> None:
    admin, reader = person("global_admin"), person("technical_reviewer")
    assert not told(reader, mine)
    grant(actor=admin, role_id="technical_reviewer", module="m3", level=DataLevel.ALL, actions=[Action.VIEW_VALUES])
    assert told(reader, mine)
    grant(actor=admin, role_id="technical_reviewer", module="m3", level=DataLevel.ALL, actions=[Action.STOP_INSTANCE])
    assert not told(reader, mine)
