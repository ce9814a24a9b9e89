"""A bad credential or place is refused at its field in both languages, and neither a row nor the cluster is touched."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

from roadstead.accounts.factories import person
from tests.journeys.bad_clusters import TOKEN, closed_port, kubeconfig, running_a_program, silent
from tests.journeys.leftovers import Berth, berth, nothing_left_behind, scratch
from tests.journeys.visitors import LANGUAGES, Visitor

__all__ = ["berth", "scratch"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scratch")]
NEW = "/workbench/environments/new"
TRIED = ("The connection was tried and didn't work. What went wrong is listed below.", "试过连接，没有成功，原因列在下面。")


@pytest.fixture(params=LANGUAGES)
def user(request: pytest.FixtureRequest) -> Visitor:
    return Visitor(person("user"), request.param)


def wish(content: str, zone: str = "shop") -> dict[str, str]:
    return {"provider": "kubernetes", "content": content, "zone": zone, "name": "Staging"}


def server_of(content: str) -> str:
    """Host and port of a kubeconfig's address."""
    return str(json.loads(content)["clusters"][0]["cluster"]["server"]).removeprefix("https://")


def test_a_kubeconfig_that_runs_a_program(user: Visitor) -> None:
    with nothing_left_behind():
        status, said = user.refused(NEW, wish(running_a_program()))
    assert status == 422
    assert said.fields == {
        "content": user.says("This can't be used to sign in. What is wrong is listed below.", "不能用它登录，问题列在下面。")
    }
    [(place, words)] = said.problems
    assert place == "users[0].user.exec"
    assert words.startswith(
        user.says(
            "This kubeconfig signs in by running a program, which Roadstead never does. Make one with a service account's token instead:",
            "这个 kubeconfig 靠运行程序登录，Roadstead 从不这样做。改用服务账户的令牌，命令如下：",
        )
    )
    assert "kubectl -n kube-system create serviceaccount roadstead" in words


def test_an_unreachable_server(user: Visitor) -> None:
    content = closed_port()
    with nothing_left_behind():
        status, said = user.refused(NEW, wish(content))
    assert (status, said.fields) == (422, {"content": user.says(*TRIED)})
    english = "{} can't be reached: Connection refused. Check the address, and that Roadstead's machine may connect to it."
    chinese = "无法连接 {}：Connection refused。检查地址，并确认 Roadstead 所在的机器可以访问它。"
    assert said.problems == [("", user.says(english, chinese).format(server_of(content)))]


def test_a_server_that_accepts_tls_and_never_answers(user: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough for the handshake on a busy machine: what is waited for in vain is the answer.
    monkeypatch.setattr(settings.OPTIONS, "connection_timeout", 8.2)
    with silent(tmp_path) as content, nothing_left_behind():
        status, said = user.refused(NEW, wish(content))
    assert (status, said.fields) == (422, {"content": user.says(*TRIED)})
    english = "{} accepts connections but didn't answer within # s. Check that it's an API server and is well."
    chinese = "{} 接受连接，但 # 秒内没有回应。确认它是 API 服务器并且运行正常。"
    told = [(field, re.sub(r"\b[5-8](?= s\.| 秒)", "#", words)) for field, words in said.problems]
    assert told == [("", user.says(english, chinese).format(server_of(content)))]


def test_a_wrong_token(user: Visitor, berth: Berth) -> None:
    content = berth.cluster.kubeconfig.replace(berth.cluster.token, TOKEN)
    with nothing_left_behind(berth):
        status, said = user.refused(NEW, wish(content, f"{berth.prefix}shop"))
    assert (status, said.fields) == (422, {"content": user.says(*TRIED)})
    english = "{} doesn't accept this credential. It may have expired or been revoked: make a new one."
    chinese = "{} 不接受这个凭据。它可能已过期或被撤销，重新生成一个。"
    assert said.problems == [("", user.says(english, chinese).format(server_of(content)))]


def test_a_server_whose_certificate_is_not_trusted(user: Visitor, berth: Berth) -> None:
    content = kubeconfig(berth.cluster.server, token=berth.cluster.token)
    with nothing_left_behind(berth):
        status, said = user.refused(NEW, wish(content, f"{berth.prefix}shop"))
    assert (status, said.fields) == (422, {"content": user.says(*TRIED)})
    [(_place, words)] = said.problems
    server = server_of(content)
    assert words.startswith(user.says(f"The certificate of {server} isn't trusted: ", f"{server} 的证书不可信："))


def test_an_account_without_rights(user: Visitor, berth: Berth) -> None:
    account, zone = f"{berth.prefix}idle", f"{berth.prefix}shop"
    berth.cluster.kubectl("create", "serviceaccount", account, "-n", "default")
    token = berth.cluster.kubectl("create", "token", account, "-n", "default").strip()
    with nothing_left_behind(berth):
        status, said = user.refused(NEW, wish(berth.cluster.kubeconfig.replace(berth.cluster.token, token), zone))
    assert (status, said.fields) == (422, {"content": user.says(*TRIED)})
    [(_place, words)] = said.problems
    assert words.startswith(
        user.says(
            f"The credential lacks rights in the namespace {zone}: create secrets", f"凭据在命名空间 {zone} 中缺少权限：create secrets"
        )
    )


@pytest.fixture
def zone(user: Visitor, berth: Berth) -> str:
    """A namespace with an environment of the user, made through the page."""
    name = f"{berth.prefix}own"
    status, page = user.post(NEW, wish(berth.cluster.kubeconfig, name))
    assert status == 302, page
    return name


def test_a_namespace_that_is_had_already(user: Visitor, berth: Berth, zone: str) -> None:
    stranger = Visitor(person("user"), user.language)
    with nothing_left_behind(berth):
        status, said = user.refused(NEW, wish(berth.cluster.kubeconfig, zone))
        foreign, seen = stranger.refused(NEW, wish(berth.cluster.kubeconfig, zone))
    english = "You have an environment for this namespace already: “Staging”. Use that one, or choose another namespace."
    chinese = "这个命名空间已有环境“Staging”。使用它，或换一个命名空间。"
    assert (status, said.fields) == (409, {"zone": user.says(english, chinese)})
    english = f"This namespace can't be used. The namespace {zone} belongs to another environment already. Choose another namespace."
    chinese = f"这个命名空间不能使用。命名空间 {zone} 已属于另一个环境。换一个命名空间。"
    assert (foreign, seen.fields) == (422, {"zone": user.says(english, chinese)})


def test_a_namespace_without_a_proper_name(user: Visitor, berth: Berth) -> None:
    with nothing_left_behind(berth):
        status, said = user.refused(NEW, wish(berth.cluster.kubeconfig, f"{berth.prefix}Shop"))
    english = "A namespace has 1–63 lower-case letters, digits and hyphens, with a letter or digit at both ends."
    chinese = "命名空间有 1–63 个小写字母、数字和连字符，首尾是字母或数字。"
    refused = user.says(f"This namespace can't be used. {english}", f"这个命名空间不能使用。{chinese}")
    assert (status, said.fields) == (422, {"zone": refused})
