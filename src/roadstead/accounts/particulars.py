"""How the page of the record says the particulars of a deed: each by its name, states and yes or no in words, nothing that is empty."""

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from roadstead.accounts.permissions import SHIPPED_ROLES
from roadstead.accounts.tree import ACTIONS, LEVELS, MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from roadstead.audit.models import Event
    from roadstead.core.problems import Words

_DIGEST = 12

NAMES: "dict[str, Words]" = {
    "actions": gettext_lazy("Actions"),
    "address": gettext_lazy("From"),
    "app": gettext_lazy("App"),
    "apps": gettext_lazy("Apps"),
    "asked_by": gettext_lazy("Asked for by"),
    "attempt": gettext_lazy("Attempt"),
    "before": gettext_lazy("State before"),
    "category": gettext_lazy("Category"),
    "claimant": gettext_lazy("Was with"),
    "cluster": gettext_lazy("Instance"),
    "company_name": gettext_lazy("Company"),
    "credential": gettext_lazy("Credential"),
    "days": gettext_lazy("Days"),
    "debug": gettext_lazy("Test"),
    "digest": gettext_lazy("Package"),
    "email": gettext_lazy("Email"),
    "environment": gettext_lazy("Environment"),
    "fields": gettext_lazy("What was edited"),
    "former": gettext_lazy("Before"),
    "group": gettext_lazy("Department"),
    "images": gettext_lazy("Images"),
    "job": gettext_lazy("Job"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "lapsed": gettext_lazy("The claim had lapsed"),
    "level": gettext_lazy("Reach"),
    "method": gettext_lazy("By"),
    "module": gettext_lazy("Module"),
    "modules": gettext_lazy("Modules"),
    "name": gettext_lazy("Name"),
    "of": gettext_lazy("Belongs to"),
    "operation": gettext_lazy("Operation"),
    "parent": gettext_lazy("Below"),
    "problems": gettext_lazy("Problems found"),
    "provider": gettext_lazy("Platform"),
    "reason": gettext_lazy("Reason"),
    "result": gettext_lazy("Result"),
    "results": gettext_lazy("Results"),
    "revision": gettext_lazy("Revision"),
    "role": gettext_lazy("Role"),
    "scopes": gettext_lazy("Scopes"),
    "seed": gettext_lazy("Seed"),
    "server": gettext_lazy("Server"),
    "stage": gettext_lazy("Stage"),
    "status": gettext_lazy("State after"),
    "taken_from": gettext_lazy("Taken from"),
    "tokens_revoked": gettext_lazy("Tokens revoked"),
    "user": gettext_lazy("Signs in as"),
    "value": gettext_lazy("Value"),
    "verdict": gettext_lazy("Verdict"),
    "version": gettext_lazy("Version"),
    "zone": gettext_lazy("Namespace"),
}
_STATES: "dict[str, Words]" = {
    "active": pgettext_lazy("record", "active"),
    "ceased": pgettext_lazy("record", "ceased"),
    "deleted": pgettext_lazy("record", "deleted"),
    "draft": pgettext_lazy("record", "draft"),
    "in-review": pgettext_lazy("record", "in review"),
    "passed": pgettext_lazy("record", "passed"),
    "pending": pgettext_lazy("record", "pending"),
    "rejected": pgettext_lazy("record", "rejected"),
    "stopped": pgettext_lazy("record", "stopped"),
    "submitted": pgettext_lazy("record", "waiting for review"),
    "suspended": pgettext_lazy("record", "suspended"),
}
_RESULTS: "dict[str, Words]" = {
    "cancelled": pgettext_lazy("record", "cancelled"),
    "failed": pgettext_lazy("record", "failed"),
    "not-run": pgettext_lazy("record", "did not run"),
    "passed": pgettext_lazy("record", "passed"),
    "successful": pgettext_lazy("record", "done"),
    "warning": pgettext_lazy("record", "warning"),
}
_OPERATIONS: "dict[str, Words]" = {
    "cease": pgettext_lazy("record", "cease"),
    "create": pgettext_lazy("record", "create"),
    "delete": pgettext_lazy("record", "delete"),
    "rollback": pgettext_lazy("record", "roll back"),
    "start": pgettext_lazy("record", "start"),
    "stop": pgettext_lazy("record", "stop"),
    "update": pgettext_lazy("record", "update parameters"),
    "upgrade": pgettext_lazy("record", "upgrade"),
}
_STAGES: "dict[str, Words]" = {
    "provider": gettext_lazy("Provider review"),
    "business": gettext_lazy("Business review"),
    "technical": gettext_lazy("Technical review"),
}
_FIELDS: "dict[str, Words]" = {
    "abstraction": pgettext_lazy("record", "introduction"),
    "category": pgettext_lazy("record", "category"),
    "description": pgettext_lazy("record", "description"),
    "home": pgettext_lazy("record", "website"),
    "icon": pgettext_lazy("record", "icon"),
    "introduction": pgettext_lazy("record", "introduction"),
    "keywords": pgettext_lazy("record", "keywords"),
    "name": pgettext_lazy("record", "name"),
    "readme": pgettext_lazy("record", "instructions"),
    "screenshots": pgettext_lazy("record", "screenshots"),
    "tos": pgettext_lazy("record", "terms of service"),
    "website": pgettext_lazy("record", "website"),
}
_VALUES: "dict[str, Mapping[str, Words]]" = {
    "actions": {action.value: word for action, word in ACTIONS.items()},
    "before": _STATES,
    "fields": _FIELDS,
    "kind": {f"cluster.{name}": word for name, word in _OPERATIONS.items()},
    "level": {str(level): word for level, word in LEVELS.items()},
    "method": {"password": pgettext_lazy("record", "password")},
    "module": MODULES,
    "modules": MODULES,
    "operation": _OPERATIONS,
    "result": _RESULTS,
    "results": _RESULTS,
    "stage": _STAGES,
    "status": _STATES,
    "verdict": {"pass": pgettext_lazy("record", "pass"), "reject": pgettext_lazy("record", "reject")},
}


class Particular(NamedTuple):
    """One of them: what it's called, and what it was."""

    name: str
    value: str


def particulars_of(event: "Event") -> "Iterator[Particular]":
    """Say what is on record about a deed. A name that has no words here is shown as it is stored."""
    for key, value in event.data.items():
        said = _said(key, value)
        if said:
            yield Particular(str(NAMES.get(key, key)), said)


def _said(key: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    match value:
        case bool():
            return _("yes") if value else _("no")
        case dict() if key == "results":
            return _listed(f"{_word(key, result)} {number}" for result, number in Counter(value.values()).items())
        case list() if key == "problems":
            return str(len(value))
        case dict() | list():
            return _listed(_word(key, one) for one in value)
        case _:
            return str(value)[:_DIGEST] if key == "digest" else _word(key, value)


def _word(key: str, value: Any) -> str:
    if key in ("role", "former"):
        return next((_(role.name) for role in SHIPPED_ROLES if role.id == value), str(value))
    return str(_VALUES.get(key, {}).get(str(value), value))


def _listed(words: "Iterator[str]") -> str:
    return _(", ").join(words)
