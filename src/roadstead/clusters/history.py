"""What an instance was made to be, change by change, beside the history that its release has in the environment."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml
from django.utils.dateparse import parse_datetime

from roadstead.clusters import live
from roadstead.clusters.errors import EnvironmentSilent
from roadstead.clusters.live import Answer
from roadstead.clusters.models import Change, Cluster
from roadstead.core.errors import Missing
from roadstead.runtimes.sdk import NotThere, ProviderError, Release, ReleaseProvider, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from roadstead.catalog.models import Version
    from roadstead.runtimes.sdk import Revision


@dataclass(frozen=True)
class Past:
    """A revision that an instance can go back to, with what it would be made of."""

    revision: "Revision"
    version: "Version"
    digest: str
    values: str

    @property
    def at(self) -> "datetime | None":
        """When it was made."""
        return parse_datetime(self.revision.at) if self.revision.at else None


def change_by_id(change_id: str) -> Change:
    """Return a change for work that was already permitted."""
    return Change.objects.get(pk=change_id)


def note_before(change_id: str, revision: int) -> None:
    """Note the revision that stood before a change; the first note stands, for a later one may be the change's own."""
    Change.objects.filter(pk=change_id, before=None).update(before=revision)


def adopt(cluster: Cluster, job_id: str) -> None:
    """Make the change of a job that succeeded the instance's own; the caller holds the row and saves it."""
    change = Change.objects.filter(cluster=cluster, job_id=job_id).first()
    if change:
        cluster.version_id, cluster.digest, cluster.sealed_values = change.version_id, change.digest, change.sealed_values


def told(cluster: Cluster, question: "Callable[[ReleaseProvider, Target, Release], Answer]") -> Answer:
    """Ask the environment something within the deadline; without an answer it is a refusal that says why."""
    try:
        return live.asked(cluster, question)
    except NotThere as error:
        raise Missing from error
    except ProviderError as error:
        raise EnvironmentSilent(reason=error.problem.message) from error


def console(cluster: Cluster, token: str, *, lines: int) -> str:
    """Return what a machine wrote last; without an answer of the environment it is a refusal that says why."""
    try:
        return live.console_of(cluster, token, lines=lines)
    except NotThere as error:
        raise Missing from error
    except ProviderError as error:
        raise EnvironmentSilent(reason=error.problem.message) from error


def pasts_of(cluster: Cluster) -> list[Past]:
    """Ask the environment for the revisions that this instance can go back to, newest first; fails with a `ProviderError`."""
    revisions = live.asked(cluster, lambda provider, target, release: provider.revisions(target, release))
    if not revisions:
        return []
    changes = {change.pk: change for change in cluster.changes.select_related("version")}
    original = min(changes.values(), key=lambda change: change.created_at)
    return [_past(revision, changes, original) for revision in _ways_back(revisions)]


def _ways_back(revisions: "Sequence[Revision]") -> "list[Revision]":
    return [revision for revision in revisions[1:] if revision.whole]


def _past(revision: "Revision", changes: "Mapping[str, Change]", original: Change) -> Past:
    """A revision without a mark is the installation. Values are those that were typed, comments and all, if they are still the same."""
    change = changes.get(revision.change, original)
    typed = change.values
    same = _loaded(typed) == _loaded(revision.values)
    return Past(revision, change.version, change.digest, typed if same else revision.values)


def _loaded(text: str) -> object:
    try:
        return yaml.safe_load(text) or {}
    except yaml.YAMLError:
        return None
