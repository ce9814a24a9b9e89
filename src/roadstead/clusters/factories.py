"""Instances and their environments for tests: rows in any state, without a place having been asked."""

from itertools import count
from typing import TYPE_CHECKING, Any

from roadstead.accounts.access import owned_by
from roadstead.accounts.factories import person
from roadstead.catalog.factories import version as make_version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters.models import Change, Cluster, Node
from roadstead.clusters.states import Status
from roadstead.core.secrets import seal
from roadstead.runtimes.models import Credential, Environment

if TYPE_CHECKING:
    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version

_numbers = count(1)


def environment(owner: "User | None" = None, *, debug: bool = False, **fields: Any) -> Environment:
    """Make an environment of a person, with a credential that opens nothing."""
    owner = owner or person("user")
    number = next(_numbers)
    credential = Credential(name=f"c{number}", provider="kubernetes", fingerprint=str(number), debug=debug, **owned_by(owner))
    credential.content = seal(b"apiVersion: v1", context=credential.pk)
    credential.save(force_insert=True)
    columns = {"name": f"Place {number}", "provider": "kubernetes", "zone": f"ns-{number}", "debug": debug, **fields}
    return Environment.objects.create(credential=credential, **columns, **owned_by(owner))


def cluster(
    status: str = Status.ACTIVE,
    *,
    owner: "User | None" = None,
    version: "Version | None" = None,
    place: Environment | None = None,
    **fields: Any,
) -> Cluster:
    """Make an instance of a person, of a version in the store unless one is named."""
    owner = owner or person("user")
    version = version or make_version(VersionStatus.ACTIVE)
    place = place or environment(owner, debug=fields.get("debug", False))
    columns: dict[str, Any] = {"name": f"demo-{next(_numbers)}", "digest": version.package, "values": "replicas: 1\n", **fields}
    made = Cluster.objects.create(
        app=version.app,
        version=version,
        delivery=version.type,
        environment=place,
        status=status,
        **columns,
        **owned_by(owner),
    )
    Change.objects.create(cluster=made, version=version, digest=made.digest, sealed_values=made.sealed_values)
    return made


def machine(**fields: Any) -> Node:
    """Make an instance on machines, with one machine, in an engine that isn't there."""
    owner = fields.pop("owner", None) or person("user")
    place = environment(owner, provider="docker", zone="default")
    credential = place.credential
    credential.provider, credential.content = "docker", seal(b'{"host": "unix:///nowhere/docker.sock"}', context=credential.pk)
    credential.save()
    made = cluster(owner=owner, place=place, **fields)
    Cluster.objects.filter(pk=made.pk).update(delivery="vm")
    sizes = {"server": 1, "group": 1, "number": next(_numbers), "cpu": 1, "memory": 512}
    return Node.objects.create(cluster_id=made.pk, role="db", image="db:1", **sizes)
