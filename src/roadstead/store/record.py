"""The record of an app for those who keep the store: what was done to it and to each of its versions, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from roadstead.audit.selectors import events_among, events_of
from roadstead.store.states import APP_DEED_STATES, DEED_STATES

if TYPE_CHECKING:
    from roadstead.catalog.models import App
    from roadstead.core.states import State

_ROWS = 50
_STATES = APP_DEED_STATES | DEED_STATES


@dataclass(frozen=True)
class Row:
    """Something that was done; `version` is the name of the version that it was done to, or empty for the app itself."""

    state: "State"
    version: str
    who: str
    at: datetime
    reason: str = ""


def record_of(app: "App") -> list[Row]:
    """Return what was done to an app, deleted versions included."""
    names = dict(app.versions.values_list("pk", "name"))
    events = events_of("catalog.app", app.pk) | events_among("catalog.version", list(names))
    return [
        Row(_STATES[event.verb], names.get(event.subject_id, ""), event.actor_name, event.at, event.data.get("reason", ""))
        for event in events.filter(verb__in=_STATES)[:_ROWS]
    ]
