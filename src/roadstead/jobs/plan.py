"""What a job is going to do: layers of steps, and the layers that undo them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import TextChoices


class OnFailure(TextChoices):
    """What happens when a step fails for good: keep what is there for diagnosis and retry, or undo it at once."""

    KEEP = "keep"
    CLEAN_UP = "clean_up"


@dataclass(frozen=True)
class StepSpec:
    """One step to be: a registered operation, what it acts on and its parameters (JSON, never a secret); `timeout` in seconds.

    A step that `may_fail` does not fail its job.
    """

    op: str
    target: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    may_fail: bool = False
    timeout: float = 600


Layers = Sequence[Sequence[StepSpec]]


@dataclass(frozen=True)
class Plan:
    """Layers run one after the other, the steps of a layer side by side; `undo` runs when the job is cancelled or cleaned up."""

    layers: Layers
    undo: Layers = ()

    def specs(self) -> Iterator[StepSpec]:
        """Every step that this plan may ever run."""
        for layer in (*self.layers, *self.undo):
            yield from layer


def layers_to_store(layers: Layers) -> list[list[dict[str, Any]]]:
    """Return layers as JSON."""
    return [[asdict(spec) for spec in layer] for layer in layers]


def layers_from_store(stored: Sequence[Sequence[Mapping[str, Any]]]) -> Layers:
    """Read back what `layers_to_store` wrote."""
    return [[StepSpec(**spec) for spec in layer] for layer in stored]
