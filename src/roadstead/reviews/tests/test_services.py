"""A version's way through review: who may act when, what each verb does, and that a refusal changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from roadstead.accounts.factories import person
from roadstead.audit.selectors import events_of
from roadstead.catalog.selectors import version_by_id
from roadstead.core.clock import now
from roadstead.core.errors import DomainError, Missing
from roadstead.reviews import services
from roadstead.reviews.errors import ClaimedAlready, NotYoursToDecide, RejectionNeedsReason, StageHasMovedOn, TooLateToWithdraw
from roadstead.reviews.factories import Cast, cast, draft, pass_stage, submission
from roadstead.reviews.models import Claim, Decision, Submission
from roadstead.reviews.selectors import claim_of, queue, rows_of, submissions_visible_to, verdicts_open_to, waiting_for
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.vendors.factories import provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def picture(made: Submission) -> tuple[Any, ...]:
    """Everything that a refusal must leave as it was."""
    made.refresh_from_db()
    return (
        made.stage,
        version_by_id(made.version_id).status,
        list(Claim.objects.values_list("reviewer", "ended_at")),
        list(Decision.objects.values_list("stage", "verdict")),
        len(events_of("reviews.Submission", made.pk)),
    )


def refuses(made: Submission, error: type[DomainError], act: Any, **given: Any) -> None:
    before = picture(made)
    with pytest.raises(error), transaction.atomic():
        act(**given)
    assert picture(made) == before


def test_three_stages_lead_to_passed(people: Cast) -> None:
    made = submission(people)
    assert version_by_id(made.version_id).status == "submitted"
    for stage, after in zip(OPEN_STAGES, [Stage.BUSINESS, Stage.TECHNICAL, Stage.PASSED], strict=True):
        services.claim(actor=people.reviewer(stage), submission_id=made.pk, stage=stage)
        assert version_by_id(made.version_id).status == "in-review"
        decided = services.decide(actor=people.reviewer(stage), submission_id=made.pk, stage=stage, verdict=Verdict.PASS)
        assert decided.stage == after
    assert version_by_id(made.version_id).status == "passed"
    assert version_by_id(made.version_id).submission_id == made.pk
    assert [d.stage for d in Decision.objects.order_by("pk")] == list(OPEN_STAGES)


@pytest.mark.parametrize("stage", OPEN_STAGES)
def test_a_rejection_in_any_stage_gives_the_version_back(people: Cast, stage: Stage) -> None:
    made = submission(people, stage=stage)
    reviewer = people.reviewer(stage)
    services.claim(actor=reviewer, submission_id=made.pk, stage=stage)
    given: dict[str, Any] = {"actor": reviewer, "submission_id": made.pk, "stage": stage, "verdict": Verdict.REJECT}
    for reason in (" ", "x" * 501):
        refuses(made, RejectionNeedsReason, services.decide, reason=reason, **given)
    services.decide(reason="No probes.", **given)
    made.refresh_from_db()
    assert (made.stage, made.rejected_in) == (Stage.REJECTED, stage)
    assert version_by_id(made.version_id).status == "rejected"
    assert Decision.objects.get(verdict=Verdict.REJECT).reason == "No probes."
    again = services.submit(actor=people.developer, version_id=made.version_id)
    assert (again.stage, again.pk != made.pk) == (Stage.PROVIDER, True)


ROLES = ("developer", "head", "business", "technical", "stranger")
MAY_CLAIM = {Stage.PROVIDER: {"head"}, Stage.BUSINESS: {"business"}, Stage.TECHNICAL: {"technical"}}


@pytest.mark.parametrize("stage", OPEN_STAGES)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_claim_which_stage(people: Cast, stage: Stage, role: str) -> None:
    made = submission(people, stage=stage)
    actor = getattr(people, role)
    if role in MAY_CLAIM[stage]:
        assert services.claim(actor=actor, submission_id=made.pk, stage=stage).reviewer == actor
        return
    error = Missing if role == "stranger" else NotYoursToDecide
    refuses(made, error, services.claim, actor=actor, submission_id=made.pk, stage=stage)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.REJECT])
def test_only_the_claimant_decides(people: Cast, role: str, verdict: Verdict) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    actor = getattr(people, role)
    offered = verdicts_open_to(actor, made, claim_of(made))
    given: dict[str, Any] = {"actor": actor, "submission_id": made.pk, "stage": Stage.BUSINESS, "verdict": verdict, "reason": "because"}
    if role == "business":
        assert verdict in offered
        services.decide(**given)
    else:
        assert offered == []
        refuses(made, Missing if role == "stranger" else NotYoursToDecide, services.decide, **given)


def test_a_claim_is_exclusive_and_can_be_given_back(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    other = person("business_reviewer")
    first = services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    assert services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS) == first
    refuses(made, ClaimedAlready, services.claim, actor=other, submission_id=made.pk, stage=Stage.BUSINESS)
    refuses(made, NotYoursToDecide, services.release_claim, actor=other, submission_id=made.pk)
    services.release_claim(actor=people.business, submission_id=made.pk)
    assert services.claim(actor=other, submission_id=made.pk, stage=Stage.BUSINESS).reviewer == other


def test_a_claim_lapses_a_day_after_the_last_action(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    other = person("business_reviewer")
    held = services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    Claim.objects.filter(pk=held.pk).update(active_at=now() - timedelta(hours=23, minutes=59))
    refuses(made, ClaimedAlready, services.claim, actor=other, submission_id=made.pk, stage=Stage.BUSINESS)
    Claim.objects.filter(pk=held.pk).update(active_at=now() - timedelta(hours=24, minutes=1))
    given: dict[str, Any] = {"submission_id": made.pk, "stage": Stage.BUSINESS, "verdict": Verdict.PASS}
    refuses(made, NotYoursToDecide, services.decide, actor=people.business, **given)
    services.claim(actor=other, submission_id=made.pk, stage=Stage.BUSINESS)
    assert services.decide(actor=other, **given).stage == Stage.TECHNICAL


def test_the_database_itself_refuses_a_second_claim_and_a_second_verdict(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(submission=made, stage=Stage.BUSINESS, reviewer=people.technical)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(submission=made, stage=Stage.PROVIDER, verdict=Verdict.PASS, started_at=now())


def test_a_stale_page_cannot_decide_a_later_stage(people: Cast) -> None:
    made = submission(people, stage=Stage.TECHNICAL)
    services.claim(actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    given: dict[str, Any] = {"actor": people.technical, "submission_id": made.pk, "verdict": Verdict.PASS}
    refuses(made, StageHasMovedOn, services.decide, stage=Stage.BUSINESS, **given)
    refuses(made, StageHasMovedOn, services.claim, actor=people.business, submission_id=submission(people).pk, stage=Stage.BUSINESS)


def test_nobody_passes_their_own_submission() -> None:
    company = provider()
    head, other = company.head, person("isv", company.group)
    made = services.submit(actor=head, version_id=draft(head))
    assert made.stage == Stage.PROVIDER
    refuses(made, NotYoursToDecide, services.claim, actor=head, submission_id=made.pk, stage=Stage.PROVIDER)
    assert services.claim(actor=other, submission_id=made.pk, stage=Stage.PROVIDER)


def test_the_stage_of_a_provider_of_one_person_is_waived_with_its_reason() -> None:
    head = provider().head
    made = services.submit(actor=head, version_id=draft(head))
    decision = Decision.objects.get(submission=made)
    assert (made.stage, decision.verdict, decision.reviewer) == (Stage.BUSINESS, Verdict.WAIVED, None)
    assert version_by_id(made.version_id).status == "in-review"


@pytest.mark.parametrize("stage", OPEN_STAGES)
def test_withdrawal_until_the_technical_stage_is_claimed(people: Cast, stage: Stage) -> None:
    made = submission(people, stage=stage)
    services.claim(actor=people.reviewer(stage), submission_id=made.pk, stage=stage)
    given: dict[str, Any] = {"actor": people.developer, "version_id": made.version_id}
    if stage is Stage.TECHNICAL:
        refuses(made, TooLateToWithdraw, services.withdraw, **given)
        services.release_claim(actor=people.technical, submission_id=made.pk)
    services.withdraw(**given)
    made.refresh_from_db()
    assert (made.stage, claim_of(made)) == (Stage.WITHDRAWN, None)
    assert version_by_id(made.version_id).status == "draft"


@pytest.mark.parametrize("role", ["isv", "developer", "user"])
def test_strangers_cannot_withdraw(people: Cast, role: str) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    refuses(made, Missing, services.withdraw, actor=person(role), version_id=made.version_id)


def test_queues_show_each_role_its_own_stage(people: Cast) -> None:
    waiting = {stage: submission(people, stage=stage) for stage in OPEN_STAGES}
    for stage in OPEN_STAGES:
        reviewer = people.reviewer(stage)
        assert [s.pk for s in queue(reviewer, "unprocessed")] == [waiting[stage].pk]
        assert waiting_for(reviewer) == 1
    assert submissions_visible_to(people.stranger).count() == 0
    passed = {s.pk for s in queue(people.head, "processed")}
    assert passed == {waiting[Stage.BUSINESS].pk, waiting[Stage.TECHNICAL].pk}
    services.claim(actor=people.business, submission_id=waiting[Stage.BUSINESS].pk, stage=Stage.BUSINESS)
    assert [s.pk for s in queue(people.business, "mine")] == [waiting[Stage.BUSINESS].pk]
    rows = {row.submission.pk: row.state.value for row in rows_of(queue(people.technical, "all"))}
    assert rows == {
        waiting[Stage.PROVIDER].pk: "submitted",
        waiting[Stage.BUSINESS].pk: "business-in-review",
        waiting[Stage.TECHNICAL].pk: "business-passed",
    }


def test_a_taken_role_stops_counting_at_once(people: Cast) -> None:
    made = submission(people, stage=Stage.BUSINESS)
    services.claim(actor=people.business, submission_id=made.pk, stage=Stage.BUSINESS)
    people.business.role_id = "user"
    people.business.save()
    revoked = type(people.business).objects.get(pk=people.business.pk)
    refuses(made, Missing, services.decide, actor=revoked, submission_id=made.pk, stage=Stage.BUSINESS, verdict=Verdict.PASS)


def test_checks_are_the_first_evidence(people: Cast) -> None:
    made = submission(people)
    results = dict(made.evidence.values_list("code", "result"))
    assert results["structure"] == "passed"
    assert results["image-scan"] == "not-run"
    assert pass_stage(people, made, Stage.PROVIDER).evidence.count() == len(results)
