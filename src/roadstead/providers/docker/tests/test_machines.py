"""Machines on a real engine: what they are made of, what stays when they are made anew, and every way in which the engine says no."""

import contextlib
import hashlib
import io
import json
import socket
import tarfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from roadstead.providers.docker import definitions, machines, networks
from roadstead.providers.docker.client import entered
from roadstead.providers.docker.provider import DockerProvider
from roadstead.providers.docker.tests.machines import LABELS, RUN, boot, disk, machine, network, page
from roadstead.runtimes.sdk import (
    DiskSpec,
    FrozenAgent,
    NameTaken,
    NotThere,
    Place,
    ProviderError,
    QuotaExceeded,
    Refused,
    Unreachable,
)
from tests.ports import free_ports
from tests.testbeds.docker import Engine
from tests.testbeds.docker.engine import BASE, MACHINE
from tests.testbeds.kubernetes.certificates import Authority, pem


@pytest.fixture
def net(provider: DockerProvider, place: Place) -> str:
    """A network with the name of a machine."""
    provider.ensure_network(place, network("one"))
    return "one"


def test_a_machine_is_one_unprivileged_container_that_runs_the_agent(
    docker_engine: Engine, provider: DockerProvider, place: Place, net: str
) -> None:
    spec = machine(net, port=free_ports(1)[0], disks=(disk(net),))
    provider.create_disk(place, disk(net))
    made = provider.create_machine(place, spec)
    told = json.loads(page(made.ports[0].host_port))
    assert (made.state, made.name) == ("running", spec.name)
    assert told["boot"]["agent"] == "agt-1"
    assert told["boot"]["image"]["folder"] == "/"
    assert (told["user"], told["no_new_privileges"], told["mode"], told["name"], told["data"]) == (0, True, "600", "one", [])
    assert (made.ports[0].host, made.ports[0].host_port) == ("127.0.0.1", spec.ports[0].prefer)
    with contextlib.closing(docker_engine.client()) as client:
        attributes = client.containers.get(made.id).attrs
    assert attributes["HostConfig"]["Privileged"] is False
    assert attributes["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    assert not [mount for mount in attributes["Mounts"] if "docker" in mount["Destination"]]
    assert LABELS.items() <= attributes["Config"]["Labels"].items()
    assert provider.console(place, spec.token, lines=5).strip().splitlines()[0] == "agent is here"


def test_a_disk_comes_and_goes_while_the_machine_is_stopped_and_all_else_stays(provider: DockerProvider, place: Place, net: str) -> None:
    spec = machine(net, port=free_ports(1)[0])
    first = provider.create_machine(place, spec)
    page(first.ports[0].host_port)
    extra = disk(net)
    provider.create_disk(place, extra)
    with pytest.raises(Refused) as refusal:
        provider.attach_disk(place, extra, spec)
    assert refusal.value.problem.code == "docker_machine_runs"
    assert provider.describe_disks(place, [extra.token])[0].state == "free"
    provider.stop_machine(place, spec, seconds=10)
    assert provider.attach_disk(place, extra, spec).machine == spec.token
    spec = replace(spec, disks=(extra,), address=first.address)
    again = provider.start_machine(place, spec)
    told = json.loads(page(again.ports[0].host_port))
    assert (told["data"], told["runs"]) == ([], 2)
    assert (again.address, again.ports, again.name) == (first.address, first.ports, first.name)
    provider.stop_machine(place, spec, seconds=10)
    provider.detach_disk(place, extra, spec)
    assert provider.describe_disks(place, [extra.token])[0].state == "free"


def test_a_port_stays_that_of_the_machine_that_has_it(provider: DockerProvider, place: Place, net: str) -> None:
    spec = machine(net, port=free_ports(1)[0])
    first = provider.create_machine(place, spec)
    provider.stop_machine(place, spec, seconds=10)
    another = replace(spec, token=f"{spec.token}-2", name=f"{spec.name}-2", hostname="two")
    second = provider.create_machine(place, another)
    try:
        assert (second.state, second.ports[0].host_port != first.ports[0].host_port) == ("running", True)
        assert provider.start_machine(place, replace(spec, address=first.address)).ports == first.ports
    finally:
        provider.delete_machine(place, another.token)


def test_a_disk_grows_and_is_measured(provider: DockerProvider, place: Place) -> None:
    provider.create_disk(place, disk("big"))
    assert provider.resize_disk(place, disk("big", 3)).size == 3
    with pytest.raises(Refused) as refusal:
        provider.resize_disk(place, disk("big", 2))
    assert refusal.value.problem.code == "docker_disk_shrinks"
    found = provider.describe_disks(place, [disk("big").token], measured=True)[0]
    assert (found.size, found.used) == (3, 0)
    provider.delete_disk(place, disk("big").token)
    assert not [one for one in provider.owned(place, LABELS["roadstead.installation"]) if one.token == disk("big").token]


def test_of_two_networks_that_were_made_at_once_one_stays(docker_engine: Engine, provider: DockerProvider, place: Place) -> None:
    spec = network("twice")
    labels = {**LABELS, "roadstead.token": spec.token, "roadstead.environment": place.mark}
    with contextlib.closing(docker_engine.client()) as client:
        made = [client.networks.create(spec.name, labels=labels, check_duplicate=False).id for _one in range(2)]
        kept = provider.ensure_network(place, spec)
        assert [one.id for one in client.networks.list(filters={"label": f"roadstead.token={spec.token}"})] == made[:1]
    assert provider.networks(place) == (kept,)


def test_a_network_that_many_want_at_once_is_made_for_all_of_them(provider: DockerProvider, place: Place) -> None:
    spec = network("wanted")
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _one: provider.ensure_network(place, spec), range(6)))
    assert provider.networks(place) == (found[0],)
    assert {*found} == {found[0]}


def test_a_machine_that_many_want_at_once_gets_its_agent_once(
    provider: DockerProvider, place: Place, net: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = Mock(side_effect=definitions.luggage)
    monkeypatch.setattr(definitions, "luggage", packed)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _one: provider.create_machine(place, machine(net)), range(4)))
    assert {one.state for one in made} == {"running"}
    assert packed.call_count == 1


def test_a_taken_address_is_replaced(docker_engine: Engine, provider: DockerProvider, place: Place, net: str) -> None:
    spec = machine(net)
    with entered(place.credential) as engine:
        wanted = next(networks.addresses(engine, spec.network, spec.token))
    with contextlib.closing(docker_engine.client()) as client:
        at = client.api.create_endpoint_config(ipv4_address=wanted)
        there = client.api.create_networking_config({spec.network: at})
        other = client.api.create_container(
            MACHINE, ["sleep", "600"], networking_config=there, labels={"roadstead.environment": place.mark}
        )
        client.api.start(other["Id"])
    made = provider.create_machine(place, spec)
    assert (made.state, made.address == wanted) == ("running", False)


def test_a_machine_whose_maker_died_before_it_was_started_is_stopped(
    provider: DockerProvider, place: Place, net: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = machine(net)
    with monkeypatch.context() as dying:
        dying.setattr(machines, "_begin", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            provider.create_machine(place, spec)
    assert provider.describe_machines(place, [spec.token])[0].state == "stopped"
    assert provider.start_machine(place, spec).state == "running"


def test_a_taken_port_is_replaced_by_one_that_stays(provider: DockerProvider, place: Place, net: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1]
        spec = machine(net, port=wanted)
        made = provider.create_machine(place, spec)
    port = made.ports[0].host_port
    assert port != wanted
    page(port)
    provider.stop_machine(place, spec, seconds=10)
    assert provider.start_machine(place, spec).ports[0].host_port == port


def test_a_machine_that_was_lost_half_way_through_a_change_is_brought_to_an_end(
    docker_engine: Engine, provider: DockerProvider, place: Place, net: str
) -> None:
    spec = machine(net)
    made = provider.create_machine(place, spec)
    provider.stop_machine(place, spec, seconds=10)
    with contextlib.closing(docker_engine.client()) as client:
        # The new container stands, the old one went, and then the worker died.
        client.containers.get(made.id).rename(f"{spec.name}.next")
    assert provider.describe_machines(place, [spec.token])[0].name == spec.name
    assert provider.start_machine(place, spec).id == made.id
    provider.delete_machine(place, spec.token)
    assert provider.describe_machines(place, [spec.token])[0].state == "gone"
    with pytest.raises(NotThere):
        provider.start_machine(place, spec)


def test_a_resize_is_seen_by_the_running_machine(docker_engine: Engine, provider: DockerProvider, place: Place, net: str) -> None:
    spec = machine(net)
    made = provider.create_machine(place, spec)
    assert provider.resize_machine(place, replace(spec, memory=192)).state == "running"
    with contextlib.closing(docker_engine.client()) as client:
        assert client.containers.get(made.id).attrs["HostConfig"]["Memory"] == 192 * 2**20


WITH_PYTHON = replace(boot(), frozen=FrozenAgent(Path("/agent"), "2.35", "amd64"))
# By hand: what is looked for is there, and nothing of it can run.
FILES: dict[str, dict[str, bytes | Path]] = {
    "no-shell": {"nothing": b""},
    "arm": {"nothing": b""},
    "musl": {"bin/sh": b"", "lib/ld-musl-x86_64.so.1": b""},
    "old": {"bin/sh": b"", "lib64/ld-linux-x86-64.so.2": Path("ld-2.9.so"), "lib64/ld-2.9.so": b""},
}
BAD: dict[str, tuple[type[ProviderError], dict[str, Any]]] = {
    "docker_image_missing": (NotThere, {"image": "roadstead.test/nowhere:1"}),
    "docker_image_no_shell": (Refused, {"image": "roadstead.test/no-shell:1"}),
    "docker_image_processor": (Refused, {"image": "roadstead.test/arm:1"}),
    "docker_image_no_python": (Refused, {"image": BASE}),
    "docker_image_no_glibc": (Refused, {"image": "roadstead.test/musl:1", "boot": WITH_PYTHON}),
    "docker_image_old_glibc": (Refused, {"image": "roadstead.test/old:1", "boot": WITH_PYTHON}),
    "docker_agent_processor": (
        Refused,
        {"image": BASE, "boot": replace(WITH_PYTHON, frozen=FrozenAgent(Path("/agent"), "2.17", "riscv64"))},
    ),
    "docker_memory_too_large": (QuotaExceeded, {"memory": 10**8}),
    "docker_cpu_too_large": (QuotaExceeded, {"cpu": 10**4}),
    "docker_network_gone": (NotThere, {"network": network("nowhere").name}),
    "docker_disk_missing": (NotThere, {"disks": (disk("nowhere"),)}),
}


@pytest.mark.parametrize("code", BAD)
def test_what_cannot_be_is_said_and_leaves_nothing(
    docker_engine: Engine, provider: DockerProvider, place: Place, net: str, code: str
) -> None:
    kind, change = BAD[code]
    _odd_images(docker_engine)
    with pytest.raises(kind) as refusal:
        provider.create_machine(place, replace(machine(net), **change))
    assert refusal.value.problem.code == code
    assert [
        one.kind for one in provider.owned(place, LABELS["roadstead.installation"]) if one.labels["roadstead.environment"] == place.mark
    ] == ["network"]


def test_a_disk_larger_than_the_host_is_refused(provider: DockerProvider, place: Place) -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        provider.create_disk(place, disk("huge", 10**6))
    assert refusal.value.problem.code == "docker_disk_too_large"
    assert provider.describe_disks(place, [disk("huge").token])[0].state == "gone"


def test_a_name_of_somebody_else_is_never_touched(provider: DockerProvider, place: Place, net: str) -> None:
    spec = machine(net, disks=(disk(net),))
    provider.create_disk(place, disk(net))
    provider.create_machine(place, spec)
    with pytest.raises(NameTaken):
        provider.create_machine(place, replace(spec, token=f"another-{RUN}"))
    with pytest.raises(NameTaken):
        provider.create_disk(place, replace(disk(net), token=f"another-{RUN}"))
    assert provider.describe_machines(place, [spec.token])[0].state == "running"
    assert provider.describe_disks(place, [disk(net).token])[0].state == "attached"


def test_what_is_in_use_stays(provider: DockerProvider, place: Place, net: str) -> None:
    provider.create_disk(place, disk(net))
    provider.create_machine(place, machine(net, disks=(disk(net),)))
    for take, code in ((provider.delete_network, "docker_network_in_use"), (provider.delete_disk, "docker_disk_in_use")):
        with pytest.raises(Refused) as refusal:
            take(place, network(net).token if take == provider.delete_network else disk(net).token)
        assert refusal.value.problem.code == code
    assert provider.describe_disks(place, [disk(net).token])[0].state == "attached"
    assert [one.name for one in provider.networks(place)] == [network(net).name]


def test_over_tls_it_is_the_same_engine_and_no_folder_leads_there(
    docker_engine: Engine, provider: DockerProvider, place: Place, net: str
) -> None:
    spec = machine(net)
    provider.create_machine(place, spec)
    report = provider.check_credential(docker_engine.remote)
    far = Place(credential=report.credential, mark=place.mark)
    assert (report.ok, report.local, provider.probe(far, seconds=30)) == (True, False, ())
    assert provider.describe_machines(far, [spec.token])[0].state == "running"
    assert (provider.capabilities_at(far).local_socket, provider.capabilities_at(place).local_socket) == (False, True)
    with pytest.raises(Refused) as refusal:
        provider.start_machine(far, replace(spec, boot=replace(spec.boot, relay="/run/x")))
    assert refusal.value.problem.code == "docker_no_socket_there"


def test_a_stranger_is_not_let_in_over_tls(docker_engine: Engine, provider: DockerProvider, tmp_path: Path) -> None:
    stranger = Authority.make()
    stranger.issue(tmp_path, "client", "stranger")
    own = (docker_engine.folder / "certs" / "ca.crt").read_text()
    address = docker_engine.remote.splitlines()[0]
    pair = (tmp_path / "client.crt").read_text() + (tmp_path / "client.key").read_text()
    for authority in (own, pem(stranger.certificate).decode()):
        report = provider.check_credential(f"{address}\n{authority}{pair}")
        problems = provider.probe(Place(credential=report.credential, mark="x"), seconds=30)
        assert [problem.code for problem in problems] == ["docker_bad_tls"]


def test_an_engine_that_is_stopped_is_said(provider: DockerProvider) -> None:
    nowhere = Place(credential=provider.check_credential("unix:///nowhere/docker.sock").credential, mark="x")
    assert [problem.code for problem in provider.probe(nowhere, seconds=5)] == ["docker_engine_stopped"]
    calls = (
        lambda: provider.describe_machines(nowhere, ["t"]),
        lambda: provider.create_disk(nowhere, DiskSpec("t", "n-1", 1)),
        lambda: provider.delete_machine(nowhere, "t"),
    )
    for call in calls:
        with pytest.raises(Unreachable):
            call()


def _odd_images(engine: Engine) -> None:
    """Have images that no machine can be made of, packed by hand."""
    with contextlib.closing(engine.client()) as client:
        for name, files in FILES.items():
            client.images.load(_packed(f"roadstead.test/{name}:1", "arm64" if name == "arm" else "amd64", files))


def _packed(name: str, processor: str, files: Mapping[str, bytes | Path]) -> bytes:
    layer = _tar(files)
    config = {"architecture": processor, "os": "linux", "config": {"Cmd": ["/nothing"]}}
    config["rootfs"] = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]}
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    return _tar({"config.json": json.dumps(config).encode(), "layer.tar": layer, "manifest.json": json.dumps(manifest).encode()})


def _tar(files: Mapping[str, bytes | Path]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            if isinstance(content, Path):
                entry.type, entry.linkname = tarfile.SYMTYPE, str(content)
                archive.addfile(entry)
                continue
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()
