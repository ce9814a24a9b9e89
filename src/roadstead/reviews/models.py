"""The records of a review. Claims end, decisions and evidence stay: none of them is ever changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.models import Owned
from roadstead.core.states import State
from roadstead.reviews.states import CHECK_STATES, DECISION_STATES, REVIEW_STATES
from roadstead.reviews.track import OPEN_STAGES, STAGE_NAMES, Stage, Verdict

EVIDENCE_KINDS = ("check", "deployment", "outcome", "teardown")
_PREFIX = {Stage.PROVIDER: "isv", Stage.BUSINESS: "business", Stage.TECHNICAL: "develop"}
_WAITING = {Stage.PROVIDER: "submitted", Stage.BUSINESS: "isv-passed", Stage.TECHNICAL: "business-passed"}


class Submission(Owned):
    """One way of a version along the track; its owner is the one who submitted it. It names the digest that is reviewed."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("appvr"))
    version = models.ForeignKey("catalog.Version", on_delete=models.PROTECT, related_name="+")
    app = models.ForeignKey("catalog.App", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PROVIDER)
    rejected_in = models.CharField(max_length=12, blank=True)
    forced = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(default=now)
    stage_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(stage__in=OPEN_STAGES), name="one_open_submission"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="submission_stage_is_known"),
        ]
        indexes = [
            models.Index(fields=["stage", "stage_at", "id"]),
            models.Index(fields=["stage_at", "id"]),
            models.Index(fields=["version", "-submitted_at"]),
        ]

    def __str__(self) -> str:
        return self.pk

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to act."""
        return self.stage in OPEN_STAGES


class Claim(models.Model):
    """A reviewer has taken a stage. It lapses some hours after their last action, which is decided when it is read."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="claims")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(default=now)
    active_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission"], condition=Q(ended_at=None), name="one_claim_at_a_time"),
        ]
        indexes = [models.Index(fields=["reviewer"], condition=Q(ended_at=None), name="claims_of_a_reviewer")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.stage}"

    @property
    def stage_name(self) -> str:
        """The stage's name in the reader's language."""
        return str(STAGE_NAMES[Stage(self.stage)])


class Decision(models.Model):
    """One verdict on one stage, for good."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.CharField(max_length=500, blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    decided_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "stage"], name="one_verdict_per_stage"),
            models.CheckConstraint(condition=~Q(verdict="reject") | ~Q(reason=""), name="a_rejection_has_a_reason"),
        ]
        indexes = [models.Index(fields=["-decided_at"])]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.stage} {self.verdict}"

    @property
    def state(self) -> State:
        """How the verdict is said."""
        return DECISION_STATES[f"forced-{self.verdict}" if self.forced else self.verdict]

    @property
    def forced(self) -> bool:
        """Whether two administrators decided in place of the stages' reviewers."""
        return self.confirmed_by_id is not None

    @property
    def who(self) -> str:
        """Who decided: nobody for a waived stage, two people for a forced decision."""
        return " + ".join(person.name for person in (self.reviewer, self.confirmed_by) if person)

    @property
    def stage_name(self) -> str:
        """The stage's name in the reader's language."""
        return str(STAGE_NAMES[Stage(self.stage)])


class ForceRequest(models.Model):
    """An administrator asks to end a review past its stages; it counts only when a second one confirms. The row stays, however it ends."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="force_requests")
    verdict = models.CharField(max_length=8, choices=[("pass", "pass"), ("reject", "reject")])
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    answer = models.CharField(max_length=10, blank=True, choices=[(word, word) for word in ("confirmed", "declined", "void")])
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission"], condition=Q(answer=""), name="one_force_request_at_a_time"),
            models.CheckConstraint(
                condition=~Q(answer="confirmed") | Q(answered_by__isnull=False) & ~Q(answered_by=models.F("asked_by")),
                name="a_second_person_confirms",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.verdict}"


class Evidence(models.Model):
    """Something that was proven about the digest: an automatic check's result, or a test deployment with what became of it.

    A row is never changed: that a test deployment ended, or was torn down, is a row of its own (`reviews.trials`).
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=[(word, word) for word in EVIDENCE_KINDS])
    code = models.CharField(max_length=40)
    result = models.CharField(max_length=12, blank=True)
    params = models.JSONField(default=dict)
    cluster = models.ForeignKey("clusters.Cluster", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["submission", "kind", "id"]), models.Index(fields=["cluster", "kind"])]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.code}"

    @property
    def state(self) -> State:
        """How a check's result is said."""
        return CHECK_STATES[self.result or "not-run"]


def status_of(submission: Submission, *, claimed: bool) -> str:
    """Return the review status of the specification: derived, so that it can't contradict stage, claim and decisions."""
    stage = Stage(submission.stage)
    if stage in OPEN_STAGES:
        return f"{_PREFIX[stage]}-in-review" if claimed else _WAITING[stage]
    if submission.forced:
        return "admin-rejected" if stage is Stage.REJECTED else "admin-passed"
    if stage is Stage.REJECTED:
        return f"{_PREFIX[Stage(submission.rejected_in)]}-rejected"
    return "develop-passed" if stage is Stage.PASSED else "withdrawn"


def state_of(submission: Submission, *, claimed: bool) -> State:
    """How a submission's state is said."""
    return REVIEW_STATES[status_of(submission, claimed=claimed)]
