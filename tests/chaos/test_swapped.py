"""Promise W7: where the bytes of a package are no longer those that were reviewed, every use refuses, on the page and in the job."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.blobs import services as blobs
from roadstead.catalog import factories as catalog
from roadstead.catalog.models import Version
from roadstead.catalog.track import Status
from roadstead.clusters import factories as clusters
from roadstead.clusters.models import Cluster
from roadstead.packaging.factories import chart
from roadstead.reviews import services as reviews
from roadstead.reviews.factories import Cast, cast, submission
from roadstead.reviews.models import Evidence, Submission
from roadstead.reviews.track import Stage

pytestmark = pytest.mark.django_db
ANSWER = {"name": "blog", "values": "", "on_failure": "keep"}


def swap(digest: str) -> None:
    """Put other bytes, a good chart too, where these lie."""
    path = f"{digest[:2]}/{digest[2:4]}/{digest}"
    storages["blobs"].delete(path)
    storages["blobs"].save(path, ContentFile(chart({"values.yaml": "replicas: 9\n"})))


def client_of(actor: User) -> Client:
    client = Client()
    client.force_login(actor)
    return client


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def reviewed(people: Cast) -> Submission:
    """A submission in technical review, held by its reviewer, with packages of its own."""
    made = submission(people, stage=Stage.TECHNICAL)
    digest = blobs.put(chart({"README.md": made.pk}))
    Version.objects.filter(pk=made.version_id).update(package=digest)
    Submission.objects.filter(pk=made.pk).update(digest=digest)
    reviews.claim(actor=people.technical, submission_id=made.pk, stage=Stage.TECHNICAL)
    made.refresh_from_db()
    return made


def test_the_review_shows_hands_out_and_tries_nothing_else(people: Cast, reviewed: Submission) -> None:
    client, base = client_of(people.technical), f"/workbench/reviews/{reviewed.pk}"
    place = clusters.environment(people.technical, debug=True)
    assert "README.md" in client.get(f"{base}?tab=files").content.decode()
    assert client.get(f"{base}/test").status_code == 200
    swap(reviewed.digest)
    # The page of the review goes on; its files don't.
    assert "README.md" not in client.get(f"{base}?tab=files").content.decode()
    assert client.get(f"{base}/package").status_code == 409
    assert client.get(f"{base}/test").status_code == 409
    assert client.post(f"{base}/test", ANSWER | {"environment": place.pk}).status_code == 409
    assert (Cluster.objects.count(), Evidence.objects.filter(kind="deployment").count()) == (0, 0)


def test_rendered_manifests_are_those_that_were_rendered(people: Cast, reviewed: Submission) -> None:
    client, address = client_of(people.technical), f"/workbench/reviews/{reviewed.pk}?tab=files&show=rendered"
    manifests = blobs.put(b"kind: Secret\n")
    Version.objects.filter(pk=reviewed.version_id).update(facts={"manifests": manifests})
    assert client.get(address).status_code == 200
    swap(manifests)
    assert client.get(address).status_code == 409


def test_the_developer_downloads_and_tries_nothing_else(people: Cast, reviewed: Submission) -> None:
    client = client_of(people.developer)
    swap(reviewed.digest)
    assert client.get(f"/workbench/versions/{reviewed.version_id}/download").status_code == 409
    assert client.get(f"/workbench/deploy/{reviewed.version_id}?test=1").status_code == 409


def test_the_store_deploys_nothing_else() -> None:
    user = person("user")
    place = clusters.environment(user)
    version = catalog.version(Status.ACTIVE, package=blobs.put(chart({"README.md": "of the store"})))
    client, address = client_of(user), f"/workbench/deploy/{version.pk}"
    swap(version.package)
    assert client.get(address).status_code == 409
    assert client.post(address, ANSWER | {"environment": place.pk}).status_code == 409
    assert not Cluster.objects.exists()
