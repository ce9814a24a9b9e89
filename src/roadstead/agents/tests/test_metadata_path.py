"""Metadata from the platform to a file in a node: through the frontgate's own etcd, the node's view of it and its templates."""

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadstead.agents.tests.conftest import Fleet, fleet_in
from roadstead.agents.tests.machines import Machine, until
from tests.ports import free_ports
from tests.testbeds.debian import Unpacked

HOST = "hosts/web/cln-node"
ROOT = "/clusters/cl-1"


@pytest.fixture
def fleet(tmp_path: Path, etcd_programs: Unpacked) -> Iterator[Fleet]:
    confd = tmp_path / "confd"
    (confd / "conf.d").mkdir(parents=True)
    (confd / "templates").mkdir()
    (confd / "conf.d/app.toml").write_text(f'[template]\nsrc = "app.tmpl"\ndest = "{tmp_path}/app.conf"\nkeys = ["/host", "/env"]\n')
    (confd / "templates/app.tmpl").write_text('{{ getv "/host/ip" }} {{ getv "/env/word" "none" }}\n')
    etcd_port, metadata_port = free_ports(2)
    gate = {"etcd": str(etcd_programs.root / "usr/bin/etcd"), "etcd_port": etcd_port, "address": "127.0.0.1"}
    with fleet_in(tmp_path, gate=gate, confd=str(confd), metadata_port=metadata_port) as fleet:
        yield fleet


def published(fleet: Fleet, token: str, **tree: str) -> None:
    nodes = {fleet.node_id: {"self": {"host": f"{ROOT}/{HOST}", "env": f"{ROOT}/env/web"}}}
    whole = {f"{HOST}/ip": "10.0.0.7", **{f"env/web/{name}": value for name, value in tree.items()}}
    fleet.platform.ask("publish", frontgate_id=fleet.frontgate_id, cluster_id="cl-1", tree=whole, nodes=nodes, token=token)
    ended = fleet.platform.ended(token)
    assert ended["state"] == "done", ended


def seen(fleet: Fleet, path: str) -> str:
    """Ask the node's own service as a program of the node does."""
    request = urllib.request.Request(f"http://127.0.0.1:{fleet.metadata_port}{path}", headers={"Accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return str(json.load(answer))
    except (urllib.error.URLError, OSError):
        return ""


def test_from_the_platform_to_a_file(fleet: Fleet) -> None:
    file = fleet.folder / "app.conf"
    published(fleet, "t-1", word="first")
    done = fleet.run("t-templates", "", verb="templates", params={"running": True})
    assert (done["state"], done["output"]) == ("done", "")
    assert file.read_text() == "10.0.0.7 first\n"
    assert seen(fleet, "/self/host/ip") == "10.0.0.7"

    published(fleet, "t-2", word="second")
    until(lambda: file.read_text() == "10.0.0.7 second\n", "the file to follow")

    # The frontgate is lost with its disk and made anew: the platform writes all of it again, and the node goes on with it.
    fleet.frontgate.kill()
    shutil.rmtree(fleet.frontgate.folder)
    boot = {**fleet.frontgate.boot, **fleet.platform.ask("boot", agent=fleet.frontgate_id), "platform": fleet.frontgate.boot["platform"]}
    fleet.frontgate = Machine(fleet.frontgate.folder, boot)
    fleet.frontgate.start()
    until(lambda: seen(fleet, "/self/env/word") == "second", "the node to see the new store")
    published(fleet, "t-3", word="third")
    until(lambda: file.read_text() == "10.0.0.7 third\n", "the file to follow the new store")

    # The machine starts again without the platform: its file is written before what was started is started again.
    started = fleet.folder / "started"
    fleet.platform.ask("order", agent=fleet.node_id, token="t-start", params={"cmd": f"cat {file} >> {started}", "name": "start"})
    assert fleet.platform.ended("t-start")["state"] == "done"
    fleet.node.stop()
    fleet.platform.kill()
    file.unlink()
    fleet.node.start()
    until(lambda: started.read_text() == "10.0.0.7 third\n" * 2, "the start again")


def test_a_template_that_fails_says_where(fleet: Fleet) -> None:
    published(fleet, "t-1")
    (fleet.folder / "confd/templates/app.tmpl").write_text('one\n{{ getv "/missing" }}\n')
    done = fleet.run("t-templates", "", verb="templates", params={"running": True}, timeout=3)
    assert (done["state"], done["exit_code"]) == ("failed", 1)
    assert "app.toml" in done["output"] or "app.tmpl" in done["output"]
    assert "/missing" in done["output"]
    assert not (fleet.folder / "app.conf").exists()
