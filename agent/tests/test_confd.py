"""Files out of metadata: what a resource says is what happens, and a bad one leaves the last good file."""

import os
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fakes import DEADLINE, MAPPING, ROOT, MemoryEtcd
from roadstead_agent.confd import loop as loops
from roadstead_agent.confd import placing
from roadstead_agent.confd.loop import CHANGED, FAILED, UNCHANGED, Loop
from roadstead_agent.metadata import Metadata

SECRET = "hunter2-hunter2"
VALUES = {
    f"{ROOT}/hosts/web/i-1/ip": "10.0.0.1",
    f"{ROOT}/hosts/web/i-2/ip": "10.0.0.2",
    f"{ROOT}/cluster/cluster_id": "cl-1",
    f"{ROOT}/env/web/title": "Blog",
    f"{ROOT}/env/web/password": SECRET,
}


class Place:
    """A folder like /etc/confd, a store, and what the loop says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "conf.d").mkdir()
        (folder / "templates").mkdir()
        self.etcd = MemoryEtcd(VALUES)
        self.metadata = Metadata(self.etcd, MAPPING)
        self.metadata.refresh()
        self.metadata.start()
        self.said: list[str] = []
        self.loop = Loop(self.metadata, str(folder), self.said.append)

    def resource(self, name: str, template: str, *lines: str, keys: str = '["/"]', dest: str = "") -> Path:
        """Write a resource and its template, and return where its file will be."""
        target = Path(dest) if dest else self.folder / f"{name}.out"
        body = [f'src = "{name}.tmpl"', f'dest = "{target}"', f"keys = {keys}", *lines]
        (self.folder / f"conf.d/{name}.toml").write_text("\n".join(["[template]", *body, ""]))
        (self.folder / f"templates/{name}.tmpl").write_text(template)
        return target

    def states(self) -> dict[str, str]:
        """Process everything once; how each resource fared, by its file's name."""
        self.loop.once()
        return {name: outcome.state for name, outcome in self.loop.outcomes.items()}

    def close(self) -> None:
        """End it all."""
        self.loop.stop()
        self.metadata.stop()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    one.close()


def eventually(whether: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not whether():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


def test_the_specification_s_example(place: Place) -> None:
    dest = place.resource(
        "worker.env",
        'WEB={{ range $i, $d := lsdir "/hosts/web" }}{{ if $i }},{{ end }}{{ getv (printf "/hosts/web/%s/ip" $d) }}{{ end }}\n'
        'HEAP={{ getv "/env/heap_mb" "512" }}m\n',
        'mode = "0640"',
        keys='["/host", "/hosts/web", "/env"]',
    )
    assert place.states() == {"worker.env.toml": CHANGED}
    assert dest.read_text() == "WEB=10.0.0.1,10.0.0.2\nHEAP=512m\n"
    assert stat.S_IMODE(dest.stat().st_mode) == 0o640
    assert place.states() == {"worker.env.toml": UNCHANGED}


def test_a_template_sees_only_its_keys(place: Place) -> None:
    dest = place.resource("a", '{{exists "/env/title"}} {{exists "/cluster/cluster_id"}} {{ls "/"}}', keys='["/cluster"]')
    assert place.states() == {"a.toml": CHANGED}
    assert dest.read_text() == "false true [cluster]"


def test_a_resource_may_have_a_prefix_of_its_own(place: Place) -> None:
    dest = place.resource("a", '{{getv "/i-1/ip"}}', 'prefix = "/hosts/web"', keys='["/i-1"]')
    place.states()
    assert dest.read_text() == "10.0.0.1"


def test_reloading_happens_only_when_the_content_changed(place: Place) -> None:
    runs = place.folder / "runs"
    dest = place.resource("a", '{{getv "/env/title"}}', f'reload_cmd = "echo x >>{runs}"')
    for _ in range(3):
        place.states()
    assert runs.read_text() == "x\n"
    dest.chmod(0o600)
    assert place.states() == {"a.toml": UNCHANGED}
    dest.write_text("by hand")
    assert place.states() == {"a.toml": CHANGED}
    assert (dest.read_text(), runs.read_text()) == ("Blog", "x\nx\n")


def test_mode_and_owner_are_kept_without_a_reload(place: Place) -> None:
    runs = place.folder / "runs"
    dest = place.resource("a", "x", 'file_mode = "600"', f"uid = {os.geteuid()}", "gid = -1", f'reload_cmd = "echo x >>{runs}"')
    place.states()
    dest.chmod(0o644)
    assert place.states() == {"a.toml": UNCHANGED}
    assert stat.S_IMODE(dest.stat().st_mode) == 0o600
    assert runs.read_text() == "x\n"


def test_without_a_mode_the_file_keeps_its_own(place: Place) -> None:
    dest = place.resource("a", "new")
    dest.write_text("old")
    dest.chmod(0o751)
    place.states()
    assert (dest.read_text(), stat.S_IMODE(dest.stat().st_mode)) == ("new", 0o751)


def test_a_check_sees_the_staged_file_and_may_refuse_it(place: Place) -> None:
    seen = place.folder / "seen"
    dest = place.resource(
        "a", '{{getv "/env/title"}}', f'check_cmd = "cp {{{{.src}}}} {seen}; grep -q Blog {{{{.src}}}}"', 'reload_cmd = "false"'
    )
    place.states()
    assert (dest.read_text(), seen.read_text()) == ("Blog", "Blog")
    place.etcd.set(**{"cl-1/env/web/title": "Diary"})
    eventually(lambda: place.metadata.view()["/self/env/title"] == "Diary")
    [refused] = place.loop.once()
    assert (refused.state, refused.problem) == (FAILED, "check_cmd ended with 1, the file stays as it was")
    assert (dest.read_text(), seen.read_text()) == ("Blog", "Diary")
    assert [path.name for path in place.folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("template", "lines", "problem"),
    [
        ('one\n{{getv "/nothing"}}', (), "a.toml: template: a.tmpl:2:2: executing"),
        ("{{if}}", (), "a.toml: template: a.tmpl:1: missing value for if"),
        ('{{getv "/env/title" | atoi}}', (), "atoi: the text is no integer"),
        ("x", ('reload_cmd = "echo said; exit 7"',), "is new, and reload_cmd ended with 7"),
        ("x", ('reload_cmd = "{{.x"',), "unclosed action"),
        ("x", ('mode = "rw"',), "mode must be an octal number in quotes"),
        ("x", ("uid = true",), "uid must be a number"),
        ("x", ('keys = "x"',), "a.toml:5: keys has a value already"),
        ('{{cgetv "/env/title"}}', (), "names no pgp_private_key"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_without_values(place: Place, template: str, lines: tuple[str, ...], problem: str) -> None:
    dest = place.resource("a", "good {{exists `/env/password`}}")
    place.states()
    place.resource("a", template, *lines)
    [outcome] = place.loop.once()
    assert outcome.state == FAILED
    assert problem in str(outcome)
    assert dest.read_text() == ("x" if "is new" in problem else "good true")
    assert str(outcome) in place.said
    assert place.loop.once()
    assert place.said.count(str(outcome)) == 1


@pytest.mark.parametrize(
    "template",
    [
        '{{getv "/env/password" | atoi}}',
        '{{getv "/env/password" | base64Decode}}',
        '{{getv "/env/password" | json}}',
        '{{getv "/env/password" | jsonArray}}',
        '{{getv "/env/password" | parseBool}}',
        '{{add 1 (getv "/env/password")}}',
        '{{mod 1 (getv "/env/password")}}',
        '{{max 1 (getv "/env/password")}}',
        '{{seq 1 (getv "/env/password")}}',
        '{{join (getv "/env/password") ","}}',
        '{{filter "x" (getv "/env/password")}}',
        '{{reverse (getv "/env/password")}}',
        '{{getv (getv "/env/password") (slice (getv "/env/password") 3 1)}}',
        '{{index (gets "/env/*") (getv "/env/password")}}',
        '{{(getv "/env/password").x}}',
        '{{len 3 | printf "%d" (getv "/env/password") | atoi}}',
    ],
)
def test_no_failure_tells_a_value(place: Place, template: str) -> None:
    place.resource("a", template)
    assert place.states() == {"a.toml": FAILED}
    assert place.said
    assert SECRET not in "".join(place.said)


def test_what_a_command_says_is_for_the_owner_and_not_for_the_log(place: Place) -> None:
    place.resource("a", "x", f'reload_cmd = "echo {SECRET}; exit 3"')
    [outcome] = place.loop.once()
    assert outcome.output == f"{SECRET}\n"
    assert SECRET not in "".join(place.said) + repr(outcome)


def test_a_command_that_hangs_is_ended(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "COMMAND_SECONDS", 0.3)
    place.resource("a", "x", 'reload_cmd = "exec sleep 600"')
    [outcome] = place.loop.once()
    assert "did not end within" in outcome.problem


def test_files_change_when_what_they_read_changes(place: Place) -> None:
    title = place.resource("title", '{{getv "/env/title"}}', keys='["/env/title"]')
    hosts = place.resource("hosts", '{{len (lsdir "/hosts/web")}}', f'reload_cmd = "echo x >>{place.folder}/runs"', keys='["/hosts"]')
    place.loop.start()
    place.loop.start()
    assert place.loop.running
    eventually(lambda: title.exists() and hosts.exists())
    place.etcd.set(**{"cl-1/env/web/title": "Diary"})
    eventually(lambda: title.read_text() == "Diary")
    place.etcd.set(**{"cl-1/hosts/web/i-2/ip": None})
    eventually(lambda: hosts.read_text() == "1" and (place.folder / "runs").read_text() == "x\nx\n")
    place.loop.stop()
    assert not place.loop.running
    place.etcd.set(**{"cl-1/env/web/title": "Log"})
    eventually(lambda: place.metadata.view()["/self/env/title"] == "Log")
    assert title.read_text() == "Diary"
    place.loop.start()
    eventually(lambda: title.read_text() == "Log")


def test_one_slow_resource_holds_no_other_up(place: Place) -> None:
    gate = place.folder / "gate"
    os.mkfifo(gate)
    place.resource("a", "x", f'reload_cmd = "read line <{gate}"')
    other = place.resource("b", '{{getv "/env/title"}}', keys='["/env"]')
    place.loop.start()
    eventually(other.exists)
    place.etcd.set(**{"cl-1/env/web/title": "Diary"})
    eventually(lambda: other.read_text() == "Diary")
    gate.write_text("go\n")
    eventually(lambda: "a.toml" in place.loop.outcomes)


def test_stopping_ends_a_command_that_runs(place: Place) -> None:
    place.resource("a", "x", f'reload_cmd = "touch {place.folder}/begun; exec sleep 600"')
    place.loop.start()
    eventually((place.folder / "begun").exists)
    place.loop.stop()
    assert not place.loop.running
    assert "was ended" in place.loop.outcomes["a.toml"].problem


def test_files_that_are_not_for_this_machine_are_left_alone(place: Place) -> None:
    for name in ("_no", ".no", "no.windows", "yes.linux", "yes"):
        place.resource(name, "x")
    (place.folder / "conf.d/tags.toml").write_text("# +build darwin,!linux windows\n")
    (place.folder / "conf.d/deep").mkdir()
    (place.folder / "conf.d/yes.toml").rename(place.folder / "conf.d/deep/yes.toml")
    assert place.states() == {"yes.linux.toml": CHANGED, "deep/yes.toml": CHANGED}


def test_a_file_that_is_a_mount_is_filled(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    dest = place.resource("a", "new", 'mode = "0600"')
    dest.write_text("something older and longer")
    inode = dest.stat().st_ino

    def busy(self: Path, target: Path) -> Path:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(Path, "replace", busy)
    assert place.states() == {"a.toml": CHANGED}
    assert (dest.read_text(), dest.stat().st_ino, stat.S_IMODE(dest.stat().st_mode)) == ("new", inode, 0o600)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
def test_a_real_bind_mount_is_filled(tmp_path: Path) -> None:
    under, dest = tmp_path / "under", tmp_path / "dest"
    under.write_text("old and long")
    dest.write_text("")
    done = subprocess.run(["/bin/mount", "--bind", str(under), str(dest)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this machine allows no mounts")
    try:
        look = placing.wanted(dest, None, None, None)
        placing.put(placing.stage(dest, b"new", look), dest, look)
        assert under.read_text() == dest.read_text() == "new"
    finally:
        subprocess.run(["/bin/umount", str(dest)], check=True)


def test_readers_never_see_half_a_file(place: Place) -> None:
    dest = place.resource("a", '{{range seq 1 2000}}{{getv "/env/title"}}{{end}}')
    place.loop.start()
    eventually(dest.exists)
    halves: set[str] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            content = dest.read_text()
            if content not in {letter * 2000 for letter in ("Blog", "a", "b")}:
                halves.add(content)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(20):
        place.etcd.set(**{"cl-1/env/web/title": "ab"[turn % 2]})
    eventually(lambda: dest.read_text() == "b" * 2000)
    done.set()
    reader.join(DEADLINE)
    assert halves == set()


def test_where_a_file_cannot_be_put_is_told(place: Place) -> None:
    place.resource("a", "x", dest=str(place.folder / "no/such/folder/a.conf"))
    [outcome] = place.loop.once()
    assert "can't be written: No such file or directory" in outcome.problem
