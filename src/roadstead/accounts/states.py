"""How the states of accounts and tokens are said."""

from django.utils.translation import pgettext_lazy

from roadstead.core.states import State

USER_STATES: dict[str, State] = {
    "active": State("active", pgettext_lazy("account", "Active"), "circle-check", "ok"),
    "suspended": State("suspended", pgettext_lazy("account", "Suspended"), "player-pause", "halt"),
    "deleted": State("deleted", pgettext_lazy("account", "Deleted"), "trash", "off"),
}
TOKEN_STATES: dict[str, State] = {
    "works": State("works", pgettext_lazy("token", "Works"), "key", "ok"),
    "revoked": State("revoked", pgettext_lazy("token", "Revoked"), "ban", "halt"),
    "expired": State("expired", pgettext_lazy("token", "Ended"), "hourglass", "off"),
}
