"""What the store refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import DomainError, Invalid, Missing


class UploadTooLarge(DomainError):
    """The request is larger than any package may be; it was thrown away unread."""

    status = 413
    code = "upload_too_large"
    words = _("The upload has %(found)s, and a package may have %(wanted)s at most. Nothing was stored. Choose a smaller file.")


class NameDiffers(Invalid):
    """Deleting asks for the name, and another one came."""

    code = "name_differs"
    words = _("“%(typed)s” isn't its name, so nothing was deleted. Type “%(wanted)s”.")


class NoSample(Missing):
    """The sample application isn't there."""

    code = "no_sample"
    words = _("The sample application isn't part of this installation. Upload a package of your own.")
