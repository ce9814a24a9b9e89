"""Refusals of this package."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, NotPermitted, WrongState


class EmailTaken(Invalid):
    """Somebody signs in with this address already."""

    code = "email_exists"
    words = _("%(email)s belongs to somebody already. Use another address.")


class RoleNotYoursToGive(NotPermitted):
    """The role exists, but not for this actor to hand out."""

    code = "error_cannot_bind_role"
    words = _("You can't give the role “%(role)s”.")


class BuiltInRole(NotPermitted):
    """Built-in roles are the same everywhere."""

    code = "internal_role_illegal_action"
    words = _("“%(role)s” is a built-in role and stays as it is. Make a role of your own instead.")


class NotToYourself(WrongState):
    """A person tried to take away their own access."""

    code = "error_not_to_yourself"
    words = _("You can't do this to your own account. Another administrator can.")


class LastAdministrator(WrongState):
    """Nobody would be left to run the platform."""

    code = "error_last_administrator"
    words = _("This is the last active administrator. Make somebody else one first.")


class UnknownAction(Invalid):
    """A grant names an action that its module or portal doesn't have."""

    code = "unknown_action"
    words = _("“%(action)s” can't be granted to this role.")
