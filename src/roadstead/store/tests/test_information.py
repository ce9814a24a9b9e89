"""The pages of an app's information: its shelf, its screenshots, the example, the lock."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from roadstead.accounts.models import User
from roadstead.audit.selectors import events_of
from roadstead.catalog import factories
from roadstead.catalog.models import App
from roadstead.catalog.track import Status

pytestmark = pytest.mark.django_db


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    client.cookies["roadstead_language"] = language
    return client


def png(shade: int = 0) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(out, "PNG")
    return SimpleUploadedFile("shot.png", out.getvalue())


def shots(app: App) -> list[str]:
    app.refresh_from_db()
    return [row["full"] for row in app.screenshots]


def test_the_category_is_chosen_in_the_language_of_the_page() -> None:
    app = factories.app()
    path = f"/workbench/apps/{app.pk}/information"
    assert "监控运维" in signed_in(app.owner, "zh-hans").get(path).content.decode()
    client = signed_in(app.owner)
    assert "Monitoring and operations" in client.get(path).content.decode()
    assert client.post(path, {"name": app.name, "category_id": "ctg-monitoring"}).status_code == 302
    app.refresh_from_db()
    assert app.category_id == "ctg-monitoring"
    assert client.post(path, {"name": app.name, "category_id": "ctg-none"}).status_code == 422
    app.refresh_from_db()
    assert app.category_id == "ctg-monitoring"


def test_screenshots_are_added_moved_deleted_and_handed_out() -> None:
    app = factories.app()
    client, path = signed_in(app.owner), f"/workbench/apps/{app.pk}/screenshots"
    answer = client.post(path, {"screenshots": [png(1), png(2), png(3)], "do": "add"})
    assert answer["Location"] == f"/workbench/apps/{app.pk}/information#screenshots"
    one, two, three = shots(app)
    client.post(path, {"do": f"up:{two}"})
    client.post(path, {"do": f"down:{one}"})
    assert shots(app) == [two, three, one]
    client.post(path, {"do": f"delete:{three}"})
    assert shots(app) == [two, one]
    page = client.get(f"/workbench/apps/{app.pk}/information").content.decode()
    assert "Move screenshot 2 forward" in page
    assert Client().get(f"/media/icons/{one}").headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ([], "Choose at least one picture."),
        ([SimpleUploadedFile("shot.svg", b"<svg/>")], "SVG isn"),
        ([png(shade) for shade in range(7)], "at most 6 screenshots"),
    ],
)
def test_refused_screenshots_are_named_at_the_field(sent: list[SimpleUploadedFile], words: str) -> None:
    app = factories.app(introduction="Kept words.")
    answer = signed_in(app.owner).post(f"/workbench/apps/{app.pk}/screenshots", {"screenshots": sent, "do": "add"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Kept words." in page
    assert shots(app) == []


def test_a_reviewed_app_keeps_its_screenshots() -> None:
    version = factories.version(Status.IN_REVIEW)
    answer = signed_in(version.owner).post(f"/workbench/apps/{version.app_id}/screenshots", {"screenshots": [png()], "do": "add"})
    assert answer.status_code == 422
    assert "The information is locked" in answer.content.decode()
    assert shots(version.app) == []


@pytest.mark.parametrize(("tab", "language", "words"), [("instructions", "en", "Before you deploy"), ("terms", "zh-hans", "服务条款")])
def test_long_texts_come_with_an_example(tab: str, language: str, words: str) -> None:
    app = factories.app()
    page = signed_in(app.owner, language).get(f"/workbench/apps/{app.pk}/information?tab={tab}").content.decode()
    assert 'id="example"' in page
    assert f"<h2>{words}" in page or f"<h3>{words}" in page
    assert "data-unsaved" in page


def test_an_icon_is_put_on_and_taken_off_again() -> None:
    app = factories.app()
    client, path = signed_in(app.owner), f"/workbench/apps/{app.pk}/information"
    words = "Remove the icon"
    assert words not in client.get(path).content.decode()
    client.post(path, {"name": app.name, "icon": png(9)})
    app.refresh_from_db()
    put_on = app.icon
    assert Client().get(f"/media/icons/{put_on}").status_code == 200
    assert words in client.get(path).content.decode()
    client.post(path, {"name": app.name, "introduction": "Still with a picture."})
    app.refresh_from_db()
    assert app.icon == put_on
    client.post(path, {"name": app.name, "remove_icon": "on"})
    app.refresh_from_db()
    assert (app.icon, app.introduction) == ("", "")
    page = client.get(path).content.decode()
    assert words not in page
    assert put_on not in page
    # Nothing shows it any more, so nobody can ask for it.
    assert Client().get(f"/media/icons/{put_on}").status_code == 404
    assert "icon" in events_of("catalog.App", app.pk)[0].data["fields"]


def test_an_icon_stays_while_a_version_is_reviewed() -> None:
    version = factories.version(Status.IN_REVIEW)
    App.objects.filter(pk=version.app_id).update(icon="a" * 64)
    answer = signed_in(version.owner).post(f"/workbench/apps/{version.app_id}/information", {"name": "x", "remove_icon": "on"})
    assert answer.status_code == 422
    version.app.refresh_from_db()
    assert version.app.icon == "a" * 64


def test_all_screenshots_are_deleted_after_a_question() -> None:
    app = factories.app()
    client, path = signed_in(app.owner), f"/workbench/apps/{app.pk}"
    assert 'id="clear-screenshots"' not in client.get(f"{path}/information").content.decode()
    client.post(f"{path}/screenshots", {"screenshots": [png(1), png(2)], "do": "add"})
    assert 'id="clear-screenshots"' in client.get(f"{path}/information").content.decode()
    client.post(f"{path}/screenshots", {"do": "clear"})
    assert shots(app) == []
