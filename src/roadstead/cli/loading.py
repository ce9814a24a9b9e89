"""Loads Django for a command: late, because its settings are read once, and in one line where it can't be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import django
from django.db.utils import OperationalError
from django.utils import translation
from pydantic import ValidationError

from roadstead.cli import speech
from roadstead.cli.errors import Refused
from roadstead.core.errors import DomainError

INSTALLATION = "roadstead.config.settings"
OFFLINE = "roadstead.config.offline"


def loaded(module: str, settings: str = INSTALLATION) -> Any:
    """Set Django up with these settings, then import a module that needs it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    with one_line():
        django.setup()
        return import_module(module)


@contextmanager
def one_line() -> Iterator[None]:
    """Turn what a person can do something about into one line."""
    try:
        yield
    except DomainError as refusal:
        with translation.override(speech.here()):
            raise Refused(refusal.message) from refusal
    except ValidationError as wrong:
        raise Refused(_settings_line(wrong)) from wrong
    except OperationalError as problem:
        raise Refused(f"the database can't be used: {problem}") from problem
    except OSError as problem:
        raise Refused(": ".join(filter(None, (str(problem.filename or ""), problem.strerror)))) from problem


def _settings_line(wrong: ValidationError) -> str:
    first = wrong.errors()[0]
    name = "__".join(str(part) for part in first["loc"])
    if name in {"secret_key", "master_key"} and first["type"] == "missing":
        return "this data folder has no keys yet: `roadstead up` makes them, or name the folder with ROADSTEAD_DATA_DIR"
    return f"setting ROADSTEAD_{name.upper()}: {first['msg']}"
