"""A version's page offers exactly what the services accept: every state, every act, every kind of person; a refusal changes nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from roadstead.accounts.factories import person
from roadstead.audit.models import Event
from roadstead.catalog import services as catalog
from roadstead.catalog.models import Version
from roadstead.catalog.selectors import versions_visible_to
from roadstead.catalog.track import Status
from roadstead.core.errors import DomainError
from roadstead.reviews import services as reviews
from roadstead.reviews.factories import Cast, cast, draft, pass_stage, submission
from roadstead.reviews.models import Claim, Decision, Submission
from roadstead.reviews.selectors import track_of
from roadstead.reviews.track import OPEN_STAGES, Stage, Verdict
from roadstead.store import services
from roadstead.store.models import Listing
from roadstead.store.offers import offers_to

if TYPE_CHECKING:
    from roadstead.accounts.models import User

pytestmark = pytest.mark.django_db

Act = Callable[["User", str], Any]
ACTS: dict[str, Act] = {
    "edit": lambda actor, pk: catalog.edit_version(actor=actor, version_id=pk, description="Other words."),
    "submit": lambda actor, pk: reviews.submit(actor=actor, version_id=pk),
    "withdraw": lambda actor, pk: reviews.withdraw(actor=actor, version_id=pk),
    "release": lambda actor, pk: services.release(actor=actor, version_id=pk),
    "suspend": lambda actor, pk: services.suspend(actor=actor, version_id=pk),
    "recover": lambda actor, pk: services.recover(actor=actor, version_id=pk),
    "delete": lambda actor, pk: services.delete_version(actor=actor, version_id=pk),
}


def drafted(people: Cast) -> str:
    return draft(people.developer)


def waiting(people: Cast) -> str:
    return submission(people).version_id


def in_business(people: Cast) -> str:
    return submission(people, stage=Stage.BUSINESS).version_id


def in_technical(people: Cast, *, claimed: bool = True) -> str:
    made = submission(people, stage=Stage.TECHNICAL)
    if claimed:
        reviews.claim(actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    return made.version_id


def rejected(people: Cast) -> str:
    made = submission(people)
    reviews.claim(actor=people.head, submission_id=made.pk, stage=Stage.PROVIDER)
    reviews.decide(actor=people.head, submission_id=made.pk, stage=Stage.PROVIDER, verdict=Verdict.REJECT, reason="No.")
    return made.version_id


def passed(people: Cast) -> str:
    made = submission(people)
    for stage in OPEN_STAGES:
        pass_stage(people, made, stage)
    return made.version_id


def listed(people: Cast) -> str:
    version_id = passed(people)
    services.release(actor=people.developer, version_id=version_id)
    return version_id


def suspended(people: Cast) -> str:
    version_id = listed(people)
    services.suspend(actor=person("global_admin"), version_id=version_id)
    return version_id


STATES: dict[str, tuple[Status, Callable[[Cast], str]]] = {
    "draft": (Status.DRAFT, drafted),
    "submitted": (Status.SUBMITTED, waiting),
    "in business review": (Status.IN_REVIEW, in_business),
    "in technical review": (Status.IN_REVIEW, in_technical),
    "rejected": (Status.REJECTED, rejected),
    "passed": (Status.PASSED, passed),
    "in the store": (Status.ACTIVE, listed),
    "suspended": (Status.SUSPENDED, suspended),
}
# What is offered to the developer, their head and an administrator; reviewers of the platform read.
MAKERS: dict[str, set[str]] = {
    "draft": {"edit", "submit", "delete"},
    "submitted": {"withdraw"},
    "in business review": {"withdraw"},
    "in technical review": set(),
    "rejected": {"edit", "submit", "delete"},
    "passed": {"release", "delete"},
    "in the store": set(),
    "suspended": {"delete"},
}
KEEPERS = MAKERS | {"in the store": {"suspend", "delete"}, "suspended": {"recover", "delete"}}
WANTED = {"developer": MAKERS, "head": MAKERS, "admin": KEEPERS}


def picture() -> tuple[Any, ...]:
    return (
        list(Version.objects.values_list("pk", "status", "description", "submission_id")),
        list(Submission.objects.values_list("pk", "stage")),
        list(Claim.objects.values_list("pk", "ended_at")),
        Decision.objects.count(),
        list(Listing.objects.values_list("app", "suspended", "etag")),
        Event.objects.count(),
    )


def accepts(act: Act, actor: "User", version_id: str) -> bool:
    """Try an act and take it back; a refusal must have changed nothing by itself."""
    before = picture()
    with transaction.atomic():
        try:
            with transaction.atomic():
                act(actor, version_id)
        except DomainError:
            assert picture() == before
            return False
        transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("who", ["developer", "head", "admin", "business", "technical", "stranger"])
@pytest.mark.parametrize("state", STATES)
def test_offered_is_accepted_and_nothing_else(state: str, who: str) -> None:
    people = cast()
    status, make = STATES[state]
    version_id = make(people)
    actor = person("global_admin") if who == "admin" else getattr(people, who)
    accepted = {name for name, act in ACTS.items() if accepts(act, actor, version_id)}
    version = versions_visible_to(actor).select_related("app").filter(pk=version_id).first()
    if version is None:
        assert (who, accepted) == ("stranger", set())
        return
    assert version.status == status
    offers = offers_to(actor, version, track_of(version))
    offered = {name for name in ("edit", "withdraw", "suspend", "delete") if getattr(offers, name)} | ({offers.primary} & set(ACTS))
    assert offered == accepted
    if who in WANTED:
        assert accepted == WANTED[who][state]
