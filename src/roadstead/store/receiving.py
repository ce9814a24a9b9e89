"""Uploads that programs send: who may is asked first, then the size, and only then is anything read."""

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja.decorators import decorate_view

from roadstead.catalog import services as apps
from roadstead.core.times import size
from roadstead.core.web_types import View
from roadstead.store.errors import UploadTooLarge
from roadstead.store.forms import package_limit
from roadstead.store.uploads import OTHER_FIELDS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from roadstead.catalog.services import Upload


class Bounded(TemporaryFileUploadHandler):
    """Writes a file to disk, unless the request is larger than any package may be."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803  # Django's name
        """Look at the size that was announced, before the first byte."""
        if content_length > package_limit() + OTHER_FIELDS:
            raise UploadTooLarge(found=size(content_length), wanted=size(package_limit()))


@decorate_view
def receives(view: View) -> View:
    """Let an operation take files, which nothing else does."""

    @wraps(view)
    def receiving(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.upload_handlers = [Bounded(request)]
        return view(request, *args, **kwargs)

    return receiving


def checked(package: "UploadedFile[Any]", delivery: str = "helm") -> "Upload":
    """Check a package that was sent."""
    return apps.check_upload(data=package.read(package_limit() + 1), filename=package.name or "package", delivery=delivery)
