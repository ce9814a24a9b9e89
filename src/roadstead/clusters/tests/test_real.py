"""Every operation from its verb to what runs, on a real control plane and with the sample's chart."""

import json
from pathlib import Path
from typing import Any

import pytest

from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.changes import ways_back
from roadstead.clusters.models import Cluster
from roadstead.clusters.states import Status
from roadstead.clusters.tests.walking import newest, walk
from roadstead.packaging import services as packaging
from roadstead.runtimes.services import create_environment
from tests.testbeds.kubernetes import ControlPlane

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[4] / "examples/wordpress/helm"
ZONE = "operations"


def replicas(plane: ControlPlane) -> int:
    return int(json.loads(plane.kubectl("-n", ZONE, "get", "deployment", "blog-wordpress", "-o", "json"))["spec"]["replicas"])


def done(mine: Cluster) -> None:
    job = walk(mine)
    assert job.status == "successful", job.error


def test_every_operation_of_a_running_instance(kubernetes: ControlPlane) -> None:
    owner, package = person("user"), blobs.put(packaging.pack_folder(SAMPLE))
    first = version(VersionStatus.ACTIVE, name="1.0.0", package=package)
    later = version(VersionStatus.ACTIVE, of=first.app, name="2.0.0", package=package)
    place = create_environment(actor=owner, provider="kubernetes", content=kubernetes.kubeconfig, zone=ZONE, name="real")
    mine = services.create(actor=owner, version_id=first.pk, environment_id=place.pk, name="blog", values="# one\nreplicaCount: 1\n")
    on: Any = {"actor": owner, "cluster_id": mine.pk}
    done(mine)

    services.update(**on, values="# two\nreplicaCount: 2\n")
    done(mine)
    assert (mine.values, replicas(kubernetes)) == ("# two\nreplicaCount: 2\n", 2)

    services.upgrade(**on, version_id=later.pk, values=mine.values)
    done(mine)
    assert (mine.version, [past.revision.number for past in ways_back(mine)]) == (later, [2, 1])

    services.update(**on, values="replicaCount: 3\n")
    walk(mine, layers=2)
    assert replicas(kubernetes) == 3
    services.cancel(**on, job_id=newest(mine).pk)
    assert walk(mine).undone
    assert (mine.status, mine.values, replicas(kubernetes)) == (Status.ACTIVE, "# two\nreplicaCount: 2\n", 2)

    services.roll_back(**on, revision=1)
    done(mine)
    assert (mine.version, mine.values, replicas(kubernetes)) == (first, "# one\nreplicaCount: 1\n", 1)

    services.stop(**on)
    done(mine)
    assert (mine.status, replicas(kubernetes)) == (Status.STOPPED, 0)
    assert kubernetes.kubectl("-n", ZONE, "get", "pods", "-o", "name") == ""
    services.start(**on)
    done(mine)
    assert (mine.status, replicas(kubernetes)) == (Status.ACTIVE, 1)
    services.delete(**on)
    done(mine)
    services.cease(**on)
    done(mine)
    assert kubernetes.kubectl("-n", ZONE, "get", "all,secret", "-o", "name") == ""
