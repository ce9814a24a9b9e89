"""Stories on a real control plane: rights, marks, the sample's whole life, and Helm killed in the middle."""

import json
from dataclasses import replace

import pytest

from roadstead.providers.kubernetes.client import Api
from roadstead.providers.kubernetes.kubeconfig import Kubeconfig
from roadstead.providers.kubernetes.namespaces import MARK
from roadstead.providers.kubernetes.tests.stories import PROVIDER, Story, blog, sample
from roadstead.runtimes.sdk import CredentialRefused, Interrupted, NameTaken, NotThere, ProviderError, Refused, Release, TimedOut
from tests.testbeds.kubernetes import ControlPlane


def test_the_samples_whole_life(story: Story) -> None:
    PROVIDER.check_release(story.target, blog())
    story.install(blog())
    story.install(blog())  # found, not made again
    assert any("installed already" in line for line in story.lines)
    story.await_ready(blog())
    assert any(line == "Deployment blog-wordpress: 1/1 ready" for line in story.lines)
    view = PROVIDER.workloads(story.target, blog())
    assert [(one.kind, one.name, one.ready, one.wanted, len(one.pods)) for one in view.workloads] == [
        ("Deployment", "blog-wordpress", 1, 1, 1),
        ("StatefulSet", "blog-mariadb", 1, 1, 1),
    ]
    facts = {(other.kind, other.name): other.facts for other in view.others}
    assert facts["Secret", "blog-mariadb"] == {"keys": "2"}
    assert facts["PersistentVolumeClaim", "data-blog-mariadb-0"]["status"] == "Bound"
    assert [endpoint.address for endpoint in view.endpoints][-1] == f"blog-wordpress.{story.target.namespace}.svc:80"
    assert view.notes.startswith("WordPress 6.8.3")
    assert not view.problems
    story.remove(blog(), keep_history=True)
    story.remove(blog(), keep_history=True)
    story.await_gone(blog())
    assert PROVIDER.workloads(story.target, blog()).status == "uninstalled"
    with pytest.raises(NameTaken):  # the history keeps the name
        PROVIDER.check_release(story.target, blog("cl-2"))
    story.remove(blog())
    story.remove(blog())
    story.await_gone(blog())
    PROVIDER.check_release(story.target, blog("cl-2"))
    assert story.names("all,pvc,secret") == []


def test_no_password_is_shown(story: Story) -> None:
    story.install(blog())
    secrets = json.loads(story.plane.kubectl("-n", story.target.namespace, "get", "secret", "blog-mariadb", "-o", "json"))["data"]
    shown = json.dumps(PROVIDER.workloads(story.target, blog()).as_dict()) + "".join(story.lines)
    assert not any(value in shown for value in secrets.values())


def test_anothers_release_is_never_touched(story: Story) -> None:
    story.install(blog("cl-theirs"))
    with pytest.raises(NameTaken):
        PROVIDER.check_release(story.target, blog())
    with pytest.raises(NameTaken):
        story.install(blog())
    with pytest.raises(NotThere):
        PROVIDER.workloads(story.target, blog())
    story.remove(blog())
    story.await_gone(blog())
    assert PROVIDER.workloads(story.target, blog("cl-theirs")).status == "deployed"


def test_why_pods_do_not_run_is_said_while_waiting_and_at_the_end(story: Story) -> None:
    story.install(blog(values="nodeSelector: {no: such-node}"))
    with pytest.raises(TimedOut) as late:
        story.await_ready(blog(), seconds=3)
    assert "Deployment blog-wordpress 0/1" in late.value.problem.message
    assert any("Unschedulable" in line for line in story.lines)
    assert PROVIDER.workloads(story.target, blog()).workloads[0].pods[0].reason == "Unschedulable"
    with pytest.raises(Interrupted):
        story.await_ready(blog(), cancelled=True)


@pytest.mark.parametrize(
    ("release", "said"),
    [
        (Release("blog", "cl-1", b"no chart"), "Helm"),
        (Release("blog", "cl-1", sample(), "replicaCount: many"), "replicaCount"),
        (Release("Blog_", "cl-1", sample()), "name"),
    ],
)
def test_what_helm_refuses_leaves_nothing(story: Story, release: Release, said: str) -> None:
    with pytest.raises(ProviderError, match=said):
        story.install(release)
    assert story.names("all,pvc,secret") == []


def test_rights_are_asked_before_anything_is_made(story: Story) -> None:
    assert PROVIDER.probe(story.target, seconds=5) == ()
    assert PROVIDER.probe(story.account("admin"), seconds=5) == ()
    problems = PROVIDER.probe(story.account("view"), seconds=5)
    assert [problem.code for problem in problems] == ["credential_rights"]
    assert "create deployments.apps" in problems[0].message
    stranger = replace(story.target, credential=replace(Kubeconfig.stored(story.target.credential), token="wrong").as_text())
    assert [problem.code for problem in PROVIDER.probe(stranger, seconds=5)] == ["credential_refused"]
    with pytest.raises(CredentialRefused):
        PROVIDER.check_release(stranger, blog())


def test_an_account_of_one_namespace_is_enough_for_a_release(story: Story) -> None:
    target = story.account("admin")
    PROVIDER.claim_namespace(target, stale=lambda _mark: False)
    PROVIDER.install(target, blog(), log=story.lines.append, seconds=60)
    PROVIDER.await_ready(target, blog(), log=story.lines.append, seconds=30, cancelled=lambda: False)
    elsewhere = replace(target, namespace="default")
    assert [problem.code for problem in PROVIDER.probe(elsewhere, seconds=5)] == ["credential_rights"]


def test_a_namespace_carries_one_mark(story: Story, kubernetes: ControlPlane) -> None:
    mine, theirs = story.target, replace(story.target, mark="runtime-theirs")

    def mark() -> str:
        return str(
            json.loads(kubernetes.kubectl("get", "ns", mine.namespace, "-o", "json"))["metadata"].get("annotations", {}).get(MARK, "")
        )

    PROVIDER.claim_namespace(mine, stale=lambda _mark: False)
    with pytest.raises(NameTaken):
        PROVIDER.claim_namespace(theirs, stale=lambda _mark: False)
    PROVIDER.ensure_namespace(theirs)
    PROVIDER.release_namespace(theirs)
    assert mark() == "runtime-mine"
    PROVIDER.claim_namespace(theirs, stale=lambda held: held == "runtime-mine")
    assert mark() == "runtime-theirs"
    PROVIDER.release_namespace(theirs)
    assert mark() == ""


def test_two_cannot_claim_one_namespace_at_once(story: Story) -> None:
    api = Api(Kubeconfig.stored(story.target.credential))
    PROVIDER.release_namespace(story.target)
    found = api.get(f"/api/v1/namespaces/{story.target.namespace}")
    PROVIDER.claim_namespace(replace(story.target, mark="runtime-quick"), stale=lambda _mark: False)
    change = {"metadata": {"annotations": {MARK: "runtime-slow"}, "resourceVersion": found["metadata"]["resourceVersion"]}}
    with pytest.raises(Refused):
        api.call("PATCH", f"/api/v1/namespaces/{story.target.namespace}", body=change)


def test_a_pending_release_is_cleared(story: Story) -> None:
    """What a SIGKILL leaves in the worst moment: a release that is pending for ever, with some of its objects made."""
    story.install(blog())
    secret = "sh.helm.release.v1.blog.v1"
    story.plane.kubectl("-n", story.target.namespace, "label", "secret", secret, "status=pending-install", "--overwrite")
    story.plane.kubectl("-n", story.target.namespace, "delete", "service", "blog-wordpress")
    story.install(blog())
    assert any("pending-install" in line for line in story.lines)
    assert "service/blog-wordpress" in story.names("service")
    assert PROVIDER.workloads(story.target, blog()).status == "deployed"
