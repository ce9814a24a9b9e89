"""Servers that misbehave: each becomes a clear problem within the limit, in both languages, without a word of the credential."""

import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.kubeconfig import Kubeconfig
from roadstead.providers.kubernetes.provider import KubernetesProvider
from roadstead.providers.kubernetes.tests.pems import pair, server
from roadstead.runtimes.sdk import CredentialRefused, ProviderError, Refused, Target, TimedOut, Unreachable

TOKEN = "canary-token-5521"
Behaviour = Callable[[ssl.SSLSocket], None]


def silent(connection: ssl.SSLSocket) -> None:
    time.sleep(6)


def dripping(connection: ssl.SSLSocket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _second in range(60):
        connection.sendall(b" ")
        time.sleep(0.1)


def saying(status: str, body: str, *headers: str) -> Behaviour:
    def answer(connection: ssl.SSLSocket) -> None:
        connection.recv(4096)
        head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
        connection.sendall("\r\n".join(head).encode() + body.encode())

    return answer


def refusal(message: str) -> str:
    return f'{{"kind": "Status", "message": "{message}"}}'


@pytest.mark.parametrize(
    ("behave", "error", "code"),
    [
        (silent, TimedOut, "cluster_no_answer"),
        (dripping, TimedOut, "cluster_no_answer"),
        (saying("200 OK", "<html>"), Refused, "cluster_not_an_api"),
        (saying("302 Found", "", "Location: https://169.254.169.254/"), Refused, "cluster_not_an_api"),
        (saying("401 Unauthorized", refusal("Unauthorized")), CredentialRefused, "credential_refused"),
        (saying("403 Forbidden", refusal("forbidden: x")), CredentialRefused, "credential_forbidden"),
        (saying("422 No", refusal("invalid")), Refused, "cluster_refused"),
        (saying("503 Down", refusal("etcd")), Unreachable, "cluster_trouble"),
    ],
)
def test_a_misbehaving_server_is_named(tmp_path: Path, behave: Behaviour, error: type[ProviderError], code: str) -> None:
    with server(tmp_path, behave) as address, pytest.raises(error) as raised:
        Api(Kubeconfig(address, authority=pair()[1], token=TOKEN), seconds=1 if error is TimedOut else 30).get("/version")
    assert raised.value.problem.code == code
    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(raised.value.problem.message)
    assert said[0] != said[1]
    assert TOKEN not in "".join(said)


def test_an_unknown_authority_is_not_trusted(tmp_path: Path) -> None:
    with server(tmp_path, saying("200 OK", "{}")) as address, pytest.raises(Unreachable) as raised:
        Api(Kubeconfig(address, token=TOKEN), seconds=2).get("/version")
    assert raised.value.problem.code == "cluster_tls"


def test_a_closed_port_and_an_unknown_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    for address, code in ((f"https://127.0.0.1:{port}", "cluster_unreachable"), ("https://no-such-host.invalid", "cluster_name_unknown")):
        with pytest.raises(Unreachable) as raised:
            Api(Kubeconfig(address), seconds=2).get("/version")
        assert raised.value.problem.code == code
        assert not raised.value.permanent


def test_a_name_that_leads_to_a_forbidden_address_gets_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[bytes] = []
    monkeypatch.setattr("roadstead.providers.kubernetes.client.forbidden_address", lambda _address: True)
    with server(tmp_path, lambda connection: got.append(connection.recv(4096))) as address, pytest.raises(CredentialRefused) as raised:
        Api(Kubeconfig(address, authority=pair()[1], token=TOKEN), seconds=2).get("/version")
    assert raised.value.problem.code == "kubeconfig_server_forbidden"
    assert got == []


def test_the_environments_proxy_takes_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with server(tmp_path, saying("200 OK", '{"gitVersion": "v1"}')) as address:
        assert Api(Kubeconfig(address, authority=pair()[1]), seconds=2).get("/version") == {"gitVersion": "v1"}


def test_an_endless_answer_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roadstead.providers.kubernetes.client.MAX_ANSWER", 1000)
    with server(tmp_path, saying("200 OK", " " * 5000)) as address, pytest.raises(Unreachable):
        Api(Kubeconfig(address, authority=pair()[1]), seconds=2).get("/version")


def test_a_silent_server_is_a_problem_of_the_probe_not_an_error(tmp_path: Path) -> None:
    with server(tmp_path, silent) as address:
        config = Kubeconfig(address, authority=pair()[1], token=TOKEN).as_text()
        problems = KubernetesProvider().probe(Target(config, "shop"), seconds=1)
    assert [problem.code for problem in problems] == ["cluster_no_answer"]
