"""What `runtimes` refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, WrongState
from roadstead.core.problems import problem_kind

NO_ANSWER = problem_kind(
    "environment_no_answer", _("There was no answer within %(seconds)s s. Check the address, and that the way there is open.")
)

CREDENTIAL_GONE = problem_kind("credential_deleted", _("The saved credential of this environment was deleted."))

LOCAL_ENGINE = problem_kind(
    "local_engine_not_pasted", _("The engine of this very machine isn't pasted: an administrator grants it to people.")
)
ENGINE_NOT_LOCAL = problem_kind(
    "engine_not_local", _("DOCKER_HOST names an engine elsewhere. Remove it, or make an environment of that engine over TLS.")
)
GRANT_WITHDRAWN = problem_kind("grant_withdrawn", _("An administrator has withdrawn this person's grant to use this machine."))


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


class PlaceTaken(Invalid):
    """A namespace belongs to one environment, whoever's it is."""

    code = "namespace_unavailable"
    words = _("This namespace can't be used. The namespace %(namespace)s belongs to another environment already. Choose another namespace.")


class EnvironmentInUse(WrongState):
    """Instances live there."""

    code = "environment_in_use"
    words = _("“%(name)s” still has instances: %(instances)s. Delete them first.")


class CredentialInUse(WrongState):
    """Environments sign in with it."""

    code = "credential_in_use"
    words = _("“%(name)s” is used by environments: %(users)s. Delete them, or give them another credential.")


class CredentialExists(WrongState):
    """The same content is saved already."""

    code = "runtime_credential_exists"
    words = _("You have saved this very credential already: “%(name)s”.")


class CredentialDoesNotFit(Invalid):
    """A saved credential is for another provider or another purpose."""

    code = "credential_does_not_fit"
    words = _("“%(name)s” is for another platform or another purpose. Choose one that fits.")


class AnotherServer(Invalid):
    """The instances of an environment live in one cluster; another cluster doesn't have them."""

    code = "credential_of_another_server"
    words = _("This signs in to %(found)s, and the environment is at %(wanted)s. Make a new environment for another cluster.")


class MovedMeanwhile(WrongState):
    """What was tried isn't what would be written."""

    code = "environments_changed"
    words = _("Something changed while the connection was tried. Try again.")


class NothingToSignInWith(Invalid):
    """Neither a credential nor the content of one was sent."""

    code = "credential_missing"
    words = _("Send the content of a credential, or name one that you saved before.")


class EngineAway(WrongState):
    """Nothing is granted that isn't there; `problems` says why it isn't."""

    code = "engine_away"
    words = _("The engine of this machine doesn't answer, so nobody can be given the use of it. %(reason)s")


class NobodyOfThatName(Invalid):
    """A grant is for a person who is here and active."""

    code = "person_not_found"
    words = _("Nobody who is active here has the e-mail address “%(email)s”.")


class GrantedAlready(WrongState):
    """One grant a person."""

    code = "machine_granted"
    words = _("%(name)s may use this machine already.")


class OnlyWithdrawn(WrongState):
    """An environment of this machine ends with its grant."""

    code = "environment_granted"
    words = _("“%(name)s” was granted by an administrator, and only an administrator takes it back.")
