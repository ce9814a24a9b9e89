"""How the state of an account is said."""

from django.utils.translation import pgettext_lazy

from roadstead.core.states import State

USER_STATES: dict[str, State] = {
    "active": State("active", pgettext_lazy("account", "Active"), "circle-check", "ok"),
    "suspended": State("suspended", pgettext_lazy("account", "Suspended"), "player-pause", "halt"),
    "deleted": State("deleted", pgettext_lazy("account", "Deleted"), "trash", "off"),
}
