"""Agents for tests, as they are once they have enrolled, and what they send."""

import json
from dataclasses import dataclass
from typing import Any

from roadstead.agents import services
from roadstead.agents.handlers import answered, look
from roadstead.agents.models import Agent
from roadstead_agent import signing, wire


@dataclass
class Enrolled:
    """An agent with its secret, which talks to the handlers as its machine would."""

    id: str
    secret: bytes

    @property
    def row(self) -> Agent:
        """Return it as it is known now."""
        return Agent.objects.get(pk=self.id)

    def request(self, path: str, content: dict[str, Any], *, time: int | None = None) -> wire.Request:
        """Sign a request."""
        body = wire.sealed(self.secret, content, purpose=path)
        return wire.Request.signed(self.secret, self.id, path, body, time=wire.moment() if time is None else time)

    def report(self, **content: Any) -> int:
        """Report something; return the status of the answer."""
        return reply_to(self.request(wire.REPORT, content)).status

    def poll(self, **have: str) -> list[dict[str, Any]]:
        """Ask for orders once; a frontgate's way."""
        request = self.request(wire.POLL, {"have": have, "wait": 0})
        poll = answered(request)
        assert not isinstance(poll, wire.Answer), poll
        answer = look(poll, last=True)
        assert answer
        assert answer.signed_with(self.secret, request)
        parcels: list[dict[str, Any]] = wire.opened(self.secret, answer.body, purpose=f"answer {wire.POLL}")["parcels"]
        return parcels

    def order_in(self, parcel: dict[str, Any]) -> dict[str, Any]:
        """Open what was sealed for this agent."""
        return wire.opened(self.secret, wire.raw(parcel["sealed"]), purpose=wire.PARCEL)

    def relayed(self, *requests: wire.Request) -> list[wire.Answer]:
        """Pass requests on; a frontgate's way."""
        request = self.request(wire.RELAY, {"requests": [inner.packed() for inner in requests]})
        answer = reply_to(request)
        packed = wire.opened(self.secret, answer.body, purpose=f"answer {wire.RELAY}")["answers"]
        return [wire.Answer.unpacked(one) for one in packed]


def reply_to(request: wire.Request, *, frontgate: Agent | None = None) -> wire.Answer:
    """Return the answer to a request that is no poll."""
    answer = answered(request, frontgate=frontgate)
    assert isinstance(answer, wire.Answer)
    return answer


def token_of(agent_id: str) -> bytes:
    """Return the one-time token in the boot configuration of an agent."""
    return bytes.fromhex(json.loads(services.boot_config(agent_id=agent_id))["token"])


def enrolment(agent_id: str, token: bytes, nonce: str) -> wire.Request:
    """Return the request that exchanges a token."""
    return wire.Request.signed(token, agent_id, wire.ENROL, wire.sealed(token, {"nonce": nonce}, purpose="enrol"), time=wire.moment())


def enrolled(agent_id: str) -> Enrolled:
    """Have an agent enrol."""
    token, nonce = token_of(agent_id), signing.fresh_nonce()
    answer = answered(enrolment(agent_id, token, nonce))
    assert isinstance(answer, wire.Answer)
    said = wire.opened(token, answer.body, purpose="enrolled")
    return Enrolled(agent_id, signing.secret_from(token, agent_id, nonce, said["nonce"]))


def frontgate(name: str = "gate") -> Enrolled:
    """Return a frontgate that has enrolled."""
    return enrolled(services.admit(role="frontgate", environment_id="runtime-x", subject_id=f"cl-{name}", name=name).pk)


def node(gate: Enrolled, name: str = "node") -> Enrolled:
    """Return a node behind a frontgate that has enrolled."""
    whose = {"environment_id": "runtime-x", "subject_id": f"cln-{name}", "name": name}
    return enrolled(services.admit(role="node", frontgate_id=gate.id, **whose).pk)
