"""Agents, what they were ordered and the metadata that frontgates hold. These rows are the truth; what a machine has is a copy."""

import json
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from roadstead.agents.states import OPEN, Health, Role, State
from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.sealed import SealedField
from roadstead.core.secrets import seal, unseal

CONNECTED_SECONDS = 75
"""An agent says a word at least every 30 seconds; one that was silent for longer than this is not there."""
PATIENCE_SECONDS = 60
"""So much longer than its own time a command may take to be answered."""


class Agent(models.Model):
    """The program on one machine. `subject_id` and `name` say for whom it is, `frontgate` through whom it is reached.

    `sealed_token` is the one-time token of its first configuration, `sealed_secret` what it was exchanged for with the nonces
    `theirs` and `ours`; `confirmed` once the machine used the secret. `last_number` numbers its commands. `sealed_settings` is where
    a node finds its metadata. `boot`, `health` (by the package's own check) and `facts` are what it said of itself, and `awaited_by`
    are the tokens of the steps that wait for its next word.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("agt"))
    role = models.CharField(max_length=10, choices=Role.choices)
    environment_id = models.CharField(max_length=32, db_index=True)
    subject_id = models.CharField(max_length=64)
    name = models.CharField(max_length=100, blank=True)
    network = models.CharField(max_length=200, blank=True)
    frontgate = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="nodes")
    sealed_token = SealedField(blank=True)
    sealed_secret = SealedField(blank=True)
    theirs = models.CharField(max_length=64, blank=True)
    ours = models.CharField(max_length=64, blank=True)
    confirmed = models.BooleanField(default=False)
    enrolments = models.PositiveIntegerField(default=0)
    last_number = models.PositiveBigIntegerField(default=0)
    admitted_at = models.DateTimeField(default=now)
    enrolled_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    version = models.CharField(max_length=40, blank=True)
    boot: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(default=list)
    health = models.CharField(max_length=10, choices=Health.choices, default=Health.UNKNOWN, blank=True)
    facts: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    sealed_settings = SealedField(blank=True)
    awaited_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "name"], condition=Q(revoked_at=None), name="one_agent_of_a_machine"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="agent_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.role} {self.subject_id}"

    @property
    def connected(self) -> bool:
        """Whether it was heard lately."""
        return not self.revoked_at and self.seen_at is not None and now() - self.seen_at < timedelta(seconds=CONNECTED_SECONDS)

    @property
    def token(self) -> bytes:
        """The one-time token, nothing if there is none."""
        return unseal(self.sealed_token, context=self.pk) if self.sealed_token else b""

    @token.setter
    def token(self, token: bytes) -> None:
        self.sealed_token = seal(token, context=self.pk) if token else ""

    @property
    def secret(self) -> bytes:
        """The machine's own secret, nothing before it enrolled."""
        return unseal(self.sealed_secret, context=self.pk) if self.sealed_secret else b""

    @secret.setter
    def secret(self, secret: bytes) -> None:
        self.sealed_secret = seal(secret, context=self.pk) if secret else ""


class Command(models.Model):
    """One order to one agent. `token` is the step's that gave it: given again it is the same command. `number` orders an agent's.

    `timeout` is its time on the machine; `output` the end of what it said; `withdrawn_at` says that nobody waits for it any more.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("cmd"))
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="commands")
    token = models.CharField(max_length=100, unique=True)
    number = models.PositiveBigIntegerField()
    verb = models.CharField(max_length=40)
    sealed_params = SealedField()
    timeout = models.FloatField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    exit_code = models.IntegerField(null=True)
    output = models.TextField(blank=True)
    result: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "number"], name="one_command_of_a_number"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="command_state_is_known"),
        ]
        indexes = [models.Index(fields=["agent", "number"], condition=Q(state__in=[*OPEN]), name="commands_open")]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} of {self.agent_id}: {self.state}"

    @property
    def open(self) -> bool:
        """Whether it may still end."""
        return self.state in OPEN

    @property
    def params(self) -> dict[str, Any]:
        """What the verb needs."""
        params: dict[str, Any] = json.loads(unseal(self.sealed_params, context=self.pk))
        return params

    @params.setter
    def params(self, params: dict[str, Any]) -> None:
        self.sealed_params = seal(json.dumps(params).encode(), context=self.pk)

    @property
    def overdue(self) -> bool:
        """Whether its answer should have come."""
        limit = timedelta(seconds=self.timeout + PATIENCE_SECONDS)
        return self.open and self.sent_at is not None and now() - self.sent_at > limit


class Tree(models.Model):
    """The metadata of one cluster, as its frontgate is to hold it: paths and values, and what each node may see."""

    cluster_id = models.CharField(primary_key=True, max_length=32)
    frontgate = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="trees")
    sealed_content = SealedField()
    written_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.cluster_id

    @property
    def content(self) -> dict[str, Any]:
        """`tree` and `nodes`."""
        content: dict[str, Any] = json.loads(unseal(self.sealed_content, context=self.pk))
        return content

    @content.setter
    def content(self, content: dict[str, Any]) -> None:
        self.sealed_content = seal(json.dumps(content).encode(), context=self.pk)


class UsedNonce(models.Model):
    """A nonce that an agent has used: a request with it isn't taken again."""

    id = models.CharField(primary_key=True, max_length=80)
    used_at = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return self.pk
