"""Files are stored before a verb's transaction begins: a store far away keeps no other writer waiting. What is refused leaves none."""

from collections.abc import Callable

import pytest
from django.db import connection

from roadstead.accounts.factories import person
from roadstead.accounts.models import User
from roadstead.blobs import services as blobs
from roadstead.blobs.models import Blob
from roadstead.catalog import services
from roadstead.catalog.models import App, Version
from roadstead.catalog.services import add_screenshots, add_version, check_upload, create_app, edit_app, edit_version
from roadstead.catalog.tests.test_pictures import picture
from roadstead.core.errors import DomainError
from roadstead.packaging.factories import chart
from roadstead.vendors.factories import provider

pytestmark = pytest.mark.django_db


def upload(version: str = "0.1.0", name: str = "demo") -> services.Upload:
    packed = chart({"Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\n"})
    return check_upload(data=packed, filename="demo.tgz")


@pytest.fixture
def developer() -> User:
    return provider().head


@pytest.fixture
def own(developer: User) -> Version:
    return create_app(actor=developer, upload=upload())


Act = Callable[[User, Version], object]
ACTS: dict[str, Act] = {
    "a version": lambda actor, own: add_version(actor=actor, app_id=own.app_id, upload=upload("0.2.0")),
    "another package": lambda actor, own: edit_version(actor=actor, version_id=own.pk, upload=upload("0.3.0")),
    "an icon": lambda actor, own: edit_app(actor=actor, app_id=own.app_id, icon=picture()),
    "screenshots": lambda actor, own: add_screenshots(actor=actor, app_id=own.app_id, pictures=[picture()]),
    "an app": lambda actor, _own: create_app(actor=actor, upload=upload(name="other"), icon=picture()),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_nothing_is_stored_inside_of_a_transaction(act: Act, developer: User, own: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    stored: list[str] = []
    outside = len(connection.atomic_blocks)  # a test is a transaction itself

    def put(data: bytes) -> str:
        assert len(connection.atomic_blocks) == outside
        stored.append(plain(data))
        return stored[-1]

    plain = blobs.put
    monkeypatch.setattr(blobs, "put", put)
    act(developer, own)
    assert stored
    assert all(blobs.is_there(digest) for digest in stored)


REFUSED: dict[str, Act] = {
    "a taken name": lambda actor, _own: create_app(actor=actor, upload=upload(), icon=picture()),
    "a used number": lambda actor, own: add_version(actor=actor, app_id=own.app_id, upload=upload()),
    "another app's package": lambda actor, own: add_version(actor=actor, app_id=own.app_id, upload=upload("0.2.0", "other")),
    "another app's package instead": lambda actor, own: edit_version(actor=actor, version_id=own.pk, upload=upload("0.2.0", "other")),
    "a stranger's app": lambda _actor, own: add_version(actor=provider().head, app_id=own.app_id, upload=upload("0.2.0")),
    "a stranger's version": lambda _actor, own: edit_version(actor=provider().head, version_id=own.pk, upload=upload("0.2.0")),
    "a stranger's icon": lambda _actor, own: edit_app(actor=provider().head, app_id=own.app_id, icon=picture()),
    "a stranger's screenshots": lambda _actor, own: add_screenshots(actor=provider().head, app_id=own.app_id, pictures=[picture()]),
    "an icon that is none": lambda actor, _own: create_app(actor=actor, upload=upload(name="other"), icon=b"no picture"),
    "an app of somebody without a company": lambda _actor, _own: create_app(actor=person("user"), upload=upload(name="other")),
}


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_leaves_no_file(act: Act, developer: User, own: Version) -> None:
    before = sorted(Blob.objects.values_list("digest", flat=True))
    with pytest.raises(DomainError):
        act(developer, own)
    assert sorted(Blob.objects.values_list("digest", flat=True)) == before
    assert (App.objects.count(), Version.objects.count()) == (1, 1)
