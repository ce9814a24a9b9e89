"""The page of a version: one big button by state, and nothing offered that isn't accepted."""

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.reviews import services as reviews
from roadstead.reviews.track import Stage, Verdict
from roadstead.store import factories as store
from roadstead.store import selectors

pytestmark = pytest.mark.django_db

BIG = {
    Status.DRAFT: 'data-dialog="submit-version"',
    Status.REJECTED: 'data-dialog="submit-version"',
    Status.SUBMITTED: 'disabled aria-describedby="waits-for"',
    Status.IN_REVIEW: 'disabled aria-describedby="waits-for"',
    Status.PASSED: 'data-dialog="release-version"',
    Status.ACTIVE: "View in store",
    Status.SUSPENDED: "",
}
MENU = {
    Status.DRAFT: {"edit-log", "delete-version"},
    Status.REJECTED: {"edit-log", "delete-version"},
    Status.SUBMITTED: {"withdraw-version"},
    Status.IN_REVIEW: {"withdraw-version"},
    Status.PASSED: {"delete-version"},
    Status.ACTIVE: set(),
    Status.SUSPENDED: {"delete-version"},
}
DIALOGS = {"edit-log", "delete-version", "withdraw-version", "suspend-version", "recover-version", "submit-version", "release-version"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["roadstead_language"] = "en"
    return client


def passed_review(version: Version) -> None:
    """Send a version through its three reviews."""
    submission = reviews.submit(actor=version.owner, version_id=version.pk)
    people = {
        Stage.PROVIDER: person("isv", version.owner.group),
        Stage.BUSINESS: person("business_reviewer"),
        Stage.TECHNICAL: person("technical_reviewer"),
    }
    for stage, reviewer in people.items():
        reviews.claim(actor=reviewer, submission_id=submission.pk, stage=stage)
        reviews.decide(actor=reviewer, submission_id=submission.pk, stage=stage, verdict=Verdict.PASS)


@pytest.mark.parametrize("status", BIG)
def test_one_big_button_by_state(status: Status) -> None:
    version = factories.version(status)
    page = signed_in(version.owner).get(f"/workbench/versions/{version.pk}").content.decode()
    assert BIG[status] in page
    offered = {name for name in DIALOGS if f'data-dialog="{name}"' in page}
    assert offered - {"submit-version", "release-version"} == MENU[status]
    assert {name for name in DIALOGS if f'<dialog id="{name}"' in page} == offered


def test_an_administrator_suspends_and_recovers() -> None:
    listing, client = store.listing(), signed_in(person("global_admin"))
    path = f"/workbench/versions/{listing.versions.get().version_id}"
    assert 'data-dialog="suspend-version"' in client.get(path).content.decode()
    client.post(f"{path}/suspend", {"reason": "It leaks."})
    assert not selectors.is_listed(listing.app_id)
    page = client.get(path).content.decode()
    assert 'data-dialog="recover-version"' in page
    assert "It leaks." in page
    client.post(f"{path}/recover")
    assert selectors.is_listed(listing.app_id)


def test_from_draft_to_store() -> None:
    version = factories.version()
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}"
    person("isv", version.owner.group)
    assert "Reviewers will miss:" in client.get(path).content.decode()

    page = client.post(f"{path}/submit", follow=True).content.decode()
    assert "is submitted" in page
    page = client.post(f"{path}/withdraw", follow=True).content.decode()
    assert "The review is withdrawn." in page

    passed_review(version)
    page = client.post(f"{path}/release", follow=True).content.decode()
    assert "is in the store." in page
    document = selectors.document_of(version.app_id).as_page
    assert [proof.stage for proof in document.versions[0].proofs] == ["provider", "business", "technical"]
    assert document.versions[0].digest == version.package


def test_a_rejection_shows_its_reason() -> None:
    version = factories.version()
    head = person("isv", version.owner.group)
    submission = reviews.submit(actor=version.owner, version_id=version.pk)
    reviews.claim(actor=head, submission_id=submission.pk, stage=Stage.PROVIDER)
    reviews.decide(actor=head, submission_id=submission.pk, stage=Stage.PROVIDER, verdict=Verdict.REJECT, reason="No backup.")
    page = signed_in(version.owner).get(f"/workbench/versions/{version.pk}").content.decode()
    assert page.count("No backup.") == 2
    assert submission.pk in page


def test_withdrawing_ends_when_the_technical_review_is_claimed() -> None:
    version, tech = factories.version(), person("technical_reviewer")
    people = {Stage.PROVIDER: person("isv", version.owner.group), Stage.BUSINESS: person("business_reviewer")}
    submission = reviews.submit(actor=version.owner, version_id=version.pk)
    for stage, reviewer in people.items():
        reviews.claim(actor=reviewer, submission_id=submission.pk, stage=stage)
        reviews.decide(actor=reviewer, submission_id=submission.pk, stage=stage, verdict=Verdict.PASS)
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}"
    assert "withdraw-version" in client.get(path).content.decode()

    reviews.claim(actor=tech, submission_id=submission.pk, stage=Stage.TECHNICAL)
    assert "withdraw-version" not in client.get(path).content.decode()
    assert client.post(f"{path}/withdraw").status_code == 409
    version.refresh_from_db()
    assert version.status == Status.IN_REVIEW


def test_the_log_of_a_draft_is_edited() -> None:
    version = factories.version()
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}/log"
    answer = client.post(path, {"description": "x" * 2001})
    assert answer.status_code == 422
    assert "edit-log" in answer.content.decode()
    assert "data-open" in answer.content.decode()
    client.post(path, {"description": "Mends **things**."})
    assert "<strong>things</strong>" in client.get(f"/workbench/versions/{version.pk}").content.decode()


@pytest.mark.parametrize("act", ["log", "package", "submit", "release", "suspend", "delete"])
def test_a_released_version_never_changes(act: str) -> None:
    listing = store.listing()
    version = listing.versions.get().version
    data = {"name": version.name, "description": "New."}
    answer = signed_in(version.owner).post(f"/workbench/versions/{version.pk}/{act}", data)
    assert answer.status_code in {403, 409, 422}
    version.refresh_from_db()
    assert (version.status, version.description) == (Status.ACTIVE, "")


@pytest.mark.parametrize("status", Status)
def test_another_package_is_asked_for_only_where_it_is_taken(status: Status) -> None:
    version = factories.version(status)
    answer = signed_in(version.owner).get(f"/workbench/versions/{version.pk}/package")
    wanted = {Status.DRAFT: 200, Status.REJECTED: 200, Status.DELETED: 404}.get(status, 409)
    assert (answer.status_code, b'type="file"' in answer.content) == (wanted, wanted == 200)


@pytest.mark.parametrize("act", ["", "/download", "/package"])
def test_a_strangers_version_is_missing(act: str) -> None:
    version = factories.version()
    client = signed_in(factories.developer())
    foreign = client.get(f"/workbench/versions/{version.pk}{act}")
    missing = client.get(f"/workbench/versions/appv-aaaaaaaaaaaaaaaa{act}")
    assert (foreign.status_code, missing.status_code) == (404, 404)


def test_deleting_asks_for_the_name() -> None:
    version = factories.version(name="1.2.3")
    client, path = signed_in(version.owner), f"/workbench/versions/{version.pk}/delete"
    assert client.post(path, {"name": "1.2"}).status_code == 422
    assert client.post(path, {"name": "1.2.3"})["Location"] == f"/workbench/apps/{version.app_id}"
    version.refresh_from_db()
    assert version.status == Status.DELETED


def test_the_package_is_handed_out_byte_for_byte() -> None:
    version = factories.version(name="1.2.3")
    answer = signed_in(version.owner).get(f"/workbench/versions/{version.pk}/download")
    assert answer.content == f"{version.app_id} 1.2.3".encode()
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("act", ["submit", "withdraw", "release", "suspend", "recover", "delete", "log"])
def test_acts_are_posts_of_people_who_are_signed_in(client: Client, act: str) -> None:
    version = factories.version()
    path = f"/workbench/versions/{version.pk}/{act}"
    assert client.post(path)["Location"].startswith("/accounts/login/")
    assert signed_in(version.owner).get(path).status_code == 405
