"""Requests that Django itself refuses get a page of ours, in the reader's language."""

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "文字太多"), ("en", "more text than a form here takes")])
def test_a_huge_form_is_refused_in_words(language: str, words: str) -> None:
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT_LANGUAGE=language)
    client.get("/accounts/login/")
    answer = client.post("/accounts/login/", {"login": "x" * 5_000_000})
    assert answer.status_code == 413
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_a_foreign_host_gets_no_page_of_ours_and_no_crash() -> None:
    assert Client().get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/healthz"])
def test_a_page_can_be_asked_for_its_head_alone(path: str) -> None:
    answer = Client().head(path)
    assert (answer.status_code, answer.content) == (200, b"")
