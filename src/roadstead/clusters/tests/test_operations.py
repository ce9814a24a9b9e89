"""The table of operations, over every state, transition and role."""

from typing import TYPE_CHECKING, Any

import pytest

from roadstead.accounts.factories import person
from roadstead.accounts.permissions import Action
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.factories import cluster
from roadstead.clusters.models import Cluster
from roadstead.clusters.operations import LEADS_TO, RULES, Operation, create_action, operations_in, operations_open_to
from roadstead.clusters.states import Status, Transition
from roadstead.clusters.tests.fakes import FakeProvider
from roadstead.core.errors import Missing, NotPermitted, WrongState
from roadstead.jobs.models import Job
from roadstead.runtimes.sdk import Revision

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
D, C, S = Operation.DELETE, Operation.CEASE, Operation.START
RUNNING = [Operation.UPGRADE, Operation.UPDATE, Operation.ROLL_BACK, Operation.STOP, D]
OPEN = {
    Status.PENDING: [D],
    Status.ACTIVE: RUNNING,
    Status.STOPPED: [S, D],
    Status.SUSPENDED: [],
    Status.DELETED: [C],
    Status.CEASED: [],
}


@pytest.mark.parametrize("status", Status.values)
def test_states_allow(status: str) -> None:
    assert operations_in(status) == OPEN[Status(status)]


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize(
    ("role", "reaches"),
    [
        ("global_admin", True),
        ("user", False),
        ("developer", False),
        ("isv", False),
        ("technical_reviewer", True),
        ("business_reviewer", False),
    ],
)
def test_roles_reach(status: str, role: str, reaches: bool) -> None:
    trial = cluster(status=status, debug=True)
    assert operations_open_to(person(role), trial) == (OPEN[Status(status)] if reaches else [])


@pytest.mark.parametrize("role", ["user", "developer", "isv", "global_admin"])
def test_owners_reach_their_own(role: str) -> None:
    owner = person(role)
    assert operations_open_to(owner, cluster(owner=owner)) == RUNNING


@pytest.mark.parametrize("transition", [transition for transition in Transition.values if transition])
def test_nothing_is_open_during_a_transition(transition: str) -> None:
    mine = cluster(transition=transition)
    assert operations_open_to(mine.owner, mine) == []


def test_every_operation_has_a_way_and_a_rule() -> None:
    assert {operation for _, operation in LEADS_TO} == set(RULES) == set(Operation)


def test_test_deployments_need_a_permission_of_their_own() -> None:
    assert create_action(debug=True) is Action.TEST_INSTANCE
    assert create_action(debug=False) is Action.CREATE_INSTANCE


WISHES: dict[Operation, dict[str, Any]] = {
    Operation.UPDATE: {"values": "replicas: 7\n"},
    Operation.UPGRADE: {"values": "replicas: 7\n", "version_id": "newer"},
    Operation.ROLL_BACK: {"revision": 1},
}
VERBS: "dict[Operation, Callable[..., Cluster]]" = {
    Operation.UPDATE: services.update,
    Operation.UPGRADE: services.upgrade,
    Operation.ROLL_BACK: services.roll_back,
    Operation.STOP: services.stop,
    Operation.START: services.start,
    Operation.DELETE: services.delete,
    Operation.CEASE: services.cease,
}
WHO = ("owner", "global_admin", "technical_reviewer", "user")


@pytest.mark.parametrize("operation", VERBS)
@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("transition", ["", "updating"])
def test_what_is_offered_is_what_is_accepted(
    place: FakeProvider, listed: Version, operation: Operation, status: str, transition: str
) -> None:
    newer = version(VersionStatus.ACTIVE, of=listed.app, name="9.0.0", package=listed.package)
    place.revisions_kept = [Revision(2, "deployed"), Revision(1, "superseded")]
    for who in WHO:
        mine = cluster(status, version=listed, transition=transition)
        actor = mine.owner if who == "owner" else person(who)
        offered = operation in operations_open_to(actor, mine)
        wish = {name: newer.pk if word == "newer" else word for name, word in WISHES.get(operation, {}).items()}
        jobs, before = Job.objects.count(), Cluster.objects.values().get(pk=mine.pk)
        try:
            VERBS[operation](actor=actor, cluster_id=mine.pk, **wish)
        except (WrongState, NotPermitted, Missing):
            accepted = False
            assert Cluster.objects.values().get(pk=mine.pk) == before
        else:
            accepted = True
        assert accepted == offered == (Job.objects.count() == jobs + 1), who
