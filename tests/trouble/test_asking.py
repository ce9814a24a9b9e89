"""What can't be had or made: images, room, ports, names, documents. People learn which, where and what to do, and nothing is left."""

import contextlib
import re
import socket

import pytest

from tests.trouble.conftest import Harbour
from tests.trouble.person import Person, failed, went_well


@pytest.mark.parametrize(
    ("image", "code", "advice"),
    [
        ("roadstead.test/nowhere:1", "docker_image_missing", "Check its name"),
        ("roadstead.test/bare:1", "docker_image_no_shell", "Build it from one that has"),
    ],
)
def test_an_image_of_which_no_machine_can_be_made(harbour: Harbour, user: Person, image: str, code: str, advice: str) -> None:
    instance = user.deploy("imageless", image=image)
    step = failed(user.ended(instance))
    assert (step["title"], step["target"], step["problem"]["code"]) == ("Prepare image", image, code)
    assert image in step["problem"]["message"]
    assert advice in step["problem"]["message"]
    assert harbour.left(instance) == []
    user.does("give-up", instance)
    assert user.instance(instance)["status"] == "ceased"


def test_a_disk_larger_than_what_is_free_is_refused_before_anything_is_made(harbour: Harbour, user: Person) -> None:
    instance = user.deploy("vast", volume_size=900_000)
    step = failed(user.ended(instance))
    assert (step["title"], step["problem"]["code"]) == ("Check environment and room", "disk_too_large")
    assert "900000 GiB" in step["problem"]["message"]
    assert step["problem"]["message"] in user.page(instance)
    assert harbour.left(instance) == []
    user.does("give-up", instance)
    assert user.instance(instance)["status"] == "ceased"


def test_a_taken_port_gives_way_to_a_free_one_that_the_page_names(harbour: Harbour, user: Person) -> None:
    with _taken(8080):
        instance = user.deploy("crowded", start="python3 -m http.server 80 >/dev/null 2>&1 &")
        assert went_well(user.ended(instance))
    port = _named(user, instance)
    assert port != 8080
    with socket.create_connection(("127.0.0.1", port), timeout=60):
        pass
    # It is taken while the instance rests.
    assert went_well(user.does("stop", instance))
    with _taken(port):
        assert went_well(user.does("start", instance))
        assert _named(user, instance) != port
    assert went_well(user.does("delete", instance))
    assert harbour.left(instance) == []


def test_a_name_is_taken_once_in_a_place_and_free_in_anothers(harbour: Harbour, user: Person, other: Person) -> None:
    mine = user.deploy("twin")
    refused = user.wish("twin")
    assert (refused.status, refused.body["code"]) == (409, "cluster_name_taken")
    assert "“twin”" in refused.words
    theirs = other.deploy("twin")
    assert went_well(user.ended(mine), other.ended(theirs))
    assert harbour.left(mine)
    assert not {*harbour.left(mine)} & {*harbour.left(theirs)}
    assert went_well(user.does("delete", mine))
    assert harbour.left(mine) == []
    assert harbour.run(theirs, "hostname").strip()
    assert went_well(other.does("delete", theirs))
    assert harbour.left(theirs) == []


@pytest.mark.parametrize(("raw", "words"), [("}", "isn't valid JSON in line 20"), (', "endpoints": 3', "“endpoints” occurs twice")])
def test_a_template_that_makes_no_document_is_refused_with_its_line(user: Person, raw: str, words: str) -> None:
    before = user.ask("GET", "/instances?status=all").body["items"]
    refused = user.wish("nonsense", raw=raw)
    assert (refused.status, refused.body["code"]) == (422, "validate_failed")
    (problem,) = refused.body["problems"]
    assert problem["file"] == "cluster.json.tmpl"
    assert words in problem["message"]
    assert user.ask("GET", "/instances?status=all").body["items"] == before


def _taken(port: int) -> contextlib.AbstractContextManager[socket.socket]:
    """Hold a port of this machine; somebody else may hold it already, which is as good."""
    held = socket.socket()
    with contextlib.suppress(OSError):
        held.bind(("127.0.0.1", port))
        held.listen()
    return contextlib.closing(held)


def _named(user: Person, instance: str) -> int:
    """Return the port of the address that the instance's page names."""
    found = re.search(r'href="http://localhost:(\d+)/"', user.page(instance))
    assert found
    return int(found[1])
