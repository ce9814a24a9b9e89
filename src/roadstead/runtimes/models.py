"""Credentials and environments. What a credential holds is sealed, and leaves this package only inside a `Target`."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.models import Owned
from roadstead.core.problems import Problem
from roadstead.core.sealed import SealedField
from roadstead.core.states import State
from roadstead.runtimes.states import ENVIRONMENT_STATES, REACH_STATES, Status

_ACTIVE = Q(status=Status.ACTIVE)


class Installation(models.Model):
    """What this installation writes on everything that it makes at places, so that it knows its own again; there is one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.CharField(max_length=32, default=id_factory("inst"))

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_installation")]

    def __str__(self) -> str:
        return self.mark


class Grant(models.Model):
    """An administrator lets a person use the engine of this very machine, until it is withdrawn."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("grant"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="machine_grants")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], condition=Q(withdrawn_at=None), name="one_grant_of_a_person")]

    def __str__(self) -> str:
        return self.pk


class Credential(Owned):
    """Access to one account of one provider. `fingerprint` is a keyed hash, to find the same one again; `summary` may be shown.

    One with a `grant` holds nothing: it opens the engine of this very machine as long as the grant stands.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("runtimec"))
    name = models.CharField(max_length=50)
    provider = models.CharField(max_length=30)
    content = SealedField()
    fingerprint = models.CharField(max_length=64)
    summary: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="credentials")
    debug = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    created_at = models.DateTimeField(default=now)
    status_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "provider", "debug", "fingerprint"], condition=_ACTIVE, name="runtime_credential_exists"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Environment(Owned):
    """A place to deploy to: a credential and a zone of it (a namespace). `debug` ones are for test deployments only.

    `findings` are what the last check, at `checked_at`, found wrong; `broken_since` is when a check first found something. `place`
    is a keyed hash of the cluster and the zone, empty where the cluster can't be told.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("runtime"))
    name = models.CharField(max_length=50)
    description = models.CharField(max_length=1_000, blank=True)
    provider = models.CharField(max_length=30)
    zone = models.CharField(max_length=63)
    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="environments")
    debug = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)
    created_at = models.DateTimeField(default=now)
    status_at = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(null=True)
    broken_since = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)
    place = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            # The mark in the cluster says it too, but not every credential may write one.
            models.UniqueConstraint(fields=["place"], condition=_ACTIVE & ~Q(place=""), name="one_environment_of_a_place"),
            models.UniqueConstraint(fields=["owner", "credential", "zone", "provider", "debug"], condition=_ACTIVE, name="runtime_exists"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="environment_status_is_known"),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "id"]),
            models.Index(fields=["status", "-created_at", "id"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        """How the environment's state is said."""
        return ENVIRONMENT_STATES[self.status]

    @property
    def server(self) -> str:
        """Host and port of the place; what else a credential holds is never shown."""
        return self.credential.summary.get("server", "")

    @property
    def granted(self) -> bool:
        """Whether it is this very machine, which an administrator grants and takes back."""
        return self.credential.grant_id is not None

    @property
    def reach(self) -> State:
        """What the last check found; a place that nobody has asked is never called well."""
        if self.broken_since:
            return REACH_STATES["broken"]
        return REACH_STATES["answers" if self.checked_at else "unknown"]

    @property
    def problems(self) -> list[Problem]:
        """What the last check found wrong."""
        return [Problem.from_store(stored) for stored in self.findings]
