"""What `clusters` refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, WrongState


class ClusterNameTaken(WrongState):
    """Names are unique in an environment until the instance is ceased."""

    code = "cluster_name_taken"
    words = _("There is an instance named “%(name)s” in this environment already. Choose another name, or cease the old one.")


class NameRefused(Invalid):
    """Names are DNS labels, because everything an instance creates is named after it."""

    code = "validate_failed"
    words = _("A name has 1–53 characters: lower-case letters, digits and hyphens, a letter first, no hyphen at the end.")


class ValuesRefused(Invalid):
    """The values are no YAML mapping, or break the package's schema; `problems` says where."""

    code = "validate_failed"
    words = _("The parameters need corrections. What is wrong is listed below them.")


class EnvironmentUnfit(Invalid):
    """The environment cannot run what this version is."""

    code = "unsupported_parameter_value"
    words = _("A %(delivery)s app can't run in the environment “%(name)s”. Choose one that fits.")


class EnvironmentOfAnotherPurpose(Invalid):
    """Test deployments run in test environments, and nothing else does."""

    code = "unsupported_parameter_value"
    words = _("Test deployments go to test environments and others don't. Choose another environment than “%(name)s”.")


class ClusterNotInStatus(WrongState):
    """The table of operations has no such pair."""

    code = "resource_not_in_status"
    words = _("The instance is “%(state)s” now, so this can't be done. Reload the page to see what can.")


class ClusterInTransition(WrongState):
    """One thing at a time is done to an instance."""

    code = "resource_transition_status"
    words = _("The instance is busy: “%(state)s”. Wait until that ends, or cancel it.")


class NothingChanges(Invalid):
    """The values are those that the instance has."""

    code = "validate_failed"
    words = _("These are the parameters that the instance has already. Change something first.")


class VersionNotOffered(Invalid):
    """The version is of another app, not in the store, older, or the one that runs."""

    code = "unsupported_parameter_value"
    words = _("The instance can't be upgraded to this version. Choose one of those shown here.")


class RevisionGone(Invalid):
    """The release's history has no such revision to go back to."""

    code = "unsupported_parameter_value"
    words = _("There's no way back to this revision. Choose one of those shown here.")


class EnvironmentSilent(WrongState):
    """What only the environment knows could not be asked."""

    code = "environment_silent"
    words = _("The environment couldn't be asked: %(reason)s")


class NoneChosen(Invalid):
    """Something is to be done to several instances, and none is named."""

    code = "missing_parameter"
    words = _("Choose the instances first.")


class TooManyChosen(Invalid):
    """What is done at once can still be read through before it is done."""

    code = "validate_failed"
    words = _("At most %(most)s instances at once. Choose fewer.")


class OperationMovedOn(WrongState):
    """The job is not where this can be done to it."""

    code = "operation_moved_on"
    words = _("The operation has moved on, so this is no longer possible. Reload the page to see where it is.")


class NoServerNumberFree(Invalid):
    """A role's nodes are numbered up to the bound that its package sets."""

    code = "validate_failed"
    words = _("The package numbers the servers of this role from 1 to %(bound)s, and all numbers are taken. Use fewer nodes.")
