"""The agent of a frontgate: besides its own orders it brings those of its nodes, and passes on what they say."""

from __future__ import annotations

import time
from pathlib import Path

from roadstead_agent import wire
from roadstead_agent.agent import Agent
from roadstead_agent.boot import Boot
from roadstead_agent.console import say
from roadstead_agent.counter import Counter
from roadstead_agent.http import ANSWER_SECONDS, Away, Line
from roadstead_agent.keeping import Keeping
from roadstead_agent.link import Backoff, Link, Refused
from roadstead_agent.relay import PostBox, Relay
from roadstead_agent.signing import Forged


def run(boot: Boot) -> None:
    """Be a frontgate, for ever."""
    agent = Agent(boot, lambda: Line(_platform(boot), boot.ca))
    box, relay = PostBox(), Relay(agent.link())
    relay.start()
    Counter(boot.port, relay, box).start()
    keeping = Keeping(boot, step=agent.reporter.boot, fact=agent.reporter.fact, log=say)
    agent.start(keeping.verbs())
    agent.reporter.boot("relay")
    keeping.start()
    follow(agent, box)


def follow(agent: Agent, box: PostBox) -> None:
    """Bring orders, for ever."""
    link, backoff = agent.link(), Backoff()
    while True:
        try:
            _poll(agent, link, box)
            backoff.reset()
        except (Away, Refused, Forged) as problem:
            say(f"no orders: {type(problem).__name__} {problem}")
            time.sleep(backoff.seconds())


def _platform(boot: Boot) -> str:
    """Return where the platform is: behind the socket of this machine's own engine, or at its address."""
    socket = boot.platform.get("socket", "")
    return socket if socket and (Path(socket).exists() or "url" not in boot.platform) else boot.platform["url"]


def _poll(agent: Agent, link: Link, box: PostBox) -> None:
    """Ask for orders that aren't here yet, and bring each where it belongs."""
    have = {**box.marks(), agent.boot.agent: agent.mark}
    answer = link.ask(wire.POLL, {"have": have, "wait": wire.HOLD_SECONDS}, wire.HOLD_SECONDS + ANSWER_SECONDS)
    for parcel in answer.get("parcels", []):
        if parcel.get("agent") == agent.boot.agent:
            agent.take(parcel)
        else:
            box.put(parcel)
