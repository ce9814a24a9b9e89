"""What the store refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import DomainError, Invalid, Missing, WrongState


class UploadTooLarge(DomainError):
    """The request is larger than any package may be; it was thrown away unread."""

    status = 413
    code = "upload_too_large"
    words = _("The upload has %(found)s, and a package may have %(wanted)s at most. Nothing was stored. Choose a smaller file.")


class LeftTheStore(Missing):
    """Links to an app live longer than its place in the store."""

    code = "not_in_store"
    words = _("%(name)s isn't in the store any more. Instances of it go on running, and their owners find them in their list.")


class NoSample(Missing):
    """The sample application isn't there."""

    code = "no_sample"
    words = _("The sample application isn't part of this installation. Upload a package of your own.")


class NothingInStore(WrongState):
    """Only what is in the store can be taken out of it."""

    code = "app_not_listed"
    words = _("%(name)s has no version in the store, so there is nothing to suspend.")


class NothingSuspended(WrongState):
    """Only what was suspended comes back."""

    code = "app_not_suspended"
    words = _("%(name)s has no suspended version, so there is nothing to put back.")


class NothingChosen(Invalid):
    """An act on several apps needs one of them at least."""

    code = "nothing_chosen"
    words = _("Choose at least one app.")


class NotForDemoData(WrongState):
    """Made-up things among those of real people would be taken for real."""

    code = "not_for_demo_data"
    words = _(
        "Demo data goes only into an empty installation, or one that has nobody but the people of `roadstead up --demo`. "
        "%(name)s is here; nothing was changed."
    )
