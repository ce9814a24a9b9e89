"""Which files the content store holds."""

from django.db import models

from roadstead.core.clock import now


class Blob(models.Model):
    """One file, known by the SHA-256 of its bytes; written once, never changed.

    `unnamed_since` is when the platform first found that nothing names it; such a file is forgotten one day.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    created = models.DateTimeField(default=now)
    unnamed_since = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.digest
