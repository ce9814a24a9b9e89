"""The record and the platform's rules for programs."""

from django.http import HttpRequest
from ninja import Query, Router

from roadstead.accounts import rules
from roadstead.accounts.access import require
from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.permissions import Action
from roadstead.accounts.platform_schemas import Act, PlatformRule, RecordAsked, RuleWishes
from roadstead.audit.selectors import events_like
from roadstead.core.api import PageOf, listed
from roadstead.core.pages import actor_of

READ, WRITE = Bearer(Scope.PLATFORM_READ), Bearer(Scope.PLATFORM_WRITE)
record_router, rule_router = Router(tags=["audit"]), Router(tags=["settings"])


@record_router.get("", response=PageOf[Act], auth=READ, operation_id="list_audit")
def list_audit(request: HttpRequest, asked: Query[RecordAsked]) -> PageOf[Act]:
    """List what was done, the latest first; `q` is not looked at."""
    require(actor_of(request), Action.CHANGE_SETTINGS)
    rows = events_like(verb=asked.verb, person=asked.person, thing=asked.thing)
    return listed(rows, asked, Act.of, sort=asked.sort)


@rule_router.get("", response=list[PlatformRule], auth=READ, operation_id="get_settings")
def get_settings(request: HttpRequest) -> list[PlatformRule]:
    """Return the limits and times that hold for everybody."""
    require(actor_of(request), Action.CHANGE_SETTINGS)
    return PlatformRule.all()


@rule_router.patch("", response=list[PlatformRule], auth=WRITE, operation_id="change_settings")
def change_settings(request: HttpRequest, sent: RuleWishes) -> list[PlatformRule]:
    """Change some of them; they hold from now on."""
    rules.set_rules(actor=actor_of(request), values=sent.values)
    return PlatformRule.all()
