"""Instances: one version of an app, running in one environment."""

from typing import Any

from django.db import models
from django.db.models import Q

from roadstead.clusters.states import NODE_STATES, FrontgateStatus, NodeStatus, Status, Transition, state_of
from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.models import Owned
from roadstead.core.problems import Problem
from roadstead.core.sealed import SealedField
from roadstead.core.secrets import seal, unseal
from roadstead.core.states import State

NAMED = ~Q(status="ceased") & ~Q(delivery="vm", status="deleted")
"""The instances whose name is taken in their environment."""


class _Answers(models.Model):
    """Values at rest: sealed, because people type passwords there."""

    sealed_values = SealedField(context="_sealed_for", blank=True)

    class Meta:
        abstract = True

    @property
    def values(self) -> str:
        """The answers of a form, as they were typed."""
        return unseal(self.sealed_values, context=self._sealed_for).decode() if self.sealed_values else ""

    @values.setter
    def values(self, text: str) -> None:
        self.sealed_values = seal(text.encode(), context=self._sealed_for) if text else ""

    @property
    def _sealed_for(self) -> str:
        """The instance, also for its changes, so that a sealed text can be handed from one to the other."""
        return str(self.pk)


class Cluster(_Answers, Owned):
    """A running application. `digest` names the bytes it was made from.

    `view` is what was last seen of it, at `viewed_at`; `unknown_since` is
    set while its environment doesn't answer; `left` is what its removal
    left there. Of an instance on machines, `outline` is what its roles
    run, and `frontgate` the machine through which it is reached.
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
    view: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    left: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    viewed_at = models.DateTimeField(null=True)
    unknown_since = models.DateTimeField(null=True)
    last_error: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    debug = models.BooleanField(default=False)
    keep_on_failure = models.BooleanField(default=False)
    outline: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    frontgate = models.ForeignKey("Frontgate", on_delete=models.PROTECT, null=True, related_name="clusters")
    created_at = models.DateTimeField(default=now)
    status_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            # A deleted release keeps its history, and so its name; only a ceased one frees it. Of machines nothing is kept.
            models.UniqueConstraint(fields=["environment", "name"], condition=NAMED, name="one_instance_of_a_name"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="instance_status_is_known"),
            models.CheckConstraint(condition=Q(transition__in=Transition.values), name="instance_transition_is_known"),
        ]
        indexes = [
            models.Index(fields=["owner", "debug", "-created_at", "id"]),
            models.Index(fields=["debug", "-created_at", "id"]),
            models.Index(fields=["version", "debug"]),
            models.Index(fields=["debug", "status"]),
        ]

    def __str__(self) -> str:
        return self.name

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


class NodeNumber(models.Model):
    """Hands out the numbers that nodes have over the whole installation; none is given twice."""

    id = models.BigAutoField(primary_key=True)

    def __str__(self) -> str:
        return str(self.pk)


class Frontgate(Owned):
    """The machine through which one person's instances in one environment are reached, and the network that they share.

    It is made when the first instance needs it and goes when none has for a while, since `idle_since`. `subnet` is the network that
    the person chose, empty where the platform makes it; `network` is what the place calls it, `address` the machine's in it.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("fg"))
    environment = models.ForeignKey("runtimes.Environment", on_delete=models.PROTECT, related_name="+")
    subnet = models.CharField(max_length=200, blank=True)
    network = models.CharField(max_length=200, blank=True)
    image = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    agent_id = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=12, choices=FrontgateStatus.choices, default=FrontgateStatus.PENDING)
    idle_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "owner", "subnet"], condition=~Q(status="deleted"), name="one_frontgate_of_a_network"
            ),
            models.CheckConstraint(condition=Q(status__in=FrontgateStatus.values), name="frontgate_status_is_known"),
        ]

    def __str__(self) -> str:
        return self.pk


class Node(models.Model):
    """One machine of an instance: what it is to be, and what the place has made of it.

    `server` is its number within its role, `group` that of a primary and its replicas, `number` that over the whole installation.
    `disks` are what the machine keeps its data on: `{"token", "size", "mount_point", "filesystem", "options"}` each, sizes in GiB;
    `ports` the ways in: `{"name", "port", "protocol", "prefer", "host", "host_port"}`. `memory` is in MiB.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("cln"))
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="nodes")
    role = models.CharField(max_length=100, blank=True)
    replica = models.BooleanField(default=False)
    server = models.PositiveIntegerField()
    group = models.PositiveIntegerField()
    number = models.PositiveBigIntegerField()
    image = models.CharField(max_length=2_048)
    image_digest = models.CharField(max_length=100, blank=True)
    cpu = models.PositiveIntegerField()
    memory = models.PositiveIntegerField()
    disks: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    ports: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    machine = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    public_address = models.CharField(max_length=45, blank=True)
    agent_id = models.CharField(max_length=32, blank=True)
    has_agent = models.BooleanField(default=True)
    status = models.CharField(max_length=12, choices=NodeStatus.choices, default=NodeStatus.PENDING)
    public_key = models.TextField(blank=True)
    told = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "role", "server"], name="one_node_of_a_number"),
            models.CheckConstraint(condition=Q(status__in=NodeStatus.values), name="node_status_is_known"),
        ]
        ordering = ["role", "replica", "server"]

    def __str__(self) -> str:
        return self.pk

    @property
    def title(self) -> str:
        """The role of the node as its machine's name says it, `<role>-replica` for a replica."""
        return f"{self.role}-replica" if self.replica else self.role

    @property
    def state(self) -> State:
        """How the node's state is said."""
        return NODE_STATES[self.status]


class Change(_Answers):
    """What a job makes of an instance: the version and the values that are the instance's own once the job has succeeded.

    The first one is the creation. `revision` names the release's revision that a rollback goes back to; `before` the one that
    stood when the job began, to which a cancelled job goes back.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("chg"))
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="changes")
    version = models.ForeignKey("catalog.Version", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    job_id = models.CharField(max_length=32, blank=True, db_index=True)
    revision = models.PositiveIntegerField(null=True)
    before = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["cluster", "created_at"])]

    def __str__(self) -> str:
        return self.pk

    @property
    def _sealed_for(self) -> str:
        return str(self.cluster_id)
