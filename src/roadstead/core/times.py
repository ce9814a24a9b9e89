"""Times and sizes in words: relative for seven days, then a date; the exact time is always in the title."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadstead.core.clock import now

_RELATIVE = timedelta(days=7)
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_KIB = 1024
_UNITS = ("KiB", "MiB", "GiB", "TiB")
_TENTHS_BELOW = 10


def ago(moment: datetime) -> str:
    """Return how long ago a moment was, or its date when that is more than a week."""
    past = now() - moment
    if past >= _RELATIVE:
        return day(moment)
    seconds = int(past / timedelta(seconds=1))
    if seconds < _MINUTE:
        return _("just now")
    return _("%(duration)s ago") % {"duration": _one_unit(seconds)}


def day(moment: datetime) -> str:
    """Return a date; without its year when that is this one."""
    local = timezone.localtime(moment)
    this_year = local.year == timezone.localtime(now()).year
    # Translators: formats of Django's `date` filter.
    return date_format(local, _("M j") if this_year else _("M j, Y"))


def exact(moment: datetime) -> str:
    """Return date and time to the second."""
    return date_format(timezone.localtime(moment), "Y-m-d H:i:s")


def stamped(moment: datetime, words: str) -> SafeString:
    """Return words about a moment with the exact time in machine-readable form and in the title."""
    return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), exact(moment), words)


def lasted(duration: timedelta) -> str:
    """Return a duration with its two largest units, such as 1 m 54 s; tenths of seconds below ten."""
    seconds = duration / timedelta(seconds=1)
    if seconds < _TENTHS_BELOW:
        return _("%(number)s s") % {"number": f"{max(seconds, 0):.1f}".removesuffix(".0")}
    whole = int(seconds)
    if whole < _MINUTE:
        return _("%(number)s s") % {"number": whole}
    if whole < _HOUR:
        return _("%(minutes)s m %(seconds)s s") % {"minutes": whole // _MINUTE, "seconds": whole % _MINUTE}
    return waited(duration)


def waited(duration: timedelta) -> str:
    """Return a waiting time with its two largest units from minutes up, such as 4 days 3 hours."""
    seconds = int(duration / timedelta(seconds=1))
    for large, small in ((_DAY, _HOUR), (_HOUR, _MINUTE)):
        if seconds >= large:
            rest = seconds % large
            first = _one_unit(seconds)
            return f"{first} {_one_unit(rest)}" if rest >= small else first
    return _one_unit(max(seconds, _MINUTE))


def size(count: float) -> str:
    """Return a number of bytes in binary units."""
    if count < _KIB:
        return ngettext("%(number)s byte", "%(number)s bytes", int(count)) % {"number": int(count)}
    exponent = min(int(count).bit_length() - 1, 10 * len(_UNITS)) // 10
    return f"{count / _KIB**exponent:.1f}".removesuffix(".0") + f" {_UNITS[exponent - 1]}"


def _one_unit(seconds: int) -> str:
    if seconds >= _DAY:
        number = seconds // _DAY
        return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}
    if seconds >= _HOUR:
        number = seconds // _HOUR
        return ngettext("%(number)s hour", "%(number)s hours", number) % {"number": number}
    number = seconds // _MINUTE
    return ngettext("%(number)s minute", "%(number)s minutes", number) % {"number": number}
