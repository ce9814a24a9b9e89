"""Frontgates: made when the first instance needs one, shared by a person's instances in an environment.

One whose instances are all stopped is stopped a while later, one that has none any more is removed.
"""

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from roadstead import jobs
from roadstead.audit.record import record
from roadstead.clusters.machines.plans import frontgate_removed, frontgate_stopped
from roadstead.clusters.models import Cluster, Frontgate
from roadstead.clusters.states import FrontgateStatus, Status, Transition
from roadstead.core.clock import now
from roadstead.jobs.errors import SubjectBusy

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from roadstead.jobs import Plan
    from roadstead.jobs.models import Job

REMOVE, STOP = "frontgate.remove", "frontgate.stop"
# Who is behind a running frontgate; a stopped instance needs its frontgate again when it is started.
_RUNNING = (Status.PENDING, Status.ACTIVE, Status.SUSPENDED)


def frontgate_for(cluster: Cluster, subnet: str) -> Frontgate:
    """Return the frontgate that an instance shares with its owner's others, made now if there is none; in the caller's transaction."""
    shared = {"environment": cluster.environment, "owner_id": cluster.owner_id, "subnet": subnet}
    try:
        with transaction.atomic():
            gate = _present().filter(**shared).first() or Frontgate.objects.create(**shared, owner_path=cluster.owner_path)
    except IntegrityError:  # somebody made it in the same moment
        gate = _present().get(**shared)
    _note_idle(gate, None)
    return gate


def forget_unused() -> None:
    """Note which frontgates nobody needs any more; stop or remove those that nobody has needed for long enough."""
    for gate_id in Frontgate.objects.exclude(status=FrontgateStatus.DELETED, idle_since=None).values_list("pk", flat=True):
        # Somebody is at it: it is looked at again in a while.
        with suppress(SubjectBusy), transaction.atomic():
            _look_at(Frontgate.objects.select_for_update(of=("self",)).select_related("owner").get(pk=gate_id))


def may_stop(gate_id: str) -> bool:
    """Whether a frontgate may be stopped now; if so, an instance that is started from here on waits until it is."""
    with transaction.atomic():
        gate = Frontgate.objects.select_for_update().get(pk=gate_id)
        idle = not _running(gate)
        gate.status = FrontgateStatus.STOPPING if idle else FrontgateStatus.ACTIVE
        gate.save(update_fields=["status"])
    return idle


def stop_ended(job: "Job") -> None:
    """Take a frontgate that couldn't be stopped for running; in a while it is tried again."""
    gate = Frontgate.objects.select_for_update().get(pk=job.subject_id)
    if gate.status == FrontgateStatus.STOPPING:
        gate.status, gate.idle_since = FrontgateStatus.ACTIVE, now()
        gate.save(update_fields=["status", "idle_since"])
    record(None, "frontgate.stop_ended", gate, job=job.pk, result=str(job.status))


def remove_ended(job: "Job") -> None:
    """Have a removal that didn't go through tried again in a while."""
    gate = Frontgate.objects.select_for_update().get(pk=job.subject_id)
    _note_idle(gate, None if job.status == "successful" else now())
    record(None, "frontgate.remove_ended", gate, job=job.pk, result=str(job.status))


def _look_at(gate: Frontgate) -> None:
    if _running(gate):
        _note_idle(gate, None)
        return
    if gate.idle_since is None:
        _note_idle(gate, now())
    patience = timedelta(minutes=settings.OPTIONS.frontgate_idle_minutes)
    if now() - (gate.idle_since or now()) < patience:
        return
    if not gate.clusters.filter(status=Status.STOPPED).exists():
        _remove(gate)
    elif gate.status == FrontgateStatus.ACTIVE:
        _submit(gate, STOP, frontgate_stopped())


def _remove(gate: Frontgate) -> None:
    # From here on nobody shares it: the next instance gets another one, with a network of its own.
    gate.status = FrontgateStatus.DELETED
    gate.save(update_fields=["status"])
    _submit(gate, REMOVE, frontgate_removed())


def _submit(gate: Frontgate, kind: str, plan: "Plan") -> None:
    assert gate.owner
    job = jobs.submit(actor=gate.owner, kind=kind, subject=gate, plan=plan)
    record(None, kind, gate, job=job.pk)


def _note_idle(gate: Frontgate, since: "datetime | None") -> None:
    if gate.idle_since != since:
        gate.idle_since = since
        gate.save(update_fields=["idle_since"])


def _present() -> "QuerySet[Frontgate]":
    return Frontgate.objects.exclude(status=FrontgateStatus.DELETED)


def _running(gate: Frontgate) -> bool:
    """Whether an instance needs a frontgate to run. One that is being removed is needed by nobody."""
    if gate.status == FrontgateStatus.DELETED:
        return False
    return gate.clusters.filter(Q(status__in=_RUNNING) | ~Q(transition=Transition.NONE)).exists()
