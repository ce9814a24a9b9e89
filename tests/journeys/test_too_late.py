"""What comes too late is a conflict that says how things stand; what isn't yours looks exactly like what isn't there."""

import re

import pytest

from roadstead.accounts.factories import person
from roadstead.catalog import factories as catalog
from roadstead.catalog.track import Status
from roadstead.clusters.factories import cluster, environment
from roadstead.packaging.factories import chart
from roadstead.reviews.factories import cast, submission
from roadstead.reviews.track import Stage
from tests.journeys.leftovers import nothing_left_behind, scratch
from tests.journeys.visitors import LANGUAGES, Visitor, upload

__all__ = ["scratch"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scratch")]
IS_NOW = (
    "The version is “{}” now, so this can't be done. Reload the page to see what can.",
    "版本现在是“{}”，不能这样操作。刷新页面可以看到现在能做什么。",
)
MOVED_ON = (
    "This review has moved on since you opened the page. Reload it to see where it is now.",
    "你打开页面之后，这次审核已经进入下一步。刷新页面查看现在的进度。",
)
NOTHING_HERE = ("There is nothing here, or it isn't yours to see.", "这里什么也没有，或者不对你开放。")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_submitting_twice(language: str) -> None:
    version = catalog.version()
    person("isv", version.owner.group)
    developer, address = Visitor(version.owner, language), f"/workbench/versions/{version.pk}/submit"
    assert developer.post(address)[0] == 302
    with nothing_left_behind():
        status, said = developer.refused(address)
    state = developer.says("Waiting for review", "等待审核")
    assert (status, said.refusal) == (409, developer.says(*IS_NOW).format(state))


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (Status.DRAFT, "release"),
        (Status.REJECTED, "release"),
        (Status.IN_REVIEW, "submit"),
        (Status.IN_REVIEW, "log"),
        (Status.ACTIVE, "submit"),
        (Status.ACTIVE, "release"),
        (Status.IN_REVIEW, "delete"),
    ],
)
def test_acts_out_of_their_time(language: str, status: Status, act: str) -> None:
    version = catalog.version(status, name="1.2.3")
    developer = Visitor(version.owner, language)
    with nothing_left_behind():
        answered, said = developer.refused(f"/workbench/versions/{version.pk}/{act}", {"name": "1.2.3", "description": "New."})
    expected = re.escape(developer.says(*IS_NOW)).replace(r"\{\}", ".+")
    assert answered == 409
    assert re.fullmatch(expected, said.refusal), said.refusal


def test_two_reviewers_and_a_page_that_is_old(language: str) -> None:
    people = cast()
    made = submission(people, stage=Stage.BUSINESS)
    first, second = Visitor(people.business, language), Visitor(person("business_reviewer"), language)
    address = f"/workbench/reviews/{made.pk}"
    assert first.post(f"{address}/claim?stage=business")[0] == 302
    with nothing_left_behind():
        status, said = second.refused(f"{address}/claim?stage=business")
    assert status == 409
    name, hours = people.business.name, 24
    assert said.refusal == second.says(
        f"{name} is processing this review. It can be taken over when nothing has happened for {hours} hours.",
        f"{name} 正在处理这次审核。{hours} 小时没有动作后可以接手。",
    )
    assert first.post(f"{address}/pass?stage=business")[0] == 302
    with nothing_left_behind():
        status, said = first.refused(f"{address}/pass?stage=business")
    assert (status, said.refusal) == (409, first.says(*MOVED_ON))


VERSION, APP = "/workbench/versions/{version}", "/workbench/apps/{app}"
REVIEW, INSTANCE = "/workbench/reviews/{review}", "/workbench/instances/{instance}"
PAGES = [
    *(APP + page for page in ("", "/information", "/information?tab=terms", "/confirm", "/created", "/versions/new")),
    *(VERSION + page for page in ("", "/package", "/download")),
    *(REVIEW + page for page in ("", "/test", "/package")),
    *(INSTANCE + page for page in ("", "?tab=pods", "/activity", "/live")),
    "/workbench/environments/{environment}",
    "/workbench/deploy/{version}",
    "/workbench/deploy/{version}?test=1",
    "/apps/{app}",
    "/apps/{app}/deploy",
    "/media/icons/{package}",
    "/api/v1/store/apps/{app}",
]
ACTS = [
    *(APP + act for act in ("/information", "/confirm", "/versions/new", "/delete")),
    *(VERSION + act for act in ("/package", "/log", "/submit", "/withdraw", "/release", "/suspend", "/recover", "/delete")),
    *(REVIEW + act for act in ("/claim?stage=provider", "/release", "/pass?stage=provider", "/reject?stage=provider", "/test")),
    *(INSTANCE + act for act in ("/delete", "/cease", "/jobs/{job}/cancel", "/jobs/{job}/retry", "/jobs/{job}/give-up")),
    "/workbench/deploy/{version}",
    "/workbench/deploy/{version}?test=1",
]
NOWHERE = {
    "app": "app-aaaaaaaaaaaaaaaa",
    "version": "appv-aaaaaaaaaaaaaaaa",
    "review": "appvr-aaaaaaaaaaaaaaaa",
    "instance": "cl-aaaaaaaaaaaaaaaa",
    "environment": "runtime-aaaaaaaaaaaaaaaa",
    "job": "j-aaaaaaaaaaaaaaaa",
    "package": "a" * 64,
}


@pytest.fixture
def foreign() -> dict[str, str]:
    """One of everything that belongs to somebody else, none of it in the store."""
    people = cast()
    made = submission(people)
    place = environment(people.developer, debug=True)
    instance = cluster(owner=people.developer, version=made.version, place=place, debug=True)
    return {
        "app": made.app_id,
        "version": made.version_id,
        "review": made.pk,
        "instance": instance.pk,
        "environment": place.pk,
        "job": NOWHERE["job"],
        "package": made.digest,
    }


def bare(page: str, ids: dict[str, str]) -> str:
    """A page without what differs from one answer to the next anyway, and without the ids that were asked for."""
    for name, key in ids.items():
        page = page.replace(key, f"<{name}>")
    return re.sub(r'(csrfmiddlewaretoken" value=|correlation":? ?)"[^"]+"', "", page)


@pytest.mark.parametrize("role", ["developer", "isv", "user"])
def test_what_is_not_yours_looks_as_if_it_were_not_there(language: str, foreign: dict[str, str], role: str) -> None:
    stranger = Visitor(catalog.developer() if role == "developer" else person(role), language)
    form = {"name": "x", "description": "New.", "reason": "No."}
    differing = []
    with nothing_left_behind():
        for method, addresses in ((stranger.get, PAGES), (lambda path: stranger.post(path, form), ACTS)):
            for address in addresses:
                answers = [(status, bare(page, ids)) for ids in (foreign, NOWHERE) for status, page in [method(address.format(**ids))]]
                if answers[0] != answers[1] or answers[0][0] != 404:
                    differing.append((address, [status for status, _page in answers]))
    assert differing == []


def test_a_foreign_page_says_what_a_missing_one_says(language: str, foreign: dict[str, str]) -> None:
    stranger = Visitor(catalog.developer(), language)
    with nothing_left_behind():
        packed = {"package": upload(chart(), "demo.tgz")}
        for address in (f"/workbench/apps/{foreign['app']}/versions/new", f"/workbench/versions/{foreign['version']}/package"):
            status, said = stranger.refused(address, packed)
            assert (status, said.refusal) == (404, stranger.says(*NOTHING_HERE))
