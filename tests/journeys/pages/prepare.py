"""Fill a data folder that nobody has used yet, by the very services that the pages call, and print what is where.

Run by `installation.filled` in a process of its own, with Django set up for that folder.
"""

import json
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import models

from roadstead.cli import serving
from roadstead.runtimes import registry
from roadstead.store.chores import count_deployments
from tests.journeys.pages.cast import gather
from tests.journeys.pages.harbour import Harbour
from tests.journeys.pages.mooring import moor
from tests.journeys.pages.quay import Quay
from tests.journeys.pages.reviewing import queue_up
from tests.journeys.pages.sailing import set_sail
from tests.journeys.pages.shelves import OFFERS, fill

if TYPE_CHECKING:
    from roadstead.accounts.models import User

_CHINESE = re.compile(r"[一-鿿]+")


def main() -> None:
    """Make the world and print, as one line of JSON, ids, sessions and every Chinese word in it."""
    serving.prepare()
    registry.put(Harbour())
    registry.put(Quay())
    cast = gather()
    listed = fill(cast)
    ids = {f"app_{key}": version.app_id for key, version in listed.items()} | {
        f"listed_{key}": version.pk for key, version in listed.items()
    }
    ids |= queue_up(cast, listed)
    ids |= set_sail(cast, listed, OFFERS, ids)
    ids |= moor(cast, listed)
    ids |= {"role": cast.role_id, "person": cast["second_reviewer"].pk, "member": cast["isv"].pk, "category": "ctg-databases"}
    count_deployments()
    sessions = {who: _session(user) for who, user in cast.people.items() if user.is_active}
    sys.stdout.write(json.dumps({"ids": ids, "sessions": sessions, "data": _words()}) + "\n")


def _session(user: "User") -> str:
    """Sign somebody in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = user.pk, user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    return str(session.session_key)


def _words() -> str:
    """Everything that people typed: pages may show it in any language."""
    said: set[str] = set()
    for model in apps.get_models():
        columns = [field.name for field in model._meta.fields if isinstance(field, models.CharField | models.TextField | models.JSONField)]
        if columns and model.__module__.startswith("roadstead"):
            said.update(str(value) for row in model._default_manager.values_list(*columns) for value in row if value)
    return "\n".join(said)
