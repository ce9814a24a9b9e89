"""Environments and instances of demo data. Their clusters exist nowhere: every question to one fails, as it does when a place is away."""

import json
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from django.apps import apps

from roadstead.accounts.access import owned_by
from roadstead.core.clock import now
from roadstead.core.secrets import seal
from roadstead.store.models import ListedVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadstead.accounts.models import User
    from roadstead.catalog.models import Version

APPS_OF_AN_INSTANCE, MOST = 20, 5_000
PIECE = 500
SERVER = "kubernetes.invalid:6443"
KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "demo",
    "clusters": [{"name": "demo", "cluster": {"server": f"https://{SERVER}"}}],
    "users": [{"name": "demo", "user": {"token": "demo"}}],
    "contexts": [{"name": "demo", "context": {"cluster": "demo", "user": "demo"}}],
}
STATES = {"active": 14, "stopped": 2, "deleted": 2, "ceased": 2}


def run_some(random: Random, users: "Sequence[User]", count: int) -> None:
    """Give everybody an environment, and let them run some of what is in the store."""
    places = [_environment(user, number) for number, user in enumerate(users, 1)]
    rows = ListedVersion.objects.filter(suspended=False).select_related("version__app").order_by("listing_id")[: 10 * MOST]
    listed = [row.version for row in rows]
    wanted = min(MOST, max(3, count // APPS_OF_AN_INSTANCE))
    instances = [_instance(random, random.choice(places), random.choice(listed), number) for number in range(1, wanted + 1)]
    cluster, change = apps.get_model("clusters.Cluster"), apps.get_model("clusters.Change")
    cluster._base_manager.bulk_create(instances, PIECE)
    first = [change(cluster=each, version=each.version, digest=each.digest, created_at=each.created_at) for each in instances]
    change._base_manager.bulk_create(first, PIECE)


def _environment(user: "User", number: int) -> Any:
    credential = apps.get_model("runtimes.Credential")(
        name=f"cluster-{number}", provider="kubernetes", fingerprint=f"demo-{number}", summary={"server": SERVER}, **owned_by(user)
    )
    credential.content = seal(json.dumps(KUBECONFIG).encode(), context=credential.pk)
    credential.save(force_insert=True)
    columns = {"name": f"Demo {number}", "provider": "kubernetes", "zone": f"demo-{number}", "credential": credential}
    return apps.get_model("runtimes.Environment")._base_manager.create(**columns, **owned_by(user))


def _instance(random: Random, place: Any, version: "Version", number: int) -> Any:
    moment = now() - timedelta(days=random.uniform(0.1, 300))
    return apps.get_model("clusters.Cluster")(
        name=f"{version.app.chart_name[:30]}-{number}",
        app=version.app,
        version=version,
        environment=place,
        digest=version.package,
        delivery=version.type,
        status=random.choices([*STATES], [*STATES.values()])[0],
        created_at=moment,
        status_at=moment,
        owner=place.owner,
        owner_path=place.owner_path,
    )
