"""The store's face: what strangers see, what a browser may keep, and which files are handed out."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from roadstead.blobs import services as blobs
from roadstead.catalog import factories as catalog
from roadstead.catalog.track import Status
from roadstead.store import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    client = Client()
    client.cookies["roadstead_language"] = "en"
    return client


def test_the_empty_store_says_how_it_fills(visitor: Client) -> None:
    assert "The store is still empty" in visitor.get("/").content.decode()


def test_the_newest_come_first_and_two_are_features(visitor: Client) -> None:
    for name in ("First", "Second", "Third"):
        factories.listing(name=f"{name} app")
    page = visitor.get("/").content.decode()
    assert page.index("Third app") < page.index("Second app") < page.index("First app")
    assert page.count("rs-feature ") == 2


def test_a_search_says_what_was_looked_for(visitor: Client) -> None:
    factories.listing(name="Lighthouse")
    assert "Lighthouse" in visitor.get("/?q=lightho").content.decode()
    page = visitor.get("/", {"q": '<b>"harbour'}).content.decode()
    assert "Nothing found for “&lt;b&gt;&quot;harbour”" in page


def test_the_list_goes_on(visitor: Client) -> None:
    for number in range(25):
        factories.listing(name=f"App number {number:02d}")
    page = visitor.get("/")
    assert "App number 00" not in page.content.decode()
    further = visitor.get("/", {"cursor": page.context["page"].next_cursor}).content.decode()
    assert "App number 00" in further
    assert visitor.get("/?cursor=nonsense").status_code == 422


def test_the_app_page_shows_the_chosen_version(visitor: Client) -> None:
    app = catalog.app(name="WordPress", description="## Why\n\nBecause.", readme="## How")
    first = factories.listing(app, version="1.0.0").versions.get().version
    factories.listing(app, version="1.10.0")
    page = visitor.get(f"/apps/{app.pk}").content.decode()
    assert "Sign in to deploy" in page
    assert "1.10.0 (newest)" in page
    assert "Because." in page
    assert first.package[:7] not in page
    assert first.package[:7] in visitor.get(f"/apps/{app.pk}?version={first.pk}").content.decode()
    assert "<h3>How</h3>" in visitor.get(f"/apps/{app.pk}?tab=instructions").content.decode()
    assert first.package[:7] in visitor.get(f"/apps/{app.pk}?tab=versions").content.decode()


def test_deploying_leads_strangers_to_the_sign_in(visitor: Client) -> None:
    listing = factories.listing()
    version_id = listing.versions.get().version_id
    answer = visitor.get(f"/apps/{listing.app_id}/deploy?version={version_id}")
    assert answer["Location"] == f"/accounts/login/?next=%2Fworkbench%2Fdeploy%2F{version_id}"
    visitor.force_login(catalog.developer())
    assert visitor.get(f"/apps/{listing.app_id}/deploy?version={version_id}")["Location"] == f"/workbench/deploy/{version_id}"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PASSED, Status.SUSPENDED])
def test_what_is_not_listed_is_missing(visitor: Client, status: Status) -> None:
    version = catalog.version(status)
    assert visitor.get(f"/apps/{version.app_id}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/apps/{}"])
def test_a_stranger_may_keep_a_page(visitor: Client, path: str) -> None:
    path = path.format(factories.listing().app_id)
    etag = visitor.get(path)["ETag"]
    assert visitor.get(path, headers={"If-None-Match": etag}).status_code == 304
    visitor.cookies["roadstead_language"] = "zh-hans"
    assert visitor.get(path, headers={"If-None-Match": etag}).status_code == 200
    visitor.cookies["roadstead_scheme"] = "dark"
    assert visitor.get(path)["ETag"] != etag


@pytest.mark.parametrize("path", ["/", "/apps/{}"])
def test_nobody_else_keeps_one(visitor: Client, path: str) -> None:
    path = path.format(factories.listing().app_id)
    etag = visitor.get(path)["ETag"]
    visitor.force_login(catalog.developer())
    answer = visitor.get(path, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "ETag" not in answer


def test_pictures_are_handed_out_and_kept(visitor: Client) -> None:
    digest = blobs.put(b"\x89PNG")
    catalog.app(icon=digest)
    answer = visitor.get(f"/media/icons/{digest}")
    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (b"\x89PNG", "image/png", "nosniff")
    assert "immutable" in answer["Cache-Control"]
    assert visitor.get(f"/media/icons/{digest}", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("digest", ["0" * 64, "..%2f..%2fetc%2fpasswd", "x", ""])
def test_no_such_picture(visitor: Client, digest: str) -> None:
    assert visitor.get(f"/media/icons/{digest}").status_code == 404


def test_a_package_is_no_picture(visitor: Client) -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    for digest in (version.package, version.facts["manifests"]):
        assert visitor.get(f"/media/icons/{digest}").status_code == 404


# One for what is shown, two for the categories and their numbers; one for the category of an app.
PAGES = [
    ("/", 3),
    ("/?q=app", 3),
    ("/?order=deployed", 3),
    ("/?category=ctg-uncategorized", 3),
    ("/?category=ctg-uncategorized&q=app", 3),
    ("/apps/{}", 2),
    ("/apps/{}?tab=versions", 2),
]


@pytest.mark.parametrize(("path", "queries"), PAGES)
def test_queries_of_a_page(visitor: Client, path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    app_id = factories.listing().app_id
    for _ in range(3):
        factories.listing()
    with django_assert_num_queries(queries):
        assert visitor.get(path.format(app_id)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/workbench/apps", "/workbench/apps/{app}", "/workbench/apps/{app}/information", "/workbench/versions/{version}"]
)
def test_few_queries_a_page_of_the_workbench(path: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    listing = factories.listing()
    version = listing.versions.get().version
    for _ in range(3):
        catalog.version(Status.DRAFT, of=version.app)
        catalog.version(of=catalog.app(version.owner, provider=version.app.provider))
    client = Client()
    client.force_login(version.owner)
    with django_assert_max_num_queries(12):
        assert client.get(path.format(app=listing.app_id, version=version.pk)).status_code == 200
