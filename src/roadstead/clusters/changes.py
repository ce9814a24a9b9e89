"""The verbs that change what runs: other parameters, another version, an earlier revision, no pods, pods again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.audit.record import record
from roadstead.clusters.beginning import begin, enter, locked, refuse_closed
from roadstead.clusters.creation import values_problems
from roadstead.clusters.errors import EnvironmentSilent, NothingChanges, RevisionGone, ValuesRefused, VersionNotOffered
from roadstead.clusters.history import pasts_of
from roadstead.clusters.models import Change, Cluster
from roadstead.clusters.offers import upgrades_for
from roadstead.clusters.operations import RULES, Operation
from roadstead.clusters.planning import submit
from roadstead.clusters.selectors import cluster_for
from roadstead.runtimes.sdk import ProviderError

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version
    from roadstead.clusters.history import Past


@dataclass(frozen=True)
class Wish:
    """What is to become of an instance."""

    version: "Version"
    digest: str
    values: str
    revision: int | None = None


def update(*, actor: "User", cluster_id: str, values: str) -> Cluster:
    """Run the same version with other values."""
    cluster = cluster_for(actor, cluster_id)
    refuse_closed(actor, cluster, Operation.UPDATE)
    return _change(actor, cluster_id, Operation.UPDATE, wish_to_update(cluster, values))


def wish_to_update(cluster: Cluster, values: str) -> Wish:
    """Return what an update makes of an instance, or raise what is wrong with it."""
    if values == cluster.values and not cluster.last_error:
        raise NothingChanges(field="values")
    _refuse_values(cluster.version, values)
    return Wish(cluster.version, cluster.digest, values)


def upgrade(*, actor: "User", cluster_id: str, version_id: str, values: str) -> Cluster:
    """Run another version, one of those that are offered."""
    cluster = cluster_for(actor, cluster_id)
    refuse_closed(actor, cluster, Operation.UPGRADE)
    return _change(actor, cluster_id, Operation.UPGRADE, wish_to_upgrade(actor, cluster, version_id, values))


def wish_to_upgrade(actor: "User", cluster: Cluster, version_id: str, values: str) -> Wish:
    """Return what an upgrade makes of an instance, or raise what is wrong with it."""
    version = upgrades_for(actor, cluster).filter(pk=version_id).first()
    if version is None:
        raise VersionNotOffered(field="version")
    _refuse_values(version, values)
    return Wish(version, version.package, values)


def roll_back(*, actor: "User", cluster_id: str, revision: int) -> Cluster:
    """Go back to an earlier revision of the release. Asks the environment first, so never inside a transaction."""
    cluster = cluster_for(actor, cluster_id)
    refuse_closed(actor, cluster, Operation.ROLL_BACK)
    return _change(actor, cluster_id, Operation.ROLL_BACK, wish_to_roll_back(cluster, revision))


def wish_to_roll_back(cluster: Cluster, revision: int) -> Wish:
    """Return what a rollback makes of an instance, or raise that there is no such way back."""
    past = next((past for past in ways_back(cluster) if past.revision.number == revision), None)
    if past is None:
        raise RevisionGone(field="revision")
    return Wish(past.version, past.digest, past.values, revision)


def ways_back(cluster: Cluster) -> "list[Past]":
    """Return the revisions that `roll_back` accepts."""
    try:
        return pasts_of(cluster)
    except ProviderError as error:
        raise EnvironmentSilent(reason=error.problem.message) from error


@transaction.atomic
def stop(*, actor: "User", cluster_id: str) -> Cluster:
    """Leave no pod of an instance; everything else of it stays."""
    return begin(actor, cluster_id, Operation.STOP)


@transaction.atomic
def start(*, actor: "User", cluster_id: str) -> Cluster:
    """Let an instance that was stopped run as it did."""
    return begin(actor, cluster_id, Operation.START)


def _refuse_values(version: "Version", values: str) -> None:
    problems = values_problems(version, values)
    if problems:
        raise ValuesRefused(field="values", problems=problems)


@transaction.atomic
def _change(actor: "User", cluster_id: str, operation: Operation, wish: Wish) -> Cluster:
    cluster = locked(actor, cluster_id)
    refuse_closed(actor, cluster, operation)
    change = Change(cluster=cluster, version=wish.version, digest=wish.digest, revision=wish.revision)
    change.values = wish.values
    enter(cluster, RULES[operation].transition)
    job = submit(actor=actor, cluster=cluster, operation=operation, change=change.pk)
    change.job_id = job.pk
    change.save(force_insert=True)
    facts = {"version": wish.version.pk, "digest": wish.digest, "revision": wish.revision}
    record(actor, f"cluster.{operation}", cluster, name=cluster.name, job=job.pk, **facts)
    return cluster
