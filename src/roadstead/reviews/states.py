"""How the states of a review, and the results of its checks, are said."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from roadstead.core.states import State

REVIEW_STATES: dict[str, State] = {
    "submitted": State("submitted", _("Waiting for provider review"), "hourglass", "wait"),
    "isv-in-review": State("isv-in-review", _("In provider review"), "eye-search", "work"),
    "isv-passed": State("isv-passed", _("Waiting for business review"), "hourglass", "wait"),
    "isv-rejected": State("isv-rejected", _("Rejected"), "x", "bad"),
    "business-in-review": State("business-in-review", _("In business review"), "eye-search", "work"),
    "business-passed": State("business-passed", _("Waiting for technical review"), "hourglass", "wait"),
    "business-rejected": State("business-rejected", _("Rejected"), "x", "bad"),
    "develop-in-review": State("develop-in-review", _("In technical review"), "eye-search", "work"),
    "develop-passed": State("develop-passed", _("Passed"), "checks", "sea"),
    "develop-rejected": State("develop-rejected", _("Rejected"), "x", "bad"),
    "admin-passed": State("admin-passed", _("Passed, forced"), "checks", "sea"),
    "admin-rejected": State("admin-rejected", _("Rejected, forced"), "x", "bad"),
    "withdrawn": State("withdrawn", _("Withdrawn"), "arrow-back-up", "off"),
}

CHECK_STATES: dict[str, State] = {
    "passed": State("passed", _("Passed"), "circle-check", "ok"),
    "warning": State("warning", _("Warning"), "alert-triangle", "wait"),
    "failed": State("failed", _("Failed"), "circle-x", "bad"),
    "not-run": State("not-run", _("Did not run"), "help", "off"),
}

DECISION_STATES: dict[str, State] = {
    "pass": State("pass", _("Passed"), "checks", "sea"),
    "reject": State("reject", _("Rejected"), "x", "bad"),
    "forced-pass": State("forced-pass", _("Passed, forced"), "checks", "sea"),
    "forced-reject": State("forced-reject", _("Rejected, forced"), "x", "bad"),
    "waived": State("waived", _("Waived"), "arrow-forward-up", "off"),
}

# How a test deployment, and every later operation on it, ended.
TRIAL_STATES: dict[str, State] = {
    "underway": State("underway", pgettext_lazy("test deployment", "Under way"), "loader-2", "work"),
    "unseen": State("unseen", pgettext_lazy("test deployment", "Not recorded"), "help", "off"),
    "successful": State("successful", pgettext_lazy("test deployment", "Succeeded"), "circle-check", "ok"),
    "failed": State("failed", pgettext_lazy("test deployment", "Failed"), "circle-x", "bad"),
    "cancelled": State("cancelled", pgettext_lazy("test deployment", "Cancelled"), "ban", "off"),
}

# What is left of it where it ran.
TEARDOWN_STATES: dict[str, State] = {
    "underway": State("underway", _("Not over yet"), "hourglass", "off"),
    "unseen": State("unseen", _("Not recorded"), "help", "off"),
    "standing": State("standing", _("Not torn down"), "player-play", "off"),
    "nothing": State("nothing", _("Nothing left behind"), "circle-check", "ok"),
    "left": State("left", _("Torn down, something is left"), "alert-triangle", "wait"),
    "removed": State("removed", _("Torn down"), "circle-check", "ok"),
    "failed": State("failed", _("Teardown failed"), "circle-x", "bad"),
}
