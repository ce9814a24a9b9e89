"""What the frame of every page needs; worked out only when a page draws a frame."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from roadstead.core.states import State
from roadstead.core.web_types import Context
from roadstead.web.navigation import Entry, Group, dock_of, navigation_of
from roadstead.web.schemes import SCHEMES, scheme_of

# What browsers call our languages; without it Chinese is drawn with Japanese glyphs.
_TAGS = {"zh-hans": "zh-CN", "en": "en"}


@dataclass(frozen=True)
class Frame:
    """The frame of one request."""

    request: HttpRequest

    @property
    def language(self) -> str:
        """The active language as Django names it."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def language_tag(self) -> str:
        """The active language as browsers name it."""
        return _TAGS.get(self.language, self.language)

    @property
    def language_name(self) -> str:
        """The active language in its own words."""
        return dict(settings.LANGUAGES).get(self.language, self.language)

    @property
    def languages(self) -> list[tuple[str, str]]:
        """All languages."""
        return list(settings.LANGUAGES)

    @property
    def scheme(self) -> str:
        """The colour scheme."""
        return scheme_of(self.request)

    @property
    def schemes(self) -> list[State]:
        """All colour schemes."""
        return list(SCHEMES.values())

    @cached_property
    def navigation(self) -> list[Group]:
        """The groups of the workbench that are open to this person."""
        return navigation_of(self.request.user)

    @property
    def dock(self) -> list[Entry]:
        """The entries of the phone's dock."""
        return dock_of(self.navigation)

    @property
    def store_links(self) -> list[Entry]:
        """What the store's bar offers beside the store itself."""
        return [entry for group in self.navigation for entry in group.entries if entry.key in {"deployed", "instances"}]

    @property
    def back(self) -> str:
        """The page of ours that led here, unless it is this one."""
        return self.before if self.before != self.request.get_full_path() else ""

    @property
    def before(self) -> str:
        """The page of ours that led here, such as the one whose form was sent."""
        before = self.request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(before, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure())
        parts = urlsplit(before)
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return address if ours else ""


def frame(request: HttpRequest) -> Context:
    """Context processor: `frame` in every template."""
    return {"frame": Frame(request)}
