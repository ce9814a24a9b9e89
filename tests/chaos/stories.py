"""What happens in one run, all of it from a seed: the operations on one instance, how each goes, and which disasters come when."""

import random
from dataclasses import dataclass
from typing import Any

Layers = list[list[dict[str, Any]]]
PARTS = ("namespace", "web", "data", "route")
# How often each comes, of ten; where there is no server to restart, of eight.
DISASTERS = (*["kill"] * 7, "stop", "restart", "restart")


@dataclass(frozen=True)
class Disaster:
    """One thing that goes wrong: when `word` of `target` stands in the ledger, and a moment later. `victim` numbers the process."""

    kind: str
    word: str
    target: str
    later: float
    victim: int


@dataclass(frozen=True)
class Phase:
    """One operation: its plan, how it is to go (`well`, `refused`, `cancelled`) and what its owner does after a failure."""

    operation: str
    layers: Layers
    undo: Layers
    going: str
    on_failure: str
    after: str
    disasters: tuple[Disaster, ...]
    cancel_at: str = ""
    heard: bool = True


@dataclass(frozen=True)
class Story:
    """All phases of a seed."""

    seed: int
    phases: tuple[Phase, ...]


def story(seed: int, *, restarts: bool) -> Story:
    """Tell the story of a seed; the same one every time. `restarts`: there is a database server that can be restarted."""
    chance = random.Random(seed)
    operations = ["deploy", *chance.choices(["upgrade", "roll back"], k=chance.randint(1, 2)), *["delete"] * (chance.random() < 0.8)]
    return Story(seed, tuple(_phase(chance, seed, number, op, restarts=restarts) for number, op in enumerate(operations)))


def _phase(chance: random.Random, seed: int, number: int, operation: str, *, restarts: bool) -> Phase:
    layers, undo = _plan(chance, seed, operation)
    going = chance.choices(["well", "refused", "cancelled"], [8, 2, 2 if undo else 0])[0]
    if going == "refused":
        layers.insert(chance.randint(0, len(layers)), [_step("refuse", f"s{seed}-{number}-quota")])
    targets = [step["target"] for layer in layers for step in layer]
    disasters = tuple(_disaster(chance, targets, restarts=restarts) for _ in range(chance.choices([0, 1, 2], [1, 5, 2])[0]))
    return Phase(
        operation=operation,
        layers=layers,
        undo=undo,
        going=going,
        on_failure=chance.choice(["keep", "clean_up"]) if undo else "keep",
        after=chance.choice(["retry", "give up"]) if undo else "retry",
        disasters=disasters,
        cancel_at=chance.choice(targets) if going == "cancelled" else "",
        heard=chance.random() > 0.1,
    )


def _disaster(chance: random.Random, targets: list[str], *, restarts: bool) -> Disaster:
    kind = chance.choice(DISASTERS if restarts else DISASTERS[:-2])
    return Disaster(
        kind=kind,
        # In the middle of a call, or between two steps.
        word=chance.choice(["called", "obeyed"]),
        target=chance.choice(targets),
        later=chance.uniform(0, 0.2),
        victim=chance.randrange(100),
    )


def _plan(chance: random.Random, seed: int, operation: str) -> tuple[Layers, Layers]:
    """Return the layers of an operation on the instance of this seed, and those that undo it."""
    namespace, web, data, route = (f"s{seed}-{part}" for part in PARTS)
    if operation == "deploy":
        made = [[namespace], [web, data], [route]]
        layers = [[_act(chance, "create", name) for name in layer] for layer in made]
        layers.insert(2, [_step("ready", f"s{seed}-pods")])
        return layers, [[_act(chance, "destroy", name) for name in layer] for layer in reversed(made)]
    if operation == "delete":
        return [[_act(chance, "destroy", name) for name in layer] for layer in ([route], [web, data], [namespace])], []
    back = [[_act(chance, "alter", web)]]
    return [[_act(chance, "alter", web), _act(chance, "alter", route)], [_step("ready", f"s{seed}-pods")]], back


def _act(chance: random.Random, op: str, target: str) -> dict[str, Any]:
    fault = chance.choices(["", "before", "after"], [10, 1, 1])[0]
    return _step(op, target, seconds=round(chance.uniform(0, 0.3), 2), **({"fault": fault} if fault else {}))


def _step(op: str, target: str, **params: Any) -> dict[str, Any]:
    return {"op": f"cloud.{op}", "target": target, "params": params}
