"""The states of environments and how they are said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from roadstead.core.states import State


class Status(models.TextChoices):
    """Deleting is logical: a deleted row keeps what was made there explainable."""

    ACTIVE = "active"
    DELETED = "deleted"


ENVIRONMENT_STATES: dict[str, State] = {
    Status.ACTIVE: State(value="active", word=_("Available"), icon="circle-check", tone="ok"),
    Status.DELETED: State(value="deleted", word=_("Deleted"), icon="trash", tone="off"),
}

REACH_STATES: dict[str, State] = {
    "unknown": State(value="unknown", word=_("Not checked yet"), icon="help-circle", tone="off"),
    "answers": State(value="answers", word=_("Answers"), icon="plug-connected", tone="ok"),
    "broken": State(value="broken", word=_("Broken"), icon="plug-connected-x", tone="bad"),
}
