"""Listings: what the store shows. Each is a snapshot that a verb wrote; nothing here follows the working copy."""

from django.db import models
from django.db.models import Q

from roadstead.core.clock import now
from roadstead.core.models import BytewiseField

UNCATEGORIZED = "ctg-uncategorized"


class Listing(models.Model):
    """An app in the store.

    `info` is the app and its provider as they were at the last release (`schemas.AppInfo`). `card` and `page` are JSON, ready to
    serve: an item of the list, and the whole document (`schemas.Card`, `schemas.Page`). `etag` changes with `page`.
    `place` is `listed_at` in microseconds, made unique: the order of the store, and the number of its row in the search table.
    `category` is the shelf it stands on; a chore keeps `deployments`, those for tests not counted.
    """

    id = models.BigAutoField(primary_key=True)
    app = models.OneToOneField("catalog.App", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    icon = models.CharField(max_length=64, blank=True, db_index=True)
    category = models.CharField(max_length=32, default=UNCATEGORIZED)
    deployments = models.PositiveIntegerField(default=0)
    info = models.JSONField(default=dict)
    card = models.BinaryField()
    page = models.BinaryField()
    etag = models.CharField(max_length=64)
    suspended = models.BooleanField(default=False)
    listed_at = models.DateTimeField(default=now)
    place = models.BigIntegerField(unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["category", "-place"], condition=Q(suspended=False), name="listing_of_a_shelf"),
            models.Index(fields=["-deployments", "-place"], condition=Q(suspended=False), name="listing_most_deployed"),
        ]

    def __str__(self) -> str:
        return self.name


class ListedVersion(models.Model):
    """A released version as it was at its release (`schemas.Version`); suspending hides it, recovering shows it again."""

    version = models.OneToOneField("catalog.Version", on_delete=models.PROTECT, primary_key=True, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="versions")
    type = models.CharField(max_length=8)
    sequence = BytewiseField(max_length=120, blank=True)
    facts = models.JSONField(default=dict)
    suspended = models.BooleanField(default=False)
    released_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.version_id


class Shelf(models.Model):
    """How many apps of the store stand in a category; counted by the verbs that write listings, so that no page counts."""

    category = models.CharField(primary_key=True, max_length=32)
    listed = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.category
