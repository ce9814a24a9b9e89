"""The developer's pages of an app: the list, creating, information; what is refused stays on the form."""

from io import BytesIO
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.catalog import factories
from roadstead.catalog.models import App, Version
from roadstead.catalog.track import Status
from roadstead.packaging.kinds import FILE_MISSING
from roadstead.packaging.services import PackageFile, Report

pytestmark = pytest.mark.django_db

GOOD = Report(digest="", delivery="helm", name="wordpress", version="1.0.0", files=(PackageFile("Chart.yaml", 40),))
BAD = Report(digest="", delivery="helm", problems=(FILE_MISSING(file="values.yaml"),))


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.cookies["roadstead_language"] = "en"
    return client


def package(data: bytes = b"tgz") -> SimpleUploadedFile:
    return SimpleUploadedFile("wordpress.tgz", data)


def png() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return SimpleUploadedFile("icon.png", out.getvalue())


def test_the_wizard_makes_an_app() -> None:
    client = signed_in(factories.developer())
    assert "Helm" in client.get("/workbench/apps/new").content.decode()
    assert "16 MiB" in client.get("/workbench/apps/new?delivery=helm").content.decode()
    with patch("roadstead.packaging.services.check", return_value=GOOD):
        answer = client.post("/workbench/apps/new?delivery=helm", {"package": package()})
    app = App.objects.get()
    assert answer["Location"] == f"/workbench/apps/{app.pk}/confirm"
    assert client.post(answer["Location"], {"icon": png()})["Location"] == f"/workbench/apps/{app.pk}/created"
    app.refresh_from_db()
    assert len(app.icon) == 64
    assert "wordpress" in client.get(f"/workbench/apps/{app.pk}/created").content.decode()
    assert client.get(f"/media/icons/{app.icon}").headers["Content-Type"] == "image/png"


def test_a_refused_package_lists_every_problem() -> None:
    client = signed_in(factories.developer())
    with patch("roadstead.packaging.services.check", return_value=BAD):
        answer = client.post("/workbench/apps/new?delivery=helm", {"package": package()})
    assert answer.status_code == 422
    assert "1 thing to correct in the package" in answer.content.decode()
    assert "values.yaml" in answer.content.decode()
    assert not App.objects.exists()


@pytest.mark.parametrize(("files", "words"), [({}, "Choose the package file."), ({"package": package(b"")}, "This file is empty.")])
def test_an_upload_without_a_package(files: dict[str, SimpleUploadedFile], words: str) -> None:
    answer = signed_in(factories.developer()).post("/workbench/apps/new?delivery=helm", files)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_who_has_no_provider_is_told_so() -> None:
    answer = signed_in(person("developer")).get("/workbench/apps/new")
    assert answer.status_code == 403
    assert "Ask a provider to add you" in answer.content.decode()


def test_the_sample_makes_an_app() -> None:
    client = signed_in(factories.developer())
    with patch("roadstead.packaging.services.check", return_value=GOOD), patch("roadstead.store.workbench.sample_chart", return_value=b"x"):
        answer = client.post("/workbench/apps/sample")
    assert answer["Location"] == f"/workbench/versions/{Version.objects.get().pk}"


def test_the_sample_for_machines_is_an_app_of_its_own_or_stands_beside_the_chart() -> None:
    maker = factories.developer()
    client = signed_in(maker)
    assert 'name="delivery" value="vm"' in client.get("/workbench/apps").content.decode()
    client.post("/workbench/apps/sample", {"delivery": "vm"})
    made = Version.objects.get()
    assert (made.type, made.app.chart_name, made.status) == ("vm", "wordpress", "draft")
    page = client.get(f"/workbench/apps/{made.app_id}").content.decode()
    assert 'name="delivery" value="helm"' in page
    assert 'name="delivery" value="vm"' not in page
    answer = client.post("/workbench/apps/sample", {"delivery": "vm", "app": made.app_id})
    assert answer.status_code in {409, 422}  # that version is there already
    stranger = signed_in(factories.developer())
    assert stranger.post("/workbench/apps/sample", {"delivery": "vm", "app": made.app_id}).status_code == 404
    assert Version.objects.count() == 1


def test_the_list_shows_ones_own_and_finds_by_name() -> None:
    mine, foreign = factories.app(name="Mine alone"), factories.app(name="Somebody else's")
    factories.version(of=mine, name="4.5.6")
    client = signed_in(mine.owner)
    page = client.get("/workbench/apps").content.decode()
    assert "Mine alone" in page
    assert "4.5.6" in page
    assert foreign.pk not in page
    assert "Mine alone" in client.get("/workbench/apps?q=mine").content.decode()
    assert "No app is called “other”" in client.get("/workbench/apps?q=other").content.decode()


def test_the_empty_list_teaches() -> None:
    assert "Create your first app" in signed_in(factories.developer()).get("/workbench/apps").content.decode()
    assert "Apps belong to a provider" in signed_in(person("user")).get("/workbench/apps").content.decode()


def test_all_apps_are_for_those_who_keep_the_store() -> None:
    app = factories.app(name="Everybody's")
    assert "Everybody" in signed_in(person("global_admin")).get("/workbench/all-apps").content.decode()
    assert signed_in(app.owner).get("/workbench/all-apps").status_code == 403


def test_information_is_saved() -> None:
    app = factories.app()
    words = {"name": "New name", "introduction": "One sentence.", "description": "# Long", "home": "https://example.com"}
    answer = signed_in(app.owner).post(f"/workbench/apps/{app.pk}/information", words)
    assert answer.status_code == 302
    app.refresh_from_db()
    assert (app.name, app.introduction, app.home) == ("New name", "One sentence.", "https://example.com")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required"),
        ("introduction", "x" * 201, "at most 200"),
        ("home", "javascript:alert(1)", "starts with https://"),
        ("home", "ftp://example.com", "starts with https://"),
        ("icon", SimpleUploadedFile("icon.svg", b"<svg/>"), "SVG isn't accepted"),
    ],
)
def test_a_wrong_field_says_so_and_keeps_the_rest(field: str, value: str | SimpleUploadedFile, words: str) -> None:
    app = factories.app(introduction="Before.")
    sent = {"name": "Kept name", "introduction": "Kept words.", "description": "", "home": "", field: value}
    answer = signed_in(app.owner).post(f"/workbench/apps/{app.pk}/information", sent)
    page = answer.content.decode().replace("&#x27;", "'")
    assert answer.status_code == 422
    assert words in page
    assert ("Kept name" in page) or field == "name"
    app.refresh_from_db()
    assert app.introduction == "Before."


def test_instructions_are_previewed_and_saved() -> None:
    app = factories.app()
    client, path = signed_in(app.owner), f"/workbench/apps/{app.pk}/information?tab=instructions"
    preview = client.post(path, {"text": "# Install <script>x</script>", "preview": "1"}).content.decode()
    assert "<h2>Install &lt;script&gt;x&lt;/script&gt;</h2>" in preview
    assert not App.objects.exclude(readme="").exists()
    assert client.post(path, {"text": "# Install"})["Location"].endswith("?tab=instructions")
    app.refresh_from_db()
    assert app.readme == "# Install"


def test_information_is_locked_while_a_version_is_reviewed() -> None:
    version = factories.version(Status.IN_REVIEW)
    client, path = signed_in(version.owner), f"/workbench/apps/{version.app_id}/information"
    assert "Locked while a version is reviewed." in client.get(path).content.decode()
    answer = client.post(path, {"name": "New name"})
    assert answer.status_code == 422
    assert "The information is locked" in answer.content.decode()
    version.app.refresh_from_db()
    assert version.app.name != "New name"


def test_deleting_an_app_asks_for_its_name() -> None:
    app = factories.app(name="Ballast")
    client = signed_in(app.owner)
    assert client.post(f"/workbench/apps/{app.pk}/delete", {"name": "Ball"}).status_code == 422
    app.refresh_from_db()
    assert app.status == Status.DRAFT
    assert client.post(f"/workbench/apps/{app.pk}/delete", {"name": "Ballast"})["Location"] == "/workbench/apps"
    app.refresh_from_db()
    assert app.status == Status.DELETED
