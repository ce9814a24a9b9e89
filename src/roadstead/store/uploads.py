"""Uploads from strangers: refused by their size before anything parses them, and kept on disk, not in memory."""

from functools import wraps
from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from roadstead.core.times import size
from roadstead.core.web_types import View
from roadstead.store.errors import UploadTooLarge
from roadstead.store.forms import package_limit

OTHER_FIELDS = 1024 * 1024
_MOST_DRAINED = 512 * 1024 * 1024
_PIECE = 64 * 1024


def takes_upload(view: View) -> View:
    """Let a view take a package. Its size is looked at first: Django's own CSRF check would read the whole form before the view runs."""
    protected = csrf_protect(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            _refuse_large(request)
            request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return protected(request, *args, **kwargs)

    return csrf_exempt(guarded)


def _refuse_large(request: HttpRequest) -> None:
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length <= package_limit() + OTHER_FIELDS:
        return
    # A browser that is cut off while it sends shows its own error instead of ours, so the rest is read and dropped.
    left = min(length, _MOST_DRAINED)
    while left > 0 and (piece := request.read(min(_PIECE, left))):
        left -= len(piece)
    raise UploadTooLarge(found=size(length), wanted=size(package_limit()))
