"""What a node's own programs read: `/self/…` as values, lists, JSON and YAML, and long polls."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fakes import DEADLINE, MAPPING, ROOT, MemoryEtcd
from roadstead_agent import rendering
from roadstead_agent.metadata import Metadata
from roadstead_agent.selfview import Service, chosen, serve

VALUES = {
    f"{ROOT}/hosts/web/i-1/ip": "10.0.0.1",
    f"{ROOT}/hosts/web/i-1/sid": "1",
    f"{ROOT}/hosts/web/i-10/ip": "10.0.0.10",
    f"{ROOT}/cluster/cluster_id": "cl-1",
    f"{ROOT}/env/web/title": "Blog & <more>",
    f"{ROOT}/env/web/a b/ü/c": "odd",
    f"{ROOT}/env/web/lines": "one\ntwo\tthree",
    f"{ROOT}/env/db/password": "s3cret",
    "/clusters/cl-2/hosts/db/i-9/ip": "10.0.1.9",
    "/clusters/cl-3/hosts/db/i-9/ip": "10.0.2.9",
}


@pytest.fixture
def etcd() -> MemoryEtcd:
    return MemoryEtcd(VALUES)


@pytest.fixture
def metadata(etcd: MemoryEtcd) -> Iterator[Metadata]:
    one = Metadata(etcd, MAPPING)
    one.refresh()
    one.start()
    yield one
    one.stop()


@pytest.fixture
def service(metadata: Metadata) -> Iterator[Service]:
    one = serve(metadata, 0)
    yield one
    one.stop()


def ask(service: Service, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", service.server_port, timeout=DEADLINE)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()
    finally:
        connection.close()


def as_json(service: Service, path: str) -> Any:
    return json.loads(ask(service, path, Accept="application/json")[2])


def test_a_value_is_the_value(service: Service) -> None:
    status, headers, body = ask(service, "/self/host/ip")
    assert (status, body) == (200, "10.0.0.1")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert headers["X-Metad-Version"] == headers["X-Metad-OpVersion"] == "1"
    assert headers["X-Metad-RequestID"]
    assert as_json(service, "/self/host/ip") == "10.0.0.1"


def test_a_tree_is_a_line_for_each_value(service: Service) -> None:
    assert ask(service, "/self/host")[2] == "/ip\t10.0.0.1\n/sid\t1\n"
    assert ask(service, "/self/env")[2] == "/a b/ü/c\todd\n/lines\tone\\ntwo\\tthree\n/title\tBlog & <more>\n"
    assert ask(service, "/self/env/lines")[2] == "one\ntwo\tthree"


def test_a_tree_is_objects_in_json_and_yaml(service: Service) -> None:
    tree = {"ip": "10.0.0.1", "sid": "1"}
    assert as_json(service, "/self/host") == tree
    assert ask(service, "/self/host?pretty=true", Accept="application/json")[2] == json.dumps(tree, indent=2)
    for kind in ("application/yaml", "text/x-yaml"):
        assert yaml.safe_load(ask(service, "/self/host", Accept=kind)[2]) == tree
    assert ask(service, "/self/env/title", Accept="application/json")[2] == '"Blog \\u0026 \\u003cmore\\u003e"'
    assert set(as_json(service, "/")["self"]) == {"host", "hosts", "cluster", "env", "links"}


def test_links_show_the_whole_of_the_other_cluster(service: Service) -> None:
    assert as_json(service, "/self/links/db") == {"hosts": {"db": {"i-9": {"ip": "10.0.1.9"}}}}


@pytest.mark.parametrize(
    "path", ["/self/nothing", "/self/hosts/web/i-", "/clusters/cl-1/env/db", "/self/env/password", "/self/../clusters/cl-1", "/v1/data"]
)
def test_anything_else_is_not_there(service: Service, path: str) -> None:
    status, _, body = ask(service, path)
    assert (status, body) == (404, "Not found\n")
    assert as_json(service, path)["code"] == 404


@pytest.mark.parametrize("path", ["/self/env/a%20b/%C3%BC/c", "/self/env/a%20b%2F%C3%BC/c", "/self/env/a%20b/%C3%BC/c/"])
def test_odd_names_are_found(service: Service, path: str) -> None:
    assert ask(service, path)[2] == "odd"


def test_nothing_is_written_and_nobody_else_s_request_answered(service: Service) -> None:
    assert ask(service, "/self/host/ip", "POST")[0] == 501
    assert ask(service, "/self/host/ip", X_Forwarded_For="10.0.0.2")[0] == 403
    assert ask(service, "/self/host/ip", "HEAD")[2] == ""
    assert service.server_address[0] == "127.0.0.1"


def test_a_long_poll_answers_when_something_below_it_changed(service: Service, etcd: MemoryEtcd) -> None:
    answers: dict[str, tuple[int, dict[str, str], str]] = {}

    def wait(path: str) -> None:
        answers[path] = ask(service, f"{path}?wait=true&prev_version=1")

    threads = [threading.Thread(target=wait, args=(path,)) for path in ("/self/hosts", "/self/env")]
    for thread in threads:
        thread.start()
    etcd.set(**{"cl-1/cluster/zone": "a"})
    etcd.set(**{"cl-1/hosts/web/i-10/ip": None})
    threads[0].join(DEADLINE)
    status, headers, body = answers["/self/hosts"]
    assert (status, body) == (200, "/web/i-1/ip\t10.0.0.1\n/web/i-1/sid\t1\n")
    assert headers["X-Metad-Version"] == "3"
    assert "/self/env" not in answers
    etcd.set(**{"cl-1/env/web/title": "Diary"})
    threads[1].join(DEADLINE)
    assert answers["/self/env"][1]["X-Metad-Version"] == "4"


def test_who_has_seen_less_or_another_life_is_answered_at_once(service: Service, etcd: MemoryEtcd) -> None:
    etcd.set(**{"cl-1/hosts/web/i-1/ip": "10.0.0.2"})
    for version in ("1", "99", "x", "-1"):
        assert ask(service, f"/self/hosts?wait=true&prev_version={version}")[0] == 200


def test_a_wait_for_nothing_ends_unchanged(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadstead_agent.selfview.LONGEST_WAIT", 0.05)
    status, headers, body = ask(service, "/self/hosts?wait=true&prev_version=1")
    assert (status, body, headers["X-Metad-Version"]) == (304, "", "1")


def test_before_the_store_was_read_nothing_is_known() -> None:
    one = serve(Metadata(MemoryEtcd({}), MAPPING), 0)
    try:
        assert ask(one, "/self/host")[0] == 503
    finally:
        one.stop()


def test_a_store_that_is_away_leaves_the_view_as_it_was(etcd: MemoryEtcd, metadata: Metadata) -> None:
    etcd.gone = True
    etcd.set(**{"cl-1/hosts/web/i-1/ip": "10.0.0.2"})
    assert not metadata.wait(1, 0.3)
    assert metadata.view()["/self/host/ip"] == "10.0.0.1"
    etcd.gone = False
    assert metadata.wait(1, DEADLINE)
    assert metadata.view()["/self/host/ip"] == "10.0.0.2"


def test_versions_go_on_growing_when_a_store_begins_anew(etcd: MemoryEtcd, metadata: Metadata) -> None:
    for number in range(5):
        etcd.set(**{"cl-1/env/web/title": str(number)})
    assert all(metadata.wait(version, DEADLINE) for version in range(1, 6))
    before = metadata.version
    etcd.begin_anew(**{"cl-1/hosts/web/i-1/ip": "10.0.0.1", "cl-1/env/web/title": "4"})
    assert metadata.wait(before, DEADLINE)
    assert metadata.version > before
    assert not metadata.wait(before, 0.05, ("/self/host/ip",))
    assert metadata.wait(before, DEADLINE, ("/self/cluster",))
    seen = metadata.version
    etcd.set(**{"cl-1/env/web/title": "5"})
    assert metadata.wait(seen, DEADLINE, ("/self/env",))


def test_stopping_wakes_who_waits(metadata: Metadata) -> None:
    threading.Timer(0.1, metadata.stop).start()
    begun = time.monotonic()
    assert metadata.wait(metadata.version, 10 * DEADLINE) is False
    assert time.monotonic() - begun < 10 * DEADLINE


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/plain"),
        ("*/*", "text/plain"),
        ("application/json", "application/json"),
        ("text/html, application/x-yaml;q=0.9, application/json;q=0.8", "application/yaml"),
        ("application/json;q=0, text/yaml;q=0.1", "application/yaml"),
        ("application/json;q=often", "text/plain"),
    ],
)
def test_the_type_is_the_one_that_is_liked_best(accept: str, kind: str) -> None:
    assert chosen(accept) == kind


SEGMENTS = st.lists(st.text(alphabet="aü .-#:", min_size=1, max_size=3), min_size=1, max_size=3)


@given(st.dictionaries(SEGMENTS.map("/".join), st.text(max_size=5), max_size=6))
def test_no_value_is_lost_in_a_tree(values: dict[str, str]) -> None:
    def leaves(tree: Any) -> list[str]:
        return [tree] if isinstance(tree, str) else [leaf for inner in tree.values() for leaf in leaves(inner)]

    tree = rendering.nested({f"/self/env/{key}": value for key, value in values.items()}, "/self/env") if values else {}
    assert sorted(leaves(tree)) == sorted(values.values())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_is_written_is_what_is_read(value: Any) -> None:
    assert json.loads(rendering.to_json(value)) == value


YAML_TEXT = "ab: #-\n\t'\"{}[],&*!|>%@`ü1.0eE~yn"


YAML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(YAML_TEXT, max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:-#?", max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(YAML)
def test_yaml_reads_as_it_was_written(value: Any) -> None:
    assert yaml.safe_load(rendering.to_yaml(value)) == value
