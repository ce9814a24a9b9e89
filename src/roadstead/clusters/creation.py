"""Making an instance: everything that can be refused is refused here, before a job exists."""

import re
from typing import TYPE_CHECKING, Literal

from django.db import transaction

from roadstead.accounts.access import owned_by, require
from roadstead.audit.record import record
from roadstead.blobs import services as blobs
from roadstead.catalog.selectors import deployable_version
from roadstead.clusters.errors import ClusterNameTaken, EnvironmentOfAnotherPurpose, EnvironmentUnfit, NameRefused, ValuesRefused
from roadstead.clusters.machines import answers as machines
from roadstead.clusters.machines.frontgates import frontgate_for
from roadstead.clusters.machines.shape import Parts, parts_of, write
from roadstead.clusters.models import NAMED, Change, Cluster
from roadstead.clusters.operations import Operation, create_action
from roadstead.clusters.planning import submit
from roadstead.clusters.selectors import fits
from roadstead.clusters.states import Transition
from roadstead.core.errors import Missing
from roadstead.core.finding import found
from roadstead.packaging import services as packaging
from roadstead.runtimes.selectors import environments_visible_to

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version
    from roadstead.core.problems import Problem
    from roadstead.runtimes.models import Environment

OnFailure = Literal["keep", "clean_up"]
NAME = re.compile(r"[a-z]([a-z0-9-]{0,51}[a-z0-9])?")


def create(
    *,
    actor: "User",
    version_id: str,
    environment_id: str,
    name: str,
    values: str,
    debug: bool = False,
    on_failure: OnFailure | None = None,
) -> Cluster:
    """Make an instance of a version in an environment. What was made is kept on failure if `on_failure` says so.

    Test deployments (`debug`) are kept by default, because somebody wants to know why; others are cleaned up.
    """
    cluster = wished(actor, version_id, name, values, debug=debug)
    cluster.keep_on_failure = (on_failure or ("keep" if debug else "clean_up")) == "keep"
    return _begin(actor, cluster, environment_id, _parts(actor, cluster, environment_id))


def wished(actor: "User", version_id: str, name: str, values: str, *, debug: bool) -> Cluster:
    """Return an instance that somebody may make, not yet written, or raise what is wrong with the wish."""
    require(actor, create_action(debug=debug))
    version = deployable_version(actor, version_id, debug=debug)
    if not NAME.fullmatch(name):
        raise NameRefused(field="name")
    if version.type == "vm":
        values = machines.named(values, name)
    # Reading and checking a package takes its time: before the transaction, and by digest, so that nothing can change under it.
    problems = values_problems(version, values)
    if problems:
        raise ValuesRefused(field="values", problems=problems)
    cluster = Cluster(
        name=name,
        app=version.app,
        version=version,
        digest=version.package,
        delivery=version.type,
        debug=debug,
        transition=Transition.CREATING,
        **owned_by(actor),
    )
    cluster.values = values
    return cluster


def values_problems(version: "Version", values: str) -> "list[Problem]":
    """Return everything that is wrong with these values for a version's package."""
    return packaging.check_values(packaging.open_package(blobs.read(version.package)), values)


def _parts(actor: "User", cluster: Cluster, environment_id: str) -> "Parts | None":
    """Return the machines that an instance is to be made of, where it is made of machines; rendering isn't for the transaction."""
    if cluster.delivery != "vm":
        return None
    refuse_in(chosen_environment(actor, environment_id), cluster)
    return parts_of(cluster)


@transaction.atomic
def _begin(actor: "User", cluster: Cluster, environment_id: str, parts: "Parts | None") -> Cluster:
    # The environment's row is what names are unique within: whoever deploys to it waits here.
    cluster.environment = environment = chosen_environment(actor, environment_id, held=True)
    refuse_in(environment, cluster)
    if parts:
        cluster.frontgate = frontgate_for(cluster, parts.subnet)
    cluster.save(force_insert=True)
    if parts:
        write(parts.nodes)
    first = {"version": cluster.version, "digest": cluster.digest, "sealed_values": cluster.sealed_values}
    Change.objects.create(cluster=cluster, **first)
    job = submit(actor=actor, cluster=cluster, operation=Operation.CREATE)
    facts = {"name": cluster.name, "digest": cluster.digest, "environment": environment.pk, "debug": cluster.debug}
    record(actor, "cluster.create", cluster, job=job.pk, **facts)
    return cluster


def chosen_environment(actor: "User", environment_id: str, *, held: bool = False) -> "Environment":
    """Return the environment that was chosen, its row held if something is to be made there."""
    rows = environments_visible_to(actor)
    try:
        return found(rows.select_for_update(of=("self",)) if held else rows, environment_id)
    except Missing as missing:
        missing.field = "environment"
        raise


def refuse_in(environment: "Environment", cluster: Cluster) -> None:
    """Raise what keeps an instance from being made in an environment."""
    if not fits(environment, cluster.delivery):
        raise EnvironmentUnfit(field="environment", delivery=cluster.get_delivery_display(), name=environment.name)
    if environment.debug != cluster.debug:
        raise EnvironmentOfAnotherPurpose(field="environment", name=environment.name)
    if Cluster.objects.filter(NAMED, environment=environment, name=cluster.name).exists():
        raise ClusterNameTaken(field="name", name=cluster.name)
