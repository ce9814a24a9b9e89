"""Instances: one version of an app, running in one environment."""

from typing import Any

from django.db import models
from django.db.models import Q

from roadstead.clusters.states import Status, Transition, state_of
from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.models import Owned
from roadstead.core.problems import Problem
from roadstead.core.secrets import seal, unseal
from roadstead.core.states import State


class Cluster(Owned):
    """A running application. `digest` names the bytes it was made from.

    `values` are sealed, because people type passwords there. `view` is what was last seen of it, at `viewed_at`; `unknown_since` is
    set while its environment doesn't answer.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("cl"))
    name = models.CharField(max_length=53)
    app = models.ForeignKey("catalog.App", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalog.Version", on_delete=models.PROTECT, related_name="+")
    environment = models.ForeignKey("runtimes.Environment", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    delivery = models.CharField(max_length=8, choices=[("helm", "Helm"), ("vm", "VM")])
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    transition = models.CharField(max_length=12, choices=Transition.choices, default=Transition.NONE, blank=True)
    sealed_values = models.TextField(blank=True)
    view: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    viewed_at = models.DateTimeField(null=True)
    unknown_since = models.DateTimeField(null=True)
    last_error: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    debug = models.BooleanField(default=False)
    keep_on_failure = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    status_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            # A deleted release keeps its history, and so its name; only a ceased one frees it.
            models.UniqueConstraint(fields=["environment", "name"], condition=~Q(status="ceased"), name="one_instance_of_a_name"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="instance_status_is_known"),
            models.CheckConstraint(condition=Q(transition__in=Transition.values), name="instance_transition_is_known"),
        ]
        indexes = [
            models.Index(fields=["owner", "debug", "-created_at", "id"]),
            models.Index(fields=["debug", "-created_at", "id"]),
            models.Index(fields=["version", "debug"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def values(self) -> str:
        """The answers of the deploy form, as they were typed."""
        return unseal(self.sealed_values, context=self.pk).decode() if self.sealed_values else ""

    @values.setter
    def values(self, text: str) -> None:
        self.sealed_values = seal(text.encode(), context=self.pk) if text else ""

    @property
    def state(self) -> State:
        """How the instance's state is said, its transition first."""
        return state_of(self.status, self.transition, failed=bool(self.last_error), unknown=self.unknown_since is not None)

    @property
    def is_live(self) -> bool:
        """Whether something of it may run in its environment."""
        return self.status not in {Status.DELETED, Status.CEASED}

    @property
    def problem(self) -> Problem | None:
        """Why the last operation failed, if it did."""
        return Problem.from_store(self.last_error) if self.last_error else None
