"""The pages that change an instance: differences first, then the act; and the windows on events and logs."""

import pytest
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.blobs import services as blobs
from roadstead.catalog.factories import version
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status as VersionStatus
from roadstead.clusters import services
from roadstead.clusters.factories import environment
from roadstead.clusters.models import Cluster
from roadstead.clusters.states import Status
from roadstead.clusters.tests.fakes import TAKEN, FakeProvider, chart
from roadstead.clusters.tests.walking import walk
from roadstead.jobs.models import Job
from roadstead.runtimes.sdk import Unreachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(place: FakeProvider, listed: Version) -> Cluster:
    del place
    owner = person("user")
    mine = services.create(
        actor=owner, version_id=listed.pk, environment_id=environment(owner).pk, name="blog", values="replicas: 1\npassword: <x>\n"
    )
    walk(mine)
    return mine


@pytest.fixture
def newer(listed: Version) -> Version:
    return version(VersionStatus.ACTIVE, of=listed.app, name="9.0.0", package=blobs.put(chart("replicas: 2\n")))


@pytest.fixture
def browser(client: Client, made: Cluster) -> Client:
    client.force_login(made.owner)
    client.cookies["roadstead_language"] = "en"
    return client


def at(made: Cluster, part: str) -> str:
    return f"/workbench/instances/{made.pk}/{part}"


def test_parameters_are_compared_before_they_are_updated(browser: Client, made: Cluster) -> None:
    page = browser.get(at(made, "update")).content.decode()
    assert "password: &lt;x&gt;" in page
    wish = {"version": made.version_id, "values": "replicas: 4\r\npassword: <x>\r\n"}
    shown = browser.post(at(made, "update"), wish)
    assert (shown.status_code, Job.objects.count()) == (200, 1)
    text = shown.content.decode()
    assert "<del>− replicas: 1</del>" in text
    assert "<ins>+ replicas: 4</ins>" in text
    # Other values than the compared ones are compared again.
    again = browser.post(at(made, "update"), {**wish, "values": "replicas: 5\n", "compared": shown.context["mark"]})
    assert (again.status_code, Job.objects.count()) == (200, 1)
    done = browser.post(at(made, "update"), {**wish, "compared": shown.context["mark"]})
    assert (done.status_code, done.headers["Location"]) == (302, f"/workbench/instances/{made.pk}")
    walk(made)
    assert made.values == "replicas: 4\npassword: <x>\n"


def test_what_breaks_the_schema_is_said_at_the_field(browser: Client, made: Cluster) -> None:
    answer = browser.post(at(made, "update"), {"version": made.version_id, "values": "replicas: many\n"})
    assert (answer.status_code, Job.objects.count()) == (422, 1)
    assert answer.context["form"].problems


def test_an_upgrade_shows_both_differences(browser: Client, made: Cluster, newer: Version) -> None:
    assert at(made, "upgrade") in browser.get(f"/workbench/instances/{made.pk}").content.decode()
    assert newer.name in browser.get(at(made, "upgrade")).content.decode()
    wish = {"version": newer.pk, "values": made.values}
    shown = browser.post(at(made, "upgrade"), wish)
    assert [line.text for line in shown.context["defaults_lines"]] == ["replicas: 1", "replicas: 2"]
    assert shown.context["values_lines"] == []
    assert browser.post(at(made, "upgrade"), {**wish, "compared": shown.context["mark"]}).status_code == 302
    walk(made)
    assert made.version == newer
    assert 'class="rs-empty' in browser.get(at(made, "upgrade")).content.decode()


DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  template: {spec: {containers: [{name: web, image: "web:%s"}]}}
"""


def test_what_changes_in_the_cluster_is_said_in_words(browser: Client, made: Cluster, listed: Version) -> None:
    old = blobs.put(chart(template=DEPLOYMENT % "1.0"))
    Version.objects.filter(pk=listed.pk).update(package=old)
    Cluster.objects.update(digest=old)
    new = version(VersionStatus.ACTIVE, of=listed.app, name="9.1.0", package=blobs.put(chart(template=DEPLOYMENT % "2.0")))
    shown = browser.post(at(made, "upgrade"), {"version": new.pk, "values": "replicas: 3\n"}).content.decode()
    assert "web:1.0 becomes web:2.0" in shown
    assert "1 becomes 3" in shown
    same = browser.post(at(made, "update"), {"version": made.version_id, "values": "# only said otherwise\nreplicas: 1\n"}).content.decode()
    assert "stay as they are" in same


def test_what_cannot_be_rendered_beforehand_says_so(browser: Client, made: Cluster, listed: Version) -> None:
    needs = '{{ required "a password, please" .Values.word }}'
    new = version(VersionStatus.ACTIVE, of=listed.app, name="9.1.0", package=blobs.put(chart(template=needs)))
    shown = browser.post(at(made, "upgrade"), {"version": new.pk, "values": "replicas: 3\n"})
    assert shown.status_code == 200
    assert "a password, please" in shown.content.decode()


@pytest.mark.parametrize("wrong", ["", "appv-nowhere"])
def test_a_version_that_is_not_offered_is_refused(browser: Client, made: Cluster, newer: Version, wrong: str) -> None:
    assert browser.post(at(made, "upgrade"), {"version": wrong, "values": ""}).status_code == 422
    assert Job.objects.count() == 1


def test_a_rollback_shows_what_changes(browser: Client, place: FakeProvider, made: Cluster) -> None:
    assert 'class="rs-empty' in browser.get(at(made, "rollback")).content.decode()
    services.update(actor=made.owner, cluster_id=made.pk, values="replicas: 3\n")
    walk(made)
    page = browser.get(at(made, "rollback") + "?revision=1").content.decode()
    assert "<ins>+ replicas: 1</ins>" in page
    assert browser.post(at(made, "rollback"), {"revision": "1"}).status_code == 302
    walk(made)
    assert made.values.startswith("replicas: 1\n")
    place.fails["revisions"] = Unreachable(TAKEN())
    silent = browser.get(at(made, "rollback"))
    assert (silent.status_code, "taken" in silent.content.decode()) == (200, True)
    assert browser.post(at(made, "rollback"), {"revision": "2"}).status_code == 409


def test_stop_and_start_ask_and_show_their_plan(browser: Client, made: Cluster) -> None:
    page = browser.get(f"/workbench/instances/{made.pk}").content.decode()
    assert 'data-dialog="ask-stop"' in page
    assert page.count("btn-primary") <= 1
    assert browser.post(at(made, "stop")).status_code == 302
    walk(made)
    assert made.status == Status.STOPPED
    page = browser.get(f"/workbench/instances/{made.pk}").content.decode()
    assert 'class="btn btn-primary" href="?ask=start"' in page
    assert browser.get(at(made, "update")).status_code == 409
    assert browser.post(at(made, "start")).status_code == 302


def test_events_are_said_as_text(browser: Client, place: FakeProvider, made: Cluster) -> None:
    page = browser.get(at(made, "events")).content.decode()
    assert "&lt;b&gt;Back-off" in page
    assert "× 3" in page
    place.fails["events"] = Unreachable(TAKEN())
    assert "taken" in browser.get(at(made, "events")).content.decode()


def test_a_log_is_read_by_who_may_read_parameters(browser: Client, made: Cluster) -> None:
    page = browser.get(at(made, "pods/blog-mariadb-0/log")).content.decode()
    assert "&lt;ready&gt; after 100" in page
    assert "every 4s" in page
    part = browser.get(at(made, "pods/blog-mariadb-0/log") + "?part=1&lines=500&container=exporter").content.decode()
    assert "after 500" in part
    assert "<html" not in part
    assert "after 100" in browser.get(at(made, "pods/blog-mariadb-0/log") + "?lines=999999").content.decode()
    assert "taken" in browser.get(at(made, "pods/stranger/log")).content.decode()
    still = browser.get(at(made, "pods/blog-mariadb-0/log") + "?follow=0").content.decode()
    assert "every 4s" not in still
    assert "follow=1" in still
    before = browser.get(at(made, "pods/blog-mariadb-0/log") + "?previous=1").content.decode()
    assert "&lt;before&gt; the restart" in before
    assert "every 4s" not in before
    assert "previous=1" not in browser.get(at(made, "pods/blog-mariadb-0/log") + "?container=exporter").content.decode()
    assert "0/log" in browser.get(f"/workbench/instances/{made.pk}?tab=workloads").content.decode()
    browser.force_login(person("technical_reviewer"))
    assert browser.get(at(made, "pods/blog-mariadb-0/log")).status_code == 403
    assert "0/log" not in browser.get(f"/workbench/instances/{made.pk}?tab=workloads").content.decode()
