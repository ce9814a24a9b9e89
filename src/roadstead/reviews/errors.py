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
