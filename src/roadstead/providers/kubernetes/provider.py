"""The provider: a stored kubeconfig and a namespace in, releases out. Helm writes, the API server is only read and asked."""

import re
from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from django.utils.translation import gettext_lazy as _

from roadstead import helm
from roadstead.core.problems import Problem, Words
from roadstead.providers.kubernetes import changing, kubeconfig, leftovers, namespaces, reading, releases, rights, scaling, view, waiting
from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.failures import helms
from roadstead.providers.kubernetes.kubeconfig import Kubeconfig
from roadstead.providers.kubernetes.problems import RELEASE_MISSING, RELEASE_NAME, RELEASE_TAKEN, SERVICE_ACCOUNT
from roadstead.runtimes.sdk import (
    CredentialAsks,
    CredentialRefused,
    CredentialReport,
    Event,
    Log,
    NameTaken,
    NotThere,
    Other,
    PodLog,
    ProviderError,
    Refused,
    Release,
    ReleaseView,
    Revision,
    Target,
)

LOOK_SECONDS = 15.0
CLEAR_SECONDS = 120.0
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?")


class KubernetesProvider:
    """Releases in the namespaces of any conformant cluster."""

    id: ClassVar[str] = "kubernetes"
    delivery: ClassVar[Literal["helm"]] = "helm"
    title: ClassVar[Words] = _("Kubernetes")
    asks: ClassVar[CredentialAsks] = CredentialAsks(
        label=_("Kubeconfig"),
        rule=_("With a token or a client certificate and everything inline: no exec, no files, no proxy. The current context is used."),
        commands=SERVICE_ACCOUNT,
    )

    def check_credential(self, content: str) -> CredentialReport:
        """Read a pasted kubeconfig."""
        return kubeconfig.check(content)

    def check_namespace(self, name: str) -> tuple[Problem, ...]:
        """Say what is wrong with the name of a namespace."""
        return namespaces.check_name(name)

    def probe(self, target: Target, *, seconds: float) -> tuple[Problem, ...]:
        """Ask the cluster whether releases can be made with this credential in this namespace."""
        try:
            return rights.probe(_api(target, seconds), target.namespace)
        except ProviderError as error:
            return error.problems

    def claim_namespace(self, target: Target, *, stale: Callable[[str], bool]) -> None:
        """Make the namespace and mark it."""
        namespaces.claim(_api(target), target.namespace, target.mark, stale)

    def release_namespace(self, target: Target) -> None:
        """Take the mark off."""
        namespaces.release(_api(target), target.namespace, target.mark)

    def ensure_namespace(self, target: Target) -> None:
        """Make the namespace where it is missing; whose mark it carries is settled when the environment is made."""
        try:
            namespaces.claim(_api(target), target.namespace, target.mark, lambda _held: False)
        except NameTaken:
            return

    def check_release(self, target: Target, release: Release) -> None:
        """Raise when the name is taken or the rights are missing."""
        if not _NAME.fullmatch(release.name):
            raise Refused(RELEASE_NAME(where="name"))
        api = _api(target, LOOK_SECONDS)
        problems = rights.probe(api, target.namespace)
        if problems:
            raise CredentialRefused(*problems)
        _ours(target, release, releases.latest(api, target.namespace, release.name))

    def install(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        """Install, or find installed. What an earlier try left half-made under our token is removed first."""
        found = _ours(target, release, releases.latest(_api(target), target.namespace, release.name))
        if found and found.status == "deployed":
            log(f"Release {release.name} is installed already (revision {found.revision})")
            return
        if found:
            self._clear(target, release, found, log)
        log(f"Installing release {release.name} into namespace {target.namespace}")
        with helms(seconds):
            made = helm.install(
                _text(target),
                release.chart,
                name=release.name,
                namespace=target.namespace,
                values=release.values,
                labels={releases.TOKEN_LABEL: release.token},
                deadline=seconds,
            )
        log(f"Installed {made.chart_name} {made.chart_version} as {release.name}, revision {made.revision}")

    def upgrade(self, target: Target, release: Release, *, log: Log, seconds: float) -> None:
        """Upgrade, or find upgraded."""
        found = self._standing(target, release, log)
        with helms(seconds):
            changing.upgrade(_text(target), target.namespace, release, found, log=log, deadline=seconds)

    def roll_back(self, target: Target, release: Release, *, revision: int, log: Log, seconds: float) -> None:
        """Roll back, or find rolled back."""
        found = self._standing(target, release, log)
        with helms(seconds):
            changing.roll_back(_api(target), _text(target), target.namespace, release, found, revision=revision, log=log, deadline=seconds)

    def settle(self, target: Target, release: Release, *, log: Log) -> int:
        """Forget a revision over which Helm died."""
        return self._standing(target, release, log).revision

    def revisions(self, target: Target, release: Release) -> tuple[Revision, ...]:
        """Read the history."""
        api = _api(target, LOOK_SECONDS)
        records = releases.records(api, target.namespace, release.name)
        mine = sorted((record for record in records if record.token == release.token), key=lambda record: -record.revision)
        return tuple(releases.revision(api, target.namespace, record) for record in mine)

    def scale(self, target: Target, release: Release, *, running: bool, log: Log) -> None:
        """Scale the workloads to nothing, or back."""
        api, contents = self._contents(target, release)
        (scaling.start if running else scaling.stop)(api, target.namespace, contents, log)

    def await_stopped(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Wait until the pods are gone."""
        api, contents = self._contents(target, release)
        waiting.until_stopped(api, target.namespace, contents, waiting.Patience(seconds, log, cancelled))

    def events(self, target: Target, release: Release) -> tuple[Event, ...]:
        """Read the events."""
        api, contents = self._contents(target, release, LOOK_SECONDS)
        return reading.events(api, target.namespace, contents)

    def pod_log(self, target: Target, release: Release, *, pod: str, container: str, lines: int, previous: bool) -> PodLog:
        """Read the end of a log."""
        api, contents = self._contents(target, release, LOOK_SECONDS)
        return reading.pod_log(api, target.namespace, contents, pod=pod, container=container, lines=lines, previous=previous)

    def await_ready(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Wait for the workloads of the release."""
        api, contents = self._contents(target, release)
        waiting.until_ready(api, target.namespace, contents, waiting.Patience(seconds, log, cancelled))

    def workloads(self, target: Target, release: Release) -> ReleaseView:
        """Look at the release."""
        api = _api(target, LOOK_SECONDS)
        record = _there(target, release, releases.latest(api, target.namespace, release.name))
        return view.read(api, target.namespace, record)

    def uninstall(self, target: Target, release: Release, *, keep_history: bool, log: Log, seconds: float) -> None:
        """Remove the release if it is ours; another's of that name is not what was asked about."""
        found = releases.latest(_api(target), target.namespace, release.name)
        if found is None or found.token != release.token:
            log(f"There is no release {release.name} of this instance")
            return
        if keep_history and found.status == "uninstalled":
            log(f"Release {release.name} is uninstalled already")
            return
        with helms(seconds):
            helm.uninstall(_text(target), name=release.name, namespace=target.namespace, keep_history=keep_history, deadline=seconds)
        log(f"Uninstalled {release.name}")

    def await_gone(self, target: Target, release: Release, *, log: Log, seconds: float, cancelled: Callable[[], bool]) -> None:
        """Wait until the cluster has removed everything. Where another's release has the name, nothing of ours is left to wait for."""
        api, patience = _api(target), waiting.Patience(seconds, log, cancelled)
        found = releases.latest(api, target.namespace, release.name)
        if found is None or found.token == release.token:
            waiting.until_gone(api, target.namespace, release.name, patience)

    def leftovers(self, target: Target, release: Release, *, seen: Sequence[tuple[str, str]]) -> tuple[Other, ...]:
        """Look for what stays."""
        return leftovers.left(_api(target, LOOK_SECONDS), target.namespace, release.name, seen)

    def _standing(self, target: Target, release: Release, log: Log) -> releases.Record:
        """Return the revision that stands, after what a dead operation left pending is forgotten."""
        api = _api(target)
        found = _there(target, release, releases.latest(api, target.namespace, release.name))
        return changing.heal(api, target.namespace, found, log)

    def _contents(self, target: Target, release: Release, seconds: float | None = None) -> tuple[Api, releases.Contents]:
        """Return what the latest revision installed."""
        api = _api(target, seconds)
        record = _there(target, release, releases.latest(api, target.namespace, release.name))
        return api, releases.contents(api, target.namespace, record)

    def _clear(self, target: Target, release: Release, found: releases.Record, log: Log) -> None:
        """Remove a half-made, failed or uninstalled release of ours, and wait: a new object must not meet the old one leaving."""
        log(f"Removing what an earlier try left ({found.status})")
        with helms(CLEAR_SECONDS):
            helm.uninstall(_text(target), name=release.name, namespace=target.namespace, deadline=CLEAR_SECONDS)
        patience = waiting.Patience(CLEAR_SECONDS, log, lambda: False)
        waiting.until_gone(_api(target), target.namespace, release.name, patience)


def _api(target: Target, seconds: float | None = None) -> Api:
    return Api(Kubeconfig.stored(target.credential), seconds=seconds)


def _text(target: Target) -> str:
    """Return the kubeconfig that Helm gets: rebuilt once more, so that nothing stored in between travels on."""
    return Kubeconfig.stored(target.credential).as_text(target.namespace)


def _ours(target: Target, release: Release, found: releases.Record | None) -> releases.Record | None:
    if found and found.token != release.token:
        raise NameTaken(RELEASE_TAKEN(where="name", name=release.name, namespace=target.namespace))
    return found


def _there(target: Target, release: Release, found: releases.Record | None) -> releases.Record:
    if found is None or found.token != release.token:
        raise NotThere(RELEASE_MISSING(name=release.name, namespace=target.namespace))
    return found
