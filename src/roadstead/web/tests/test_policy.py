"""The content security policy: one for every answer, unless an answer asks the library for its own."""

from csp.constants import HEADER
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from roadstead.web.policy import PolicyMiddleware


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csp_update({"img-src": "https://pictures.example"})
def with_pictures(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_every_answer_has_the_policy_and_some_have_more() -> None:
    request = RequestFactory().get("/")
    said = {}
    for view in (plain, with_pictures):
        answer = PolicyMiddleware(view)(request)
        assert isinstance(answer, HttpResponse)
        said[view] = answer[HEADER]
    assert "default-src 'none'" in said[plain]
    assert "pictures.example" not in said[plain]
    assert "https://pictures.example" in said[with_pictures]
