"""The way into review: three steps that save and show, then the submission; what isn't submittable never gets there."""

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories
from roadstead.catalog.track import Status
from roadstead.store import factories as store

pytestmark = pytest.mark.django_db


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    client.cookies["roadstead_language"] = language
    return client


def test_the_steps_save_and_lead_to_the_submission() -> None:
    version = factories.version(of=factories.app(name="Bollard"), name="2.0.0")
    person("isv", version.owner.group)
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}"
    assert f'href="{path}/prepare"' in client.get(path).content.decode()

    words = {"name": "Bollard", "introduction": "Holds ropes.", "description": "# Ropes", "category_id": "ctg-security"}
    answer = client.post(f"{path}/prepare", words)
    assert answer["Location"] == f"{path}/prepare?step=version"
    page = client.get(answer["Location"]).content.decode()
    assert "2.0.0" in page
    answer = client.post(answer["Location"], {"description": "Mends **knots**."})
    assert answer["Location"] == f"{path}/prepare?step=preview"

    page = client.get(answer["Location"]).content.decode()
    assert "Holds ropes." in page
    assert "<h2>Ropes</h2>" in page or "<h3>Ropes</h3>" in page
    assert "inert" in page
    assert "<strong>knots</strong>" in client.get(f"{answer['Location']}&tab=versions").content.decode()

    answer = client.post(f"{path}/submit")
    assert answer["Location"] == f"{path}/submitted"
    assert "Bollard 2.0.0 is submitted" in client.get(answer["Location"]).content.decode()
    version.refresh_from_db()
    assert version.status == Status.SUBMITTED


def test_the_preview_shows_the_working_copy_beside_what_is_listed_and_writes_nothing() -> None:
    listing = store.listing(name="Old name", introduction="As it was.")
    page_before = bytes(listing.page)
    app = listing.app
    app.introduction = "As it will be."
    app.save()
    draft = factories.version(of=app, name="0.9.0")
    page = signed_in(app.owner, "zh-hans").get(f"/workbench/versions/{draft.pk}/prepare?step=preview&tab=versions").content.decode()
    assert "As it will be." in page
    assert "1.0.0" in page
    assert "0.9.0" in page
    assert "提交审核" in page
    listing.refresh_from_db()
    assert bytes(listing.page) == page_before


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.PASSED, Status.ACTIVE, Status.SUSPENDED])
def test_what_cannot_be_submitted_is_not_prepared(status: Status) -> None:
    version = factories.version(status)
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}/prepare"
    assert client.get(path).status_code == 409
    assert client.post(path, {"name": "Another"}).status_code == 409
    assert client.post(f"{path}?step=version", {"description": "Another"}).status_code == 409
    version.refresh_from_db()
    version.app.refresh_from_db()
    assert (version.status, version.description) == (status, "")
    assert version.app.name != "Another"


def test_information_that_is_locked_by_another_version_is_shown_and_not_saved() -> None:
    version = factories.version(Status.REJECTED)
    factories.version(Status.IN_REVIEW, of=version.app)
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}/prepare"
    page = client.get(path).content.decode()
    assert "can't be changed now" in page
    assert 'href="?step=version"' in page
    answer = client.post(path, {"name": "Another"})
    assert answer.status_code == 422
    version.app.refresh_from_db()
    assert version.app.name != "Another"


def test_a_wrong_field_stays_on_its_step() -> None:
    version = factories.version()
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}/prepare"
    assert client.post(path, {"name": ""}).status_code == 422
    assert client.post(f"{path}?step=version", {"description": "x" * 2_001}).status_code == 422
    version.refresh_from_db()
    assert version.status == Status.DRAFT
