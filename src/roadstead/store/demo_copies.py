"""Copies of an app that went its way, with everything that was recorded of it: other names, other people, other times."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Model

from roadstead.store import services
from roadstead.store.models import ListedVersion, Listing
from roadstead.store.schemas import AppInfo, Page, Version

if TYPE_CHECKING:
    from roadstead.catalog.models import Version as WorkingVersion

When = Callable[[datetime], datetime]
# In the order in which they name each other.
_OF_A_SUBMISSION = ("reviews.Claim", "reviews.Decision", "reviews.Evidence")


@dataclass(frozen=True)
class Original:
    """The rows of one app, in the order in which they are added, and its listing if it has one."""

    rows: tuple[Model, ...]
    listing: Listing | None = None
    listed: ListedVersion | None = None
    page: Page | None = None

    @classmethod
    def of(cls, version: "WorkingVersion") -> "Original":
        """Read all that there is of a version and its app."""
        submissions = list(apps.get_model("reviews.Submission")._base_manager.filter(version=version))
        records = [apps.get_model(name)._base_manager.filter(submission__in=submissions).order_by("pk") for name in _OF_A_SUBMISSION]
        listing = Listing.objects.filter(app=version.app_id).first()
        listed = ListedVersion.objects.filter(version=version).first()
        rows = (version.app, version, *submissions, *itertools.chain(*records))
        return cls(rows, listing, listed, services.page_of(listing) if listing else None)

    def moments(self) -> list[datetime]:
        """Return when something happened, in order."""
        found = {value for row in self.rows for value in vars(row).values() if isinstance(value, datetime)}
        return sorted(found | ({self.listing.listed_at} if self.listing else set()))


@dataclass(frozen=True)
class Copy:
    """One copy, not yet added."""

    rows: list[Model]
    listing: Listing | None
    page: Page | None
    listed: ListedVersion | None


def copied(original: Original, *, swaps: Mapping[str, str], when: When, app: Mapping[str, Any], info: Mapping[str, Any]) -> Copy:
    """Copy an original: texts and ids that stand in `swaps` for others, every time as `when` says.

    `app` are further columns of the app, `info` what the store says of it.
    """
    rows = [_copy(row, swaps, when) for row in original.rows]
    for name, value in app.items():
        setattr(rows[0], name, value)
    if original.listing is None or original.listed is None or original.page is None:
        return Copy(rows, None, None, None)
    facts = _facts(original.listed, swaps, when)
    listed_at = when(original.listing.listed_at)
    page = original.page.model_copy(
        update={**info, "id": rows[0].pk, "listed_at": listed_at, "versions": [] if original.listed.suspended else [facts]}
    )
    listing = Listing(
        app_id=rows[0].pk,
        name=page.name,
        icon=page.icon,
        info=page.model_dump(mode="json", include=set(AppInfo.model_fields)),
        listed_at=listed_at,
        place=int(listed_at.timestamp() * services.MICROSECONDS),
    )
    listed = ListedVersion(
        version_id=facts.id,
        type=original.listed.type,
        sequence=original.listed.sequence,
        facts=facts.model_dump(mode="json"),
        suspended=original.listed.suspended,
        released_at=facts.released_at,
    )
    return Copy(rows, listing, page, listed)


def add(copies: Sequence[Copy]) -> None:
    """Add copies to the database, one statement for many rows."""
    for kind, rows in _by_kind(row for copy in copies for row in copy.rows).items():
        kind._base_manager.bulk_create(rows)
    shown = [(copy.listing, copy.page) for copy in copies if copy.listing and copy.page]
    services.add_copies(shown)
    for copy in copies:
        if copy.listed and copy.listing:
            copy.listed.listing = copy.listing
    ListedVersion.objects.bulk_create(copy.listed for copy in copies if copy.listed)


def _by_kind(rows: Iterable[Model]) -> dict[type[Model], list[Model]]:
    found: dict[type[Model], list[Model]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row)
    return found


def _copy(row: Model, swaps: Mapping[str, str], when: When) -> Model:
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, datetime):
            value = when(value)
        elif isinstance(value, str):
            value = swaps.get(value, value)
        elif field.primary_key:
            continue  # a number, which the database gives
        values[field.attname] = value
    return type(row)(**values)


def _facts(listed: ListedVersion, swaps: Mapping[str, str], when: When) -> Version:
    facts = Version(**listed.facts)
    proofs = [
        proof.model_copy(update={"reviewer": swaps.get(proof.reviewer, proof.reviewer), "decided_at": when(proof.decided_at)})
        for proof in facts.proofs
    ]
    return facts.model_copy(update={"id": swaps[facts.id], "released_at": when(facts.released_at), "proofs": proofs})
