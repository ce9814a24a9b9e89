"""Refusals of this package."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import DomainError, Invalid, NotPermitted, WrongState


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


class RoleInUse(WrongState):
    """People have this role."""

    code = "error_still_user_binding_role"
    words = _("People still have the role “%(role)s”. Give them another one first.")


class GroupInUse(WrongState):
    """The department isn't empty."""

    code = "group_had_members"
    words = _("“%(group)s” still has people or departments in it. Move them first.")


class AnotherTree(Invalid):
    """Departments of another company are no place for this person."""

    code = "error_cannot_join_group"
    words = _("People move within their own company's departments only.")


class StillResponsible(WrongState):
    """What a person stands for would be left alone."""

    code = "error_cannot_delete_users"
    words = _("%(name)s is responsible for what is in the store: %(things)s. Hand that over first.")


class PasswordIncorrect(Invalid):
    """The current password was typed wrong."""

    code = "password_incorrect"
    words = _("This isn't your current password.")


class PasswordUnfit(Invalid):
    """The new password is short, or one of those that everybody tries first."""

    code = "password_unfit"
    words = _("Choose a password of at least 10 characters that isn't easily guessed.")


class TooManyTries(Invalid):
    """So many failed attempts of one account, or from one address, that all wait."""

    code = "too_many_login_attempts"
    words = _("Too many failed attempts. Try again in 5 minutes.")


class SettingOutOfRange(Invalid):
    """A rule of the platform has a smallest and a largest value."""

    code = "setting_out_of_range"
    words = _("Choose a number from %(least)s to %(most)s.")


class SettingUnknown(Invalid):
    """No rule of the platform has this name."""

    code = "setting_unknown"
    words = _("There is no setting “%(name)s”.")


class NotThisPerson(NotPermitted):
    """The person's role isn't one that the actor could give."""

    code = "error_user_access_denied"
    words = _("Only who may give the role “%(role)s” may change people who have it.")


class TokenRefused(DomainError):
    """No such token, or one that was revoked, or whose person may not sign in any more: they look the same."""

    status = 401
    code = "auth_failure"
    words = _("Send a token that works, as “Authorization: Bearer …”. You make one on your account's page.")


class TokenExpired(TokenRefused):
    """The token's time is over."""

    code = "access_token_expired"
    words = _("This token's time is over. Make a new one on your account's page.")


class OutOfScope(NotPermitted):
    """The token was made for other things."""

    code = "token_out_of_scope"
    words = _("This token doesn't have the scope “%(scope)s”. Make one that has.")


class ScopesMissing(Invalid):
    """A token without scopes could do nothing."""

    code = "token_scopes_missing"
    words = _("Tick at least one thing that the token may do.")


class TokenLifetime(Invalid):
    """Every token ends."""

    code = "token_lifetime"
    words = _("A token lasts from 1 to %(most)s days.")


class KeyUnfit(Invalid):
    """An Idempotency-Key that isn't one."""

    code = "idempotency_key_unfit"
    words = _("An Idempotency-Key has 1–64 letters, digits and . _ : -")


class KeyOfAnotherRequest(Invalid):
    """The key was sent before, with something else."""

    code = "idempotency_key_reused"
    words = _("This Idempotency-Key was sent with another request within the last day. Take a new key for a new request.")


class KeyInUse(WrongState):
    """The first request of this key has no answer yet."""

    code = "idempotency_key_in_use"
    words = _("The first request with this Idempotency-Key is still under way. Ask again in a moment.")
