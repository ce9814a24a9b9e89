"""What a review refuses."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, NotPermitted, WrongState


class StageHasMovedOn(WrongState):
    """The reviewer's page showed an earlier stage."""

    code = "review_stage_has_moved_on"
    words = _("This review has moved on since you opened the page. Reload it to see where it is now.")


class NotYoursToDecide(NotPermitted):
    """Only the claimant acts, and nobody on their own submission."""

    code = "review_not_yours"
    words = _("Only the person who is processing this review can decide, and nobody decides on their own submission.")


class ClaimedAlready(WrongState):
    """Somebody else has the stage."""

    code = "review_claimed"
    words = _("%(name)s is processing this review. It can be taken over when nothing has happened for %(hours)d hours.")


class RejectionNeedsReason(Invalid):
    """A rejection without a reason helps nobody."""

    code = "reason_needed"
    words = _("Say why it is rejected, in at most 500 characters; the developer reads it.")


class TooLateToWithdraw(WrongState):
    """The technical review has begun."""

    code = "review_too_late_to_withdraw"
    words = _("The technical review has begun, so this submission can't be withdrawn any more.")


class ProviderNotCertified(WrongState):
    """Business reviewers prove companies."""

    code = "provider_not_certified"
    words = _("%(company)s isn't certified, so its apps can't pass business review. Certify the provider first, or reject the version.")


class ForceNeedsReason(Invalid):
    """A forced decision is explained, whichever it is."""

    code = "force_reason_needed"
    words = _("Say why the review is cut short, in at most 500 characters; it stays on record.")


class ForceAskedAlready(WrongState):
    """One forced decision at a time."""

    code = "force_asked"
    words = _("A forced decision is waiting for a second administrator already. Answer that one first.")


class NothingToConfirm(WrongState):
    """The request was answered, or the review went on."""

    code = "force_not_asked"
    words = _("Nobody asks for a forced decision here any more. Reload the page to see where the review is.")


class NeedsSecondPerson(NotPermitted):
    """Nobody confirms what they asked for."""

    code = "force_needs_second_person"
    words = _("A forced decision needs a second administrator, who neither asked for it nor submitted the version.")


class PackageChanged(WrongState):
    """Somebody put in another package while this one was checked."""

    code = "review_package_changed"
    words = _("The package was replaced while it was being checked. Submit it again.")
