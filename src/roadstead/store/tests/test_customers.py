"""What the makers of an app see of the instances that its customers run, and what they don't."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from roadstead.accounts.factories import person
from roadstead.accounts.models import RoleGrant, User
from roadstead.catalog import factories
from roadstead.catalog.models import App
from roadstead.catalog.track import Status
from roadstead.clusters.factories import cluster, environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.tests.fakes_view import VIEW
from roadstead.core.clock import now

pytestmark = pytest.mark.django_db
SECRET = "adminPassword: hunter2hunter2"


@pytest.fixture
def app() -> App:
    return factories.version(Status.ACTIVE, name="1.0.0").app


def run(app: App, name: str, status: str = "active", **fields: object) -> Cluster:
    """Somebody's instance of the app, with a password in its parameters and in its notes."""
    view = VIEW.as_dict() | {"notes": SECRET}
    version = app.versions.get()
    return cluster(status, version=version, name=name, values=SECRET, view=view, viewed_at=now(), **fields)  # type: ignore[arg-type]


def client_of(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["roadstead_language"] = language
    return client


def page(user: User, app: App, query: str = "", language: str = "en") -> str:
    answer = client_of(user, language).get(f"/workbench/apps/{app.pk}/instances{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def names(user: User, app: App, query: str = "") -> list[str]:
    return [row.name for row in client_of(user).get(f"/workbench/apps/{app.pk}/instances{query}").context["rows"]]


def test_makers_see_who_runs_it_and_how_it_goes(app: App) -> None:
    customer = person("user", name="Customer Lin")
    place = environment(customer, name="Shop floor")
    made = run(app, "their-blog", owner=customer, place=place)
    told = page(app.owner, app)
    assert all(word in told for word in ("their-blog", made.pk, "1.0.0", "Shop floor", "Customer Lin", "Running"))
    assert "用户实例" in page(app.owner, app, language="zh-hans")
    assert f'href="/workbench/apps/{app.pk}/instances"' in client_of(app.owner).get(f"/workbench/apps/{app.pk}").content.decode()


def test_what_customers_typed_and_what_their_instances_say_is_not_told(app: App) -> None:
    made = run(app, "their-blog")
    told = page(app.owner, app)
    assert "hunter2" not in told
    assert made.owner.email not in told
    assert f"/workbench/instances/{made.pk}" not in told
    assert client_of(app.owner).get(f"/workbench/instances/{made.pk}").status_code == 404
    row = client_of(app.owner).get(f"/workbench/apps/{app.pk}/instances").context["rows"][0]
    assert set(vars(row)) == {"id", "name", "state", "version", "delivery", "environment", "pods", "customer", "created_at", "opens"}


def test_the_list_holds_this_apps_instances_and_no_tests(app: App) -> None:
    run(app, "runs")
    run(app, "was-there", "deleted")
    run(app, "trial", debug=True)
    run(factories.version(Status.ACTIVE).app, "another-apps")
    assert names(app.owner, app) == ["runs"]
    assert names(app.owner, app, "?status=deleted") == ["was-there"]
    assert set(names(app.owner, app, "?status=all")) == {"runs", "was-there"}


def test_the_list_is_searched_and_teaches_when_it_is_empty(app: App) -> None:
    assert "Nobody runs it yet" in page(app.owner, app)
    made = run(app, "their-blog", owner=person("user", name="Lin"))
    run(app, "shop")
    for words in ("BLOG", made.pk, "lin"):
        assert names(app.owner, app, f"?q={words}") == ["their-blog"], words
    assert "No instance of this app matches" in page(app.owner, app, "?q=nothing-like-it")


def test_only_an_apps_own_makers_are_told(app: App) -> None:
    run(app, "their-blog")
    head, colleague = person("isv", app.owner.group), person("developer", app.owner.group)
    assert names(head, app) == names(person("global_admin"), app) == ["their-blog"]
    for stranger in (colleague, person("developer"), person("isv"), person("user")):
        foreign = client_of(stranger).get(f"/workbench/apps/{app.pk}/instances")
        missing = client_of(stranger).get("/workbench/apps/app-2222222222222222/instances")
        assert (foreign.status_code, "their-blog" in foreign.content.decode()) == (missing.status_code, False) == (404, False), (
            stranger.role_id
        )


def test_who_reaches_the_app_without_its_statistics_is_refused(app: App) -> None:
    run(app, "their-blog")
    for role in ("business_reviewer", "technical_reviewer"):
        answer = client_of(person(role)).get(f"/workbench/apps/{app.pk}/instances")
        assert (answer.status_code, "their-blog" in answer.content.decode()) == (403, False), role
        assert f"/workbench/apps/{app.pk}/instances" not in client_of(person(role)).get(f"/workbench/apps/{app.pk}").content.decode()
    RoleGrant.objects.filter(role_id="developer", module="m1").update(actions=[])
    assert client_of(User.objects.get(pk=app.owner_id)).get(f"/workbench/apps/{app.pk}/instances").status_code == 403


def test_who_reaches_the_instance_may_open_it(app: App) -> None:
    made, mine = run(app, "their-blog"), run(app, "my-own", owner=app.owner)
    assert f'href="/workbench/instances/{mine.pk}"' in page(app.owner, app)
    assert f'href="/workbench/instances/{made.pk}"' in page(person("global_admin"), app)


def test_the_list_pages_and_costs_the_same_for_many(app: App) -> None:
    client, address = client_of(app.owner), f"/workbench/apps/{app.pk}/instances"
    run(app, "first", created_at=now() - timedelta(days=1))
    costs = []
    for more in (0, 0, 22):
        for number in range(more):
            run(app, f"more-{number}")
        with CaptureQueriesContext(connection) as told:
            shown = client.get(address)
        costs.append(len(told))
    assert costs[1] == costs[2] <= 12
    assert len(shown.context["rows"]) == 20
    rest = client.get(address, {"cursor": shown.context["page"].next_cursor}).context["rows"]
    assert [row.name for row in rest][-1] == "first"
    assert len(rest) == 3
