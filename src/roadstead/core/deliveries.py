"""How the ways of delivering an application are said; chips, not badges, because they are no states."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.states import State

DELIVERIES = {
    "vm": State(value="vm", word=_("Virtual machine"), icon="server-2", tone="off"),
    "helm": State(value="helm", word="Helm", icon="steering-wheel", tone="off"),
}
