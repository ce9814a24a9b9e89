"""How the states of a version and of an app are said."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from roadstead.core.states import State

VERSION_STATES: dict[str, State] = {
    "draft": State("draft", _("Draft"), "pencil", "off"),
    "submitted": State("submitted", _("Waiting for review"), "hourglass", "wait"),
    "in-review": State("in-review", _("In review"), "eye-search", "work"),
    "passed": State("passed", _("Passed"), "checks", "sea"),
    "rejected": State("rejected", _("Rejected"), "x", "bad"),
    "active": State("active", pgettext_lazy("state of a version", "In store"), "building-store", "ok"),
    "suspended": State("suspended", _("Suspended"), "eye-off", "halt"),
    "deleted": State("deleted", _("Deleted"), "trash", "off"),
}
