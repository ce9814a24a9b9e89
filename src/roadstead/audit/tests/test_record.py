"""Events are added and never change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType

from roadstead.audit.models import AppendOnly, Event
from roadstead.audit.record import record
from roadstead.audit.selectors import events_of
from roadstead.core import correlation

pytestmark = pytest.mark.django_db


def _subject() -> ContentType:
    return ContentType.objects.create(app_label="x", model="y")


def test_an_event_says_what_happened() -> None:
    subject = _subject()
    with correlation.correlated("req-1"):
        event = record(None, "thing.made", subject, size=3)
    assert (event.actor, event.actor_name, event.verb, event.data, event.correlation) == (
        None,
        "roadstead",
        "thing.made",
        {"size": 3},
        "req-1",
    )
    assert list(events_of("contenttypes.ContentType", str(subject.pk))) == [event]


def test_newest_first() -> None:
    subject = _subject()
    verbs = [record(None, verb, subject).verb for verb in ("thing.made", "thing.moved", "thing.lost")]
    assert [event.verb for event in events_of("contenttypes.contenttype", str(subject.pk))] == verbs[::-1]


TAMPERING: tuple[Callable[[Event], Any], ...] = (
    lambda event: event.save(),
    lambda event: event.delete(),
    lambda event: Event(pk=event.pk, verb="thing.forged").save(force_update=True),
    lambda _event: Event.objects.update(verb="thing.forged"),
    lambda _event: Event.objects.all().delete(),
    lambda event: Event.objects.bulk_update([event], ["verb"]),
    lambda event: Event.objects.update_or_create(pk=event.pk, defaults={"verb": "thing.forged"}),
)


@pytest.mark.parametrize("tamper", TAMPERING)
def test_an_event_stays_as_it_is(tamper: Callable[[Event], Any]) -> None:
    event = record(None, "thing.made", _subject())
    event.verb = "thing.forged"
    with pytest.raises((AppendOnly, ValueError)):
        tamper(event)
    assert [row.verb for row in Event.objects.all()] == ["thing.made"]
