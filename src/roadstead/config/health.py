"""`/healthz`: this process answers. `/readyz`: it can do its work; each part is named, and 503 is the answer when one fails."""

import os
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from roadstead.core.web_types import GetResponse
from roadstead.jobs.bell import answered

log = structlog.get_logger(__name__)


def database() -> bool:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def blobs() -> bool:
    """Whether packages can be stored: the bucket answers, or their folder, or the one that it will be made in, can be written to."""
    if settings.OPTIONS.s3.bucket:
        storages["blobs"].exists("readyz")
        return True
    folder = settings.OPTIONS.data_dir / "blobs"
    return os.access(folder if folder.exists() else settings.OPTIONS.data_dir, os.W_OK | os.X_OK)


PARTS: dict[str, Callable[[], bool]] = {"database": database, "blobs": blobs, "jobs": answered}


def parts() -> dict[str, bool]:
    """Look at every part; what raises is not ready."""
    return {name: _works(name, look) for name, look in PARTS.items()}


def _works(name: str, look: Callable[[], bool]) -> bool:
    try:
        return look()
    except Exception:
        log.exception("not ready", part=name)
        return False


class HealthMiddleware:
    """Answers both before sessions, languages and the check of host names: who probes knows the address only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, pass everything else on."""
        if request.path == "/healthz":
            return JsonResponse({"ok": True})
        if request.path == "/readyz":
            found = parts()
            ready = all(found.values())
            return JsonResponse({"ok": ready, "parts": found}, status=200 if ready else 503)
        return self.get_response(request)
