"""Finding a review by what people remember of it."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from roadstead.reviews.models import Submission


def found_in(rows: "QuerySet[Submission]", words: str) -> "QuerySet[Submission]":
    """Return the submissions whose app, version, number or provider contains the words."""
    if not words:
        return rows
    return rows.filter(
        Q(app__name__icontains=words)
        | Q(version__name__icontains=words)
        | Q(pk__iexact=words)
        | Q(app__provider__company_name__icontains=words),
    )


def filtered(rows: "QuerySet[Submission]", *, delivery: str = "", provider: str = "") -> "QuerySet[Submission]":
    """Narrow a list to one delivery type, one provider, or both."""
    if delivery:
        rows = rows.filter(version__type=delivery)
    return rows.filter(app__provider=provider) if provider else rows
