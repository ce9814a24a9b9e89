"""A machine whose clock is off goes by the platform's signed word, and says so; an unsigned word changes nothing."""

from dataclasses import dataclass, field

import pytest

from roadstead.agents import factories
from roadstead.agents.factories import Enrolled
from roadstead.agents.handlers import answered
from roadstead_agent import wire
from roadstead_agent.link import Clock, Link, Refused

pytestmark = pytest.mark.django_db
REAL = wire.moment


@dataclass
class Wire:
    """A line that leads straight to the handlers; `bent` is what is done to the answers on the way."""

    asked: list[wire.Request] = field(default_factory=list)
    forged: wire.Answer | None = None

    def post(self, request: wire.Request, seconds: float = 0) -> wire.Answer:
        self.asked.append(request)
        answer = self.forged or answered(request)
        assert isinstance(answer, wire.Answer)
        return answer


@pytest.fixture
def node() -> Enrolled:
    return factories.node(factories.frontgate())


def link(node: Enrolled, line: Wire) -> tuple[Link, Clock]:
    clock = Clock()
    return Link(line, node.id, node.secret, clock), clock  # type: ignore[arg-type]  # as much of a line as is used


@pytest.mark.parametrize("off", [-600, 600, 86_400 * 400])
def test_ten_minutes_off(node: Enrolled, off: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "moment", lambda: REAL() + off)
    line = Wire()
    asking, clock = link(node, line)
    assert asking.ask(wire.REPORT, {"version": "1"}) == {}
    assert abs(clock.off - off) <= 2
    assert node.row.version == "1"
    assert len(line.asked) == 2
    asking.ask(wire.REPORT, {"version": "2"})
    assert len(line.asked) == 3


def test_a_clock_that_is_set_right_again_is_followed(node: Enrolled, monkeypatch: pytest.MonkeyPatch) -> None:
    asking, clock = link(node, Wire())
    monkeypatch.setattr(wire, "moment", lambda: REAL() + 600)
    asking.ask(wire.REPORT, {})
    monkeypatch.setattr(wire, "moment", REAL)
    asking.ask(wire.REPORT, {"version": "3"})
    assert abs(clock.off) <= 2
    assert node.row.version == "3"


def test_nobody_else_sets_it(node: Enrolled) -> None:
    asking, clock = link(node, Wire(forged=wire.Answer(409, b"", wire.moment() - 600, "00")))
    with pytest.raises(Refused):
        asking.ask(wire.REPORT, {"version": "9"})
    assert clock.off == 0
    assert not node.row.version
