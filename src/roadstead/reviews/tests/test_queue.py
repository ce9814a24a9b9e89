"""The queue: what is late, what the filters leave, the figures above it, and the reasons of a rejection."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.core.clock import now
from roadstead.core.errors import DomainError
from roadstead.reviews import services
from roadstead.reviews.factories import Cast, cast, pass_stage, submission
from roadstead.reviews.filters import in_state
from roadstead.reviews.models import Claim, Decision, Submission
from roadstead.reviews.plots import figures_for, line
from roadstead.reviews.track import Stage, Verdict


@pytest.fixture
def people() -> Cast:
    return cast()


def shown(actor: User, **query: str) -> str:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(actor)
    return client.get("/workbench/reviews", query).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "late"), [(47, False), (49, True)])
def test_what_waits_past_the_goal_says_so(people: Cast, hours: int, *, late: bool) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    Submission.objects.filter(pk=made.pk).update(stage_at=now() - timedelta(hours=hours))
    assert ("rs-late" in shown(people.business)) == late


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "found"), [("type", "helm", True), ("type", "vm", False), ("provider", "", True), ("provider", "vdr-x", False)]
)
def test_filters(people: Cast, name: str, value: str, *, found: bool) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    provider = made.app.provider
    assert provider is not None
    text = shown(people.business, **{name: value or provider.pk})
    assert (made.pk in text, "Clear filters" in text) == (found, not found)
    assert provider.company_name in text


@pytest.mark.django_db
def test_the_figures_are_of_ones_own_stages(people: Cast) -> None:
    waits, done = (submission(people, stage=Stage.BUSINESS) for _ in range(2))
    pass_stage(people, done, Stage.BUSINESS)
    Decision.objects.filter(submission=done, stage=Stage.BUSINESS).update(started_at=now() - timedelta(hours=5))
    services.claim(actor=people.business, submission_id=waits.pk, stage=Stage.BUSINESS)
    found = figures_for(people.business, [waits.stage_at])
    assert (found.longest, found.passed, found.rejected, found.mine) == (waits.stage_at, 1, 0, 1)
    assert found.median is not None
    assert round(found.median / timedelta(hours=1)) == 5
    assert found.done_line.count(",") == 8
    nobody = figures_for(person("technical_reviewer"), [])
    assert (nobody.longest, nobody.median, nobody.passed, nobody.mine, nobody.done_line) == (None, None, 0, 0, "")


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], ""), ([1], ""), ([0, 2], "3.0,25.0 81.0,3.0"), ([1, 1], "3.0,25.0 81.0,25.0"), ([2, 0, 1], "3.0,3.0 42.0,25.0 81.0,14.0")],
)
def test_sparklines_stay_inside_their_frame(values: list[float], expected: str) -> None:
    assert line(values) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ({"common": ["0"]}, "The introduction or the screenshots don't show what the app does."),
        ({"common": ["2"], "reason": " Add them. "}, "The terms of service are missing.\nAdd them."),
        ({"reason": "No."}, "No."),
        ({"reason": " "}, ""),
        ({"common": ["99"], "reason": "No."}, ""),
        ({"common": ["0", "1", "2", "3"], "reason": "x" * 490}, ""),
    ],
)
def test_reasons_come_from_templates_and_ones_own_words(people: Cast, posted: dict[str, str | list[str]], expected: str) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(people.business)
    answer = client.post(f"/workbench/reviews/{made.pk}/reject?stage=business", posted)
    assert answer.status_code == (302 if expected else 422)
    reasons = list(Decision.objects.filter(submission=made, stage=Stage.BUSINESS).values_list("reason", flat=True))
    assert reasons == ([expected] if expected else [])


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_in_the_same_second_one_wins(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    start = Barrier(4)

    def decide(verdict: Verdict) -> str:
        start.wait()
        try:
            services.decide(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS, verdict=verdict, reason="race")
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()
        return "won"

    with ThreadPoolExecutor(4) as pool:
        ends = sorted(pool.map(decide, [Verdict.PASS, Verdict.REJECT] * 2))
    assert ends.count("won") == 1
    assert Decision.objects.filter(submission=made, stage=Stage.BUSINESS).count() == 1
    assert Claim.objects.filter(ended_at=None).count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["waiting", "claimed", "passed", "rejected", "withdrawn", ""])
def test_the_list_is_narrowed_to_a_state(people: Cast, state: str) -> None:
    waits, held, refused, gone, passes = (submission(people, stage=Stage.TECHNICAL) for _ in range(5))
    services.claim(actor=people.technical, submission_id=held.pk, stage=Stage.TECHNICAL)
    services.claim(actor=people.technical, submission_id=refused.pk, stage=Stage.TECHNICAL)
    reason = {"verdict": Verdict.REJECT, "reason": "No."}
    services.decide(actor=people.technical, submission_id=refused.pk, stage=Stage.TECHNICAL, **reason)  # type: ignore[arg-type]
    services.withdraw(actor=people.developer, version_id=gone.version_id)
    pass_stage(people, passes, Stage.TECHNICAL)
    wanted = {"waiting": {waits}, "claimed": {held}, "rejected": {refused}, "withdrawn": {gone}, "passed": {passes}}
    rows = in_state(Submission.objects.all(), state)
    assert set(rows) == wanted.get(state, {waits, held, refused, gone, passes})
    text = shown(people.technical, tab="all", state=state)
    assert {one for one in (waits, held, refused, gone, passes) if one.pk in text} == set(rows)


@pytest.mark.django_db
def test_a_lapsed_claim_leaves_a_review_waiting(people: Cast) -> None:
    made = submission(people)
    services.claim(actor=people.head, submission_id=made.pk, stage=Stage.PROVIDER)
    Claim.objects.update(active_at=now() - timedelta(hours=25))
    assert list(in_state(Submission.objects.all(), "waiting")) == [made]
    assert not in_state(Submission.objects.all(), "claimed").exists()


@pytest.mark.django_db
def test_what_is_done_names_who_decided_latest_first(people: Cast) -> None:
    first, second = submission(people, stage=Stage.BUSINESS), submission(people, stage=Stage.BUSINESS)
    for made in (first, second):
        pass_stage(people, made, Stage.BUSINESS)
        pass_stage(people, made, Stage.TECHNICAL)
    text = shown(people.business, tab="processed")
    assert text.index(second.pk) < text.index(first.pk)
    assert people.technical.name in text
    assert people.developer.name in text
