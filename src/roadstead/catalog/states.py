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

# The pictures that a category may have.
CATEGORY_ICONS: dict[str, State] = {
    "category": State("category", pgettext_lazy("picture of a category", "Shapes"), "category", "off"),
    "database": State("database", pgettext_lazy("picture of a category", "Database"), "database", "off"),
    "code": State("code", pgettext_lazy("picture of a category", "Code"), "code", "off"),
    "world-www": State("world-www", pgettext_lazy("picture of a category", "Web"), "world-www", "off"),
    "brain": State("brain", pgettext_lazy("picture of a category", "Brain"), "brain", "off"),
    "shield-lock": State("shield-lock", pgettext_lazy("picture of a category", "Shield"), "shield-lock", "off"),
    "users-group": State("users-group", pgettext_lazy("picture of a category", "People"), "users-group", "off"),
    "activity-heartbeat": State("activity-heartbeat", pgettext_lazy("picture of a category", "Pulse"), "activity-heartbeat", "off"),
    "archive": State("archive", pgettext_lazy("picture of a category", "Archive"), "archive", "off"),
    "mail": State("mail", pgettext_lazy("picture of a category", "Mail"), "mail", "off"),
    "shopping-cart": State("shopping-cart", pgettext_lazy("picture of a category", "Cart"), "shopping-cart", "off"),
    "cloud": State("cloud", pgettext_lazy("picture of a category", "Cloud"), "cloud", "off"),
    "school": State("school", pgettext_lazy("picture of a category", "School"), "school", "off"),
    "photo": State("photo", pgettext_lazy("picture of a category", "Picture"), "photo", "off"),
}
