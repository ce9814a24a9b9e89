"""The verbs of an app's screenshots: added, put in order, deleted, each while the app's information may change."""

from typing import TYPE_CHECKING

from django.db import transaction

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.blobs import services as blobs
from roadstead.catalog.errors import AppLocked, TooManyScreenshots
from roadstead.catalog.models import App, Picture
from roadstead.catalog.pictures import screenshot_pngs
from roadstead.catalog.selectors import apps_visible_to, is_locked
from roadstead.core.clock import now
from roadstead.core.errors import Missing
from roadstead.core.finding import found

if TYPE_CHECKING:
    from roadstead.accounts.models import User

MOST_SCREENSHOTS = 6


def add_screenshots(*, actor: "User", app_id: str, pictures: list[bytes]) -> App:
    """Add pictures at the end; all of them or, if one can't be read or there are too many, none. A picture is there once."""
    require(actor, Action.EDIT_APP)
    if len(pictures) > MOST_SCREENSHOTS:
        raise TooManyScreenshots(field="screenshots", most=MOST_SCREENSHOTS)
    # Decoded and stored before the transaction: a large picture, or a store far away, must not keep other writers waiting.
    made = [screenshot_pngs(data) for data in pictures]
    if len(_with(_open(actor, found(apps_visible_to(actor), app_id)), made)) > MOST_SCREENSHOTS:
        raise TooManyScreenshots(field="screenshots", most=MOST_SCREENSHOTS)
    for picture in {picture for both in made for picture in both}:
        blobs.put(picture)
    with transaction.atomic():
        app = _lock_open_app(actor, app_id)
        shown = _with(app, made)
        if len(shown) > MOST_SCREENSHOTS:
            raise TooManyScreenshots(field="screenshots", most=MOST_SCREENSHOTS)
        for digest in {digest for row in shown for digest in row.values()}:
            Picture.objects.get_or_create(digest=digest, defaults={"app": app})
        return _write(actor, app, shown)


@transaction.atomic
def move_screenshot(*, actor: "User", app_id: str, digest: str, step: int) -> App:
    """Move a screenshot one place towards the beginning (-1) or the end (1); at the edge it stays."""
    app = _lock_open_app(actor, app_id)
    place = _place_of(app, digest)
    target = min(max(place + step, 0), len(app.screenshots) - 1)
    shown = list(app.screenshots)
    shown.insert(target, shown.pop(place))
    return _write(actor, app, shown)


@transaction.atomic
def delete_screenshot(*, actor: "User", app_id: str, digest: str) -> App:
    """Take a screenshot out of the working copy; the store shows it until the next release."""
    app = _lock_open_app(actor, app_id)
    place = _place_of(app, digest)
    return _write(actor, app, app.screenshots[:place] + app.screenshots[place + 1 :])


@transaction.atomic
def clear_screenshots(*, actor: "User", app_id: str) -> App:
    """Take every screenshot out of the working copy."""
    return _write(actor, _lock_open_app(actor, app_id), [])


def _lock_open_app(actor: "User", app_id: str) -> App:
    return _open(actor, found(apps_visible_to(actor).select_for_update(of=("self",)), app_id))


def _open(actor: "User", app: App) -> App:
    require(actor, Action.EDIT_APP, app)
    if is_locked(app):
        raise AppLocked
    return app


def _with(app: App, made: list[tuple[bytes, bytes]]) -> list[dict[str, str]]:
    """Return the screenshots of an app with some more at the end; a picture is there once."""
    shown = list(app.screenshots)
    for full, small in made:
        row = {"full": blobs.digest_of(full), "small": blobs.digest_of(small)}
        shown += [row] if row not in shown else []
    return shown


def _place_of(app: App, digest: str) -> int:
    for place, row in enumerate(app.screenshots):
        if row["full"] == digest:
            return place
    raise Missing


def _write(actor: "User", app: App, shown: list[dict[str, str]]) -> App:
    app.screenshots, app.updated_at = shown, now()
    app.save(update_fields=["screenshots", "updated_at"])
    record(actor, "app.edited", app, fields=["screenshots"])
    return app
