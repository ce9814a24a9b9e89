"""Reads of the record."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from roadstead.audit.models import Event


def events_of(subject_type: str, subject_id: str) -> QuerySet[Event]:
    """Return what happened to one thing, newest first; `subject_type` as in "catalog.version"."""
    return Event.objects.filter(subject_type=subject_type.lower(), subject_id=subject_id).order_by("-id")


def events_among(subject_type: str, subject_ids: Collection[str]) -> QuerySet[Event]:
    """Return what happened to some things of one kind, newest first."""
    return Event.objects.filter(subject_type=subject_type.lower(), subject_id__in=subject_ids).order_by("-id")


def events_like(*, verb: str = "", person: str = "", thing: str = "") -> QuerySet[Event]:
    """Return the whole record, or what fits: a verb or the beginning of one, a person's id or name, a thing's id."""
    rows = Event.objects.all()
    if verb:
        rows = rows.filter(verb__startswith=verb)
    if person:
        rows = rows.filter(Q(actor_id=person) | Q(actor_name__icontains=person))
    return rows.filter(subject_id=thing) if thing else rows
