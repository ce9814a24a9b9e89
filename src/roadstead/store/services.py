"""The verbs of the store. Each moves a version along its track and writes the listing in the same transaction."""

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count

from roadstead.accounts.access import require
from roadstead.accounts.permissions import Action
from roadstead.audit.record import record
from roadstead.catalog import selectors as apps
from roadstead.catalog import services as catalog
from roadstead.catalog.track import Status, Verb
from roadstead.core.clock import now
from roadstead.core.markdown import to_html
from roadstead.core.turns import take_turn
from roadstead.store import words
from roadstead.store.errors import NothingInStore, NothingSuspended
from roadstead.store.models import UNCATEGORIZED, ListedVersion, Listing, Shelf
from roadstead.store.proof import facts_of
from roadstead.store.schemas import AppInfo, Card, CardProvider, Page, Provider, Screenshot, Version
from roadstead.store.tokens import shelf_token, stored_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from roadstead.accounts.models import User
    from roadstead.catalog.models import App
    from roadstead.catalog.models import Version as WorkingVersion
    from roadstead.vendors.models import Provider as Company

MICROSECONDS = 1_000_000
# Whoever writes listings: places follow each other, and shelves are counted.
TURN = "store"
Prose = dict[str, str]


def release(*, actor: "User", version_id: str) -> Listing:
    """Put a passed version into the store, with the app's information as it is now."""
    # Rendered before the transaction: a long text must not keep other writers waiting.
    prose = _rendered(apps.version_for(actor, version_id).app)
    with transaction.atomic():
        take_turn(TURN)
        version = catalog.move(version_id=version_id, actor=actor, verb=Verb.RELEASE)
        listing = Listing.objects.select_for_update().filter(app=version.app).first() or Listing(app=version.app)
        info = _info_of(version.app, prose)
        listing.name, listing.icon, listing.info = info.name, info.icon, info.model_dump(mode="json")
        listing.listed_at = now()
        words.remove(listing.place)
        listing.place = _first_place(listing.listed_at)
        listing.save()
        ListedVersion.objects.update_or_create(
            version=version,
            defaults={
                "listing": listing,
                "type": version.type,
                "sequence": version.sequence,
                "facts": facts_of(version, released_at=listing.listed_at).model_dump(mode="json"),
                "suspended": False,
                "released_at": listing.listed_at,
            },
        )
        return compose(listing)


@transaction.atomic
def suspend(*, actor: "User", version_id: str, reason: str = "") -> Listing:
    """Take a version out of the store; the app goes with its last one. What runs goes on running."""
    take_turn(TURN)
    version = catalog.move(version_id=version_id, actor=actor, verb=Verb.SUSPEND, reason=reason)
    return _switch(version, suspended=True)


@transaction.atomic
def recover(*, actor: "User", version_id: str) -> Listing:
    """Put a suspended version back into the store, as it was released."""
    take_turn(TURN)
    version = catalog.move(version_id=version_id, actor=actor, verb=Verb.RECOVER)
    return _switch(version, suspended=False)


@transaction.atomic
def suspend_app(*, actor: "User", app_id: str, reason: str = "") -> "App":
    """Take every version of an app out of the store."""
    app = apps.app_for(actor, app_id)
    require(actor, Action.SUSPEND, app)
    versions = list(apps.versions_of(app).filter(status=Status.ACTIVE))
    if not versions:
        raise NothingInStore(name=app.name)
    for version in versions:
        suspend(actor=actor, version_id=version.pk, reason=reason)
    record(actor, "app.suspended", app, reason=reason)
    return app


@transaction.atomic
def recover_app(*, actor: "User", app_id: str) -> "App":
    """Put every suspended version of an app back into the store."""
    app = apps.app_for(actor, app_id)
    require(actor, Action.RECOVER, app)
    versions = list(apps.versions_of(app).filter(status=Status.SUSPENDED))
    if not versions:
        raise NothingSuspended(name=app.name)
    for version in versions:
        recover(actor=actor, version_id=version.pk)
    record(actor, "app.recovered", app)
    return app


@transaction.atomic
def delete_version(*, actor: "User", version_id: str) -> "WorkingVersion":
    """Delete a version; one that is in the store is suspended first, by those who may."""
    if apps.version_for(actor, version_id).status == Status.ACTIVE:
        suspend(actor=actor, version_id=version_id)
    return catalog.move(version_id=version_id, actor=actor, verb=Verb.DELETE)


def _switch(version: "WorkingVersion", *, suspended: bool) -> Listing:
    listing = Listing.objects.select_for_update().get(app=version.app_id)
    listing.versions.filter(version=version).update(suspended=suspended)
    return compose(listing)


def compose(listing: Listing) -> Listing:
    """Write down what the store shows of a listing: its snapshot and those of its versions that are not suspended."""
    rows = listing.versions.filter(suspended=False).order_by("type", "-sequence", "-released_at")
    page = Page(**listing.info, listed_at=listing.listed_at, versions=[Version(**row.facts) for row in rows])
    shelves = {listing.category, page.category}
    _write_down(listing, page)
    listing.save()
    _index(listing, page)
    for shelf in shelves:
        listed = Listing.objects.filter(category=shelf, suspended=False).count()
        Shelf.objects.update_or_create(category=shelf, defaults={"listed": listed})
    return listing


def page_of(listing: Listing) -> Page:
    """Return what a listing shows."""
    return Page.model_validate_json(bytes(listing.page))


@transaction.atomic
def add_copies(copies: "Sequence[tuple[Listing, Page]]") -> None:
    """Add many new listings at once, each with what it shows, for data that is made up; `count_shelves` comes after the last."""
    for listing, page in copies:
        _write_down(listing, page)
    Listing.objects.bulk_create(listing for listing, _page in copies)
    words.write((listing.place, _tokens(page)) for listing, page in copies if not listing.suspended)


@transaction.atomic
def count_shelves() -> None:
    """Count every shelf anew."""
    take_turn(TURN)
    for shelf, listed in Listing.objects.filter(suspended=False).values_list("category").annotate(Count("pk")):
        Shelf.objects.update_or_create(category=shelf, defaults={"listed": listed})


@transaction.atomic
def index_anew() -> None:
    """Write the words of every listing again, from what it shows."""
    take_turn(TURN)
    for listing in Listing.objects.order_by("pk").iterator():
        _index(listing, page_of(listing))


def _write_down(listing: Listing, page: Page) -> None:
    listing.category = page.category
    listing.suspended = not page.versions
    listing.page = page.model_dump_json().encode()
    listing.card = _card_of(page).model_dump_json().encode()
    listing.etag = hashlib.sha256(listing.page).hexdigest()[:32]


def _card_of(page: Page) -> Card:
    provider = CardProvider(id=page.provider.id, name=page.provider.name, certified=page.provider.certified)
    newest = max(page.versions, key=lambda version: version.released_at, default=None)
    return Card(
        **page.model_dump(include={"id", "name", "introduction", "icon", "category", "keywords", "listed_at"}),
        provider=provider,
        types=page.types,
        latest_version=newest.name if newest else "",
    )


def _index(listing: Listing, page: Page) -> None:
    """Write the words by which a listing is found; a suspended one has none."""
    words.remove(listing.place)
    if not listing.suspended:
        words.write([(listing.place, _tokens(page))])


def _tokens(page: Page) -> list[str]:
    said = [page.name, page.introduction, page.chart_name, page.provider.name, page.id, *page.keywords]
    return [shelf_token(page.category), *stored_tokens(" ".join(said))]


def _first_place(listed_at: "datetime") -> int:
    """Return a place before all others: the time in microseconds, or the next number if the clock stood still."""
    last = Listing.objects.order_by("-place").values_list("place", flat=True).first() or 0
    return max(int(listed_at.timestamp() * MICROSECONDS), last + 1)


def _rendered(app: "App") -> Prose:
    return {text: to_html(text) for text in (app.description, app.readme, app.tos)}


def _info_of(app: "App", prose: Prose) -> AppInfo:
    def html(text: str) -> str:
        # Somebody may have saved another text since: rare, and then the transaction bears it.
        return prose[text] if text in prose else to_html(text)

    return AppInfo(
        id=app.pk,
        name=app.name,
        introduction=app.introduction,
        description=app.description,
        description_html=html(app.description),
        instructions=app.readme,
        instructions_html=html(app.readme),
        terms=app.tos,
        terms_html=html(app.tos),
        home=app.home,
        icon=app.icon,
        category=app.category_id or UNCATEGORIZED,
        screenshots=[Screenshot(**one) for one in app.screenshots],
        keywords=app.keywords,
        sources=app.sources,
        chart_name=app.chart_name,
        provider=_provider_of(app),
    )


def preview_of(version: "WorkingVersion") -> Page:
    """Return what the store would show if a version were released now; nothing is written."""
    app, as_if = version.app, Listing(listed_at=now())
    listed = ListedVersion.objects.filter(listing__app=app, suspended=False).exclude(version=version)
    offered = [(row.type, row.sequence, Version(**row.facts)) for row in listed] + [
        (version.type, version.sequence, facts_of(version, released_at=as_if.listed_at))
    ]
    offered.sort(key=lambda row: row[1], reverse=True)
    offered.sort(key=lambda row: row[0])
    return Page(**_info_of(app, {}).model_dump(), listed_at=as_if.listed_at, versions=[facts for _type, _sequence, facts in offered])


def _provider_of(app: "App") -> Provider:
    assert app.provider is not None  # apps of a repository, which have none, are listed by another verb
    return provider_shown(app.provider)


def provider_shown(company: "Company") -> Provider:
    """Return what the store shows of a provider."""
    return Provider(
        id=company.pk,
        name=company.company_name,
        website=company.website,
        profile=company.profile,
        certified=company.certified,
        joined_at=company.certified_at or company.created,
    )
