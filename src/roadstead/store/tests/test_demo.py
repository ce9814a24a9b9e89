"""Demo data: what is made up hangs together like what verbs made, is the same for the same seed, and goes nowhere else."""

from collections import Counter
from functools import cache

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from roadstead.accounts.factories import person
from roadstead.catalog.models import App, Version
from roadstead.catalog.track import Status
from roadstead.clusters.models import Change, Cluster
from roadstead.reviews import selectors as reviews
from roadstead.reviews.models import Claim, Submission
from roadstead.store import demo, demo_ways, selectors, services
from roadstead.store.errors import NotForDemoData
from roadstead.store.models import Listing, Shelf
from roadstead.vendors.models import Provider
from roadstead.vendors.sample import ensure_sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checked_once")]
COUNT = 100
User = get_user_model()
upload = cache(demo_ways._upload)


@pytest.fixture
def checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the originals' packages is really checked, by the first test that needs it."""
    monkeypatch.setattr(demo_ways, "_upload", upload)


def fill(seed: int = 1) -> None:
    demo.fill(sample=ensure_sample, count=COUNT, seed=seed, tell=lambda _there: None)


def test_made_up_data_hangs_together() -> None:
    told: list[int] = []
    demo.fill(sample=ensure_sample, count=COUNT, seed=1, tell=told.append)
    assert (App.objects.count(), told[-1]) == (COUNT, COUNT)
    assert set(Version.objects.values_list("status", flat=True)) == set(Status.values)
    assert not App.objects.exclude(name__regex=r"\S").exists()
    for version in Version.objects.select_related("app", "owner"):
        assert (version.owner_path, version.app.owner_path) == (version.owner.path, version.owner.path)
        assert version.app.provider
        assert version.owner.group.root_id == version.app.provider.group_id
    _listings_show_what_they_would_if_they_were_composed()
    _reviews_are_whole()
    _instances_are_of_listed_versions()


def _listings_show_what_they_would_if_they_were_composed() -> None:
    for listing in Listing.objects.all():
        shown, card, place = bytes(listing.page), bytes(listing.card), listing.place
        composed = services.compose(listing)
        assert (bytes(composed.page), bytes(composed.card), composed.place) == (shown, card, place)
    listed = Counter(Listing.objects.filter(suspended=False).values_list("category", flat=True))
    assert dict(Shelf.objects.filter(listed__gt=0).values_list("category", "listed")) == listed
    one = Listing.objects.filter(suspended=False).order_by("-place")[0]
    assert one.name in {item.as_card.name for item in selectors.search(one.name).items}


def _reviews_are_whole() -> None:
    for version in Version.objects.filter(status=Status.ACTIVE):
        decisions = reviews.evidence_of(version)
        assert [decision.stage for decision in decisions] == ["provider", "business", "technical"]
        assert all(decision.started_at <= decision.decided_at for decision in decisions)
        (submission,) = Submission.objects.filter(version=version)
        assert version.submission_id == submission.pk
        assert reviews.evidence_rows(submission).exists()
    assert Submission.objects.filter(stage="business").exists()
    assert Claim.objects.filter(ended_at=None).exists()


def _instances_are_of_listed_versions() -> None:
    assert Cluster.objects.count() == COUNT // 20
    assert Change.objects.count() == COUNT // 20
    assert set(Cluster.objects.values_list("version__status", flat=True)) == {Status.ACTIVE}


def test_the_same_seed_makes_the_same_and_another_one_does_not() -> None:
    made = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            fill(seed)
            rows = App.objects.exclude(name__startswith=demo.ORIGINALS)
            made.append(sorted(rows.values_list("pk", "name", "status", "owner__name", "provider__company_name")))
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert not set(made[0]) & set(made[2])


def test_where_somebody_else_is_nothing_is_made_up() -> None:
    stranger = person("user", name="Ada")
    people = User.objects.count()
    with pytest.raises(NotForDemoData) as refused:
        fill()
    assert "Ada" in refused.value.message
    assert (User.objects.count(), App.objects.count(), Provider.objects.count()) == (people, 0, 0)
    assert User.objects.get(pk=stranger.pk).name == "Ada"


def test_it_is_not_made_up_twice() -> None:
    fill()
    with pytest.raises(NotForDemoData):
        fill()
    assert App.objects.count() == COUNT
