"""Frontgates: made when the first instance needs one, shared by a person's instances in an environment, gone when none needs it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from roadstead import jobs
from roadstead.audit.record import record
from roadstead.clusters.machines.plans import frontgate_removed
from roadstead.clusters.models import Cluster, Frontgate
from roadstead.clusters.states import FrontgateStatus, Status, Transition
from roadstead.core.clock import now

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from roadstead.jobs.models import Job

REMOVE = "frontgate.remove"
# An instance in one of these needs its frontgate; a stopped one will when it is started.
_NEEDING = (Status.PENDING, Status.ACTIVE, Status.STOPPED, Status.SUSPENDED)


def frontgate_for(cluster: Cluster, subnet: str) -> Frontgate:
    """Return the frontgate that an instance shares with its owner's others, made now if there is none; in the caller's transaction."""
    shared = {"environment": cluster.environment, "owner_id": cluster.owner_id, "subnet": subnet}
    try:
        with transaction.atomic():
            gate = _present().filter(**shared).first() or Frontgate.objects.create(**shared, owner_path=cluster.owner_path)
    except IntegrityError:  # somebody made it in the same moment
        gate = _present().get(**shared)
    if gate.idle_since is not None:
        gate.idle_since = None
        gate.save(update_fields=["idle_since"])
    return gate


def forget_unused() -> None:
    """Note which frontgates nobody needs any more, and remove those that nobody has needed for long enough."""
    patience = timedelta(minutes=settings.OPTIONS.frontgate_idle_minutes)
    for gate_id in _present().values_list("pk", flat=True):
        with transaction.atomic():
            _look_at(gate_id, patience)


def ended(job: "Job") -> None:
    """Nothing follows the end of a frontgate's removal: what it left is found by its labels."""
    record(None, "frontgate.remove_ended", Frontgate.objects.get(pk=job.subject_id), job=job.pk, result=str(job.status))


def _look_at(gate_id: str, patience: timedelta) -> None:
    gate = Frontgate.objects.select_for_update(of=("self",)).select_related("owner").get(pk=gate_id)
    if gate.status == FrontgateStatus.DELETED or _needed(gate):
        return
    if gate.idle_since is None:
        gate.idle_since = now()
        gate.save(update_fields=["idle_since"])
    if now() - gate.idle_since < patience:
        return
    # From here on nobody shares it: the next instance gets another one, with a network of its own.
    gate.status = FrontgateStatus.DELETED
    gate.save(update_fields=["status"])
    assert gate.owner
    job = jobs.submit(actor=gate.owner, kind=REMOVE, subject=gate, plan=frontgate_removed())
    record(None, "frontgate.remove", gate, job=job.pk)


def _present() -> "QuerySet[Frontgate]":
    return Frontgate.objects.exclude(status=FrontgateStatus.DELETED)


def _needed(gate: Frontgate) -> bool:
    return gate.clusters.filter(status__in=_NEEDING).exists() or gate.clusters.exclude(transition=Transition.NONE).exists()
