"""Files that nobody asked for: any form can carry them, and Django would write them to disk before a view, or a refusal, has its turn."""

from typing import Any, NoReturn

from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NoFiles(FileUploadHandler):
    """Drops every file unread. A view that takes uploads names its own handlers."""

    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse a file before its first byte; the form's other fields are read on."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing."""

    def file_complete(self, file_size: int) -> None:
        """Have nothing."""
