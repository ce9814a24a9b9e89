"""How pages and files leave the house: headers, caching, log lines."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from roadstead.config.logging import RequestLogMiddleware, configure
from roadstead.core.correlation import correlated


@pytest.mark.parametrize(
    ("address", "immutable"),
    [
        ("/static/dist/assets/main-YzwRQR0R.js", True),
        ("/static/dist/assets/geist-latin-wght-normal-BgDaEnEv.woff2", True),
        ("/static/dist/manifest.json", False),
        ("/static/ninja/swagger-ui.css", False),
    ],
)
def test_only_names_with_a_hash_are_kept_for_ever(address: str, immutable: bool) -> None:
    assert bool(re.search(settings.WHITENOISE_IMMUTABLE_FILE_TEST, address)) is immutable


@pytest.mark.django_db
def test_security_headers(client: Client) -> None:
    answer = client.get("/accounts/login/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.fixture
def json_lines(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Log as JSON meanwhile."""
    structlog.reset_defaults()
    configure(form="json", level="info")
    yield
    structlog.reset_defaults()
    configure(form="text", level="warning")


@pytest.mark.usefixtures("json_lines")
def test_every_line_carries_the_correlation(capsys: pytest.CaptureFixture[str]) -> None:
    with correlated("req-1"):
        structlog.get_logger("ours").info("job ended", job="j-1")
        logging.getLogger("theirs").warning("watch %s", "out")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["job"], ours["correlation"], ours["level"]) == ("job ended", "j-1", "req-1", "info")
    assert (theirs["event"], theirs["correlation"], theirs["logger"]) == ("watch out", "req-1", "theirs")


@pytest.mark.parametrize(("method", "status", "told"), [("GET", 200, False), ("GET", 404, False), ("GET", 500, True), ("POST", 303, True)])
def test_which_requests_are_logged(method: str, status: int, told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status)

    with structlog.testing.capture_logs() as lines:
        # A logger that has spoken before keeps its first configuration.
        monkeypatch.setattr("roadstead.config.logging.log", structlog.get_logger())
        RequestLogMiddleware(view)(RequestFactory().generic(method, "/x"))
    assert [(line["method"], line["path"], line["status"]) for line in lines] == ([(method, "/x", status)] if told else [])


def test_requests_are_logged_under_their_correlation_id() -> None:
    first, second = settings.MIDDLEWARE[:2]
    assert first.endswith(".CorrelationMiddleware")
    assert second.endswith(".RequestLogMiddleware")
