"""The transition table, every pair: what is listed happens for those who may, and everything else changes nothing."""

import itertools

import pytest

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.audit.models import Event
from roadstead.catalog import factories, selectors, services
from roadstead.catalog.models import Version
from roadstead.catalog.track import ACTION_OF, TRANSITIONS, Status, Verb, next_status, status_of_app
from roadstead.core.errors import DomainError, Missing, NotPermitted, WrongState

pytestmark = pytest.mark.django_db

PAIRS = list(itertools.product(Status, Verb))
DEVELOPER = {Verb.EDIT, Verb.SUBMIT, Verb.WITHDRAW, Verb.RELEASE, Verb.DELETE}
MAY = {
    "owner": DEVELOPER,
    "head": DEVELOPER,
    "global_admin": set(ACTION_OF),
    "business_reviewer": {Verb.SUBMIT, Verb.WITHDRAW},
    "technical_reviewer": {Verb.SUBMIT, Verb.WITHDRAW},
}
OUTSIDERS = ("colleague", "stranger", "user")


def actor_named(role: str, version: Version) -> User:
    match role:
        case "owner":
            return version.owner
        case "head":
            return person("isv", version.owner.group)
        case "colleague":
            return person("developer", version.owner.group)
        case "stranger":
            return factories.developer()
        case _:
            return person(role)


@pytest.mark.parametrize(("status", "verb"), PAIRS)
def test_the_table_decides(status: Status, verb: Verb) -> None:
    version, actor = factories.version(status), person("global_admin")
    gone = status == Status.DELETED and verb in ACTION_OF
    expected = TRANSITIONS.get((status, verb))
    if expected and not gone:
        assert services.move(version_id=version.pk, actor=actor, verb=verb).status == expected
        event = Event.objects.get(subject_id=version.pk)
        assert (event.verb, event.data["before"], event.data["status"]) == (f"version.{verb}", status, expected)
    else:
        with pytest.raises(Missing if gone else WrongState) as refused:
            services.move(version_id=version.pk, actor=actor, verb=verb)
        assert gone or refused.value.code == "app_version_incorrect_status"
        assert_unchanged(version, status)


def assert_unchanged(version: Version, status: str) -> None:
    at = version.status_at
    version.refresh_from_db()
    assert (version.status, version.status_at) == (status, at)
    assert not Event.objects.filter(subject_id=version.pk).exists()


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("status", [status for status in Status if status != Status.DELETED])
def test_offered_is_accepted(role: str, status: Status) -> None:
    version = factories.version(status)
    actor = actor_named(role, version)
    offered = set(selectors.verbs_open_to(actor, version))
    assert offered == {verb for verb in MAY[role] if next_status(status, verb)}

    for verb in set(ACTION_OF) - offered:
        with pytest.raises((NotPermitted, WrongState)):
            services.move(version_id=version.pk, actor=actor, verb=verb)
        assert_unchanged(version, status)


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize("verb", ACTION_OF)
def test_a_foreign_version_is_a_missing_one(role: str, verb: Verb) -> None:
    status = next(start for start, act in TRANSITIONS if act == verb)
    version = factories.version(status)
    with pytest.raises(Missing) as foreign:
        services.move(version_id=version.pk, actor=actor_named(role, version), verb=verb)
    with pytest.raises(Missing) as missing:
        services.move(version_id="appv-aaaaaaaaaaaaaaaa", actor=version.owner, verb=verb)
    assert str(foreign.value) == str(missing.value)
    assert_unchanged(version, status)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in ACTION_OF])
def test_outcomes_of_a_review_are_offered_to_nobody(verb: Verb) -> None:
    version = factories.version(Status.IN_REVIEW)
    assert verb not in selectors.verbs_open_to(person("global_admin"), version)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], "draft"),
        (["draft"], "draft"),
        (["in-review"], "draft"),
        (["draft", "active", "suspended"], "active"),
        (["rejected", "suspended"], "draft"),
        (["suspended"], "suspended"),
        (["suspended", "in-review"], "suspended"),
    ],
)
def test_the_apps_state_follows_its_versions(statuses: list[str], expected: str) -> None:
    assert status_of_app(statuses) == expected


def test_the_database_refuses_an_unknown_state() -> None:
    version = factories.version()
    with pytest.raises(Exception, match="version_status_is_known"):
        Version.objects.filter(pk=version.pk).update(status="nowhere")


def test_a_refusal_is_a_domain_error() -> None:
    version = factories.version(Status.ACTIVE)
    with pytest.raises(DomainError) as refused:
        services.move(version_id=version.pk, actor=version.owner, verb=Verb.SUBMIT)
    assert refused.value.status == 409
