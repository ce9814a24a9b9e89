"""Refusals become pages, strangers are led to the sign-in, and nobody is led away from the platform."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from roadstead.core.errors import DomainError, Invalid, Missing, NotPermitted, WrongState
from roadstead.core.pages import RefusalMiddleware, SignInFirst, actor_of, safe_next

FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def _request(path: str = "/workbench/apps?page=2", method: str = "get", **extra: str) -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)(path, **extra)
    request.user = AnonymousUser()
    return request


def _answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    return RefusalMiddleware(lambda _request: HttpResponse()).process_exception(request, error)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [Missing(), NotPermitted(), WrongState(), Invalid()])
@pytest.mark.parametrize("extra", [{}, FRAGMENT, FRAGMENT | {"HTTP_HX_BOOSTED": "true"}])
def test_a_refusal_is_a_page_with_its_status(error: DomainError, extra: dict[str, str]) -> None:
    answer = _answer(_request(**extra), error)
    assert answer is not None
    assert answer.status_code == error.status
    whole_page = b"<html" in answer.content
    assert whole_page == (extra != FRAGMENT)


@pytest.mark.django_db
def test_missing_looks_the_same_however_it_was_found() -> None:
    answers = [_answer(_request(**FRAGMENT), error) for error in (Missing(), Http404("no such app"))]
    assert len({(answer.status_code, answer.content) for answer in answers if answer}) == 1


@pytest.mark.parametrize("error", [ValueError(), KeyError("x")])
def test_a_fault_of_ours_is_not_a_refusal(error: Exception) -> None:
    assert _answer(_request(), error) is None


@pytest.mark.parametrize("error", [Missing(), SignInFirst(), Http404()])
def test_the_api_answers_for_itself(error: Exception) -> None:
    assert _answer(_request("/api/v1/store/apps"), error) is None


SIGN_IN: tuple[tuple[dict[str, str], str, int, str, str], ...] = (
    ({}, "get", 302, "Location", "/accounts/login/?next=%2Fworkbench%2Fapps%3Fpage%3D2"),
    ({}, "post", 302, "Location", "/accounts/login/"),
    (FRAGMENT, "get", 200, "HX-Redirect", "/accounts/login/?next=%2Fworkbench%2Fapps%3Fpage%3D2"),
)


@pytest.mark.parametrize(("extra", "method", "status", "header", "address"), SIGN_IN)
def test_strangers_are_led_to_the_sign_in(extra: dict[str, str], method: str, status: int, header: str, address: str) -> None:
    request = _request(method=method, **extra)
    with pytest.raises(SignInFirst) as refusal:
        actor_of(request)
    answer = _answer(request, refusal.value)
    assert answer is not None
    assert (answer.status_code, answer[header]) == (status, address)


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/workbench/apps", "/workbench/apps"),
        ("https://evil.example/", "/home"),
        ("//evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
        ("/\\evil.example", "/home"),
        ("", "/home"),
    ],
)
def test_next_stays_on_the_platform(wanted: str, led: str) -> None:
    assert safe_next(RequestFactory().get("/", {"next": wanted}), "/home") == led
    assert safe_next(RequestFactory().post("/", {"next": wanted}), "/home") == led
