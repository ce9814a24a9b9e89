"""Creates under an Idempotency-Key: made once, answered twice."""

from datetime import timedelta

import pytest

from roadstead.accounts.factories import person
from roadstead.accounts.models import KeptAnswer
from roadstead.api.tests.caller import Caller
from roadstead.audit.models import Event
from roadstead.catalog.models import App, Category, Version
from roadstead.core.clock import now
from roadstead.packaging.factories import chart
from roadstead.reviews.factories import cast

pytestmark = pytest.mark.django_db


def keeper() -> Caller:
    return Caller(person("global_admin"))


def test_the_same_request_is_answered_again_and_makes_nothing_new() -> None:
    ci = Caller(cast().developer)
    first = ci.upload("/apps", chart(), key="build-1")
    before = Event.objects.count()
    assert ci.upload("/apps", chart(), key="build-1") == first
    assert ci.status == 201
    assert (App.objects.count(), Version.objects.count(), Event.objects.count()) == (1, 1, before)


def test_without_a_key_a_second_one_is_made_or_refused_as_ever() -> None:
    ci = Caller(cast().developer)
    ci.upload("/apps", chart())
    ci.upload("/apps", chart())
    assert ci.status == 422


@pytest.mark.parametrize("other", ["body", "address"])
def test_a_key_stands_for_one_request(other: str) -> None:
    admin = keeper()
    admin.send("/categories", key="k", name="One")
    said = admin.send("/categories", key="k", name="Two") if other == "body" else admin.send("/roles", key="k", name="One")
    assert (admin.status, said["code"]) == (422, "idempotency_key_reused")
    assert not Category.objects.filter(name="Two").exists()


def test_while_the_first_is_under_way_the_second_waits() -> None:
    admin = keeper()
    made = admin.send("/categories", key="k", name="One")
    KeptAnswer.objects.update(answer="")
    said = admin.send("/categories", key="k", name="One")
    assert (admin.status, said["code"]) == (409, "idempotency_key_in_use")
    assert Category.objects.filter(pk=made["id"]).count() == 1


def test_a_request_that_died_lets_its_key_go() -> None:
    admin = keeper()
    admin.send("/categories", key="k", name="One")
    KeptAnswer.objects.update(answer="", created_at=now() - timedelta(minutes=20))
    admin.send("/categories", key="k", name="One")
    assert (admin.status, admin.said["code"]) == (422, "category_name_taken")


def test_what_was_refused_is_corrected_under_the_same_key() -> None:
    admin = keeper()
    admin.send("/categories", key="k")
    assert admin.status == 422
    admin.send("/categories", key="k", name="One")
    assert admin.status == 201


def test_a_key_is_its_persons_own() -> None:
    admin, other = keeper(), keeper()
    admin.send("/categories", key="k", name="One")
    assert other.send("/categories", key="k", name="Two")["name"] == "Two"


def test_answers_are_sealed_and_go_after_a_day() -> None:
    admin = keeper()
    made = admin.send("/categories", key="k", name="Canary")
    assert "Canary" not in repr(list(KeptAnswer.objects.values()))
    KeptAnswer.objects.update(created_at=now() - timedelta(days=1, minutes=1))
    admin.send("/categories", key="other", name="Next")
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["other"]
    assert made["name"] == "Canary"


@pytest.mark.parametrize("key", ["a" * 65, "with space", "\u00e9"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    admin = keeper()
    said = admin.send("/categories", key=key, name="One")
    assert (admin.status, said["code"]) == (422, "idempotency_key_unfit")
    assert not Category.objects.filter(name="One").exists()
