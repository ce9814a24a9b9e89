"""The question before something is done to several instances: to how many, what it means, and which are passed by."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadstead.clusters.asks import Ask
from roadstead.clusters.forms import ConfirmForm, SeveralForm
from roadstead.clusters.operations import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

    from roadstead.clusters.several import Chosen


def question_of(operation: Operation, rows: "Sequence[Chosen]", form: ConfirmForm | None) -> Ask:
    """Return the question for these instances; none of them is passed by."""
    number = len(rows)
    title, text, action, way_out = _WORDS[operation](number)
    return Ask(
        id=operation.value,
        address=reverse("instances_several"),
        title=title % {"number": number},
        text=text,
        action=action % {"number": number},
        way_out=way_out,
        form=form,
        danger=operation is not Operation.START,
    )


def none_of(operation: Operation) -> str:
    """Say that nothing would be done to any of them."""
    words = {
        Operation.STOP: _("None of these can be stopped now"),
        Operation.START: _("None of these can be started now"),
        Operation.DELETE: _("None of these can be deleted now"),
    }
    return words[operation]


def begun_words(operation: Operation, number: int) -> str:
    """Say on how many it was begun."""
    words = {
        Operation.STOP: ngettext("%(number)s instance is being stopped.", "%(number)s instances are being stopped.", number),
        Operation.START: ngettext("%(number)s instance is being started.", "%(number)s instances are being started.", number),
        Operation.DELETE: ngettext("%(number)s instance is being deleted.", "%(number)s instances are being deleted.", number),
    }
    return words[operation] % {"number": number}


def confirmation(operation: Operation, rows: "Sequence[Chosen]", sent: "QueryDict | None" = None) -> ConfirmForm | None:
    """Deleting asks for the name, or for the number where it's more than one."""
    if operation is not Operation.DELETE or not rows:
        return None
    if len(rows) == 1:
        return ConfirmForm(sent, wanted=rows[0].name, act="delete")
    return SeveralForm(sent, wanted=str(len(rows)), act="delete")


def _stop(number: int) -> tuple[str, str, str, str]:
    return (
        ngettext("Stop %(number)s instance", "Stop %(number)s instances", number),
        _("All of their pods end, so nobody can use them until they're started again. Data in their volumes stays."),
        ngettext("Stop this instance", "Stop these %(number)s instances", number),
        _("Keep them running"),
    )


def _start(number: int) -> tuple[str, str, str, str]:
    return (
        ngettext("Start %(number)s instance", "Start %(number)s instances", number),
        _("Each workload gets as many pods as it had."),
        ngettext("Start this instance", "Start these %(number)s instances", number),
        _("Not now"),
    )


def _delete(number: int) -> tuple[str, str, str, str]:
    return (
        ngettext("Delete %(number)s instance", "Delete %(number)s instances", number),
        _("Everything that they run in their environments is removed for good. What they keep, such as volumes, is listed afterwards."),
        ngettext("Delete this instance", "Delete these %(number)s instances", number),
        _("Keep them"),
    )


_WORDS = {Operation.STOP: _stop, Operation.START: _start, Operation.DELETE: _delete}
