"""Promise A1, generated from the addresses: what is foreign looks exactly like what is missing, and nobody in particular signs in first."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from roadstead.accounts.factories import sign_in
from roadstead.accounts.models import User, UserStatus
from roadstead.audit.models import Event
from roadstead.clusters import live
from roadstead.clusters.factories import cluster
from roadstead.jobs.streams import progress_for
from roadstead.runtimes.sdk import TimedOut
from tests.isolation.rows import ROWS, Row
from tests.isolation.world import STRANGERS, stranger, world

pytestmark = pytest.mark.django_db
CASES = [pytest.param(name, row, id=f"{name}-{row.thing}{row.query}{'-post' * row.post}") for name, rows in ROWS.items() for row in rows]
OWNED = [case for case in CASES if isinstance(row := case.values[1], Row) and row.thing]
CLOSED = [case for case in CASES if isinstance(row := case.values[1], Row) and not row.public]


@pytest.fixture(autouse=True)
def _nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "refresh", lambda row: row)

    def silent(*_question: object) -> None:
        raise TimedOut(live.NO_ANSWER(seconds=1))

    monkeypatch.setattr(live, "asked", silent)


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)
        else:
            yield namespace + (pattern.name or str(pattern.pattern))


def ask(client: Client, name: str, row: Row, ids: tuple[str, ...]) -> HttpResponseBase:
    address = reverse(name, args=ids) + row.query
    return client.post(address) if row.post else client.get(address)


def plain(answer: HttpResponseBase, ids: tuple[str, ...]) -> tuple[int, str]:
    """Return status and body without what differs each time: the ids that were asked for, tokens of forms, the request's id."""
    text = answer.getvalue().decode() if isinstance(answer, HttpResponse) else ""
    for one in ids:
        text = text.replace(one, "ID")
    return answer.status_code, re.sub(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": ?|data-csrf=)"[^"]+"', "", text)


def signed_in(person: User) -> Client:
    return sign_in(Client(), person)


def test_every_address_has_a_row() -> None:
    # The operations of the API have a table of their own.
    assert {name for name in names(get_resolver().url_patterns) if not name.startswith("api:")} == set(ROWS)


@pytest.mark.parametrize(("name", "row"), OWNED)
def test_what_is_foreign_looks_like_what_is_missing(name: str, row: Row) -> None:
    made = world()
    ids, nothing = made.things[row.thing], made.missing[row.thing]
    for role in STRANGERS:
        client = signed_in(stranger(role))
        before = Event.objects.count()
        missing = plain(ask(client, name, row, nothing), nothing)
        assert missing[0] == 404
        if role not in row.reach:
            assert plain(ask(client, name, row, ids), ids) == missing, role
            assert Event.objects.count() == before, role
        elif not row.post:
            assert ask(client, name, row, ids).status_code in {200, 302, 403, 409}, role


@pytest.mark.parametrize(("name", "row"), CLOSED)
@pytest.mark.parametrize("suspended", [False, True])
def test_who_is_nobody_signs_in_first(name: str, row: Row, suspended: bool) -> None:
    made = world()
    client = Client()
    if suspended:
        client = signed_in(made.owner)
        User.objects.filter(pk=made.owner.pk).update(status=UserStatus.SUSPENDED)
    before = Event.objects.count()
    for ids in (made.things[row.thing], made.missing[row.thing]):
        answer = ask(client, name, row, ids)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, reverse("account_login"))
    assert Event.objects.count() == before


def test_a_foreign_job_is_missing_on_ones_own_instance() -> None:
    made = world()
    own = cluster()
    client = signed_in(own.owner)
    for job in (made.things["job"][1], made.missing["job"][1]):
        assert client.get(reverse("instance_activity", args=[own.pk]), {"job": job}).status_code == 404
        for name in ("instance_job_cancel", "instance_job_retry", "instance_job_give_up"):
            assert client.post(reverse(name, args=[own.pk, job])).status_code == 404


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_stream_tells_of_a_job_only_to_those_who_reach_it() -> None:
    made = world()
    job = made.things["job"][1]
    seen = {role for role in STRANGERS if followed(signed_in(stranger(role)), job)}
    assert seen == {"technical_reviewer", "global_admin"}
    owner = signed_in(made.owner)
    assert followed(owner, job)
    assert not followed(owner, made.missing["job"][1])
    User.objects.filter(pk=made.owner.pk).update(status=UserStatus.SUSPENDED)
    assert not followed(owner, job)
    assert not followed(Client(), job)


def followed(client: Client, job: str) -> bool:
    """Whether a stream would tell this person of a job; asked on a thread, as streams do, with a connection of its own."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(progress_for, cookie.value if cookie else "", job).result() is not None
