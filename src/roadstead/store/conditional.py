"""Answers that a browser may keep and ask about again: an ETag, and 304 when it still holds."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag

from roadstead.core.clock import now

_SCHEME_COOKIE = "roadstead_scheme"


def etag_of(parts: Iterable[str]) -> str:
    """Return one ETag for what an answer is made of."""
    return quote_etag(hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32])


def unchanged(request: HttpRequest, etag: str) -> HttpResponseNotModified | None:
    """Return the short answer if the asker has this already."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    # A proxy that compresses may have made our ETag a weak one.
    if "*" in known or etag in {one.removeprefix("W/") for one in known}:
        return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": "no-cache"})
    return None


def page_etag(request: HttpRequest, *parts: str) -> str:
    """Return the ETag of a page as a stranger sees it, or nothing for anybody with a session: their page holds more than its parts.

    Times on a page are relative, so that it changes by the hour.
    """
    kept = {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES)
    if kept or settings.DEBUG:
        return ""
    frame = (version("roadstead"), f"{now():%Y%m%d%H}", request.LANGUAGE_CODE, request.COOKIES.get(_SCHEME_COOKIE, ""))
    return etag_of((request.get_full_path(), *frame, *parts))


def keep(answer: HttpResponse, etag: str) -> HttpResponse:
    """Let the asker keep an answer and ask again whether it holds."""
    if etag:
        answer["ETag"] = etag
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ["Cookie", "Accept-Language"])
    return answer
