"""Screenshots: written anew within limits, in the order that was asked for, and only while the information may change."""

from io import BytesIO

import pytest
from PIL import Image

from roadstead.blobs import services as blobs
from roadstead.catalog import errors, factories, selectors, services
from roadstead.catalog.models import App, Picture
from roadstead.catalog.track import Status
from roadstead.core.errors import DomainError, Missing

pytestmark = pytest.mark.django_db


def picture(shade: int = 0, *, width: int = 40, kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, 20), (shade, shade, shade)).save(out, kind)
    return out.getvalue()


def shown(app: App) -> list[str]:
    app.refresh_from_db()
    return [row["full"] for row in app.screenshots]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_screenshot_is_written_anew_in_two_sizes(kind: str) -> None:
    app = factories.app()
    sent = picture(width=2_000, kind=kind)
    services.add_screenshots(actor=app.owner, app_id=app.pk, pictures=[sent])
    app.refresh_from_db()
    sizes = []
    for digest in app.screenshots[0].values():
        assert selectors.is_icon(digest)
        data = blobs.read(digest)
        assert data != sent
        with Image.open(BytesIO(data)) as made:
            assert made.format == "PNG"
            sizes.append(made.width)
    assert sizes == [1_600, 384]


def test_a_small_picture_is_not_blown_up_and_the_same_one_is_there_once() -> None:
    app = factories.app()
    services.add_screenshots(actor=app.owner, app_id=app.pk, pictures=[picture(), picture()])
    (digest,) = shown(app)
    with Image.open(BytesIO(blobs.read(digest))) as made:
        assert made.size == (40, 20)


def test_screenshots_move_and_go() -> None:
    app = factories.app()
    services.add_screenshots(actor=app.owner, app_id=app.pk, pictures=[picture(shade) for shade in range(3)])
    first, second, third = shown(app)
    services.move_screenshot(actor=app.owner, app_id=app.pk, digest=first, step=1)
    assert shown(app) == [second, first, third]
    services.move_screenshot(actor=app.owner, app_id=app.pk, digest=third, step=1)
    assert shown(app) == [second, first, third]
    services.delete_screenshot(actor=app.owner, app_id=app.pk, digest=second)
    assert shown(app) == [first, third]
    # The store still shows what was released with it.
    assert selectors.is_icon(second)
    with pytest.raises(Missing):
        services.delete_screenshot(actor=app.owner, app_id=app.pk, digest=second)


@pytest.mark.parametrize(
    ("pictures", "refusal"),
    [
        ([picture(shade) for shade in range(7)], errors.TooManyScreenshots),
        ([picture(shade) for shade in range(6)], errors.TooManyScreenshots),
        ([picture(1), b"<svg/>"], errors.PictureRefused),
        ([picture(1) + bytes(2 * 1024 * 1024)], errors.PictureRefused),
    ],
)
def test_what_is_refused_adds_nothing(pictures: list[bytes], refusal: type[DomainError]) -> None:
    app = factories.app()
    services.add_screenshots(actor=app.owner, app_id=app.pk, pictures=[picture(200)])
    before, kept = shown(app), Picture.objects.count()
    with pytest.raises(refusal):
        services.add_screenshots(actor=app.owner, app_id=app.pk, pictures=pictures)
    assert (shown(app), Picture.objects.count()) == (before, kept)


def test_they_are_locked_with_the_information_and_foreign_ones_are_missing() -> None:
    app = factories.app()
    services.add_screenshots(actor=app.owner, app_id=app.pk, pictures=[picture()])
    before = shown(app)
    factories.version(Status.IN_REVIEW, of=app)
    for actor, refusal in ((app.owner, errors.AppLocked), (factories.developer(), Missing)):
        with pytest.raises(refusal):
            services.add_screenshots(actor=actor, app_id=app.pk, pictures=[picture(9)])
        with pytest.raises(refusal):
            services.move_screenshot(actor=actor, app_id=app.pk, digest=before[0], step=1)
        with pytest.raises(refusal):
            services.delete_screenshot(actor=actor, app_id=app.pk, digest=before[0])
    assert shown(app) == before


def test_all_go_at_once_unless_they_are_locked() -> None:
    app = factories.app()
    services.add_screenshots(actor=app.owner, app_id=app.pk, pictures=[picture(shade) for shade in range(3)])
    before = shown(app)
    with pytest.raises(Missing):
        services.clear_screenshots(actor=factories.developer(), app_id=app.pk)
    version = factories.version(Status.IN_REVIEW, of=app)
    with pytest.raises(errors.AppLocked):
        services.clear_screenshots(actor=app.owner, app_id=app.pk)
    assert shown(app) == before
    version.status = Status.DRAFT
    version.save()
    services.clear_screenshots(actor=app.owner, app_id=app.pk)
    assert shown(app) == []
