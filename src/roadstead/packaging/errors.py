"""What this package refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, Missing


class PackageUnreadable(Invalid):
    """A package that was to be opened has problems; they are in `problems`."""

    code = "package_unreadable"
    words = _("The package can't be read.")


class AnswersRefused(Invalid):
    """Answers don't keep the rules of their package; what is wrong is in `problems`."""

    code = "answers_refused"
    words = _("The answers don't fit this package.")


class FileNotInPackage(Missing):
    """No such file, or not a text."""

    code = "file_not_in_package"
    words = _("The package has no text file “%(path)s”.")
