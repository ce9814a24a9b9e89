"""The providers of this installation, found through entry points. A provider is imported when it is first asked something."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from roadstead.runtimes.errors import ProviderUnknown
from roadstead.runtimes.sdk import ReleaseProvider

GROUP = "roadstead.providers"

_loaded: dict[str, ReleaseProvider] = {}


def names() -> list[str]:
    """Return the ids of all providers, without importing any."""
    return sorted({*_found(), *_loaded})


def provider(name: str) -> ReleaseProvider:
    """Return a provider by its id; raises `ProviderUnknown`."""
    if name not in _loaded:
        entry = _found().get(name)
        if entry is None:
            raise ProviderUnknown(field="provider", name=name)
        _loaded[name] = entry.load()()
    return _loaded[name]


def locale_folders() -> list[Path]:
    """Return where the installed providers keep their words, for Django's settings; only their packages are imported, not they."""
    return sorted({folder for entry in _found().values() for folder in _locales(entry.module.rpartition(".")[0])})


def put(made: ReleaseProvider) -> None:
    """Put a provider in by hand, before or instead of the installed one of that id."""
    _loaded[made.id] = made


def drop(name: str) -> None:
    """Forget a provider that was put in or loaded."""
    _loaded.pop(name, None)


@cache
def _found() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _locales(package: str) -> list[Path]:
    """Return the locale folders of a package and of those around it."""
    around = package.rpartition(".")[0]
    spec = find_spec(package)
    here = [Path(place, "locale") for place in (spec.submodule_search_locations or ())] if spec else []
    return [*(folder for folder in here if folder.is_dir()), *(_locales(around) if around else ())]
