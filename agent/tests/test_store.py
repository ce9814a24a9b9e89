"""The store on a real etcd, with TLS and passwords: who reads what, what is written, and what happens when etcd dies."""

import contextlib
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from roadstead_agent.etcd import Etcd, EtcdError, Refused, Unreachable
from tests.testbeds.debian import Unpacked
from tests.testbeds.etcd import Frontgate

DEADLINE = 60.0
View = dict[str, dict[str, str]]


def tree(cluster: str, *, web: int = 2) -> dict[str, str]:
    hosts = {f"hosts/web/i-{number}": {"ip": f"10.0.0.{number}", "sid": str(number)} for number in range(1, web + 1)}
    records = {f"{host}/{name}": value for host, fields in hosts.items() for name, value in fields.items()}
    return {
        **records,
        "hosts/db/i-9/ip": "10.0.0.9",
        "cluster/cluster_id": cluster,
        "env/web/title": "Blog",
        "env/db/password": f"password of {cluster}",
        "cmd/i-1/cmd": "true",
    }


def view(cluster: str, role: str, instance: str, **links: str) -> View:
    root = f"/clusters/{cluster}"
    own = {"host": f"{root}/hosts/{role}/{instance}", "env": f"{root}/env/{role}", "cmd": f"{root}/cmd/{instance}"}
    shared = {name: f"{root}/{name}" for name in ("hosts", "cluster", "adding-hosts")}
    return {"self": {**own, **shared, **{f"links/{name}": f"/clusters/{target}" for name, target in links.items()}}}


@pytest.fixture(scope="module")
def frontgate(tmp_path_factory: pytest.TempPathFactory, etcd_programs: Unpacked) -> Iterator[Frontgate]:
    """A store with two clusters of one owner; the first is linked to nothing, the second to a third."""
    one = Frontgate(tmp_path_factory.mktemp("frontgate"), etcd_programs)
    assert one.store.start() is True
    one.store.write("cl-x", tree("cl-x"), {"agt-web": view("cl-x", "web", "i-1"), "agt-db": view("cl-x", "db", "i-9")})
    one.store.write("cl-xy", tree("cl-xy"), {"agt-y": view("cl-xy", "web", "i-1", cache="cl-z")})
    one.store.write("cl-z", tree("cl-z"), {})
    yield one
    one.close()


@pytest.fixture
def own(tmp_path: Path, etcd_programs: Unpacked) -> Iterator[Frontgate]:
    """A store that a test may break."""
    one = Frontgate(tmp_path, etcd_programs)
    one.store.start()
    yield one
    one.close()


def eventually(whether: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not whether():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def written(frontgate: Frontgate, wanted: dict[str, str]) -> bool:
    try:
        frontgate.store.write("cl-x", wanted, {"agt-1": view("cl-x", "web", "i-1")})
    except EtcdError:
        return False
    return True


def test_a_node_reads_what_its_view_maps(frontgate: Frontgate) -> None:
    etcd = frontgate.client("agt-web")
    for path in ("hosts", "cluster", "env/web", "cmd/i-1"):
        found = etcd.get(f"/clusters/cl-x/{path}")
        assert found == {f"/clusters/cl-x/{key}": value for key, value in tree("cl-x").items() if key.startswith(f"{path}/")}
    assert frontgate.client("agt-db").get("/clusters/cl-x/env/db") == {"/clusters/cl-x/env/db/password": "password of cl-x"}


@pytest.mark.parametrize(
    "path",
    ["/", "/clusters", "/clusters/cl-x", "/clusters/cl-x/env", "/clusters/cl-x/env/db", "/clusters/cl-x/cmd/i-2", "/clusters/cl-xy/hosts"],
)
def test_a_node_reads_and_watches_nothing_else(frontgate: Frontgate, path: str) -> None:
    etcd = frontgate.client("agt-web")
    with pytest.raises(Refused):
        etcd.get(path)
    with pytest.raises(Refused):
        etcd.watch([path], 0, DEADLINE)


@pytest.mark.parametrize("path", ["/clusters/cl-x/hosts/web/i-1/ip", "/clusters/cl-x/env/web/title", "/anything"])
def test_a_node_writes_nothing(frontgate: Frontgate, path: str) -> None:
    etcd = frontgate.client("agt-web")
    with pytest.raises(Refused):
        etcd.put({path: "mine"})
    with pytest.raises(Refused):
        etcd.delete(path)
    for call, body in (("auth/user/add", {"name": "eve", "password": "x"}), ("auth/user/get", {"name": "root"}), ("auth/disable", {})):
        with pytest.raises(EtcdError):
            etcd.call(call, **body)
    assert frontgate.client("agt-web").get("/clusters/cl-x/env/web") == {"/clusters/cl-x/env/web/title": "Blog"}


def test_a_linked_cluster_is_read_whole_and_only_by_who_is_linked(frontgate: Frontgate) -> None:
    assert set(frontgate.client("agt-y").get("/clusters/cl-z")) == {f"/clusters/cl-z/{key}" for key in tree("cl-z")}
    with pytest.raises(Refused):
        frontgate.client("agt-web").get("/clusters/cl-z")


@pytest.mark.parametrize(("user", "password"), [("agt-web", "wrong"), ("nobody", "x"), ("root", ""), ("", "")])
def test_strangers_are_refused(frontgate: Frontgate, user: str, password: str) -> None:
    with pytest.raises(EtcdError) as refused:
        frontgate.client(user, password).get("/clusters/cl-x/hosts")
    assert refused.value.status


def test_a_server_of_another_authority_is_not_believed(frontgate: Frontgate, tmp_path: Path, etcd_programs: Unpacked) -> None:
    other = Frontgate(tmp_path, etcd_programs)
    with pytest.raises(Unreachable, match="certificate"):
        Etcd(frontgate.url, "agt-web", "x", other.ca).get("/clusters/cl-x/hosts")
    with pytest.raises(ValueError, match="https"):
        Etcd(f"http://{frontgate.address}", "agt-web", "x", frontgate.ca)


def test_etcd_s_own_command_reads_a_node_s_part_and_nothing_else(frontgate: Frontgate) -> None:
    read = frontgate.etcdctl("agt-web", "get", "--prefix", "/clusters/cl-x/hosts/")
    assert read.returncode == 0, read.stderr
    assert "/clusters/cl-x/hosts/web/i-1/ip\n10.0.0.1\n" in read.stdout
    for refused in (
        frontgate.etcdctl("agt-web", "get", "--prefix", "/clusters/cl-xy/hosts/"),
        frontgate.etcdctl("agt-web", "get", "--prefix", "/clusters/cl-x/env/db/"),
        frontgate.etcdctl("agt-web", "put", "/clusters/cl-x/env/web/title", "mine"),
    ):
        assert refused.returncode != 0
        assert "permission denied" in refused.stderr


def test_no_password_is_in_a_file_that_others_read(frontgate: Frontgate) -> None:
    folder = frontgate.folder / "store"
    assert (folder.stat().st_mode & 0o777, (folder / "secret").stat().st_mode & 0o777) == (0o700, 0o600)
    assert "password of cl-x" not in "".join(frontgate.said)


def test_removing_a_cluster_leaves_its_longer_namesake(own: Frontgate) -> None:
    for cluster in ("cl-x", "cl-xy"):
        own.store.write(cluster, tree(cluster), {f"agt-{cluster}": view(cluster, "web", "i-1")})
    own.store.remove("cl-x")
    own.store.remove("cl-x")
    assert own.store.clusters() == ["cl-xy"]
    root = own.client("root")
    assert set(root.get("/clusters")) == {f"/clusters/cl-xy/{key}" for key in tree("cl-xy")}
    assert root.call("auth/user/list")["users"] == ["agt-cl-xy", "root"]
    assert [role for role in root.call("auth/role/list")["roles"] if role.startswith("cl-x:")] == []
    with pytest.raises(EtcdError):
        own.client("agt-cl-x").get("/clusters/cl-x/hosts")


def test_a_tree_is_replaced_by_what_differs(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1"), "agt-2": view("cl-x", "web", "i-2")})
    etcd = own.client("agt-1")
    before = etcd.snapshot(["/clusters/cl-x/hosts", "/clusters/cl-x/env/web"])
    smaller = {**tree("cl-x", web=1), "env/web/title": "Diary"}
    own.store.write("cl-x", smaller, {"agt-1": view("cl-x", "web", "i-1")})
    after = etcd.snapshot(["/clusters/cl-x/hosts", "/clusters/cl-x/env/web"])
    assert set(before.values) - set(after.values) == {"/clusters/cl-x/hosts/web/i-2/ip", "/clusters/cl-x/hosts/web/i-2/sid"}
    assert [key for key, changed in after.changed.items() if changed > before.revision] == ["/clusters/cl-x/env/web/title"]
    with pytest.raises(EtcdError):
        own.client("agt-2").get("/clusters/cl-x/hosts")


def test_a_new_link_widens_and_a_lost_one_narrows_what_is_read(own: Frontgate) -> None:
    own.store.write("cl-z", tree("cl-z"), {})
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    etcd = own.client("agt-1")
    with pytest.raises(Refused):
        etcd.get("/clusters/cl-z")
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1", z="cl-z")})
    assert etcd.get("/clusters/cl-z")
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    with pytest.raises(Refused):
        etcd.get("/clusters/cl-z")


def test_a_watch_tells_of_what_changed_since_and_ends_when_it_is_interrupted(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    etcd = own.client("agt-1")
    since = etcd.snapshot(["/clusters/cl-x/hosts"]).revision
    assert etcd.watch(["/clusters/cl-x/hosts"], since, 0.2) is False
    own.store.write("cl-x", tree("cl-x", web=1), {"agt-1": view("cl-x", "web", "i-1")})
    assert etcd.watch(["/clusters/cl-x/hosts"], since, DEADLINE) is True
    assert etcd.watch(["/clusters/cl-x/env/web"], since, 0.2) is False
    threading.Timer(0.2, etcd.interrupt).start()
    assert etcd.watch(["/clusters/cl-x/env/web"], etcd.revision, 10 * DEADLINE) is False


def test_what_was_compacted_away_counts_as_changed(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    etcd = own.client("agt-1")
    since = etcd.snapshot(["/clusters/cl-x/hosts"]).revision
    for title in "abc":
        own.store.write("cl-x", {**tree("cl-x"), "env/web/title": title}, {"agt-1": view("cl-x", "web", "i-1")})
    root = own.client("root")
    root.get("/clusters")
    root.call("kv/compaction", revision=root.revision)
    assert etcd.watch(["/clusters/cl-x/hosts"], since, DEADLINE) is True


def test_an_etcd_that_is_killed_comes_back_with_all_it_had(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    etcd, pid = own.client("agt-1"), own.store.pid
    etcd.get("/clusters/cl-x/hosts")
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: own.store.pid not in {0, pid} and own.store.healthy())
    assert set(etcd.get("/clusters/cl-x/env/web")) == {"/clusters/cl-x/env/web/title"}


def test_an_etcd_that_lost_its_data_gets_it_back(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    early = own.client("agt-1")
    life = early.snapshot(["/clusters/cl-x/hosts"]).store
    pid = own.store.pid
    for file in (own.folder / "store/data").rglob("*.wal"):
        file.write_bytes(b"broken")
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: own.store.pid not in {0, pid} and own.store.healthy() and own.store.clusters() == ["cl-x"])
    again = own.client("agt-1").snapshot(["/clusters/cl-x/hosts", "/clusters/cl-x/env/web"])
    assert again.store != life
    # Who logged in to the one before and has not spoken since isn't left waiting.
    assert early.watch(["/clusters/cl-x/hosts"], 0, DEADLINE) is True
    assert "/clusters/cl-x/env/web/title" in again.values
    with pytest.raises(EtcdError):
        own.client("", "").get("/clusters")


def test_an_agent_that_was_killed_finds_its_store(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    password = own.store.user_for("agt-1")
    own.abandon()
    again = own.again()
    assert again.start() is False
    assert again.clusters() == ["cl-x"]
    assert again.user_for("agt-1") == password
    again.write("cl-x", tree("cl-x", web=1), {})
    assert "/clusters/cl-x/hosts/web/i-2/ip" not in own.client("root").get("/clusters")
    with pytest.raises(EtcdError):
        own.client("agt-1", password).get("/clusters/cl-x/hosts")


class Died(Exception):
    """The agent was killed here."""


def test_who_lets_nodes_in_and_is_killed_lets_them_in_afterwards(own: Frontgate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before every single call of two writes, the second of which lets the node read more."""
    whole, left = Etcd.call, [0]

    def call(self: Etcd, name: str, /, **body: object) -> dict[str, object]:
        left[0] -= 1
        if left[0] == 0:
            raise Died
        return whole(self, name, **body)

    monkeypatch.setattr(Etcd, "call", call)
    own.store.write("cl-0", tree("cl-0"), {})
    number, died = 0, True
    while died:
        number, died = number + 1, False
        cluster, agent = f"cl-{number}", f"agt-{number}"
        for view_ in (view(cluster, "web", "i-1"), view(cluster, "web", "i-1", other="cl-0")):
            left[0] = number
            with contextlib.suppress(Died):
                own.store.write(cluster, tree(cluster), {agent: view_})
            died, left[0] = died or left[0] <= 0, 0
            own.store.write(cluster, tree(cluster), {agent: view_})
            assert own.client(agent).get(f"/clusters/{cluster}/hosts")
        assert own.client(agent).get("/clusters/cl-0")
    assert number > 10


def test_a_port_that_is_taken_is_no_reason_to_begin_from_nothing(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {})
    own.store.stop()
    host, _, port = own.address.partition(":")
    with socket.create_server((host, int(port))), pytest.raises(EtcdError, match="wait for its port"):
        own.again().start()
    assert own.again().start() is False
    assert own.store.clusters() == ["cl-x"]


def test_without_its_secret_a_store_begins_from_nothing(own: Frontgate) -> None:
    own.store.write("cl-x", tree("cl-x"), {})
    own.store.stop()
    (own.folder / "store/secret").unlink()
    again = own.again()
    assert again.start() is True
    assert again.clusters() == []


def test_no_etcd_is_told_in_one_line(tmp_path: Path, etcd_programs: Unpacked) -> None:
    own = Frontgate(tmp_path, etcd_programs)
    own.programs = Unpacked(tmp_path / "nothing")
    with pytest.raises(EtcdError, match="etcd"):
        own.again().start()


def killing(frontgate: Frontgate, chance: random.Random, done: threading.Event) -> None:
    """Kill etcd now and then."""
    for _ in range(5):
        if done.wait(chance.uniform(0.0, 1.5)):
            return
        # Read once: between two looks it may have gone, and 0 would be this process's own group.
        pid = frontgate.store.pid
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("seed", range(4))
def test_kills_at_random_moments_leave_whole_trees(own: Frontgate, seed: int) -> None:
    """Readers see whole hosts all the while, and afterwards the tree is the one that was written last."""
    chance = random.Random(seed)
    own.store.write("cl-x", tree("cl-x"), {"agt-1": view("cl-x", "web", "i-1")})
    done, halves = threading.Event(), list[str]()

    def read() -> None:
        etcd = own.client("agt-1")
        while not done.is_set():
            try:
                seen = etcd.get("/clusters/cl-x/hosts")
            except EtcdError:
                continue
            hosts = {key.rpartition("/")[0] for key in seen}
            halves.extend(host for host in hosts if f"{host}/ip" not in seen)

    threads = [threading.Thread(target=read), threading.Thread(target=killing, args=(own, chance, done))]
    for thread in threads:
        thread.start()
    wanted = tree("cl-x")
    while threads[1].is_alive():
        wanted = tree("cl-x", web=chance.randint(1, 60))
        eventually(lambda: written(own, wanted))  # noqa: B023
    done.set()
    for thread in threads:
        thread.join(DEADLINE)
    eventually(own.store.healthy)
    assert halves == []
    found = own.client("root").get("/clusters/cl-x")
    assert found == {f"/clusters/cl-x/{key}": value for key, value in wanted.items()}
