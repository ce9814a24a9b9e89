"""The original confd reads what we serve, over HTTP and from etcd; and what it makes of a template is what we make of it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fakes import DEADLINE, MAPPING, ROOT, MemoryEtcd
from roadstead_agent.confd.loop import Loop
from roadstead_agent.metadata import Metadata
from roadstead_agent.selfview import Service, serve
from tests.testbeds.debian import Unpacked
from tests.testbeds.etcd import Frontgate

VALUES = {
    **{f"{ROOT}/hosts/web/i-{number}/ip": f"10.0.0.{number}" for number in range(1, 12)},
    **{f"{ROOT}/hosts/web/i-{number}/sid": f"{number}" for number in range(1, 12)},
    f"{ROOT}/cluster/cluster_id": "cl-1",
    f"{ROOT}/env/web/title": "Blog & <more> ü",
    f"{ROOT}/env/web/number": "42",
    f"{ROOT}/env/web/object": '{"a": 1, "b": {"c": [1.5, true, null, "x"]}, "big": 10000000, "small": 999999}',
    f"{ROOT}/env/web/list": '["b", "a", 3]',
    f"{ROOT}/env/web/names": "ccc,a,bb",
    f"{ROOT}/env/web/encoded": "SGVsbG8=",
    f"{ROOT}/env/web/path": "/var/lib/app/data.db",
    f"{ROOT}/env/web/empty": "",
    f"{ROOT}/env/web/deep/er/one": "1",
    f"{ROOT}/env/web/deep/er/two": "2",
    "/clusters/cl-2/hosts/db/i-9/ip": "10.0.1.9",
}
# Each is rendered by itself: by confd and by us, against the same service.
TEMPLATES = [
    '{{getv "/env/title"}} {{getv "/env/none" "default"}} [{{getv "/env/empty"}}]',
    '{{exists "/env/title"}} {{exists "/env/none"}} {{exists "/env"}}',
    '{{with get "/env/title"}}{{.Key}}={{.Value}}{{end}}',
    '{{range gets "/hosts/web/*/ip"}}{{.Key}}={{.Value}} {{end}}',
    '{{range gets "/env/[en]*"}}{{.Key}} {{end}}|{{range gets "/env/?????"}}{{.Key}} {{end}}|{{range gets "/env/[^a-n]*"}}{{.Key}} {{end}}',
    '{{range getvs "/hosts/web/*/sid"}}{{.}} {{end}}|{{range getvs "/none/*"}}x{{end}}',
    '{{range ls "/hosts/web"}}{{.}} {{end}}|{{range ls "/env/deep"}}{{.}} {{end}}|',
    '{{range ls "/none"}}x{{end}}|{{range ls "/env/title"}}{{.}}{{end}}',
    '{{range lsdir "/env"}}{{.}} {{end}}|{{range lsdir "/hosts"}}{{.}} {{end}}|',
    '{{range $i, $d := lsdir "/hosts/web"}}{{if $i}},{{end}}{{getv (printf "/hosts/web/%s/ip" $d)}}{{end}}',
    '{{range getv "/env/names" | len | seq 1}}{{.}}{{end}} {{range seq 3 1}}x{{end}} {{range seq 5 5}}{{.}}{{end}}',
    '{{range split (getv "/env/names") ","}}[{{.}}]{{end}} {{range split "ab" ""}}[{{.}}]{{end}} {{range split "" ","}}[{{.}}]{{end}}',
    '{{join (split (getv "/env/names") ",") "; "}} {{join (split "" ",") "x"}}',
    '{{range sortByLength (split (getv "/env/names") ",")}}{{.}} {{end}} {{range reverse (split (getv "/env/names") ",")}}{{.}} {{end}}',
    '{{range sortKVByLength (gets "/hosts/web/*/sid")}}{{len .Key}} {{end}}',
    '{{base (getv "/env/path")}} {{dir (getv "/env/path")}} {{base "/"}} {{base ""}} {{base "a/"}} ',
    '{{dir "/"}} {{dir ""}} {{dir "a"}} {{dir "a/b/"}} {{dir "/a/../b"}} {{dir "//a"}}',
    '{{toUpper "aüß"}} {{toLower "AÜ"}} {{contains "abc" "b"}} {{contains "abc" "x"}} ',
    '{{trimSuffix "a.conf" ".conf"}} {{trimSuffix "a" ""}}',
    '{{replace "aaa" "a" "b" 2}} {{replace "aaa" "a" "b" -1}} {{replace "aaa" "a" "b" 0}} ',
    '{{replace "abc" "" "-" -1}} {{replace "abc" "" "-" 2}} {{replace "ab" "" "-" 9}}',
    '{{base64Encode (getv "/env/title")}} {{base64Decode (getv "/env/encoded")}} {{base64Decode "/w==" | printf "%x"}}',
    "{{add 1 2}} {{sub 1 2}} {{mul 3 4}} {{div 7 2}} {{div -7 2}} {{mod 7 3}} {{mod -7 3}} {{mod 7 -3}} {{div 7 -2}}",
    '{{atoi (getv "/env/number")}} {{add (atoi (getv "/env/number")) 1}} {{atoi "-7"}} {{atoi "+7"}} {{atoi "007"}}',
    '{{parseBool "true"}} {{parseBool "0"}} {{if parseBool "F"}}x{{else}}y{{end}}',
    '{{$o := json (getv "/env/object")}}{{$o.a}} {{$o.b.c}} {{$o.big}} {{$o.small}} {{index $o.b.c 3}} {{$o.none}}',
    '{{range jsonArray (getv "/env/list")}}{{.}} {{end}}{{len (jsonArray "[]")}}',
    '{{$m := map "a" 1 "b" "x"}}{{$m.a}} {{$m.b}} {{$m}} {{with map "k" (map "l" true)}}{{.k.l}}{{end}}',
    '{{getenv "ROADSTEAD_TEST_SET"}} {{getenv "ROADSTEAD_TEST_NONE" "default"}} [{{getenv "ROADSTEAD_TEST_NONE"}}]',
    '{{fileExists "/etc/passwd"}} {{fileExists "/no/such"}} {{lookupIP "127.0.0.1"}} {{len (lookupSRV "no" "tcp" "invalid.")}}',
    '{{eq (getv "/env/number") "42"}} {{ne "a" "b"}} {{lt 1 2}} {{ge 2 2}} {{eq 1 1 2}} {{gt "b" "a"}} {{le "a" "a"}}',
    '{{range $k, $v := json "{\\"z\\": 1, \\"a\\": 2}"}}{{$k}}{{$v}}{{end}} ',
    '{{printf "%05d|%-4s|%q" 42 "ab" "c"}} {{getv "/env/title" | html}}',
    '{{getv "/self/env/title" "outside"}} {{getv "/links/db/hosts/db/i-9/ip"}}',
]
FAILING = [
    '{{getv "/env/none"}}',
    '{{get "/env/none"}}',
    '{{atoi "x"}}',
    '{{parseBool "x"}}',
    '{{base64Decode "*"}}',
    '{{json "["}}',
    '{{jsonArray "{}"}}',
    '{{map "a"}}',
    "{{map 1 2}}",
    "{{div 1 0}}",
    '{{gets "["}}{{getvs "[a"}}',
    '{{join "x" ","}}',
    "{{nothing}}",
    "{{if}}",
]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    metadata = Metadata(MemoryEtcd(VALUES), MAPPING)
    metadata.refresh()
    one = serve(metadata, 0)
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROADSTEAD_TEST_SET", "set")


def folder_with(folder: Path, templates: list[str], out: Path, keys: str) -> Path:
    """Write a resource for each template; its file will be `out` and its number."""
    for name in ("conf.d", "templates"):
        (folder / name).mkdir(parents=True)
    out.mkdir()
    for number, template in enumerate(templates):
        (folder / f"templates/{number}.tmpl").write_text(template)
        resource = f'[template]\nsrc = "{number}.tmpl"\ndest = "{out / str(number)}"\nkeys = {keys}\n'
        (folder / f"conf.d/{number}.toml").write_text(resource)
    return folder


def run(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    options = ["-onetime", "-confdir", str(folder), "-config-file", str(folder / "none.toml"), *arguments]
    return subprocess.run([str(command), *options], capture_output=True, text=True, check=False, timeout=DEADLINE)


def made(out: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in out.iterdir()}


def eventually(whether: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not whether():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def test_what_confd_makes_of_a_template_is_what_we_make_of_it(confd_command: Path, service: Service, tmp_path: Path) -> None:
    for who in ("original", "ours"):
        folder_with(tmp_path / who, TEMPLATES, tmp_path / f"{who}.out", '["/"]')
    done = run(confd_command, tmp_path / "original", "-backend", "rancher", "-node", f"127.0.0.1:{service.server_port}", "-prefix", "/self")
    assert done.returncode == 0, done.stderr
    Loop(service.metadata, str(tmp_path / "ours"), str).once()
    original, ours = made(tmp_path / "original.out"), made(tmp_path / "ours.out")
    assert {TEMPLATES[int(name)]: text for name, text in ours.items()} == {TEMPLATES[int(name)]: text for name, text in original.items()}
    assert len(ours) == len(TEMPLATES)


@pytest.mark.parametrize("template", FAILING)
def test_what_confd_refuses_we_refuse(confd_command: Path, service: Service, tmp_path: Path, template: str) -> None:
    folder = folder_with(tmp_path / "confd", [template], tmp_path / "out", '["/"]')
    done = run(confd_command, folder, "-backend", "rancher", "-node", f"127.0.0.1:{service.server_port}", "-prefix", "/self")
    assert done.returncode != 0
    [outcome] = Loop(service.metadata, str(folder), str).once()
    assert outcome.state == "failed"
    assert made(tmp_path / "out") == {}


@pytest.fixture
def frontgate(tmp_path: Path, etcd_programs: Unpacked) -> Iterator[Frontgate]:
    one = Frontgate(tmp_path / "frontgate", etcd_programs)
    one.store.start()
    tree = {path.removeprefix(f"{ROOT}/"): value for path, value in VALUES.items() if path.startswith(ROOT)}
    one.store.write("cl-1", tree, {"agt-1": MAPPING})
    yield one
    one.close()


def test_confd_reads_a_node_s_part_of_etcd_and_follows_it(confd_command: Path, frontgate: Frontgate, tmp_path: Path) -> None:
    template = '{{range lsdir "/hosts/web"}}{{.}} {{end}}{{getv "/env/web/title"}}'
    folder = folder_with(tmp_path / "confd", [template], tmp_path / "out", '["/hosts/", "/env/web/title"]')
    who = ["-basic-auth", "-username", "agt-1", "-password", frontgate.store.user_for("agt-1"), "-client-ca-keys", frontgate.ca]
    where = ["-backend", "etcdv3", "-node", frontgate.url, "-prefix", "/clusters/cl-1", *who]
    command = [str(confd_command), "-watch", "-confdir", str(folder), "-config-file", str(folder / "none.toml"), *where]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stderr=log, stdout=log) as watching:
        try:
            eventually((tmp_path / "out/0").exists)
            assert (tmp_path / "out/0").read_text().endswith("Blog & <more> ü")
            tree = {"hosts/web/i-1/ip": "10.0.0.1", "env/web/title": "Diary"}
            frontgate.store.write("cl-1", tree, {"agt-1": MAPPING})
            eventually(lambda: (tmp_path / "out/0").read_text() == "i-1 Diary")
        finally:
            watching.send_signal(signal.SIGTERM)


def test_confd_reads_nothing_of_other_roles(confd_command: Path, frontgate: Frontgate, tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "confd", ["{{getv `/env/db/password`}}"], tmp_path / "out", '["/env/db"]')
    who = ["-basic-auth", "-username", "agt-1", "-password", frontgate.store.user_for("agt-1"), "-client-ca-keys", frontgate.ca]
    done = run(confd_command, folder, "-backend", "etcdv3", "-node", frontgate.url, "-prefix", "/clusters/cl-1", *who)
    assert done.returncode != 0
    assert "permission denied" in done.stderr


def test_our_own_way_from_etcd_to_a_file(frontgate: Frontgate, tmp_path: Path) -> None:
    """The whole path of a node: its user, its view, its templates, and a change that reaches the file."""
    folder = folder_with(tmp_path / "confd", ['{{getv "/env/title"}} {{len (lsdir "/hosts/web")}}'], tmp_path / "out", '["/env", "/hosts"]')
    etcd = frontgate.client("agt-1")
    metadata = Metadata(etcd, {"self": {name: target for name, target in MAPPING["self"].items() if name != "links/db"}})
    loop = Loop(metadata, str(folder), str)
    metadata.start()
    loop.start()
    try:
        eventually((tmp_path / "out/0").exists)
        assert (tmp_path / "out/0").read_text() == "Blog & <more> ü 11"
        os.kill(frontgate.store.pid or os.getpid(), signal.SIGKILL) if frontgate.store.pid else None
        eventually(frontgate.store.healthy)
        frontgate.store.write("cl-1", {"hosts/web/i-1/ip": "10.0.0.1", "env/web/title": "Diary"}, {"agt-1": MAPPING})
        eventually(lambda: (tmp_path / "out/0").read_text() == "Diary 1")
    finally:
        loop.stop()
        metadata.stop()
