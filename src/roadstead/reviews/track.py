"""The stages of one submission. A pair that is not listed cannot happen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from roadstead.accounts.permissions import Action
from roadstead.catalog.track import Verb
from roadstead.core.problems import Words


class Stage(TextChoices):
    """Where a submission is; the last three are its ends."""

    PROVIDER = "provider"
    BUSINESS = "business"
    TECHNICAL = "technical"
    PASSED = "passed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Verdict(TextChoices):
    """What a reviewer decides; `WAIVED` is the platform's word for a stage that nobody but the submitter could review."""

    PASS = "pass"
    REJECT = "reject"
    WAIVED = "waived"


TRACK: dict[tuple[Stage, Verdict], Stage] = {
    (Stage.PROVIDER, Verdict.PASS): Stage.BUSINESS,
    (Stage.BUSINESS, Verdict.PASS): Stage.TECHNICAL,
    (Stage.TECHNICAL, Verdict.PASS): Stage.PASSED,
    (Stage.PROVIDER, Verdict.REJECT): Stage.REJECTED,
    (Stage.BUSINESS, Verdict.REJECT): Stage.REJECTED,
    (Stage.TECHNICAL, Verdict.REJECT): Stage.REJECTED,
    (Stage.PROVIDER, Verdict.WAIVED): Stage.BUSINESS,
}

# The stages in which somebody has to act, in their order, with what a reviewer of each must hold.
ACTION_OF: dict[Stage, Action] = {
    Stage.PROVIDER: Action.ISV_REVIEW,
    Stage.BUSINESS: Action.BUSINESS_REVIEW,
    Stage.TECHNICAL: Action.TECHNICAL_REVIEW,
}
OPEN_STAGES = tuple(ACTION_OF)

# What the end of a submission does to its version.
OUTCOMES: dict[Stage, Verb] = {Stage.PASSED: Verb.PASS, Stage.REJECTED: Verb.REJECT}

# What two administrators do to a version and its submission, from any open stage.
FORCED: dict[Verdict, tuple[Verb, Stage]] = {
    Verdict.PASS: (Verb.FORCE_PASS, Stage.PASSED),
    Verdict.REJECT: (Verb.FORCE_REJECT, Stage.REJECTED),
}

STAGE_NAMES: dict[Stage, Words] = {
    Stage.PROVIDER: _("Provider review"),
    Stage.BUSINESS: _("Business review"),
    Stage.TECHNICAL: _("Technical review"),
}


def stages_after(stage: Stage) -> tuple[Stage, ...]:
    """The open stages that come after one."""
    return OPEN_STAGES[OPEN_STAGES.index(stage) + 1 :] if stage in OPEN_STAGES else ()
