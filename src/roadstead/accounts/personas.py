"""Sample people to try the platform as, with one click: only under `roadstead up --demo`, only from this very machine."""

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.translation import gettext_lazy as _

from roadstead.accounts.models import User
from roadstead.core.problems import Words

_FORWARDED = ("HTTP_X_FORWARDED_", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


@dataclass(frozen=True)
class Persona:
    """One sample person; `id` is also the id of their role."""

    id: str
    name: str
    email: str
    does: Words


PERSONAS = (
    Persona("developer", "陈屿", "chenyu@example.com", _("Creates apps, tests versions and submits them for review")),
    Persona("isv", "苏禾", "suhe@example.com", _("Leads the provider and decides its own review first")),
    Persona("business_reviewer", "何以晴", "heyiqing@example.com", _("Decides the business review")),
    Persona("technical_reviewer", "林知远", "linzhiyuan@example.com", _("Test-deploys a version and decides the technical review")),
    Persona("user", "周子衿", "zhouzijin@example.com", _("Browses the store and runs apps")),
    Persona("global_admin", "韩清", "hanqing@example.com", _("Runs the platform: reviews, releases, people")),
)
# The head of the sample provider, then who works there.
TEAM = ("isv", "developer")


def allowed(request: HttpRequest) -> bool:
    """Whether this request may become a sample person: demo, and both ends are this machine with nothing in between."""
    host, _port = split_domain_port(request.get_host())
    return (
        settings.OPTIONS.demo
        and _is_loopback(request.META.get("REMOTE_ADDR", ""))
        and (host == "localhost" or _is_loopback(host.strip("[]")))
        and not any(header.startswith(_FORWARDED) for header in request.META)
        # nginx, unless told otherwise, adds no header, names us by our loopback address, and speaks as no browser has for decades.
        and request.META.get("SERVER_PROTOCOL") != "HTTP/1.0"
    )


def offered(request: HttpRequest) -> list[tuple[Persona, User]]:
    """Return the sample people that the sign-in page offers."""
    if not allowed(request):
        return []
    people = {user.email: user for user in User.objects.active().filter(email__in=[persona.email for persona in PERSONAS])}
    return [(persona, people[persona.email]) for persona in PERSONAS if persona.email in people]


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
