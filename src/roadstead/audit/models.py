"""The record of what was done; rows are only ever added."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from roadstead.core.clock import now


class AppendOnly(TypeError):
    """Code tried to change or remove a row of the record."""


class EventQuerySet(models.QuerySet["Event"]):
    """Reads, and adds one row at a time; every way to alter rows is closed."""

    def _closed(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly

    update = _closed
    delete = _closed
    bulk_update = _closed
    update_or_create = _closed


class Event(models.Model):
    """Who did what to which thing, and when; through which token, if a program did it. Names stay readable when what they name is gone."""

    at = models.DateTimeField(default=now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=100)
    token_id = models.CharField(max_length=32, blank=True)
    token_name = models.CharField(max_length=50, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    correlation = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.verb} {self.subject_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add this row; a row that is already there stays as it is."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly
