"""The table of operations, over every state, transition and role."""

import pytest

from roadstead.accounts.factories import person
from roadstead.accounts.permissions import Action
from roadstead.clusters.factories import cluster
from roadstead.clusters.operations import LEADS_TO, RULES, Operation, create_action, operations_in, operations_open_to
from roadstead.clusters.states import Status, Transition

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
