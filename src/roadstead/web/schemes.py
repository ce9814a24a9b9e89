"""The colour scheme: chosen by the person, kept in a cookie, written by the server so that no page flashes."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from roadstead.core.states import State

COOKIE = "roadstead_scheme"
SYSTEM = "system"
SCHEMES = {
    "light": State(value="light", word=_("Light"), icon="sun", tone="off"),
    "dark": State(value="dark", word=_("Dark"), icon="moon", tone="off"),
    SYSTEM: State(value=SYSTEM, word=_("Like this device"), icon="device-desktop", tone="off"),
}


def scheme_of(request: HttpRequest) -> str:
    """Return the scheme that this browser asked for."""
    wanted = request.COOKIES.get(COOKIE, SYSTEM)
    return wanted if wanted in SCHEMES else SYSTEM
