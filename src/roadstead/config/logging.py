"""Logs: one structured line an event, as text for people or JSON for machines, each with the correlation id of the work it belongs to."""

import logging
import logging.config
import sys
import time
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from roadstead.core.correlation import add_correlation
from roadstead.core.web_types import GetResponse

if TYPE_CHECKING:
    from structlog.typing import Processor

log = structlog.get_logger(__name__)
SLOW_SECONDS = 1.0
SERVER_ERROR = 500


class ToStandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is now, not to what it was when logging began."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def configure(*, form: str, level: str) -> None:
    """Send everything to standard error in one form: ours, Django's, the server's and the libraries'."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        add_correlation,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if form == "json":
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
    formatter = {"()": structlog.stdlib.ProcessorFormatter, "processors": processors, "foreign_pre_chain": shared}
    logging.config.dictConfig(_tree(formatter, level.upper()))


def _tree(formatter: dict[str, Any], level: str) -> dict[str, Any]:
    """Return the standard library's configuration; libraries that chat at INFO are held to warnings."""
    quiet = ("alembic", "asyncio", "dbos", "httpx", "sqlalchemy", "urllib3", "uvicorn", "django.db", "django.template", "django.utils")
    held = dict.fromkeys(quiet, "WARNING") | {"django.request": "ERROR"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {"stderr": {"()": ToStandardError, "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": lowest} for name, lowest in held.items()},
    }


class RequestLogMiddleware:
    """Writes a line for every request that changed something, failed or took long; reading pages stays silent."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        started = time.monotonic()
        response = self.get_response(request)
        took = time.monotonic() - started
        told = request.method not in {"GET", "HEAD", "OPTIONS"} or took > SLOW_SECONDS or response.status_code >= SERVER_ERROR
        if told:
            log.info("request", method=request.method, path=request.path, status=response.status_code, ms=round(took * 1000))
        return response
