"""A package for machines on its way to the store: the wizard, the version's page, the review's pages, the store's page."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from roadstead.accounts.models import User
from roadstead.catalog.models import App, Version
from roadstead.packaging.factories import CLUSTER, VM, vm
from roadstead.reviews import services as reviews
from roadstead.reviews.factories import Cast, cast, pass_stage
from roadstead.reviews.models import Evidence, Submission
from roadstead.reviews.track import Stage
from roadstead.store import services as store

pytestmark = pytest.mark.django_db
ODD = CLUSTER.replace('"role": "db",', '"role": "db", "colour": "red",')
NEWER = CLUSTER.replace("db:1.0", "db:2.0").replace('"cpu": "{{.cluster.db.cpu}}"', '"cpu": 2').replace("init.sh", "init2.sh")
MACHINES = {"en": ("1 node", "1 core", "1 GiB memory", "10 GiB disk"), "zh-hans": ("1 个节点", "1 核", "内存 1 GiB", "磁盘 10 GiB")}


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def browser(user: User | None, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.cookies["roadstead_language"] = language
    if user:
        client.force_login(user)
    return client


def uploaded(people: Cast, data: bytes, address: str = "/workbench/apps/new?delivery=vm") -> Version:
    """Upload a package through the page that takes it."""
    answer = browser(people.developer).post(address, {"package": SimpleUploadedFile("demo.tgz", data), "description": "News"})
    assert answer.status_code == 302, answer.content.decode()
    return Version.objects.order_by("-created_at")[0]


def submitted(people: Cast, version: Version) -> Submission:
    return reviews.submit(actor=people.developer, version_id=version.pk)


def released(people: Cast, version: Version) -> None:
    made = submitted(people, version)
    for stage in (Stage.PROVIDER, Stage.BUSINESS, Stage.TECHNICAL):
        pass_stage(people, made, stage)
    store.release(actor=people.developer, version_id=version.pk)


def newer(people: Cast) -> Version:
    """Upload a second version beside the first, which is listed."""
    first = uploaded(people, vm())
    released(people, first)
    about = VM["package.json"].replace("0.1.0", "0.2.0")
    return uploaded(people, vm({"package.json": about, "cluster.json.tmpl": NEWER}), f"/workbench/apps/{first.app_id}/versions/new?type=vm")


def test_the_wizard_offers_both_and_says_what_each_holds(people: Cast) -> None:
    client = browser(people.developer)
    page = client.get("/workbench/apps/new").content.decode()
    assert 'value="vm"' in page
    page = client.get("/workbench/apps/new?delivery=vm").content.decode()
    assert "package.json" in page
    assert "Chart.yaml" not in page


def test_what_is_wrong_is_told_and_nothing_is_kept(people: Cast) -> None:
    data = vm({"config.json": "{", "cluster.json.tmpl": None})
    answer = browser(people.developer).post("/workbench/apps/new?delivery=vm", {"package": SimpleUploadedFile("demo.tgz", data)})
    page = answer.content.decode()
    assert (answer.status_code, App.objects.count()) == (422, 0)
    assert "<code>config.json · 1</code>" in page
    assert "<code>cluster.json.tmpl</code>" in page


def test_a_versions_page_says_its_machines_and_what_was_odd(people: Cast, language: str) -> None:
    version = uploaded(people, vm({"cluster.json.tmpl": ODD}))
    assert (version.type, version.name, version.facts["roles"][0]["memory"]) == ("vm", "0.1.0", 1024)
    client = browser(people.developer, language)
    for address in (f"/workbench/versions/{version.pk}", f"/workbench/apps/{version.app_id}/confirm"):
        page = client.get(address).content.decode()
        assert [word for word in MACHINES[language] if word not in page] == []
    page = client.get(f"/workbench/versions/{version.pk}").content.decode()
    assert "<code>cluster.json.tmpl · nodes[0].colour</code>" in page
    assert "example/db:1.0" in page
    assert 'aria-label="cluster.json"' in page


def test_a_review_shows_files_the_cluster_and_the_machines(people: Cast, language: str) -> None:
    made = submitted(people, uploaded(people, vm()))
    client = browser(people.head, language)
    page = client.get(f"/workbench/reviews/{made.pk}?tab=information").content.decode()
    assert [word for word in MACHINES[language] if word not in page] == []
    page = client.get(f"/workbench/reviews/{made.pk}?tab=files").content.decode()
    assert "<b>config.json</b>" in page
    page = client.get(f"/workbench/reviews/{made.pk}?tab=files&show=rendered").content.decode()
    assert "<b>cluster.json</b>" in page


def test_a_review_says_in_words_what_changed(people: Cast) -> None:
    made = submitted(people, newer(people))
    page = browser(people.head).get(f"/workbench/reviews/{made.pk}?tab=difference").content.decode()
    for words in ("example/db:1.0 becomes example/db:2.0", "1 CPU, 1 GiB becomes 2 CPU, 1 GiB", "init.sh becomes init2.sh", "db · init"):
        assert words in page
    page = browser(people.head).get(f"/workbench/reviews/{made.pk}?tab=difference&show=rendered").content.decode()
    assert "<b>cluster.json</b>" in page
    assert 'class="added"' in page


def test_the_checks_are_those_of_machines(people: Cast) -> None:
    template = ODD.replace(', "stop": {"cmd": "stop.sh"}', "").replace("db:1.0", "db:latest")
    submitted(people, uploaded(people, vm({"cluster.json.tmpl": template})))
    found = {row.code: (row.result, row.params.get("values", "")) for row in Evidence.objects.filter(kind="check")}
    assert found == {
        "structure": ("passed", ""),
        "render": ("passed", ""),
        "floating-images": ("warning", ""),
        "known-fields": ("warning", "cluster.json.tmpl: nodes[0].colour"),
        "lifecycle": ("warning", "db: stop"),
        "languages": ("warning", "zh-cn: Database"),
        "image-scan": ("not-run", ""),
    }


def test_the_store_says_what_it_takes(people: Cast, language: str) -> None:
    version = uploaded(people, vm())
    released(people, version)
    client = browser(None, language)
    page = client.get(f"/apps/{version.app_id}").content.decode()
    assert [word for word in MACHINES[language] if word not in page] == []
    (offered,) = client.get(f"/api/v1/store/apps/{version.app_id}").json()["versions"]
    assert offered["roles"] == json.loads(json.dumps(version.facts["roles"]))
