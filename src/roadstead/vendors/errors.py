"""Refusals of this package."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, WrongState


class CompanyNameTaken(Invalid):
    """Another provider has this name."""

    code = "company_name_exists"
    words = _("A provider named %(company)s exists already.")


class AlreadyCertified(WrongState):
    """The mark is already given."""

    code = "already_certified"
    words = _("%(company)s is certified already.")
