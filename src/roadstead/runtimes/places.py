"""What the verbs of environments ask a place, whether it runs releases or machines. A namespace is claimed; a zone belongs to nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from roadstead.accounts.selectors import platform_rules
from roadstead.core.problems import Problem
from roadstead.runtimes.errors import NO_ANSWER
from roadstead.runtimes.registry import Provider
from roadstead.runtimes.sdk import Place, ProviderError, Target, TimedOut

Answer = TypeVar("Answer")

# Places that never answer must not hold more than these threads.
_ASKING = ThreadPoolExecutor(max_workers=8, thread_name_prefix="environment")


@dataclass(frozen=True)
class Spot:
    """A zone at a provider, entered with a credential, for the environment whose id is the mark."""

    provider: Provider
    credential: str = field(repr=False)
    zone: str
    mark: str = ""

    @property
    def target(self) -> Target:
        """The spot as a place of releases."""
        return Target(credential=self.credential, namespace=self.zone, mark=self.mark)

    @property
    def place(self) -> Place:
        """The spot as a place of machines."""
        return Place(credential=self.credential, zone=self.zone, mark=self.mark)

    def claim(self, stale: Callable[[str], bool]) -> None:
        """Mark the namespace as the environment's, or raise."""
        if self.provider.delivery == "helm":
            self.provider.claim_namespace(self.target, stale=stale)

    def probe(self, seconds: float) -> tuple[Problem, ...]:
        """Ask the place, which may take longer than this: `probe` below gives up."""
        if self.provider.delivery == "helm":
            return self.provider.probe(self.target, seconds=seconds)
        return self.provider.probe(self.place, seconds=seconds)


def check_zone(provider: Provider, zone: str) -> tuple[Problem, ...]:
    """Say what is wrong with the name of a namespace or zone, offline."""
    return provider.check_namespace(zone) if provider.delivery == "helm" else provider.check_zone(zone)


def asks_zone(provider: Provider) -> bool:
    """Whether an environment of this provider names a namespace or a zone."""
    return provider.delivery == "helm" or provider.capabilities.zones


def probe(spot: Spot) -> list[Problem]:
    """Ask a place whether deployments can be made there, within the limit for connections."""
    seconds = platform_rules().connection_timeout
    try:
        return list(asked_within(lambda: spot.probe(seconds * 0.9)))
    except TimedOut as error:
        return list(error.problems)


def asked_within(question: Callable[[], Answer]) -> Answer:
    """Ask a place something within the limit for connections; raises `TimedOut`."""
    seconds = platform_rules().connection_timeout
    # A thread of its own: looking up a name can't be given a limit, and a server can drip.
    asked = _ASKING.submit(question)
    try:
        return asked.result(timeout=seconds)
    except TimeoutError:
        asked.cancel()
        raise TimedOut(NO_ANSWER(seconds=round(seconds))) from None


def let_go(spot: Spot) -> None:
    """Take an environment's mark off its namespace, within the limit for connections."""
    if spot.provider.delivery != "helm":
        return
    asked = _ASKING.submit(spot.provider.release_namespace, spot.target)
    # A mark whose environment does not exist is ignored by the next claim.
    with suppress(ProviderError, TimeoutError):
        asked.result(timeout=platform_rules().connection_timeout)
