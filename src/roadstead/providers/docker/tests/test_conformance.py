"""Docker holds what every provider must. The engine is made to misbehave where its answers come in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from roadstead.providers.docker import problems as says
from roadstead.providers.docker.client import Engine
from roadstead.providers.docker.provider import DockerProvider
from roadstead.providers.docker.tests.machines import boot
from roadstead.runtimes.conformance import MachineConformance, Subject
from roadstead.runtimes.sdk import Place, Throttled, TimedOut, Unreachable
from tests.testbeds.docker.engine import MACHINE

CHANGES = ("create", "remove", "start", "rename", "update")
READS = ("inspect_container", "inspect_volume")
Answering = Callable[[Callable[..., Any], Callable[[], Any]], Any]


class TestConformance(MachineConformance):
    @pytest.fixture
    def subject(self, provider: DockerProvider, place: Place) -> Subject:
        faults = {
            "lost answer": partial(_answers, _lost),
            "throttled": partial(_answers, _throttled),
            "partial list": partial(_answers, _partial),
            "stale read": partial(_answers, _stale),
        }
        bad = "tcp://engine.test:2375"
        return Subject(provider, place, image=MACHINE, boot=boot(), bad=bad, faults=faults)  # type: ignore[arg-type]


@contextmanager
def _answers(answering: Answering) -> Iterator[None]:
    """Let what the engine answers go through a function that is told the question."""
    usual = Engine.call

    def call(self: Engine, question: Callable[..., Any], *words: Any, **more: Any) -> Any:
        return answering(question, lambda: usual(self, question, *words, **more))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "call", call)
        yield


def _lost(question: Callable[..., Any], ask: Callable[[], Any]) -> Any:
    answer = ask()
    if question.__name__.startswith(CHANGES):
        raise TimedOut(says.NO_ANSWER(server="test"))
    return answer


def _throttled(question: Callable[..., Any], ask: Callable[[], Any]) -> Any:
    raise Throttled(says.BUSY(reason="test"))


def _partial(question: Callable[..., Any], ask: Callable[[], Any]) -> Any:
    ask()
    raise Unreachable(says.UNREACHABLE(server="test", reason="the answer ended early"))


def _stale(question: Callable[..., Any], ask: Callable[[], Any]) -> Any:
    """Not see what is there, but only while it is looked for: an engine that is behind still refuses a second of one name."""
    answer = ask()
    return [] if question.__name__ in {"containers", "networks"} else answer
