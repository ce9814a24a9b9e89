"""Reads of the record."""

from django.db.models import QuerySet

from roadstead.audit.models import Event


def events_of(subject_type: str, subject_id: str) -> QuerySet[Event]:
    """Return what happened to one thing, newest first; `subject_type` as in "catalog.version"."""
    return Event.objects.filter(subject_type=subject_type.lower(), subject_id=subject_id).order_by("-id")
