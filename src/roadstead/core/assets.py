"""The built style sheet, script, fonts and icons: their hashed addresses, read from the bundle's manifest."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

_FOLDER = "dist"


def asset_address(name: str) -> str:
    """Return the address of a source such as `src/main.css`; empty when the assets were never built."""
    # While somebody works on the pages, a new build has to show at once; otherwise the files are read once.
    return (_read() if settings.DEBUG else _kept()).get(name, "")


def icons_address() -> str:
    """Return the address of the sprite that holds every icon."""
    return asset_address("src/icons.svg")


@lru_cache(maxsize=1)
def _kept() -> dict[str, str]:
    return _read()


def _read() -> dict[str, str]:
    manifest = finders.find(f"{_FOLDER}/manifest.json")
    if not manifest:
        return {}
    entries = json.loads(Path(manifest).read_text(encoding="utf-8"))
    return {source: static(f"{_FOLDER}/{entry['file']}") for source, entry in entries.items()}
