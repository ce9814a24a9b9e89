"""Finding a review by what people remember of it."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from roadstead.catalog.selectors import apps_of_name_or_provider

if TYPE_CHECKING:
    from roadstead.reviews.models import Submission


def found_in(rows: "QuerySet[Submission]", words: str) -> "QuerySet[Submission]":
    """Return the submissions whose app, version, number or provider contains the words."""
    if not words:
        return rows
    match = Q(pk__iexact=words) | Q(app__in=apps_of_name_or_provider(words).values("pk"))
    # Every version's name has a digit; looking through them all is what takes long.
    if any(character.isdigit() for character in words):
        match |= Q(version__name__icontains=words)
    return rows.filter(match)
