"""Which files the content store holds."""

from django.db import models

from roadstead.core.clock import now


class Blob(models.Model):
    """One file, known by the SHA-256 of its bytes; written once, never changed."""

    digest = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.digest
