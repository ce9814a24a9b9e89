"""What `runtimes` refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, WrongState
from roadstead.core.problems import problem_kind

NO_ANSWER = problem_kind(
    "environment_no_answer", _("There was no answer within %(seconds)s s. Check the address, and that the way there is open.")
)


class ProviderUnknown(Invalid):
    """No provider of this name is installed."""

    code = "provider_not_found"
    words = _("There is no provider “%(name)s” here.")


class CredentialInvalid(Invalid):
    """The credential can't be used; `problems` says why, all of it."""

    code = "credential_illegal"
    words = _("This can't be used to sign in. What is wrong is listed below.")


class PlaceInvalid(Invalid):
    """The namespace can't be used; `problems` says why."""

    code = "namespace_unavailable"
    words = _("This namespace can't be used. %(reason)s")


class ConnectionFailed(Invalid):
    """The credential reads well, but the place doesn't answer to it; `problems` says how."""

    code = "validate_failed"
    words = _("The connection was tried and didn't work. What went wrong is listed below.")


class EnvironmentExists(WrongState):
    """One credential makes one environment of a namespace."""

    code = "runtime_exists"
    words = _("You have an environment for this namespace already: “%(name)s”. Use that one, or choose another namespace.")
