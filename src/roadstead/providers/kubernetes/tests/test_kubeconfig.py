"""Promise I1: a pasted kubeconfig is data. A corpus with a canary command and a canary file: none run, none read."""

import builtins
import json
import os
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.utils import translation

from roadstead.providers.kubernetes.kubeconfig import Kubeconfig, check
from roadstead.providers.kubernetes.tests.pems import packed, pair

KEY, CERTIFICATE = pair()
OTHER_KEY, _OTHER = pair("other")
SIGNED = {"client-certificate-data": packed(CERTIFICATE), "client-key-data": packed(KEY)}
Part = dict[str, Any]


def config(cluster: Part | None = None, user: Part | None = None, *, current: str = "x", **top: Any) -> str:
    whole = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": "https://10.1.2.3:6443"} | (cluster or {})}],
        "users": [{"name": "u", "user": {"token": "t0ken"} if user is None else user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "shop"}}],
        "current-context": current,
    }
    return yaml.safe_dump(whole | top)


def found(text: str) -> list[tuple[str, str]]:
    """Return places and codes, after making sure that every problem speaks two languages."""
    report = check(text)
    for problem in report.problems:
        said = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.append(problem.message)
        assert said[0] != said[1], problem.code
        assert "%(" not in said[0] + said[1]
    assert report.ok == (not report.problems)
    assert bool(report.credential) == report.ok
    return [(problem.where, problem.code) for problem in report.problems]


def odd(pem: str) -> str:
    """Return a key or a certificate of a kind that the library doesn't know: the number of elliptic curves, changed."""
    return changed(pem, b"\x2a\x86\x48\xce\x3d\x02\x01", b"\x2a\x86\x48\xce\x3d\x02\x7f")


def future() -> str:
    """Return a certificate of a version that doesn't exist."""
    return changed(CERTIFICATE, b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x7f")


def changed(pem: str, old: bytes, new: bytes) -> str:
    first, *middle, last = pem.strip().splitlines()
    data = b64decode("".join(middle))
    assert old in data
    return "\n".join((first, b64encode(data.replace(old, new, 1)).decode(), last, ""))


USER, CLUSTER = "users[0].user", "clusters[0].cluster"
REFUSED: list[tuple[str, list[tuple[str, str]]]] = [
    (config(user={"exec": {"command": "CANARY"}}), [(f"{USER}.exec", "kubeconfig_exec")]),
    (config(user={"auth-provider": {"config": {"cmd-path": "CANARY"}}}), [(f"{USER}.auth-provider", "kubeconfig_auth_provider")]),
    (config(user={"tokenFile": "CANARY"}), [(f"{USER}.tokenFile", "kubeconfig_file_path")]),
    (config(user={"client-certificate": "CANARY"}), [(f"{USER}.client-certificate", "kubeconfig_file_path")]),
    (config(user={"client-key": "CANARY", "token": "t"}), [(f"{USER}.client-key", "kubeconfig_file_path")]),
    (config({"certificate-authority": "CANARY"}), [(f"{CLUSTER}.certificate-authority", "kubeconfig_file_path")]),
    (config({"proxy-url": "http://proxy"}), [(f"{CLUSTER}.proxy-url", "kubeconfig_proxy")]),
    (config({"insecure-skip-tls-verify": True}), [(f"{CLUSTER}.insecure-skip-tls-verify", "kubeconfig_insecure")]),
    (config({"tls-server-name": "x"}), [(f"{CLUSTER}.tls-server-name", "kubeconfig_field_unsupported")]),
    (config(user={"token": "t", "as": "admin"}), [(f"{USER}.as", "kubeconfig_field_unsupported")]),
    (
        config(user={"username": "a", "password": "b"}),
        [(f"{USER}.password", "kubeconfig_password"), (f"{USER}.username", "kubeconfig_password")],
    ),
    (config({"server": "http://10.1.2.3"}), [(f"{CLUSTER}.server", "kubeconfig_server_http")]),
    (config({"server": ""}), [(f"{CLUSTER}.server", "kubeconfig_no_server")]),
    (config({"server": "https://a@b"}), [(f"{CLUSTER}.server", "kubeconfig_server_form")]),
    (config({"server": "file:///CANARY"}), [(f"{CLUSTER}.server", "kubeconfig_server_form")]),
    (config({"server": ["https://b"]}), [(f"{CLUSTER}.server", "kubeconfig_not_text"), (f"{CLUSTER}.server", "kubeconfig_no_server")]),
    (config({"server": "https://169.254.169.254"}), [(f"{CLUSTER}.server", "kubeconfig_server_forbidden")]),
    (config({"certificate-authority-data": "CANARY"}), [(f"{CLUSTER}.certificate-authority-data", "kubeconfig_certificate")]),
    (config({"certificate-authority-data": packed(KEY)}), [(f"{CLUSTER}.certificate-authority-data", "kubeconfig_certificate")]),
    (config(user={}), [(USER, "kubeconfig_no_user")]),
    (config(user={"token": "two words"}), [(f"{USER}.token", "kubeconfig_token")]),
    (config(user={"client-key-data": packed(KEY)}), [(USER, "kubeconfig_half_pair")]),
    (config(user=SIGNED | {"client-key-data": packed(OTHER_KEY)}), [(f"{USER}.client-key-data", "kubeconfig_key_mismatch")]),
    (config(user=SIGNED | {"client-key-data": packed("nothing")}), [(f"{USER}.client-key-data", "kubeconfig_key")]),
    (config(user=SIGNED | {"client-key-data": packed(odd(KEY))}), [(f"{USER}.client-key-data", "kubeconfig_key")]),
    (config(user=SIGNED | {"client-certificate-data": packed(odd(CERTIFICATE))}), [(f"{USER}.client-key-data", "kubeconfig_key_mismatch")]),
    (config(user=SIGNED | {"client-certificate-data": packed(future())}), [(f"{USER}.client-certificate-data", "kubeconfig_certificate")]),
    (config({"certificate-authority-data": packed(future())}), [(f"{CLUSTER}.certificate-authority-data", "kubeconfig_certificate")]),
    (config(current="y"), [("current-context", "kubeconfig_no_context")]),
    (
        config(current="", contexts=[{"name": name, "context": {"cluster": "c", "user": "u"}} for name in "xy"]),
        [("current-context", "kubeconfig_no_context_chosen")],
    ),
    (config(users=[{"name": "z", "user": {"token": "t"}}]), [("contexts[0].context.user", "kubeconfig_no_entry")]),
    (config(users=[]), [("", "kubeconfig_expected")]),
    (config(clusters="CANARY"), [("", "kubeconfig_expected")]),
    ("", [("", "kubeconfig_expected")]),
    ("- a\n- b\n", [("", "kubeconfig_expected")]),
    ("just words", [("", "kubeconfig_expected")]),
    ("a: }", [("line 1", "kubeconfig_not_yaml")]),
    ("a: b\0", [("", "kubeconfig_not_yaml")]),
    ("a: 1\nb: 2\na: 3\n", [("line 3", "kubeconfig_duplicate_key")]),
    ("a: &x [1]\nb: *x\n", [("line 2", "kubeconfig_too_complex")]),
    ("a: b\n---\nc: d\n", [("line 2", "kubeconfig_too_complex")]),
    ("[" * 200_000, [("line 1", "kubeconfig_too_complex")]),
    ("a" * 300_000, [("", "kubeconfig_too_large")]),
    ("? [a]\n: b\n", [("line 1", "kubeconfig_too_complex")]),
    ("a: !!python/object/apply:os.system ['CANARY']\n", [("", "kubeconfig_expected")]),
]


@pytest.fixture(name="canary")
def _canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command that leaves a trace, which is also a file whose reading is noticed."""
    command = tmp_path / "canary"
    command.write_text(f"#!/bin/sh\ntouch {tmp_path}/executed\n")
    command.chmod(0o755)
    opened: Any = builtins.open

    def watch(path: Any, *arguments: Any, **options: Any) -> Any:
        assert str(command) not in str(path), "the canary file was opened"
        return opened(path, *arguments, **options)

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(builtins, "open", watch)
    monkeypatch.setattr("io.open", watch)
    monkeypatch.setattr(os, "system", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    return command


@pytest.mark.parametrize(("text", "problems"), REFUSED)
def test_what_is_not_plain_data_is_refused_with_its_place(canary: Path, text: str, problems: list[tuple[str, str]]) -> None:
    assert found(text.replace("CANARY", str(canary))) == problems
    assert not canary.with_name("executed").exists()


def test_all_reasons_are_told_at_once() -> None:
    text = config({"proxy-url": "p", "server": "http://10.0.0.1"}, {"exec": {"command": "c"}, "tokenFile": "/f"})
    assert {code for _where, code in found(text)} == {
        "kubeconfig_proxy", "kubeconfig_exec", "kubeconfig_file_path", "kubeconfig_server_http",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_refusal_of_a_program_shows_the_way_out(language: str) -> None:
    with translation.override(language):
        message = check(config(user={"exec": {"command": "aws"}})).problems[0].message
    assert "kubectl -n kube-system create serviceaccount roadstead" in message
    assert "create token roadstead" in message


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (config(), {"server": "10.1.2.3:6443", "user": "token", "namespace": "shop"}),
        (config(user=SIGNED), {"server": "10.1.2.3:6443", "user": "tester", "namespace": "shop"}),
        (config({"server": "https://[::1]:6443/k8s/clusters/c-1"}), {"server": "[::1]:6443", "user": "token", "namespace": "shop"}),
        (
            config({"insecure-skip-tls-verify": False, "extensions": [{"name": "x"}]}),
            {"server": "10.1.2.3:6443", "user": "token", "namespace": "shop"},
        ),
        (config(current=""), {"server": "10.1.2.3:6443", "user": "token", "namespace": "shop"}),
        (
            config(user={"token": "e30.eyJzdWIiOiJzeXN0ZW06c2E6eCJ9.s"}),
            {"server": "10.1.2.3:6443", "user": "system:sa:x", "namespace": "shop"},
        ),
        # A token is its server's affair: one that only looks like a JWT is no fault, however deep.
        (
            config(user={"token": f"e30.{b64encode(b'[' * 30_000).decode()}.s"}),
            {"server": "10.1.2.3:6443", "user": "token", "namespace": "shop"},
        ),
    ],
)
def test_plain_ones_are_accepted(text: str, summary: dict[str, str]) -> None:
    report = check(text)
    assert report.problems == ()
    assert {fact: told for fact, told in report.summary.items() if fact != "cluster"} == summary


def test_what_is_kept_is_rebuilt_from_the_allowlist() -> None:
    text = config(
        {"certificate-authority-data": packed("comment\n" + CERTIFICATE)}, SIGNED | {"token": "t0ken"}, preferences={"colors": True}
    )
    kept = json.loads(check(text).credential)
    assert set(kept["clusters"][0]["cluster"]) == {"server", "certificate-authority-data"}
    assert set(kept["users"][0]["user"]) == {"client-certificate-data", "client-key-data", "token"}
    assert {name for part in ("clusters", "users", "contexts") for name in (kept[part][0]["name"],)} == {"roadstead"}
    again = Kubeconfig.stored(check(text).credential)
    assert again == Kubeconfig("https://10.1.2.3:6443", CERTIFICATE, CERTIFICATE, KEY, "t0ken")
    assert Kubeconfig.stored(again.as_text("shop")) == again


def test_another_users_program_is_dropped_unread() -> None:
    users = [{"name": "evil", "user": {"exec": {"command": "x"}}}, {"name": "u", "user": {"token": "t0ken"}}]
    report = check(config(users=users))
    assert report.ok
    assert "exec" not in report.credential


def test_secrets_do_not_show_in_what_is_printed() -> None:
    report = check(config(user=SIGNED | {"token": "t0ken"}))
    assert "t0ken" not in repr(report) + repr(Kubeconfig.stored(report.credential))
    assert packed(KEY) not in repr(report)


@pytest.mark.parametrize(
    ("server", "cluster"),
    [
        ("https://One.Example", "one.example:443"),
        ("https://one.example:443/", "one.example:443"),
        ("https://one.example/k8s/clusters/c-a", "one.example:443/k8s/clusters/c-a"),
    ],
)
def test_one_cluster_is_told_from_another(server: str, cluster: str) -> None:
    assert check(config(cluster={"server": server})).summary["cluster"] == cluster
