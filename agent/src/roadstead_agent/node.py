"""The agent of a node: it knows its frontgate and nobody else."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode

from roadstead_agent import wire
from roadstead_agent.agent import Agent
from roadstead_agent.boot import Boot
from roadstead_agent.console import say
from roadstead_agent.http import ANSWER_SECONDS, Away, Line
from roadstead_agent.link import Backoff
from roadstead_agent.signing import Forged
from roadstead_agent.verbs import NODE


def run(boot: Boot) -> None:
    """Be a node, for ever."""
    place = f"http://{boot.frontgate}"
    agent = Agent(boot, lambda: Line(place))
    agent.start(NODE)
    line, backoff = Line(place), Backoff()
    while True:
        try:
            _poll(agent, line)
            backoff.reset()
        except (Away, Forged) as problem:
            say(f"no orders: {type(problem).__name__} {problem}")
            time.sleep(backoff.seconds())


def _poll(agent: Agent, line: Line) -> None:
    """Ask the frontgate for an order that it doesn't have yet, and take it."""
    query = urlencode({"agent": agent.boot.agent, "have": agent.mark})
    status, _headers, body = line.ask("GET", f"{wire.PARCEL}?{query}", b"", {}, wire.HOLD_SECONDS + ANSWER_SECONDS)
    if status == wire.NOTHING:
        return
    if status != wire.OK:
        raise Away(f"the frontgate answered {status}")
    try:
        parcel = json.loads(body)
    except ValueError:
        raise Forged from None
    agent.take(parcel)
