"""What happens in one run on machines, all of it from a seed: operations, disasters and their moments, and what the owner does."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

# How often each comes. What ends the engine ends all that runs in it.
DISASTERS = {
    "worker": 8,
    "agent": 4,
    "machine": 4,
    "frontgate agent": 2,
    "frontgate": 2,
    "engine restart": 1,
    "engine kill": 1,
}
# Steps in which a disaster may come; a moment that never comes is counted as too late. What isn't there yet can't be killed.
Weights = Mapping[str, int]
Moments = Mapping[str, tuple[str, ...]]
MADE: Moments = {"create": ("network", "frontgate-image", "frontgate", "frontgate-answers", "disk", "machine")}
MOMENTS: Moments = {
    "create": ("agent", "metadata", "templates", "service", "service", "read"),
    "stop": ("service", "halt", "unpublish"),
    "start": ("boot", "agent", "metadata", "service"),
    "delete": ("service", "halt", "remove", "remove-disk", "unpublish", "gone"),
}
OF_MACHINES = ("agent", "machine")
# A cloud has no engine that could be ended, and disks that come and go by themselves.
AT_CLOUD: Weights = {kind: weight for kind, weight in DISASTERS.items() if not kind.startswith("engine")}
CLOUD_MOMENTS: Moments = {
    "create": ("attach", "agent", "metadata", "format", "templates", "service", "service", "read"),
    "stop": ("service", "unmount", "halt", "detach", "unpublish"),
    "start": ("frontgate", "attach", "boot", "agent", "metadata", "service"),
    "delete": ("service", "unmount", "halt", "remove", "remove-disk", "unpublish", "gone"),
}


@dataclass(frozen=True)
class Disaster:
    """One thing that goes wrong: when the step `op` of the operation has begun, and a moment later. `victim` numbers the machine."""

    kind: str
    op: str
    later: float
    victim: int


@dataclass(frozen=True)
class Phase:
    """One operation, its disasters, and when it is cancelled."""

    operation: str
    disasters: tuple[Disaster, ...]
    cancel_at: str = ""
    cancel_later: float = 0.0


@dataclass(frozen=True)
class Story:
    """All phases of a seed. `on_failure` is what the person chose for the creation, `gives_up` what they do about a failure."""

    seed: int
    phases: tuple[Phase, ...]
    on_failure: str
    gives_up: bool


def story(seed: int, disasters: Weights = DISASTERS, moments: Moments = MOMENTS) -> Story:
    """Tell the story of a seed; the same one every time."""
    chance = random.Random(f"machines {seed}")
    operations = ["create", *["stop", "start"] * (chance.random() < 0.5), "delete"]
    return Story(
        seed,
        tuple(_phase(chance, operation, disasters, moments) for operation in operations),
        on_failure=chance.choices(["keep", "clean_up"], [7, 3])[0],
        gives_up=chance.random() < 0.2,
    )


def _phase(chance: random.Random, operation: str, weights: Weights, moments: Moments) -> Phase:
    disasters = [_disaster(chance, operation, weights, moments) for _ in range(chance.choices([0, 1, 2], [2, 6, 2])[0])]
    order = [*dict.fromkeys(_moments(operation, "worker", moments))]
    disasters.sort(key=lambda disaster: order.index(disaster.op))
    cancelled = operation != "delete" and chance.random() < 0.15
    return Phase(
        operation,
        tuple(disasters),
        cancel_at=chance.choice(order) if cancelled else "",
        cancel_later=round(chance.uniform(0, 1), 2),
    )


def _disaster(chance: random.Random, operation: str, weights: Weights, moments: Moments) -> Disaster:
    kind = chance.choices([*weights], [*weights.values()])[0]
    return Disaster(
        kind, chance.choice(_moments(operation, kind, moments)), later=round(chance.uniform(0, 0.8), 2), victim=chance.randrange(100)
    )


def _moments(operation: str, kind: str, moments: Moments) -> tuple[str, ...]:
    """Return the steps of an operation in which a disaster may come, in their order."""
    before = () if kind in OF_MACHINES else MADE.get(operation, ())
    return before + moments[operation]
