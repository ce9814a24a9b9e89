"""The template tags that every page uses: `{% load rs %}`. Each is a thin door to a module of `core`."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.utils.html import format_html
from django.utils.safestring import SafeString

from roadstead.core import assets, avatars, dots, flags, markdown, source, times
from roadstead.core import hoist as hoists
from roadstead.core.clock import now
from roadstead.core.deliveries import DELIVERIES
from roadstead.core.refusals import refusal_state
from roadstead.core.states import State

register = template.Library()
register.simple_tag(flags.flag, name="flag")
register.simple_tag(avatars.avatar, name="avatar")
register.simple_tag(assets.asset_address, name="asset")
register.filter("markdown", markdown.to_html)
register.filter("lasted", times.lasted)
register.filter("day", times.day)
register.filter("short_digest", hoists.short)
register.filter("refusal_state", refusal_state)
register.filter("dots", dots.dots)
register.filter("dots_width", dots.width)
register.filter("current_buoy", dots.current)

_TURNING = "loader-2"


class Pictured(Protocol):
    """An app, as far as its picture is concerned: the digest of its icon, or nothing."""

    pk: Any
    icon: str


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a Tabler icon from the sprite; the build finds the names that templates spell out."""
    turning = " rs-turning" if name == _TURNING else ""
    return format_html('<svg class="rs-i{}" aria-hidden="true"><use href="{}#{}"/></svg>', turning, assets.icons_address(), name)


@register.simple_tag
def badge(state: State | None, words: str = "") -> SafeString:
    """Say a state: icon and word on its tint. `words` replace the state's own, such as the name of who reviews."""
    if not state:
        return SafeString()
    return format_html('<span class="rs-badge rs-tone-{}">{}{}</span>', state.tone, icon(state.icon), words or state.word)


@register.simple_tag
def delivery(kind: str) -> SafeString:
    """Say how an application is delivered, as a chip."""
    row = DELIVERIES.get(kind)
    return format_html('<span class="rs-chip">{}{}</span>', icon(row.icon), row.word) if row else SafeString()


@register.simple_tag
def app_icon(app: Pictured, size: int = 48) -> SafeString:
    """Show an app's icon, or the flag of its id; the name stands beside it, so it has no words of its own."""
    if app.icon:
        return format_html('<img class="rs-icon" src="/media/icons/{}" width="{}" height="{}" alt="">', app.icon, size, size)
    return flags.flag(str(app.pk), size)


@register.filter
def hue(identity: str) -> str:
    """Return the class of the colour that an id's flag flies, for the ground of a feature card."""
    return f"rs-hue-{flags.pair_of(str(identity))}"


@register.simple_tag
def hoist(digest: str) -> SafeString:
    """Draw the four flags and the short number of a package digest."""
    return hoists.hoist(digest) if digest else SafeString()


@register.simple_tag
def ago(moment: datetime | None) -> SafeString:
    """Say how long ago a moment was."""
    return times.stamped(moment, times.ago(moment)) if moment else SafeString()


@register.simple_tag
def since(moment: datetime | None) -> SafeString:
    """Say how long something has been waiting since a moment, without "ago"."""
    return times.stamped(moment, times.waited(now() - moment)) if moment else SafeString()


@register.simple_tag
def took(start: datetime | None, end: datetime | None = None) -> str:
    """Say how long something lasted, or has lasted up to now."""
    return times.lasted((end or now()) - start) if start else ""


@register.filter
def waited(duration: timedelta | datetime) -> str:
    """Say a waiting time, or how long it has been since a moment."""
    return times.waited(now() - duration if isinstance(duration, datetime) else duration)


@register.filter
def left(moment: datetime) -> str:
    """Say how much time is left until a moment."""
    return times.waited(moment - now())


@register.filter
def figure(measure: str) -> SafeString:
    """Let the number of a measure such as "4 days 3 hours" stand out from its units."""
    number, _, units = measure.partition(" ")
    return format_html("<b>{}</b>{}", number, units)


@register.filter
def until(start: datetime, end: datetime) -> str:
    """Say how much time lies between two moments."""
    return times.waited(end - start)


@register.filter
def mebibytes(count: float) -> str:
    """Say a number of MiB, in GiB where there are enough of them."""
    return times.size(count * 1024 * 1024)


@register.filter("bytes")
def size(count: float | None) -> str:
    """Say a number of bytes."""
    return times.size(count or 0)


@register.filter
def source_lines(text: str, path: str) -> list[SafeString]:
    """Return a file's lines as coloured HTML, for an ordered list of class `rs-lines`."""
    return source.highlight(text, path=path)


@register.filter
def headline(text: object) -> Sequence[str]:
    """Split a message after its first line: the result, and its consequence."""
    first, _, rest = str(text).partition("\n")
    return first, rest


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """Draw a form field with our classes, tied to its rule and its error."""
    widget = field.field.widget
    described = [f"{field.auto_id}-rule"] if field.help_text else []
    attrs: dict[str, Any] = {}
    if field.errors:
        described.append(f"{field.auto_id}-error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.field.required and (missing := field.field.error_messages.get("required")):
        attrs["data-missing"] = missing
    if not isinstance(widget, CheckboxInput | RadioSelect):
        attrs["class"] = f"{'form-select' if isinstance(widget, Select) else 'form-control'} {widget.attrs.get('class', '')}".strip()
    return field.as_widget(attrs=attrs)


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether a field is one box to tick, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)
