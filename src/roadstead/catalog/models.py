"""Apps and versions: the working copies that developers edit. The store reads listings, never these."""

from django.db import models
from django.db.models import Q
from django.utils import translation

from roadstead.catalog.states import VERSION_STATES
from roadstead.catalog.track import Status
from roadstead.core.clock import now
from roadstead.core.ids import id_factory
from roadstead.core.models import BytewiseField, Owned
from roadstead.core.states import State

UNCATEGORIZED = "ctg-uncategorized"


class Category(models.Model):
    """A shelf of the store. `names` holds its name by language ("zh-hans", "en"); `icon` is a row of `CATEGORY_ICONS`."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("ctg"))
    name = models.CharField(max_length=50, unique=True)
    names = models.JSONField(default=dict)
    icon = models.CharField(max_length=40, default="category")
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.word

    @property
    def word(self) -> str:
        """The name in the active language, or the one it was made with."""
        return str(self.names.get(translation.get_language() or "") or self.name)

    @property
    def is_fixed(self) -> bool:
        """Whether this is the shelf of apps without a category, which is always there."""
        return self.pk == UNCATEGORIZED


class App(Owned):
    """An application of a provider, under one name; each version of it is one package.

    `screenshots` are in the order in which they are shown: `{"full": digest, "small": digest}` each.
    """

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("app"))
    name = models.CharField(max_length=50)
    introduction = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True, max_length=20_000)
    readme = models.TextField(blank=True, max_length=100_000)
    tos = models.TextField(blank=True, max_length=100_000)
    home = models.CharField(blank=True, max_length=200)
    icon = models.CharField(blank=True, max_length=64, db_index=True)
    screenshots = models.JSONField(default=list)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, default=UNCATEGORIZED, related_name="apps")
    keywords = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    maintainers = models.JSONField(default=list)
    chart_name = models.CharField(max_length=200, blank=True)
    provider = models.ForeignKey("vendors.Provider", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    status_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["owner", "-updated_at", "id"]), models.Index(fields=["-updated_at", "id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        """How the app's state is said."""
        return VERSION_STATES[self.status]


class Picture(models.Model):
    """A screenshot that was written anew, or its thumbnail: what may be handed out by its digest, also when no app shows it any more."""

    digest = models.CharField(primary_key=True, max_length=64)
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.digest


class Version(Owned):
    """One package of an app, named by its digest; its state moves only by `catalog.services.move`."""

    id = models.CharField(primary_key=True, max_length=32, default=id_factory("appv"))
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=64)
    type = models.CharField(max_length=8, choices=[("helm", "Helm"), ("vm", "VM")])
    description = models.CharField(max_length=2_000, blank=True)
    package = models.CharField(max_length=64)
    package_name = models.CharField(max_length=255)
    package_size = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    submission_id = models.CharField(max_length=32, blank=True)
    sequence = BytewiseField(max_length=120, blank=True, db_index=True)
    created_at = models.DateTimeField(default=now)
    status_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["app", "type", "name"], condition=~Q(status="deleted"), name="one_version_of_a_name"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="version_status_is_known"),
        ]
        indexes = [models.Index(fields=["app", "-created_at"]), models.Index(fields=["owner", "-status_at"])]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> State:
        """How the version's state is said."""
        return VERSION_STATES[self.status]
