"""Bad input is refused clearly, in both languages, and leaves nothing behind: packages and pictures."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from roadstead.catalog import factories as catalog
from roadstead.catalog.models import App, Version
from roadstead.packaging import manifests
from roadstead.packaging.factories import Files, chart
from roadstead.vendors.selectors import provider_of
from tests.journeys.bad_packages import BAD_PACKAGES, Bad
from tests.journeys.leftovers import nothing_left_behind, scratch
from tests.journeys.visitors import LANGUAGES, Visitor, upload

__all__ = ["scratch"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scratch")]
NEW_APP = "/workbench/apps/new?delivery=helm"
MENDED = ("The package needs corrections. Mend what is listed and upload it again.", "有文件需要修正。按下面所列改好，再上传一次。")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def developer(language: str) -> Visitor:
    return Visitor(catalog.developer(), language)


@pytest.fixture
def own(developer: Visitor) -> Version:
    """A draft of the developer."""
    return catalog.version(
        of=catalog.app(developer.person, provider=provider_of(developer.person), name="demo", chart_name="demo"), name="0.1.0"
    )


@pytest.mark.parametrize("bad", BAD_PACKAGES, ids=lambda bad: bad.id)
def test_a_bad_package_makes_no_app(developer: Visitor, bad: Bad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "_SECONDS", 3)
    with nothing_left_behind():
        status, said = developer.refused(NEW_APP, {"package": upload(bad.data(), "demo.tgz")})
    assert status == 422
    assert said.fields == {"package": developer.says(*MENDED)}
    [(place, words)] = said.problems
    assert place == bad.place
    assert words.startswith(developer.says(bad.english, bad.chinese))


def test_the_judge_sees_what_an_accepted_package_leaves(developer: Visitor) -> None:
    with pytest.raises(AssertionError), nothing_left_behind():
        assert developer.post(NEW_APP, {"package": upload(chart(), "demo.tgz")})[0] == 302
    assert App.objects.get().name == "demo"


@pytest.mark.parametrize("door", ["/workbench/apps/{app}/versions/new", "/workbench/versions/{version}/package"])
def test_every_door_for_packages_refuses_alike(developer: Visitor, own: Version, door: str) -> None:
    data = {"package": upload(chart({"values.yaml": "a: [\n"}), "demo.tgz")}
    with nothing_left_behind():
        status, said = developer.refused(door.format(app=own.app_id, version=own.pk), data)
    assert (status, said.fields) == (422, {"package": developer.says(*MENDED)})
    assert [place for place, _words in said.problems] == ["values.yaml · 2"]


TAKEN: list[tuple[str, Files, tuple[str, str]]] = [
    (
        NEW_APP,
        {},
        (
            "There is an app named “demo” already. Add a new version to it, or choose another name in the package.",
            "已经有名为“demo”的应用。给它添加新版本，或者在包里换一个名称。",
        ),
    ),
    (
        "/workbench/apps/{app}/versions/new",
        {},
        (
            "Version 0.1.0 of this app exists already. Raise the version in the package and upload it again.",
            "这个应用已经有版本 0.1.0。提高包里的版本号，再上传一次。",
        ),
    ),
    (
        "/workbench/apps/{app}/versions/new",
        {"Chart.yaml": "apiVersion: v2\nname: other\nversion: 0.2.0\n"},
        (
            "The package is named “other”, but this app's packages are named “demo”.",
            "包名是“other”，而这个应用的包名是“demo”。",
        ),
    ),
]


@pytest.mark.parametrize(("door", "changes", "words"), TAKEN, ids=["app", "version", "another app's"])
def test_a_name_that_is_taken(developer: Visitor, own: Version, door: str, changes: Files, words: tuple[str, str]) -> None:
    with nothing_left_behind():
        status, said = developer.refused(door.format(app=own.app_id), {"package": upload(chart(changes), "demo.tgz")})
    assert (status, said.fields, said.problems) == (422, {"package": developer.says(*words)}, [])


def picture(form: str, size: tuple[int, int] = (8, 8)) -> bytes:
    out = BytesIO()
    Image.new("1", size).save(out, form)
    return out.getvalue()


BAD_PICTURES: dict[str, Callable[[], bytes]] = {
    "icon.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg-by-another-name.png": lambda: b"<svg/>",
    "moving.gif": lambda: picture("GIF"),
    "cut-off.png": lambda: picture("PNG")[:40],
    "large-file.png": lambda: picture("PNG") + bytes(2 * 1024 * 1024),
    "bomb.png": lambda: picture("PNG", (20_000, 20_000)),
}


@pytest.mark.parametrize("page", ["confirm", "information"])
@pytest.mark.parametrize("name", BAD_PICTURES)
def test_a_bad_picture(developer: Visitor, own: Version, name: str, page: str) -> None:
    sent = {"name": "New name", "icon": upload(BAD_PICTURES[name](), name)}
    with nothing_left_behind():
        status, said = developer.refused(f"/workbench/apps/{own.app_id}/{page}", sent)
    assert status == 422
    assert said.fields == {
        "icon": developer.says(
            "This can't be read as a PNG, JPEG or WebP picture of at most 2 MiB. SVG isn't accepted; export it as PNG.",
            "图片解码失败。需要不超过 2 MiB 的 PNG、JPEG 或 WebP；不接受 SVG，可以导出为 PNG。",
        )
    }
