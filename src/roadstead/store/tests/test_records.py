"""An app's versions by delivery type, its past, its record, and the test instances of it."""

from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories
from roadstead.catalog import services as catalog
from roadstead.catalog.models import App
from roadstead.catalog.track import Status, Verb
from roadstead.clusters import factories as clusters
from roadstead.packaging.services import Report
from roadstead.reviews import services as reviews
from roadstead.reviews.track import Stage, Verdict

pytestmark = pytest.mark.django_db
REASON = "The chart asks for a storage class that no environment of ours has. " * 4


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    client.cookies["roadstead_language"] = language
    return client


def rejected(app: App, name: str) -> str:
    """Send a version into review and have it refused; return its id."""
    version = factories.version(of=app, name=name)
    head = person("isv", version.owner.group)
    submission = reviews.submit(actor=version.owner, version_id=version.pk)
    reviews.claim(actor=head, submission_id=submission.pk, stage=Stage.PROVIDER)
    reviews.decide(actor=head, submission_id=submission.pk, stage=Stage.PROVIDER, verdict=Verdict.REJECT, reason=REASON)
    return version.pk


def test_the_past_is_folded_away_under_its_delivery_type() -> None:
    app = factories.app()
    factories.version(of=app, name="3.0.0")
    factories.version(Status.SUSPENDED, of=app, name="2.0.0")
    gone = factories.version(Status.DELETED, of=app, name="1.0.0")
    page = signed_in(app.owner).get(f"/workbench/apps/{app.pk}").content.decode()
    present, past = page.split("History versions")
    assert '<span class="rs-count">2</span>' in present
    assert "3.0.0" in present
    assert "2.0.0" not in present
    assert "2.0.0" in past
    assert f'href="/workbench/apps/{app.pk}/record?version={gone.pk}"' in past
    assert "历史版本" in signed_in(app.owner, "zh-hans").get(f"/workbench/apps/{app.pk}").content.decode()


def test_what_can_be_added_is_offered_and_nothing_else() -> None:
    app = factories.app()
    client, path = signed_in(app.owner), f"/workbench/apps/{app.pk}"
    helm, machines = (f"{path}/versions/new?type={kind}" for kind in ("helm", "vm"))
    empty = client.get(path).content.decode().partition("Not added")[2]
    assert helm in empty
    assert machines in empty
    factories.version(of=app)
    rest = client.get(path).content.decode().partition("Not added")[2]
    assert (helm in rest, machines in rest, "Instances are machines with roles" in rest) == (False, True, True)
    assert client.get(f"{path}/versions/new?type=docker").status_code == 404
    assert "Instances are machines with roles" in client.get(machines).content.decode()
    factories.version(of=app, type="vm")
    both = client.get(path).content.decode()
    assert "Not added" not in both
    assert machines in both
    assert helm in both
    assert signed_in(person("user")).get(path).status_code == 404


def test_an_upload_of_another_delivery_type_is_refused() -> None:
    app = factories.app()
    report = Report(digest="", delivery="helm", name=app.chart_name, version="9.0.0")
    with patch("roadstead.packaging.services.check", return_value=report):
        answer = signed_in(app.owner).post(
            f"/workbench/apps/{app.pk}/versions/new?type=vm", {"package": SimpleUploadedFile("a.tgz", b"tgz"), "description": ""}
        )
    assert answer.status_code == 422
    assert not app.versions.exists()


def test_an_app_whose_versions_are_deleted_can_be_deleted() -> None:
    app = factories.app()
    factories.version(Status.DELETED, of=app)
    assert 'data-dialog="delete-app"' in signed_in(app.owner).get(f"/workbench/apps/{app.pk}").content.decode()
    factories.version(of=app)
    assert 'data-dialog="delete-app"' not in signed_in(app.owner).get(f"/workbench/apps/{app.pk}").content.decode()


def test_the_record_opens_one_version_with_its_reasons() -> None:
    app = factories.app()
    refused = rejected(app, "1.0.0")
    newer = factories.version(of=app, name="1.1.0")
    catalog.move(actor=app.owner, version_id=newer.pk, verb=Verb.DELETE)
    client, path = signed_in(app.owner), f"/workbench/apps/{app.pk}/record"
    newest = client.get(path).content.decode()
    assert "1.1.0" in newest
    assert REASON.strip() not in newest
    opened = client.get(f"{path}?version={refused}").content.decode()
    assert REASON.strip() in opened
    assert "<summary>The chart asks" in opened
    assert "Unfold" in opened
    assert "Fold" not in client.get(f"{path}?version=-").content.decode().replace("Unfold", "")


def test_a_version_of_another_app_is_not_opened() -> None:
    foreign, app = rejected(factories.app(), "1.0.0"), factories.app()
    factories.version(of=app)
    assert REASON.strip() not in signed_in(app.owner).get(f"/workbench/apps/{app.pk}/record?version={foreign}").content.decode()


def test_test_instances_are_listed_where_their_app_is() -> None:
    version = factories.version(Status.PASSED)
    mine = clusters.cluster(owner=version.owner, version=version, debug=True, name="trial-of-mine")
    clusters.cluster(version=version, debug=True, name="somebody-elses")
    clusters.cluster("ceased", owner=version.owner, version=version, debug=True, name="long-gone")
    client = signed_in(version.owner)
    for path in (f"/workbench/apps/{version.app_id}", f"/workbench/versions/{version.pk}"):
        page = client.get(path).content.decode()
        assert f"/workbench/instances/{mine.pk}" in page
        assert "somebody-elses" not in page
        assert "long-gone" not in page
    assert "1 test instance of it goes on running" in page


@pytest.mark.parametrize("part", ["", "/information", "/information?tab=instructions", "/record"])
def test_the_pages_of_an_app_ask_as_much_for_many_versions_as_for_one(part: str) -> None:
    app = factories.app()
    factories.version(of=app)
    client, path = signed_in(app.owner), f"/workbench/apps/{app.pk}{part}"
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(8):
        version = factories.version(Status.SUSPENDED, of=app)
        clusters.cluster(owner=app.owner, version=version, debug=True)
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) <= len(few) <= 12, [query["sql"] for query in many]


def test_the_record_says_who_took_which_stage() -> None:
    app = factories.app()
    refused = rejected(app, "1.0.0")
    page = signed_in(app.owner).get(f"/workbench/apps/{app.pk}/record?version={refused}").content.decode()
    assert "Processing started" in page
    assert "Provider review" in page
    assert "开始处理" in signed_in(app.owner, "zh-hans").get(f"/workbench/versions/{refused}").content.decode()


def test_an_app_counts_what_users_run_without_telling_who() -> None:
    app = factories.app()
    version = factories.version(Status.ACTIVE, of=app)
    for status in ("active", "active", "ceased"):
        clusters.cluster(status, version=version, name=f"secret-{status}-{person('user').pk[4:10]}")
    clusters.cluster(version=version, debug=True, owner=app.owner)
    page = signed_in(app.owner).get(f"/workbench/apps/{app.pk}").content.decode()
    strip = page.partition('<dl class="rs-plots">')[2].partition("</dl>")[0]
    assert [word for word in strip.replace("<", " <").split() if word in {"<b>1", "<b>2", "<b>3"}] == ["<b>1", "<b>3", "<b>3", "<b>2"]
    assert "secret-" not in page
    listed = signed_in(app.owner).get("/workbench/apps").content.decode()
    assert "Deployments" in listed
