"""Five hundred decisions on PostgreSQL, twenty at a time on one stage, passes and rejections: each stage is decided once."""

from collections import Counter
from functools import partial

import pytest

from roadstead.audit.models import Event
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.reviews import services as reviews
from roadstead.reviews.factories import cast, submission
from roadstead.reviews.models import Decision
from roadstead.reviews.track import Stage, Verdict
from tests.chaos.racing import DONE, race

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.only_on("postgresql")]
ROUNDS, RIVALS = 25, 20
POLITE = {"review_stage_has_moved_on", "review_not_yours"}
LEADS_TO = {Verdict.PASS: Status.PASSED, Verdict.REJECT: Status.REJECTED}


def test_of_five_hundred_decisions_one_a_stage_counts() -> None:
    people = cast()
    ended: Counter[str] = Counter()
    for _ in range(ROUNDS):
        made = submission(people, stage=Stage.TECHNICAL)
        reviews.claim(actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
        decide = partial(reviews.decide, actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
        verdicts = (partial(decide, verdict=Verdict.PASS), partial(decide, verdict=Verdict.REJECT, reason="It doesn't start."))
        answers = race(*verdicts * (RIVALS // 2))
        assert answers.count(DONE) == 1
        verdict = Decision.objects.get(submission=made, stage=Stage.TECHNICAL).verdict
        assert Version.objects.get(pk=made.version_id).status == LEADS_TO[Verdict(verdict)]
        assert Event.objects.filter(verb="review.decided", subject_id=made.pk, data__stage=Stage.TECHNICAL.value).count() == 1
        ended.update(answers)
    assert ended[DONE] == ROUNDS
    assert set(ended) <= {DONE, *POLITE}
