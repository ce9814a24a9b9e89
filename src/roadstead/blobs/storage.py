"""A folder in which a file appears whole or not at all."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from django.core.files import File


class FolderStorage(FileSystemStorage):
    """Django's folder storage, but a file is written aside and moved into its place; one of the same name is replaced."""

    def __init__(self, location: str | Path) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def make(self) -> None:
        """Make the folder, unless it is there."""
        Path(self.location).mkdir(parents=True, exist_ok=True)

    def _save(self, name: str, content: "File[Any]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(prefix=".", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(path)
        finally:
            Path(aside).unlink(missing_ok=True)
        return name
