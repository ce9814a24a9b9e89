"""The machine that Roadstead runs on, as a place: its Docker engine, found where Docker's own commands look. It is granted, not pasted."""

from dataclasses import dataclass, field

from django.conf import settings

from roadstead.core.problems import Problem
from roadstead.runtimes import registry
from roadstead.runtimes.errors import ENGINE_NOT_LOCAL
from roadstead.runtimes.places import Spot, asked_within, probe
from roadstead.runtimes.sdk import CredentialRefused, CredentialReport, MachineProvider, ProviderError, Room

PROVIDER = "docker"
USUAL = "unix:///var/run/docker.sock"


@dataclass(frozen=True)
class Found:
    """What was found: an engine with its room, or why there is none. Without the provider nothing is looked for."""

    server: str = ""
    room: Room | None = None
    problems: tuple[Problem, ...] = field(default=())


def offered() -> bool:
    """Whether this installation can use an engine at all."""
    return PROVIDER in registry.names()


def look() -> Found:
    """Ask the engine now, within the limit for connections."""
    report = _report()
    server = report.summary.get("server", "")
    if not report.ok or not report.local:
        return Found(server, problems=report.problems or (ENGINE_NOT_LOCAL(),))
    spot = Spot(_provider(), report.credential, "")
    problems = probe(spot)
    if problems:
        return Found(server, problems=tuple(problems))
    try:
        return Found(server, room=asked_within(lambda: _provider().room(spot.place)))
    except ProviderError as error:
        return Found(server, problems=error.problems)


def credential() -> str:
    """Return what opens the engine of this machine; raises `CredentialRefused`."""
    report = _report()
    if not report.ok or not report.local:
        raise CredentialRefused(*(report.problems or (ENGINE_NOT_LOCAL(),)))
    return report.credential


def summary() -> dict[str, str]:
    """Return what may be shown of the engine."""
    return _report().summary


def _report() -> CredentialReport:
    return _provider().check_credential(settings.OPTIONS.docker_host or USUAL)


def _provider() -> MachineProvider:
    return registry.machine_provider(PROVIDER)
