"""The table of times (`bench/pages.py`) has every page that there is: one that nobody in it sees would never be timed."""

import pytest
from django.test import Client

from bench.page_addresses import NOT_PAGES, about_the_living, addresses, head_of
from roadstead.accounts.factories import person
from roadstead.clusters import factories as clusters
from roadstead.clusters import live
from roadstead.clusters.models import Cluster
from roadstead.reviews import factories as reviews
from roadstead.reviews.track import Stage
from roadstead.runtimes.sdk import TimedOut
from tests.isolation.rows import ROWS
from tests.isolation.world import world


def silent(_cluster: Cluster, _question: object) -> None:
    raise TimedOut(live.NO_ANSWER(seconds=1))


@pytest.mark.django_db
def test_every_page_is_seen_by_somebody_whose_pages_are_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "asked", silent)
    monkeypatch.setattr(live, "refresh", lambda cluster: cluster)
    administrator, cast = person("global_admin"), reviews.cast()
    reviews.submission(cast, stage=Stage.TECHNICAL)
    running = clusters.cluster()
    made = world()
    asked = {**dict(addresses(made)), **dict(about_the_living(administrator))}
    seen: set[str] = set()
    for somebody in (administrator, made.developer, running.owner, head_of(made)):
        client = Client(headers={"host": "localhost"})
        client.force_login(somebody)
        seen |= {name for name, address in asked.items() if client.get(address).status_code == 200}
    pages = {name for name, rows in ROWS.items() if not all(row.post for row in rows)} - NOT_PAGES
    assert {name.partition("/")[0].partition(",")[0] for name in seen} >= pages
    assert {name for name in asked if ", " in name} - seen == set()
