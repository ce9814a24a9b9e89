"""Promise A7: every machine has an identity of its own, reaches only what is its own, and loses it with the machine."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from roadstead.agents import factories, services
from roadstead.agents.factories import Enrolled, reply_to
from roadstead.agents.handlers import Poll, answered, look
from roadstead.agents.models import Agent, Command, UsedNonce
from roadstead.audit.models import Event
from roadstead_agent import signing, wire

pytestmark = pytest.mark.django_db
FORGED = b"not the secret of anybody, really"


@pytest.fixture
def gate() -> Enrolled:
    return factories.frontgate()


@pytest.fixture
def node(gate: Enrolled) -> Enrolled:
    node = factories.node(gate)
    services.order(agent_id=node.id, token="t-1", verb="service", params={"cmd": "true"}, timeout=10)
    return node


def untouched(node: Enrolled) -> bool:
    """Whether what a refused request wanted to say is nowhere."""
    return not node.row.version and Command.objects.get(token="t-1").state == "waiting"


def report(sender: Enrolled) -> wire.Request:
    return sender.request(wire.REPORT, {"version": "9", "command": {"number": 1, "state": "done"}})


def as_somebody_else(node: Enrolled) -> wire.Request:
    return replace(report(node), agent=factories.frontgate("other").id)


def with_a_forged_secret(node: Enrolled) -> wire.Request:
    return report(Enrolled(node.id, FORGED))


def with_another_body(node: Enrolled) -> wire.Request:
    return replace(report(node), body=wire.sealed(node.secret, {"version": "8"}, purpose=wire.REPORT))


def with_another_path(node: Enrolled) -> wire.Request:
    return replace(report(node), path=wire.POLL)


def with_another_time(node: Enrolled) -> wire.Request:
    return replace(report(node), time=wire.moment() + 1)


def with_another_nonce(node: Enrolled) -> wire.Request:
    return replace(report(node), nonce=signing.fresh_nonce())


def of_nobody(node: Enrolled) -> wire.Request:
    return report(Enrolled("agt-aaaaaaaaaaaaaaaa", node.secret))


def of_a_revoked_machine(node: Enrolled) -> wire.Request:
    request = report(node)
    services.revoke(agent_id=node.id)
    Command.objects.filter(token="t-1").update(state="waiting")
    return request


def of_a_machine_that_was_made_anew(node: Enrolled) -> wire.Request:
    request = report(node)
    factories.enrolled(node.id)
    return request


def unsigned(node: Enrolled) -> wire.Request:
    return replace(report(node), mac="")


@pytest.mark.parametrize(
    "forged",
    [
        as_somebody_else,
        with_a_forged_secret,
        with_another_body,
        with_another_path,
        with_another_time,
        with_another_nonce,
        of_nobody,
        of_a_revoked_machine,
        of_a_machine_that_was_made_anew,
        unsigned,
    ],
)
def test_what_nobody_may_have_sent_finds_nothing(forged: Callable[[Enrolled], wire.Request], node: Enrolled) -> None:
    answer = reply_to(forged(node))
    assert answer == wire.Answer(404)
    assert untouched(node)


def test_the_real_one_is_taken(node: Enrolled) -> None:
    assert reply_to(report(node)).status == 200
    assert node.row.version == "9"
    assert Command.objects.get(token="t-1").state == "done"


def test_a_replay_finds_nothing(node: Enrolled) -> None:
    request = node.request(wire.REPORT, {"version": "1"})
    assert reply_to(request).status == 200
    node.report(version="2")
    assert reply_to(request) == wire.Answer(404)
    assert node.row.version == "2"


@pytest.mark.parametrize("off", [-600, -signing.WINDOW_SECONDS - 2, signing.WINDOW_SECONDS + 2, 600])
def test_an_old_one_is_told_the_time_and_nothing_else(off: int, node: Enrolled) -> None:
    request = node.request(wire.REPORT, {"version": "9", "command": {"number": 1, "state": "done"}}, time=wire.moment() + off)
    answer = reply_to(request)
    assert answer.status == 409
    assert answer.signed_with(node.secret, request)
    assert abs(answer.time - wire.moment()) <= 2
    assert untouched(node)
    # The nonce isn't used up: nothing at all has happened.
    assert not UsedNonce.objects.exists()


def test_a_token_is_exchanged_once(gate: Enrolled) -> None:
    agent = services.admit(role="node", environment_id="runtime-x", subject_id="cln-1", name="n", frontgate_id=gate.id)
    token, nonce = factories.token_of(agent.pk), signing.fresh_nonce()
    first = reply_to(factories.enrolment(agent.pk, token, nonce))
    again = reply_to(factories.enrolment(agent.pk, token, nonce))
    told = [wire.opened(token, answer.body, purpose="enrolled")["nonce"] for answer in (first, again)]
    assert told[0] == told[1]
    machine = Enrolled(agent.pk, signing.secret_from(token, agent.pk, nonce, told[0]))
    assert machine.report() == 200
    # Used: the token opens nothing any more.
    for spent in (nonce, signing.fresh_nonce()):
        assert reply_to(factories.enrolment(agent.pk, token, spent)) == wire.Answer(404)
    assert machine.report() == 200


def test_a_token_opens_only_its_own_agent(gate: Enrolled) -> None:
    first, second = (services.admit(role="node", environment_id="runtime-x", subject_id="cln-1", name=name) for name in "ab")
    assert reply_to(factories.enrolment(second.pk, factories.token_of(first.pk), signing.fresh_nonce())) == wire.Answer(404)
    assert not Agent.objects.get(pk=second.pk).sealed_secret


def test_a_token_is_the_same_until_it_was_used(gate: Enrolled) -> None:
    agent = services.admit(role="node", environment_id="runtime-x", subject_id="cln-1", name="n", frontgate_id=gate.id)
    assert factories.token_of(agent.pk) == factories.token_of(agent.pk)
    first = factories.enrolled(agent.pk)
    assert first.report() == 200
    second = factories.enrolled(agent.pk)
    assert (second.report(), first.report()) == (200, 404)


def test_a_frontgate_reaches_its_own_nodes_only(gate: Enrolled, node: Enrolled) -> None:
    other = factories.frontgate("other")
    stranger = factories.node(other, "stranger")
    ours, theirs = gate.relayed(node.request(wire.REPORT, {"version": "1"}), stranger.request(wire.REPORT, {"version": "1"}))
    assert (ours.status, theirs) == (200, wire.Answer(404))
    assert (node.row.version, stranger.row.version) == ("1", "")
    assert [parcel["agent"] for parcel in other.poll()] == []
    assert [parcel["agent"] for parcel in gate.poll()] == [node.id]


def test_a_frontgate_can_neither_forge_nor_read(gate: Enrolled, node: Enrolled) -> None:
    [parcel] = gate.poll()
    sealed = wire.raw(parcel["sealed"])
    with pytest.raises(signing.Forged):
        wire.opened(gate.secret, sealed, purpose=wire.PARCEL)
    assert b"true" not in sealed
    assert node.order_in(parcel)["params"] == {"cmd": "true"}
    bent = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in (0, 20, len(sealed) - 1)]
    for changed in (*bent, wire.sealed(gate.secret, {}, purpose=wire.PARCEL)):
        with pytest.raises(signing.Forged):
            wire.opened(node.secret, changed, purpose=wire.PARCEL)
    # What it signs for a node, and what it changes in a node's request, is nobody's.
    [forged, changed_request] = gate.relayed(
        Enrolled(node.id, gate.secret).request(wire.REPORT, {"version": "9"}), replace(node.request(wire.REPORT, {}), body=b"x")
    )
    assert (forged, changed_request) == (wire.Answer(404), wire.Answer(404))
    assert not node.row.version


def test_an_answer_is_good_for_its_request_only(node: Enrolled) -> None:
    first, second = (node.request(wire.REPORT, {}) for _ in range(2))
    answer = reply_to(first)
    assert answer.signed_with(node.secret, first)
    assert not answer.signed_with(node.secret, second)
    assert not replace(answer, body=b"").signed_with(node.secret, first)
    assert not replace(answer, status=409).signed_with(node.secret, first)
    assert not replace(answer, time=answer.time + 1).signed_with(node.secret, first)


def test_a_node_neither_polls_nor_relays(gate: Enrolled, node: Enrolled) -> None:
    for path in (wire.POLL, wire.RELAY):
        assert reply_to(node.request(path, {"requests": []})) == wire.Answer(404)
        assert gate.relayed(node.request(path, {"requests": []})) == [wire.Answer(404)]
    assert gate.relayed(gate.request(wire.RELAY, {"requests": []})) == [wire.Answer(404)]


def test_a_report_reaches_only_the_sender_s_commands(gate: Enrolled, node: Enrolled) -> None:
    other = factories.node(gate, "other")
    assert other.report(command={"number": 1, "state": "done"}) == 200
    assert untouched(node)


def test_a_revoked_frontgate_hears_nothing_while_it_waits(gate: Enrolled, node: Enrolled) -> None:
    poll = answered(gate.request(wire.POLL, {"have": {}, "wait": 20}))
    assert isinstance(poll, Poll)
    services.revoke(agent_id=gate.id)
    assert look(poll, last=False) == wire.Answer(404)


def test_no_secret_is_on_record(gate: Enrolled, node: Enrolled) -> None:
    services.revoke(agent_id=node.id)
    told = [(event.verb, str(event.data)) for event in Event.objects.filter(subject_type="agents.agent")]
    assert {verb for verb, _ in told} == {"agent.admitted", "agent.enrolled", "agent.revoked"}
    secrets = {gate.secret.hex(), node.secret.hex()}
    kept = [str(value) for row in Agent.objects.values() for value in row.values()]
    assert not [text for _, text in told if any(secret in text for secret in secrets)]
    assert not [text for text in kept if any(secret in text for secret in secrets)]
