"""A pasted engine is data: what is kept of it, and everything that it is refused for."""

import json

import pytest

from roadstead.providers.docker.credentials import Access, check
from roadstead.providers.kubernetes.tests.pems import pair

KEY, OWN = pair("client")
AUTHORITY = pair("authority")[1]
GOOD = f"tcp://engine.test:2376\n{AUTHORITY}{OWN}{KEY}"


def test_what_is_kept_is_the_address_and_the_three_parts_written_anew() -> None:
    report = check(f"\n tcp://Engine.test \n\n{KEY}\n  {AUTHORITY}\n{OWN}")
    access = Access.stored(report.credential)
    assert (report.ok, report.local, report.summary) == (True, False, {"server": "engine.test:2376", "user": "client"})
    assert (access.host, access.authority, access.certificate, access.key) == ("tcp://engine.test:2376", AUTHORITY, OWN, KEY)
    assert KEY not in repr(report) + repr(access)
    assert check(GOOD).credential == check(GOOD.replace("\n", "\r\n")).credential


def test_logins_of_registries_are_kept_and_never_shown() -> None:
    report = check(GOOD.replace("\n", "\nregistry images.test:5000 keeper hushhush\n", 1))
    access = Access.stored(report.credential)
    assert (report.ok, report.summary) == (True, {"server": "engine.test:2376", "user": "client"})
    assert access.login("images.test:5000") == {"username": "keeper", "password": "hushhush"}
    assert access.login("images.test") == {}
    assert "hushhush" not in repr(access) + repr(report.summary)
    # What had none before is still the same credential.
    assert "registries" not in json.loads(check(GOOD).credential)


def test_a_socket_is_this_machine() -> None:
    report = check("unix:///run/docker.sock\n")
    assert (report.ok, report.local, json.loads(report.credential)["host"]) == (True, True, "unix:///run/docker.sock")


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ["docker_no_address"]),
        ("engine.test", ["docker_no_address"]),
        ("http://engine.test:2375", ["docker_scheme"]),
        ("ssh://root@engine.test", ["docker_scheme"]),
        ("npipe:////./pipe/docker_engine", ["docker_scheme"]),
        ("file:///etc/passwd", ["docker_scheme"]),
        ("tcp://engine.test:2375", ["docker_no_tls"]),
        ("tcp://user@engine.test\n" + AUTHORITY + OWN + KEY, ["docker_address_form"]),
        ("tcp://engine.test/path\n" + AUTHORITY + OWN + KEY, ["docker_address_form"]),
        ("tcp://169.254.169.254\n" + AUTHORITY + OWN + KEY, ["docker_address_forbidden"]),
        ("tcp://metadata.google.internal", ["docker_address_forbidden", "docker_no_tls"]),
        ("unix://run/docker.sock", ["docker_socket_form"]),
        ("unix:///run/../etc/docker.sock", ["docker_socket_form"]),
        ("unix:///run/docker.sock\nmore", ["docker_socket_form"]),
        ("unix:///run/$(id).sock", ["docker_socket_form"]),
        (GOOD + "\nregistry images.test keeper", ["docker_registry_form"]),
        ("unix:///run/docker.sock\nregistry images.test keeper two words", ["docker_registry_form"]),
        (GOOD + "\n/root/.docker/key.pem", ["docker_stray_text"]),
        ("tcp://engine.test\n" + AUTHORITY + OWN, ["docker_no_key"]),
        ("tcp://engine.test\n" + AUTHORITY + OWN + KEY + pair("other")[0], ["docker_several_keys"]),
        ("tcp://engine.test\n" + AUTHORITY + KEY, ["docker_no_certificate"]),
        ("tcp://engine.test\n" + OWN + KEY, ["docker_no_authority"]),
        ("tcp://engine.test\n" + AUTHORITY + OWN + KEY.replace("M", "N", 3), ["docker_bad_pem"]),
        ("tcp://engine.test\n" + AUTHORITY + OWN[:60] + OWN[90:] + KEY, ["docker_bad_pem", "docker_no_certificate"]),
        ("x" * 200_000, ["docker_credential_too_large"]),
    ],
)
def test_everything_wrong_is_said_and_nothing_is_kept(content: str, codes: list[str]) -> None:
    report = check(content)
    assert [problem.code for problem in report.problems] == codes
    assert report.credential == ""
    assert all(problem.message != problem.code for problem in report.problems)
