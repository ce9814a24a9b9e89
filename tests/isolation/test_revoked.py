"""Promise A2: what was taken away is gone with the next request, whichever way it was had: by a role, its grants, or a department."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from roadstead.accounts import people, services
from roadstead.accounts.departments import add_department
from roadstead.accounts.factories import person
from roadstead.accounts.models import DataLevel, User
from roadstead.accounts.permissions import Action
from roadstead.accounts.roles import create_role
from roadstead.clusters import factories as clusters
from roadstead.clusters import services as instances
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import Operation
from roadstead.clusters.planning import submit
from roadstead.core.errors import Missing
from roadstead.jobs.models import Job
from roadstead.jobs.streams import progress_for
from roadstead.vendors.factories import provider

pytestmark = pytest.mark.django_db
EVERYTHING = [Action.STOP_INSTANCE, Action.CONFIGURE_INSTANCE, Action.VIEW_VALUES]


@dataclass
class Case:
    """Somebody who reaches an instance that isn't theirs, who can take that away, and by what."""

    reader: User
    admin: User
    head: User
    made: Cluster
    role: str
    away: str


@pytest.fixture
def case() -> Case:
    """A lead reaches what their department runs, by a role of the company."""
    company = provider()
    head = company.head
    here, away = (add_department(actor=head, parent_id=head.group_id, name=name) for name in ("Here", "Away"))
    role = create_role(actor=head, name="Lead")
    services.grant(actor=head, role_id=role.pk, module="m3", level=DataLevel.GROUP, actions=EVERYTHING)
    member, reader = person("developer", here), person("developer", here)
    services.set_role(actor=head, user_id=reader.pk, role_id=role.pk)
    made = clusters.cluster(owner=member, values="password: hunter-2\n")
    return Case(User.objects.get(pk=reader.pk), person("global_admin"), head, made, role.pk, away.pk)


def other_role(case: Case) -> None:
    services.set_role(actor=case.head, user_id=case.reader.pk, role_id="developer")


def no_grant(case: Case) -> None:
    services.grant(actor=case.head, role_id=case.role, module="m3", level=DataLevel.GROUP, actions=[])


def less_reach(case: Case) -> None:
    services.grant(actor=case.head, role_id=case.role, module="m3", level=DataLevel.SELF, actions=EVERYTHING)


def other_department(case: Case) -> None:
    people.edit_person(actor=case.head, user_id=case.reader.pk, name=case.reader.name, group=case.away)


def owner_in_another_department(case: Case) -> None:
    people.edit_person(actor=case.head, user_id=case.made.owner_id, name=case.made.owner.name, group=case.away)


def suspension(case: Case) -> None:
    services.suspend_user(actor=case.head, user_id=case.reader.pk)


WAYS = [other_role, no_grant, less_reach, other_department, owner_in_another_department, suspension]


@pytest.mark.parametrize("take_away", WAYS)
def test_it_ends_with_the_next_request(case: Case, take_away: Callable[[Case], None]) -> None:
    client, made = Client(), case.made
    client.force_login(case.reader)
    session = client.session.session_key
    assert session
    address = f"/workbench/instances/{made.pk}"
    assert "hunter-2" in client.get(f"{address}?tab=values").content.decode()
    job = submit(actor=made.owner, cluster=made, operation=Operation.STOP)
    assert progress_for.__wrapped__(session, job.pk)  # type: ignore[attr-defined]  # without a connection of its own
    Job.objects.filter(pk=job.pk).update(status="failed")

    take_away(case)

    gone = (302, 404)
    for page in ("", "?tab=values", "/activity", "/update", "/events"):
        answer = client.get(f"{address}{page}")
        assert answer.status_code in gone
        assert "hunter-2" not in answer.content.decode()
    assert client.post(f"{address}/stop").status_code in gone
    assert made.name not in client.get("/workbench/all-instances").content.decode()
    assert progress_for.__wrapped__(session, job.pk) is None  # type: ignore[attr-defined]  # as above
    with pytest.raises(Missing):
        instances.stop(actor=User.objects.get(pk=case.reader.pk), cluster_id=made.pk)
    made.refresh_from_db()
    assert (made.transition, Job.objects.count()) == ("", 1)
