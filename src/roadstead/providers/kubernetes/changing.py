"""Upgrades and rollbacks of a release, and what becomes of one over which Helm died."""

from roadstead import helm
from roadstead.providers.kubernetes import releases
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.problems import REVISION_MISSING
from roadstead.runtimes.sdk import Log, NotThere, Release

CHANGED, REMOVED = "deployed", {"uninstalling", "uninstalled"}


def heal(api: Api, namespace: str, record: releases.Record, log: Log) -> releases.Record:
    """Return the revision that stands. One that is pending is of a dead operation, for an instance has one at a time: it is forgotten.

    A first revision that is pending never ran; it is left for `install` to remove with what it made.
    """
    if not record.pending or record.revision == 1:
        return record
    earlier = [one for one in releases.records(api, namespace, _name(record)) if one.revision < record.revision]
    if not earlier:
        return record
    log(f"Clearing revision {record.revision}, which was left {record.status}")
    releases.forget(api, namespace, record)
    return heal(api, namespace, max(earlier, key=lambda one: one.revision), log)


def upgrade(kubeconfig: str, namespace: str, release: Release, found: releases.Record, *, log: Log, deadline: float) -> None:
    """Upgrade, unless this very change is what runs."""
    if found.status == CHANGED and release.change and found.change == release.change:
        log(f"Release {release.name} is upgraded already (revision {found.revision})")
        return
    if found.status in REMOVED:
        # A removal that died, before or after its last word: Helm upgrades nothing that isn't deployed, but rolls back to it.
        log(f"Bringing back what a removal of {release.name} has taken")
        helm.rollback(kubeconfig, name=release.name, namespace=namespace, revision=found.revision, deadline=deadline)
    log(f"Upgrading release {release.name} in namespace {namespace}")
    made = helm.upgrade(
        kubeconfig,
        release.chart,
        name=release.name,
        namespace=namespace,
        values=release.values,
        labels={releases.TOKEN_LABEL: release.token, releases.CHANGE_LABEL: release.change},
        deadline=deadline,
    )
    log(f"Upgraded to {made.chart_name} {made.chart_version}, revision {made.revision}")


def roll_back(
    api: Api,
    kubeconfig: str,
    namespace: str,
    release: Release,
    found: releases.Record,
    *,
    revision: int,
    log: Log,
    deadline: float,
) -> None:
    """Roll back to a revision, unless that, or a rollback to it, is what runs."""
    if found.status == CHANGED and _is(api, namespace, found, revision):
        log(f"Release {release.name} is as it was at revision {revision} already")
        return
    if all(one.revision != revision for one in releases.records(api, namespace, release.name)):
        raise NotThere(REVISION_MISSING(revision=revision, name=release.name))
    log(f"Rolling {release.name} back to revision {revision}")
    made = helm.rollback(kubeconfig, name=release.name, namespace=namespace, revision=revision, deadline=deadline)
    log(f"Rolled back to {made.chart_name} {made.chart_version}, revision {made.revision}")


def _is(api: Api, namespace: str, found: releases.Record, revision: int) -> bool:
    return found.revision == revision or releases.contents(api, namespace, found).description == f"Rollback to {revision}"


def _name(record: releases.Record) -> str:
    """Return the release's name out of that of its secret, `sh.helm.release.v1.<name>.v<revision>`."""
    return record.secret.removeprefix("sh.helm.release.v1.").rpartition(".v")[0]
