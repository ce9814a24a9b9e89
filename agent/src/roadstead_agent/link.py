"""How an agent talks: as itself, with signed requests and signed answers, by the platform's clock if its own is off."""

from __future__ import annotations

import hashlib
import random
from typing import Any, Callable

from roadstead_agent import signing, wire
from roadstead_agent.boot import Boot
from roadstead_agent.console import say
from roadstead_agent.http import ANSWER_SECONDS, Away, Line

FIRST_SECONDS, LONGEST_SECONDS = 1.0, 60.0
OLD = 409
_CLOCK_SECONDS = 2


class Refused(Exception):
    """Somebody answered, but not the platform to this agent."""


class Backoff:
    """How long to wait after one failure more: a second at first, a minute at last, never all machines at once."""

    def __init__(self) -> None:
        self._next = FIRST_SECONDS

    def seconds(self) -> float:
        """Return the next pause."""
        pause, self._next = self._next, min(2 * self._next, LONGEST_SECONDS)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311  # it spreads machines out, and hides nothing

    def reset(self) -> None:
        """Begin again: it worked."""
        self._next = FIRST_SECONDS


class Clock:
    """The platform's time, as its signed answers told it. `off` is by how much this machine's own is ahead."""

    def __init__(self) -> None:
        self.off = 0

    def moment(self) -> int:
        """Return the time that requests are to carry."""
        return wire.moment() - self.off

    def told(self, time: int) -> None:
        """Take what a signed answer said."""
        off = wire.moment() - time
        if abs(off - self.off) > _CLOCK_SECONDS:
            self.off = off


class Link:
    """Requests of one agent, over a line of their own."""

    def __init__(self, line: Line, agent: str, secret: bytes, clock: Clock) -> None:
        self._line = line
        self.agent = agent
        self.secret = secret
        self._clock = clock

    def ask(self, path: str, content: dict[str, Any], seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """Ask the platform; raises `Away`, `Refused`. The answer is the platform's, to this very request."""
        answer = self._once(path, content, seconds)
        if answer.status == OLD:
            # Signed, and so from the platform itself: it told the time, and this machine's was off.
            answer = self._once(path, content, seconds)
        if answer.status != wire.OK:
            raise Refused(answer.status)
        try:
            return wire.opened(self.secret, answer.body, purpose=f"answer {path}")
        except signing.Forged:
            raise Refused("unreadable") from None

    def _once(self, path: str, content: dict[str, Any], seconds: float) -> wire.Answer:
        body = wire.sealed(self.secret, content, purpose=path)
        request = wire.Request.signed(self.secret, self.agent, path, body, time=self._clock.moment())
        answer = self._line.post(request, seconds)
        if not answer.signed_with(self.secret, request):
            raise Refused(answer.status)
        self._clock.told(answer.time)
        return answer


def enrolled(boot: Boot, line: Callable[[], Line], clock: Clock, pause: Callable[[float], object]) -> tuple[bytes, int]:
    """Return the machine's own secret, exchanged for the token on its first start, and the number of the last command not for it.

    It waits as long as it takes. The nonce is kept before it is sent: asked again after a lost answer, the platform answers the same.
    """
    kept = boot.kept("identity")
    known = kept.read()
    mark = hashlib.sha256(boot.token).hexdigest()
    if known.get("secret") and known.get("agent") == boot.agent:
        return bytes.fromhex(known["secret"]), 0
    if known.get("token") != mark:
        known = {"agent": boot.agent, "token": mark, "nonce": signing.fresh_nonce()}
        kept.write(known)
    backoff = Backoff()
    way = line()
    while True:
        try:
            answer = _enrol(boot, way, known["nonce"])
            break
        except (Away, Refused) as problem:
            say(f"not enrolled yet: {problem}")
            pause(backoff.seconds())
    secret = signing.secret_from(boot.token, boot.agent, known["nonce"], str(answer["nonce"]))
    kept.write({**known, "secret": secret.hex()})
    clock.told(int(answer["time"]))
    return secret, int(answer["number"])


def _enrol(boot: Boot, line: Line, nonce: str) -> dict[str, Any]:
    body = wire.sealed(boot.token, {"nonce": nonce}, purpose="enrol")
    request = wire.Request.signed(boot.token, boot.agent, wire.ENROL, body, time=wire.moment())
    answer = line.post(request)
    if answer.status != wire.OK or not answer.signed_with(boot.token, request):
        raise Refused(answer.status)
    try:
        return wire.opened(boot.token, answer.body, purpose="enrolled")
    except signing.Forged:
        raise Refused("unreadable") from None


__all__ = ["Away", "Backoff", "Clock", "Link", "Refused", "enrolled"]
