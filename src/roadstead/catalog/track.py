"""The one table of a version's states. A pair that is not listed cannot happen; no stage of a review is named here."""

from django.db.models import TextChoices

from roadstead.accounts.permissions import Action


class Status(TextChoices):
    """The states of a version; the words people read are in `states`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in-review"
    PASSED = "passed"
    REJECTED = "rejected"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class Verb(TextChoices):
    """What can be done to a version."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    START_REVIEW = "start-review"
    PASS = "pass"
    REJECT = "reject"
    FORCE_PASS = "force-pass"
    FORCE_REJECT = "force-reject"
    RELEASE = "release"
    SUSPEND = "suspend"
    RECOVER = "recover"
    DELETE = "delete"


S, V = Status, Verb

TRANSITIONS: dict[tuple[Status, Verb], Status] = {
    (S.DRAFT, V.EDIT): S.DRAFT,
    (S.REJECTED, V.EDIT): S.DRAFT,
    (S.DRAFT, V.SUBMIT): S.SUBMITTED,
    (S.REJECTED, V.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, V.WITHDRAW): S.DRAFT,
    (S.IN_REVIEW, V.WITHDRAW): S.DRAFT,
    (S.SUBMITTED, V.START_REVIEW): S.IN_REVIEW,
    (S.IN_REVIEW, V.PASS): S.PASSED,
    (S.IN_REVIEW, V.REJECT): S.REJECTED,
    (S.SUBMITTED, V.FORCE_PASS): S.PASSED,
    (S.IN_REVIEW, V.FORCE_PASS): S.PASSED,
    (S.SUBMITTED, V.FORCE_REJECT): S.REJECTED,
    (S.IN_REVIEW, V.FORCE_REJECT): S.REJECTED,
    (S.PASSED, V.RELEASE): S.ACTIVE,
    (S.ACTIVE, V.SUSPEND): S.SUSPENDED,
    (S.SUSPENDED, V.RECOVER): S.ACTIVE,
    (S.DRAFT, V.DELETE): S.DELETED,
    (S.PASSED, V.DELETE): S.DELETED,
    (S.REJECTED, V.DELETE): S.DELETED,
    (S.SUSPENDED, V.DELETE): S.DELETED,
}

# What the actor must hold. A verb that is missing here is the outcome of a review: `reviews` decides who may, and calls `move`.
ACTION_OF: dict[Verb, Action] = {
    V.EDIT: Action.EDIT_APP,
    V.SUBMIT: Action.SUBMIT,
    V.WITHDRAW: Action.WITHDRAW,
    V.FORCE_PASS: Action.FORCE_DECIDE,
    V.FORCE_REJECT: Action.FORCE_DECIDE,
    V.RELEASE: Action.RELEASE,
    V.SUSPEND: Action.SUSPEND,
    V.RECOVER: Action.RECOVER,
    V.DELETE: Action.DELETE_APP,
}

# While a version is here, its package and data are frozen.
FROZEN = frozenset({S.SUBMITTED, S.IN_REVIEW, S.PASSED, S.ACTIVE, S.SUSPENDED, S.DELETED})


def next_status(status: str, verb: Verb) -> Status | None:
    """Return where a verb leads from a state, or nothing where it cannot be done."""
    return TRANSITIONS.get((Status(status), verb))


def status_of_app(statuses: list[str]) -> Status:
    """Return an app's state from those of its versions (specification, 3.4)."""
    held = set(statuses)
    if Status.ACTIVE in held:
        return Status.ACTIVE
    if held & {Status.REJECTED, Status.PASSED, Status.SUBMITTED, Status.DRAFT}:
        return Status.DRAFT
    return Status.SUSPENDED if Status.SUSPENDED in held else Status.DRAFT
