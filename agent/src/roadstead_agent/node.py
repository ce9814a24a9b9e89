"""The agent of a node: it knows its frontgate and nobody else."""

from __future__ import annotations

import json
import time
from functools import partial
from urllib.parse import urlencode

from roadstead_agent import wire
from roadstead_agent.again import Again
from roadstead_agent.agent import Agent
from roadstead_agent.boot import Boot
from roadstead_agent.checks import Check, Checks
from roadstead_agent.console import say
from roadstead_agent.http import ANSWER_SECONDS, Away, Line
from roadstead_agent.lasting import CHECK, TEMPLATES, Lasting
from roadstead_agent.link import Backoff
from roadstead_agent.outlook import Outlook
from roadstead_agent.sight import Sight
from roadstead_agent.signing import Forged
from roadstead_agent.verbs import MACHINE, Services, checking


def run(boot: Boot) -> None:
    """Be a node, for ever. What was saved goes on first, without asking anybody."""
    place = f"http://{boot.frontgate}"
    lasting = Lasting(boot.kept("lasting"))
    fresh = lasting.new_life()
    agent = Agent(boot, lambda: Line(place))
    again = Again(lasting, agent.reporter.boot)
    services = Services(lasting, again.leave)
    checks = Checks(services.started, agent.reporter.health)
    outlook = Outlook(lasting, partial(Sight, boot, say), say)
    problem = outlook.resume(wait=fresh)
    if problem or lasting.get(TEMPLATES):
        agent.reporter.boot("templates", problem)
    if fresh:
        again.begin()
    else:
        again.remember()
    checks.set(Check.of(lasting.get(CHECK) or {}))
    checks.start()
    agent.start({**MACHINE, **outlook.verbs(), "service": services.run, "check": checking(lasting, checks)})
    follow(agent, Line(place))


def follow(agent: Agent, line: Line) -> None:
    """Take orders, for ever."""
    backoff = Backoff()
    while True:
        try:
            _poll(agent, line)
            backoff.reset()
        except Forged:
            say("an order isn't for this machine, or was changed on its way")
        except Away as problem:
            say(f"no orders: {problem}")
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
