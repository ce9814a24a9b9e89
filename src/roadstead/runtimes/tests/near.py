"""The pretended cloud in the place of this machine's engine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import settings

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.runtimes import granting, registry, services
from roadstead.runtimes.models import Environment
from roadstead.runtimes.sdk import Capabilities, CredentialReport, DiskSpec, NetworkSpec, Place
from tests.testbeds.cloud.ledger import Ledger
from tests.testbeds.cloud.provider import CloudProvider


class Near(CloudProvider):
    """The pretended cloud in the place of this machine's engine: its socket is the ledger."""

    id: ClassVar[str] = "docker"
    capabilities: ClassVar[Capabilities] = Capabilities(makes_networks=True, local_socket=True)

    def check_credential(self, content: str) -> CredentialReport:
        path = content.removeprefix("unix://")
        told = json.dumps({"ledger": path, "seed": 0, "rate": 0})
        return CredentialReport(credential=told, summary={"server": path}, local=content.startswith("unix://"))

    def check_zone(self, zone: str) -> tuple[()]:
        return ()


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(settings.OPTIONS, "docker_host", f"unix://{tmp_path / 'ledger'}")
    registry.put(Near())
    try:
        yield Ledger(tmp_path / "ledger")
    finally:
        registry.drop("docker")


def granted(user: User) -> Environment:
    granting.grant_machine(actor=person("global_admin"), email=user.email)
    return Environment.objects.get(owner=user)


def filled(environment: Environment) -> Place:
    """Have a network, a disk of an instance that lives, one of an instance that is gone, and one of another installation."""
    provider, place = services.place_of(environment.pk)
    mark = services.installation_mark()
    provider.ensure_network(place, NetworkSpec("net", "net", _labels(mark, environment, "")))
    for name, installation in (("lives", mark), ("lost", mark), ("strange", "inst-another")):
        provider.create_disk(place, DiskSpec(name, f"disk-{name}", 1, labels=_labels(installation, environment, f"cl-{name}")))
    return place


def _labels(installation: str, environment: Environment, cluster: str) -> dict[str, str]:
    return {"roadstead.installation": installation, "roadstead.environment": environment.pk, "roadstead.cluster": cluster}
