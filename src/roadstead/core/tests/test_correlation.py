"""A request's id is taken or made, seen by everything inside, and forgotten afterwards."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from roadstead.core import correlation
from roadstead.core.correlation import CorrelationMiddleware


def _run(offered: str | None) -> tuple[str, str]:
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(correlation.current())
        return HttpResponse()

    headers = {} if offered is None else {"X-Request-ID": offered}
    answer = CorrelationMiddleware(view)(RequestFactory().get("/", headers=headers))
    return seen[0], answer["X-Request-ID"]


def test_a_well_formed_id_is_kept() -> None:
    assert _run("build-42.a_b") == ("build-42.a_b", "build-42.a_b")


@pytest.mark.parametrize("offered", [None, "", "a b", "x" * 65, "<script>", "a\u00e9"])
def test_any_other_is_replaced(offered: str | None) -> None:
    seen, answered = _run(offered)
    assert seen == answered != offered
    assert seen.startswith("req-")


def test_nothing_is_left_behind() -> None:
    _run("one")
    assert correlation.current() == ""


def test_log_lines_carry_it() -> None:
    with correlation.correlated("j-1"):
        assert correlation.add_correlation(None, "info", {"event": "x"}) == {"event": "x", "correlation": "j-1"}
    assert correlation.add_correlation(None, "info", {"event": "x"}) == {"event": "x"}
