"""The rows of commands: their way through their states, whatever comes twice, late or in the wrong order."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadstead.agents import factories, selectors, services
from roadstead.agents.commands import came_to
from roadstead.agents.errors import AgentMissing, TokenTaken
from roadstead.agents.factories import Enrolled
from roadstead.agents.identity import forget_nonces
from roadstead.agents.models import PATIENCE_SECONDS, Agent, Command, Tree, UsedNonce
from roadstead.agents.states import COURSE, ENDS, State, leads_to
from roadstead.core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate() -> Enrolled:
    return factories.frontgate()


@pytest.fixture
def node(gate: Enrolled) -> Enrolled:
    return factories.node(gate)


def order(agent: Enrolled, under: str = "t-1", **params: str) -> Command:
    return services.order(agent_id=agent.id, token=under, verb="service", params=params or {"cmd": "true"}, timeout=10)


def known(under: str = "t-1") -> Command:
    command = selectors.command_of(under)
    assert command
    return command


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*State]), min_size=1, max_size=8))
def test_no_state_is_left_backwards(wishes: list[State]) -> None:
    at = State.WAITING
    for wish in wishes:
        allowed = wish in COURSE[at]
        assert (at in leads_to(wish)) is allowed
        at = wish if allowed else at
    assert all(not COURSE[end] for end in ENDS)
    assert all({*ENDS} <= COURSE[state] for state in State if state not in ENDS)


def test_the_first_end_counts(node: Enrolled) -> None:
    command = order(node)
    assert came_to(command, State.DONE, exit_code=0)
    assert not came_to(command, State.FAILED, exit_code=1)
    assert not came_to(command, State.SENT)
    assert (known().state, known().exit_code) == (State.DONE, 0)


def test_a_token_is_one_command_of_one_machine(gate: Enrolled, node: Enrolled) -> None:
    assert order(node).pk == order(node, cmd="false").pk
    assert known().params == {"cmd": "true"}
    with pytest.raises(TokenTaken):
        order(gate)
    assert Command.objects.count() == 1


def test_params_are_sealed(node: Enrolled) -> None:
    order(node, cmd="a-canary-word")
    assert "a-canary-word" not in str([*Command.objects.values()])


def test_one_at_a_time_is_handed_over_until_the_frontgate_has_it(gate: Enrolled, node: Enrolled) -> None:
    order(node)
    order(node, "t-2")
    [parcel] = gate.poll()
    assert node.order_in(parcel)["number"] == 1
    assert [known(token).state for token in ("t-1", "t-2")] == ["sent", "waiting"]
    # The answer was lost: it comes again. It arrived: it doesn't.
    assert [again["mark"] for again in gate.poll()] == [parcel["mark"]]
    assert gate.poll(**{node.id: parcel["mark"]}) == []
    node.report(command={"number": 1, "state": "done", "exit_code": 0})
    [second] = gate.poll(**{node.id: parcel["mark"]})
    assert node.order_in(second)["number"] == 2


def test_output_grows_and_the_end_replaces_it(gate: Enrolled, node: Enrolled) -> None:
    order(node)
    gate.poll()
    node.report(command={"number": 1, "output": "one\n"})
    node.report(command={"number": 1, "output": "two\n"})
    assert (known().state, known().output) == ("running", "one\ntwo\n")
    node.report(command={"number": 1, "state": "failed", "exit_code": 3, "output": "all"})
    node.report(command={"number": 1, "output": "late\n"})
    assert (known().state, known().exit_code, known().output) == ("failed", 3, "all")


@pytest.mark.parametrize(
    "said", [{"number": "1"}, {"number": 7, "state": "done"}, {}, "x", None, {"number": 1, "state": ["done"], "result": 3}]
)
def test_a_report_that_makes_no_sense_ends_nothing_well(node: Enrolled, said: object) -> None:
    order(node)
    assert node.report(command=said, boot="x", facts=[1], health="splendid", version=3) == 200
    assert known().state in {"waiting", "failed"}
    assert (node.row.boot, node.row.facts, node.row.health, node.row.version) == ([], {}, "", "")


def test_signs_that_no_database_takes_are_left_out(node: Enrolled) -> None:
    order(node)
    odd = "a\0b\ud800c"
    assert (
        node.report(facts={odd: odd}, boot=[{"step": odd}], command={"number": 1, "state": "done", "output": odd, "result": {odd: [odd]}})
        == 200
    )
    assert node.row.facts == {"ab?c": "ab?c"}
    assert (known().output, known().result) == ("ab?c", {"ab?c": ["ab?c"]})


def test_an_answer_that_doesn_t_come_is_not_waited_for_for_ever(gate: Enrolled, node: Enrolled, monkeypatch: pytest.MonkeyPatch) -> None:
    order(node)
    [parcel] = gate.poll()
    late = timedelta(seconds=10 + PATIENCE_SECONDS + 1)
    assert node.order_in(parcel)["expires"] < (clock.now() + late).timestamp()
    Command.objects.update(sent_at=clock.now() - late)
    assert (known().state, known().result) == ("lost", {"problem": "no_answer"})
    node.report(command={"number": 1, "state": "done"})
    assert known().state == "lost"


def test_what_was_not_handed_over_waits_as_long_as_anybody_does(node: Enrolled) -> None:
    order(node)
    Command.objects.update(created_at=clock.now() - timedelta(days=1))
    assert known().state == "waiting"


def test_withdrawn_before_and_after_it_was_handed_over(gate: Enrolled, node: Enrolled) -> None:
    order(node)
    [parcel] = gate.poll()
    order(node, "t-2")
    services.withdraw("t-1")
    services.withdraw("t-2")
    services.withdraw("t-unknown")
    assert (known().state, known("t-2").state) == ("sent", "failed")
    [notice] = gate.poll(**{node.id: parcel["mark"]})
    assert node.order_in(notice) == {"number": 1, "id": known().pk, "withdrawn": True}


def test_a_machine_made_anew_has_nothing_of_the_old_one(gate: Enrolled, node: Enrolled) -> None:
    order(node)
    gate.poll()
    order(node, "t-2")
    node.report()
    fresh = factories.enrolled(node.id)
    assert (known().state, known().result) == ("lost", {"problem": "machine_made_anew"})
    [parcel] = gate.poll()
    assert fresh.order_in(parcel)["number"] == 2


def test_a_revoked_one_gets_no_orders(gate: Enrolled, node: Enrolled) -> None:
    order(node)
    services.revoke(agent_id=node.id)
    services.revoke(agent_id=node.id)
    assert known().state == "failed"
    assert gate.poll() == []
    for verb in (lambda: order(node, "t-2"), lambda: services.boot_config(agent_id=node.id)):
        with pytest.raises(AgentMissing):
            verb()
    assert Command.objects.count() == 1


TREE = {"hosts/web/cln-1/ip": "10.0.0.2", "env/web/password": "a-canary-word"}


def test_what_is_published_is_kept_ordered_and_told_to_the_nodes(gate: Enrolled, node: Enrolled) -> None:
    nodes = {node.id: {"self": {"host": "/clusters/cl-1/hosts/web/cln-1"}}}
    first = services.publish(frontgate_id=gate.id, cluster_id="cl-1", tree=TREE, nodes=nodes, token="t-put")
    assert services.publish(frontgate_id=gate.id, cluster_id="cl-1", tree={}, nodes={}, token="t-put").pk == first.pk
    [parcel] = gate.poll()
    assert gate.order_in(parcel)["params"] == {"cluster": "cl-1", "tree": TREE, "nodes": nodes}
    result = {"etcd": {"url": "https://10.0.0.1:2379", "ca": "PEM"}, "users": {node.id: "a-canary-password", "agt-stranger": "x"}}
    gate.report(command={"number": 1, "state": "done", "result": result})
    assert known("t-put").result == {"etcd": result["etcd"]}
    parcels = gate.poll()
    [told] = [node.order_in(parcel) for parcel in parcels if parcel["agent"] == node.id]
    assert (told["verb"], told["params"]["view"]) == ("metadata", nodes[node.id])
    assert told["params"]["etcd"] == {**result["etcd"], "user": node.id, "password": "a-canary-password"}
    node.report()
    fresh = factories.enrolled(node.id)
    again = [fresh.order_in(parcel) for parcel in gate.poll() if parcel["agent"] == node.id]
    assert [order["params"] for order in again] == [told["params"]]
    kept = str([*Command.objects.values(), *Agent.objects.values(), *Tree.objects.values()])
    assert "a-canary" not in kept


@pytest.mark.parametrize("how", ["made anew", "lost its store"])
def test_a_frontgate_that_lost_it_gets_all_again(gate: Enrolled, how: str) -> None:
    services.publish(frontgate_id=gate.id, cluster_id="cl-1", tree=TREE, nodes={}, token="t-put")
    gate.poll()
    gate.report(command={"number": 1, "state": "done", "result": {}}, facts={"store": "first"})
    assert gate.poll() == []
    if how == "made anew":
        gate = factories.enrolled(gate.id)
    # An agent that was killed says first that it is there, and a moment later how its store is.
    gate.report(facts={"resident_kib": 1})
    gate.report(facts={"store": "second"})
    gate.report(facts={"store": "second"})
    [parcel] = gate.poll()
    assert gate.order_in(parcel)["params"]["tree"] == TREE
    assert Command.objects.count() == 2


def test_a_node_that_was_cut_off_is_told_again(gate: Enrolled, node: Enrolled) -> None:
    nodes = {node.id: {"self": {"host": "/clusters/cl-1/hosts/web/cln-1"}}}
    services.publish(frontgate_id=gate.id, cluster_id="cl-1", tree=TREE, nodes=nodes, token="t-put")
    gate.poll()
    gate.report(command={"number": 1, "state": "done", "result": {"etcd": {}, "users": {node.id: "x"}}})
    [first] = [node.order_in(parcel) for parcel in gate.poll() if parcel["agent"] == node.id]
    node.report(command={"number": first["number"], "state": "lost", "result": {"problem": "agent_restarted"}})
    [second] = [node.order_in(parcel) for parcel in gate.poll() if parcel["agent"] == node.id]
    assert (second["verb"], second["params"]) == ("metadata", first["params"])
    # What it couldn't do is not repeated for ever.
    node.report(command={"number": second["number"], "state": "failed", "exit_code": 1})
    assert [parcel for parcel in gate.poll() if parcel["agent"] == node.id] == []


def test_a_frontgate_that_is_cut_off_while_it_gets_all_again_gets_it_once_more(gate: Enrolled) -> None:
    services.publish(frontgate_id=gate.id, cluster_id="cl-1", tree=TREE, nodes={}, token="t-put")
    gate.poll()
    gate.report(command={"number": 1, "state": "lost"})
    assert gate.poll() == []  # a step waits for that one, and decides
    gate = factories.enrolled(gate.id)
    gate.poll()
    gate.report(command={"number": 2, "state": "lost"})
    [parcel] = gate.poll()
    assert gate.order_in(parcel)["params"]["tree"] == TREE


def test_what_is_unpublished_is_not_written_again(gate: Enrolled) -> None:
    services.publish(frontgate_id=gate.id, cluster_id="cl-1", tree=TREE, nodes={}, token="t-put")
    services.unpublish(frontgate_id=gate.id, cluster_id="cl-1", token="t-delete")
    gate.report()
    factories.enrolled(gate.id)
    assert [command.verb for command in Command.objects.order_by("number")] == ["tree.put", "tree.delete"]


def test_a_nonce_is_kept_as_long_as_a_request_may_come(node: Enrolled) -> None:
    node.report()
    forget_nonces()
    assert UsedNonce.objects.count() == 1
    UsedNonce.objects.update(used_at=clock.now() - timedelta(hours=1))
    forget_nonces()
    assert not UsedNonce.objects.exists()


def test_boot_configurations(gate: Enrolled, node: Enrolled) -> None:
    of_node = json.loads(services.boot_config(agent_id=node.id, frontgate_address="10.0.0.1"))
    assert (of_node["role"], of_node["frontgate"]) == ("node", "10.0.0.1:9111")
    of_gate = json.loads(services.boot_config(agent_id=gate.id))
    assert of_gate["platform"] == {"socket": "/run/roadstead/platform.sock"}
