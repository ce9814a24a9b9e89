"""Providers: the companies that offer applications."""

from django.conf import settings
from django.db import models

from roadstead.core.clock import now
from roadstead.core.ids import id_factory


class Provider(models.Model):
    """One company; its people are the tree below `group`, `head` speaks for it."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("vdr"))
    group = models.OneToOneField("accounts.Group", on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    company_name = models.CharField(max_length=100, unique=True)
    website = models.URLField(max_length=100, blank=True)
    profile = models.TextField(max_length=5000, blank=True)
    certified_at = models.DateTimeField(null=True)
    created = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.company_name

    @property
    def certified(self) -> bool:
        """Whether the platform has checked this company; shown as the certified mark."""
        return self.certified_at is not None
