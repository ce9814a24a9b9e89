"""Files in a form that takes none."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client


@pytest.mark.django_db
def test_a_file_that_nobody_asked_for_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", lambda _self, field, *_rest, **_more: written.append(field))
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value
    file = SimpleUploadedFile("large.bin", bytes(3 * 1024 * 1024))
    assert client.post("/scheme", {"file": file, "scheme": "dark"}).status_code == 403
    answer = client.post("/scheme", {"file": file, "scheme": "dark", "csrfmiddlewaretoken": token})
    assert (answer.status_code, answer.cookies["roadstead_scheme"].value) == (302, "dark")
    assert written == []
