"""Every operation of a running release on a real control plane: done once however often it is asked for, and whole after a kill."""

import json
from functools import partial

import pytest

from roadstead.providers.kubernetes.scaling import REPLICAS
from roadstead.providers.kubernetes.tests.stories import PROVIDER, Story, blog, sample
from roadstead.runtimes.sdk import NameTaken, NotThere, Release, Unreachable

MORE = "replicaCount: 2\n"


def change(values: str, mark: str = "chg-1") -> Release:
    return Release("blog", "cl-1", sample(), values, mark)


def history(story: Story) -> list[tuple[int, str]]:
    return [(revision.number, revision.status) for revision in PROVIDER.revisions(story.target, blog())]


def wanted(story: Story) -> int:
    found = story.plane.kubectl("-n", story.target.namespace, "get", "deployment", "blog-wordpress", "-o", "json")
    return int(json.loads(found)["spec"]["replicas"])


def upgrade(story: Story, release: Release, seconds: float = 60) -> None:
    PROVIDER.upgrade(story.target, release, log=story.lines.append, seconds=seconds)


def roll_back(story: Story, revision: int, seconds: float = 60) -> None:
    PROVIDER.roll_back(story.target, blog(), revision=revision, log=story.lines.append, seconds=seconds)


def stick(story: Story, revision: int, status: str) -> None:
    """Leave a revision as a SIGKILL in the worst moment would."""
    secret = f"sh.helm.release.v1.blog.v{revision}"
    story.plane.kubectl("-n", story.target.namespace, "label", "secret", secret, f"status={status}", "--overwrite")


def test_an_upgrade_is_made_once_and_rolled_back_once(story: Story) -> None:
    story.install(blog(values="nameOverride: wordpress\n"))
    assert PROVIDER.settle(story.target, blog(), log=story.lines.append) == 1
    for _ in range(3):
        upgrade(story, change(MORE))
    assert (history(story), wanted(story)) == ([(2, "deployed"), (1, "superseded")], 2)
    newest, first = PROVIDER.revisions(story.target, blog())
    assert (newest.change, newest.values, first.change, first.values) == ("chg-1", MORE, "", "nameOverride: wordpress\n")
    assert newest.chart_version
    for _ in range(3):
        roll_back(story, 1)
    assert (len(history(story)), wanted(story)) == (3, 1)
    back = PROVIDER.revisions(story.target, blog())[0]
    assert (back.change, back.values) == ("", first.values)
    story.await_ready(blog())
    with pytest.raises(NotThere):
        roll_back(story, 9)


def test_anothers_release_is_never_changed(story: Story) -> None:
    story.install(blog("cl-theirs"))
    acts = (
        partial(upgrade, story, change(MORE)),
        partial(roll_back, story, 1),
        partial(PROVIDER.scale, story.target, blog(), running=False, log=print),
        partial(PROVIDER.events, story.target, blog()),
        partial(PROVIDER.settle, story.target, blog(), log=print),
    )
    for act in acts:
        with pytest.raises((NotThere, NameTaken)):
            act()
    assert PROVIDER.revisions(story.target, blog()) == ()
    assert wanted(story) == 1


@pytest.mark.parametrize("status", ["pending-upgrade", "pending-rollback"])
def test_a_change_stuck_pending_heals(story: Story, status: str) -> None:
    story.install(blog())
    upgrade(story, change(MORE))
    stick(story, 1, "deployed" if status == "pending-upgrade" else "superseded")
    stick(story, 2, status)
    upgrade(story, change(MORE, "chg-2"))
    assert any(f"was left {status}" in line for line in story.lines)
    assert history(story)[0] == (2, "deployed")
    assert wanted(story) == 2
    stick(story, 2, status)
    roll_back(story, 1)
    assert (history(story)[0][1], wanted(story)) == ("deployed", 1)


def test_stopping_and_starting_remembers_the_number(story: Story) -> None:
    story.install(blog(values=MORE))
    story.await_ready(blog())
    for _ in range(2):
        PROVIDER.scale(story.target, blog(), running=False, log=story.lines.append)
    assert wanted(story) == 0
    PROVIDER.await_stopped(story.target, blog(), log=story.lines.append, seconds=120, cancelled=lambda: False)
    assert [workload.pods for workload in PROVIDER.workloads(story.target, blog()).workloads] == [(), ()]
    for _ in range(2):
        PROVIDER.scale(story.target, blog(), running=True, log=story.lines.append)
    assert wanted(story) == 2
    story.await_ready(blog())
    assert REPLICAS not in story.plane.kubectl("-n", story.target.namespace, "get", "deployments,statefulsets", "-o", "json")


def test_events_and_logs_are_of_this_release_only(story: Story) -> None:
    story.install(blog())
    story.await_ready(blog())
    found = PROVIDER.events(story.target, blog())
    assert {"Deployment", "Pod"} <= {event.kind for event in found}
    assert all("blog" in event.name for event in found)
    assert [event.at for event in found] == sorted((event.at for event in found), reverse=True)
    pod = PROVIDER.workloads(story.target, blog()).workloads[0].pods[0].name
    with pytest.raises(Unreachable, match="addresses"):  # the testbed's nodes keep no logs: the request went through to them
        PROVIDER.pod_log(story.target, blog(), pod=pod, container="", lines=5, previous=False)
    with pytest.raises(NotThere):
        PROVIDER.pod_log(story.target, blog(), pod="stranger", container="", lines=5, previous=False)
