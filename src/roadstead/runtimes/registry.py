"""The providers of this installation, found through entry points. A provider is imported when it is first asked something."""

import re
from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution, entry_points
from importlib.util import find_spec
from pathlib import Path

from roadstead.runtimes.errors import ProviderUnknown
from roadstead.runtimes.sdk import MachineProvider, ReleaseProvider

GROUP = "roadstead.providers"
Provider = ReleaseProvider | MachineProvider

_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_loaded: dict[str, Provider] = {}


def names() -> list[str]:
    """Return the ids of all providers, without importing any."""
    return sorted({*_found(), *_loaded})


def provider(name: str) -> Provider:
    """Return a provider by its id, of whichever kind; raises `ProviderUnknown`."""
    if name not in _loaded:
        entry = _found().get(name)
        if entry is None:
            raise ProviderUnknown(field="provider", name=name)
        _loaded[name] = entry.load()()
    return _loaded[name]


def release_provider(name: str) -> ReleaseProvider:
    """Return a provider of places that run releases; raises `ProviderUnknown` for one of another kind too."""
    found = provider(name)
    if found.delivery != "helm":
        raise ProviderUnknown(field="provider", name=name)
    return found


def machine_provider(name: str) -> MachineProvider:
    """Return a provider of places that run machines; raises `ProviderUnknown` for one of another kind too."""
    found = provider(name)
    if found.delivery != "vm":
        raise ProviderUnknown(field="provider", name=name)
    return found


def locale_folders() -> list[Path]:
    """Return where the installed providers keep their words, for Django's settings; only their packages are imported, not they."""
    return sorted({folder for entry in _found().values() for folder in _locales(entry.module.rpartition(".")[0])})


def put(made: Provider) -> None:
    """Put a provider in by hand, before or instead of the installed one of that id."""
    _loaded[made.id] = made


def drop(name: str) -> None:
    """Forget a provider that was put in or loaded."""
    _loaded.pop(name, None)


@cache
def _found() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP) if _has_what_it_needs(entry)}


def _has_what_it_needs(entry: EntryPoint) -> bool:
    """Whether the extras that the entry names are installed: a provider whose client is missing isn't offered."""
    wanted = (entry.dist.requires if entry.dist else None) or ()
    marks = [_EXTRA.search(line) for line in wanted]
    names = [_NAME.match(line) for line, mark in zip(wanted, marks, strict=True) if mark and mark[1] in entry.extras]
    return all(_installed(name[0]) for name in names if name)


def _installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False


def _locales(package: str) -> list[Path]:
    """Return the locale folders of a package and of those around it."""
    around = package.rpartition(".")[0]
    spec = find_spec(package)
    here = [Path(place, "locale") for place in (spec.submodule_search_locations or ())] if spec else []
    return [*(folder for folder in here if folder.is_dir()), *(_locales(around) if around else ())]
