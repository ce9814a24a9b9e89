"""Decisions past the stages, claims that change hands, and companies that aren't certified: who may, and that a refusal changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from roadstead.accounts.factories import person, sign_in
from roadstead.accounts.models import User
from roadstead.audit.selectors import events_of
from roadstead.catalog.selectors import version_by_id
from roadstead.core.clock import now
from roadstead.core.errors import DomainError, Missing
from roadstead.reviews import services
from roadstead.reviews.errors import (
    ClaimedAlready,
    ForceAskedAlready,
    ForceNeedsReason,
    NeedsSecondPerson,
    NothingToConfirm,
    NotYoursToDecide,
    ProviderNotCertified,
    StageHasMovedOn,
)
from roadstead.reviews.factories import Cast, cast, draft, pass_stage, submission
from roadstead.reviews.models import Claim, Decision, ForceRequest, Submission, state_of
from roadstead.reviews.selectors import claim_of, track_of_submission
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def picture(made: Submission) -> tuple[Any, ...]:
    made.refresh_from_db()
    requests = list(ForceRequest.objects.values_list("asked_by", "answer", "answered_by"))
    claims = list(Claim.objects.values_list("reviewer", "ended_at"))
    return made.stage, version_by_id(made.version_id).status, requests, claims, Decision.objects.count(), len(verbs(made))


def verbs(made: Submission) -> list[str]:
    return [event.verb for event in events_of("reviews.Submission", made.pk)]


def refuses(made: Submission, error: type[DomainError], act: Any, **given: Any) -> None:
    before = picture(made)
    with pytest.raises(error), transaction.atomic():
        act(submission_id=made.pk, **given)
    assert picture(made) == before


def ask(made: Submission, actor: User, verdict: Verdict = Verdict.PASS) -> ForceRequest:
    return services.ask_force(actor=actor, submission_id=made.pk, stage=Stage(made.stage), verdict=verdict, reason="Security fix.")


@pytest.mark.parametrize("stage", OPEN_STAGES)
@pytest.mark.parametrize(("verdict", "status"), [(Verdict.PASS, "passed"), (Verdict.REJECT, "rejected")])
def test_two_administrators_end_a_review_from_any_stage(people: Cast, stage: Stage, verdict: Verdict, status: str) -> None:
    made = submission(people, stage=stage)
    services.claim(actor=people.reviewer(stage), submission_id=made.pk, stage=stage)
    first, second = person("global_admin"), person("global_admin")
    before = version_by_id(made.version_id).status
    ask(made, first, verdict)
    made.refresh_from_db()
    assert (made.stage, version_by_id(made.version_id).status) == (stage, before)
    services.answer_force(actor=second, submission_id=made.pk, confirm=True)
    made.refresh_from_db()
    decision = Decision.objects.get(submission=made, stage=stage)
    assert (decision.verdict, decision.reviewer, decision.confirmed_by, decision.reason) == (verdict, first, second, "Security fix.")
    assert (version_by_id(made.version_id).status, claim_of(made), made.forced) == (status, None, True)
    assert state_of(made, claimed=False).value == ("admin-passed" if verdict is Verdict.PASS else "admin-rejected")
    assert {"review.force-asked", "review.forced"} <= set(verbs(made))
    assert [buoy.state for buoy in track_of_submission(made, None)][1:4].count("waived") == len(OPEN_STAGES) - 1 - OPEN_STAGES.index(stage)


@pytest.mark.parametrize(
    ("role", "error"),
    [
        ("business", NotYoursToDecide),
        ("technical", NotYoursToDecide),
        ("head", NotYoursToDecide),
        ("developer", NotYoursToDecide),
        ("stranger", Missing),
    ],
)
def test_only_administrators_ask_and_answer(people: Cast, role: str, error: type[DomainError]) -> None:
    made, actor = submission(people), getattr(people, role)
    given: dict[str, Any] = {"stage": Stage.PROVIDER, "verdict": Verdict.PASS, "reason": "because"}
    refuses(made, error, services.ask_force, actor=actor, **given)
    ask(made, person("global_admin"))
    refuses(made, Missing if role == "stranger" else NeedsSecondPerson, services.answer_force, actor=actor, confirm=True)


def test_nobody_confirms_what_they_asked_for_or_submitted(people: Cast) -> None:
    made, first = submission(people), person("global_admin")
    given: dict[str, Any] = {"actor": first, "stage": Stage.PROVIDER, "verdict": Verdict.PASS}
    for reason in (" ", "x" * 501):
        refuses(made, ForceNeedsReason, services.ask_force, reason=reason, **given)
    refuses(made, StageHasMovedOn, services.ask_force, **{**given, "stage": Stage.BUSINESS}, reason="x")
    refuses(made, NotYoursToDecide, services.ask_force, **{**given, "verdict": Verdict.WAIVED}, reason="x")
    refuses(made, NothingToConfirm, services.answer_force, actor=first, confirm=True)
    ask(made, first)
    refuses(
        made, ForceAskedAlready, services.ask_force, actor=person("global_admin"), stage=Stage.PROVIDER, verdict=Verdict.PASS, reason="x"
    )
    refuses(made, NeedsSecondPerson, services.answer_force, actor=first, confirm=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ForceRequest.objects.update(answer="confirmed", answered_by=first)
    services.answer_force(actor=first, submission_id=made.pk, confirm=False)
    refuses(made, NothingToConfirm, services.answer_force, actor=person("global_admin"), confirm=True)


def test_an_administrator_is_nobody_special_for_their_own_submission(people: Cast) -> None:
    admin = person("global_admin", people.head.group)
    made = services.submit(actor=admin, version_id=draft(admin))
    refuses(made, NotYoursToDecide, services.ask_force, actor=admin, stage=Stage(made.stage), verdict=Verdict.PASS, reason="mine")
    ask(made, person("global_admin"))
    refuses(made, NeedsSecondPerson, services.answer_force, actor=admin, confirm=True)


def test_a_request_is_void_once_the_review_goes_on(people: Cast) -> None:
    made = submission(people)
    ask(made, person("global_admin"))
    pass_stage(people, made, Stage.PROVIDER)
    assert ForceRequest.objects.get().answer == "void"
    refuses(made, NothingToConfirm, services.answer_force, actor=person("global_admin"), confirm=True)


def test_pages_of_both_administrators(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    first, second = Client(HTTP_ACCEPT_LANGUAGE="en"), Client(HTTP_ACCEPT_LANGUAGE="en")
    sign_in(first, person("global_admin"))
    sign_in(second, person("global_admin"))
    address = f"/workbench/reviews/{made.pk}"
    assert first.post(f"{address}/force?stage=business", {"verdict": "pass", "reason": ""}).status_code == 422
    assert ForceRequest.objects.count() == 0
    assert first.post(f"{address}/force?stage=business", {"verdict": "pass", "reason": "Security fix."}).status_code == 302
    assert "Confirm forced pass" not in first.get(address).content.decode()
    assert "Confirm forced pass" in second.get(address).content.decode()
    answer = second.post(f"{address}/force/answer", {"answer": "confirm"}, follow=True)
    assert "Passed, forced" in answer.content.decode()


@pytest.mark.parametrize("lapsed", [False, True])
@pytest.mark.parametrize("role", ["business_reviewer", "technical_reviewer", "global_admin"])
def test_taking_over(people: Cast, role: str, *, lapsed: bool) -> None:
    made, actor = submission(people, stage=Stage.BUSINESS), person(role)
    held = services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    if lapsed:
        Claim.objects.filter(pk=held.pk).update(active_at=now() - timedelta(hours=25))
    given: dict[str, Any] = {"actor": actor, "submission_id": made.pk, "stage": Stage.BUSINESS}
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(actor)
    allowed = role == "global_admin" or (role == "business_reviewer" and lapsed)
    assert ("Take over" in client.get(f"/workbench/reviews/{made.pk}").content.decode()) == allowed
    if not allowed:
        refuses(made, ClaimedAlready, services.take_over, actor=actor, stage=Stage.BUSINESS)
        return
    assert services.take_over(**given).reviewer == actor
    event = next(event for event in events_of("reviews.Submission", made.pk) if event.verb == "review.taken-over")
    assert (event.data["taken_from"], event.data["lapsed"]) == (people.business.pk, lapsed)
    refuses(made, NotYoursToDecide, services.decide, actor=people.business, stage=Stage.BUSINESS, verdict=Verdict.PASS)


def test_an_administrator_gives_back_what_others_hold(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    refuses(made, NotYoursToDecide, services.release_claim, actor=person("business_reviewer"))
    services.release_claim(actor=person("global_admin"), submission_id=made.pk)
    assert claim_of(made) is None


def test_the_apps_of_an_uncertified_company_dont_pass_business_review(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    company = made.app.provider
    assert company is not None
    company.certified_at = None
    company.save()
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(people.business)
    text = client.get(f"/workbench/reviews/{made.pk}").content.decode()
    assert ("The provider isn't certified." in text, "Pass this version" in text, "Reject this version" in text) == (True, False, True)
    refuses(made, ProviderNotCertified, services.decide, actor=people.business, stage=Stage.BUSINESS, verdict=Verdict.PASS)
    ask(made, person("global_admin"))
    services.answer_force(actor=person("global_admin"), submission_id=made.pk, confirm=True)
    assert version_by_id(made.version_id).status == "passed"
