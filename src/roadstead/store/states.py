"""How the deeds in a version's record are said. What reviewers decide isn't among them: their decisions say it, with the stage."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.states import State

DEED_STATES: dict[str, State] = {
    "version.created": State("version.created", _("Uploaded"), "package", "off"),
    "version.edit": State("version.edit", _("Edited"), "pencil", "off"),
    "version.submit": State("version.submit", _("Submitted for review"), "send", "work"),
    "version.withdraw": State("version.withdraw", _("Withdrawn"), "arrow-back-up", "off"),
    "version.force-pass": State("version.force-pass", _("Passed by force"), "checks", "halt"),
    "version.force-reject": State("version.force-reject", _("Rejected by force"), "x", "halt"),
    "version.release": State("version.release", _("Released to the store"), "building-store", "ok"),
    "version.suspend": State("version.suspend", _("Suspended"), "eye-off", "halt"),
    "version.recover": State("version.recover", _("Back in the store"), "building-store", "ok"),
    "version.delete": State("version.delete", _("Deleted"), "trash", "off"),
}

CLAIMED = State("review.claimed", _("Processing started"), "eye-search", "work")

APP_DEED_STATES: dict[str, State] = {
    "app.created": State("app.created", _("Created"), "plus", "off"),
    "app.edited": State("app.edited", _("Information edited"), "pencil", "off"),
    "app.categorised": State("app.categorised", _("Moved to another category"), "category", "off"),
    "app.suspended": State("app.suspended", _("Suspended"), "eye-off", "halt"),
    "app.recovered": State("app.recovered", _("Back in the store"), "building-store", "ok"),
    "app.deleted": State("app.deleted", _("Deleted"), "trash", "off"),
}
