"""Refusals of this package."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import DomainError, Missing, WrongState


class BlobMissing(Missing):
    """The content store has no such file."""

    code = "blob_missing"
    words = _("The file %(digest)s isn't in the store. Restore it from a backup, or upload it again.")


class BlobStoreAway(DomainError, ConnectionError):
    """The content store can't be reached now; a job tries again."""

    status = 503
    code = "blob_store_away"
    words = _("Stored files can't be reached at the moment (%(error)s). Try again later; the administrator can see why in the log.")


class BlobDamaged(WrongState):
    """The bytes are no longer those that were put in."""

    code = "blob_damaged"
    words = _(
        "The stored file %(digest)s has changed since it was checked, so it isn't used. Restore it from a backup, or upload it again."
    )
