"""Uploads: refused by their size unread, kept off the heap, and never accepted without the form's own token."""

import tracemalloc

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from roadstead.catalog import factories
from roadstead.store.errors import UploadTooLarge
from roadstead.store.uploads import takes_upload

MIB = 1024 * 1024


class Pouring:
    """A body that is made while it is read; it counts what was taken."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.most = 0

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, size)
        piece = b"x" * (self.left if size < 0 else min(size, self.left))
        self.left -= len(piece)
        return piece


@takes_upload
def view(request: HttpRequest) -> HttpResponse:
    kinds = {type(file) for _, file in request.FILES.items()}
    return HttpResponse(str(kinds == {TemporaryUploadedFile}))


def test_three_hundred_mebibytes_are_refused_in_small_pieces() -> None:
    body = Pouring(300 * MIB)
    request = RequestFactory().post("/", content_type="multipart/form-data; boundary=x")
    request.META["CONTENT_LENGTH"] = str(300 * MIB)
    vars(request)["_stream"] = body  # the body as the server hands it over
    tracemalloc.start()
    with pytest.raises(UploadTooLarge) as refused:
        view(request)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "300" in str(refused.value)
    assert (refused.value.status, body.left) == (413, 0)
    assert peak < 4 * MIB


@pytest.fixture
def _small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.OPTIONS.limits, "upload_bytes", 1000)


@pytest.mark.django_db
@pytest.mark.usefixtures("_small_limit")
def test_the_refusal_is_a_page() -> None:
    client = Client()
    client.force_login(factories.developer())
    client.cookies["roadstead_language"] = "en"
    answer = client.post("/workbench/apps/new?delivery=helm", {"package": SimpleUploadedFile("a.tgz", b"x" * 2 * MIB)})
    assert answer.status_code == 413
    assert "Nothing was stored" in answer.content.decode()
    slightly = client.post("/workbench/apps/new?delivery=helm", {"package": SimpleUploadedFile("a.tgz", b"x" * 1001)})
    assert slightly.status_code == 422
    assert "a package may have 1000 bytes at most" in slightly.content.decode()


@pytest.mark.django_db
def test_what_is_accepted_lies_on_disk() -> None:
    request = RequestFactory().post("/", {"package": SimpleUploadedFile("a.tgz", b"x" * 100)})
    vars(request)["_dont_enforce_csrf_checks"] = True  # the token is the next test's affair
    answer = view(request)
    assert isinstance(answer, HttpResponse)
    assert answer.content == b"True"
    request.close()


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.developer())
    answer = client.post("/workbench/apps/new?delivery=helm", {"package": SimpleUploadedFile("a.tgz", b"x")})
    assert answer.status_code == 403
