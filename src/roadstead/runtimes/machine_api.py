"""The engine of this machine for programs: what it is, who may use it. Administrators give the use of it and take it back."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from roadstead.accounts.access import require
from roadstead.accounts.bearer import Bearer, Scope
from roadstead.accounts.permissions import Action
from roadstead.accounts.repeating import once
from roadstead.core.api import Id, PageOf, listed
from roadstead.core.pages import actor_of
from roadstead.runtimes import granting, selectors, this_machine
from roadstead.runtimes.machine_schemas import Engine, GrantsAsked, MachineGrant, NewGrant

READ, WRITE = Bearer(Scope.PLATFORM_READ), Bearer(Scope.PLATFORM_WRITE)
machine = Router(tags=["this machine"])


@machine.get("", response=Engine, auth=READ, operation_id="get_this_machine")
def get_this_machine(request: HttpRequest) -> Engine:
    """Ask the engine of this machine what it is."""
    require(actor_of(request), Action.CHANGE_SETTINGS)
    return Engine.of(this_machine.look() if this_machine.offered() else this_machine.Found())


@machine.get("/grants", response=PageOf[MachineGrant], auth=READ, operation_id="list_grants")
def list_grants(request: HttpRequest, asked: Query[GrantsAsked]) -> PageOf[MachineGrant]:
    """List who may use this machine."""
    actor = actor_of(request)
    require(actor, Action.CHANGE_SETTINGS)
    rows = selectors.grants_visible_to(actor).filter(person__email__icontains=asked.q)
    return listed(rows.order_by(), asked, MachineGrant.of, sort=asked.sort)


@machine.post("/grants", response={201: MachineGrant}, auth=WRITE, operation_id="give_grant")
@once
def give_grant(request: HttpRequest, sent: NewGrant) -> MachineGrant:
    """Let somebody use this machine: they find it among their environments. Its engine is asked first."""
    return MachineGrant.of(granting.grant_machine(actor=actor_of(request), email=sent.email))


@machine.delete("/grants/{grant_id}", response={204: None}, auth=WRITE, operation_id="withdraw_grant")
def withdraw_grant(request: HttpRequest, grant_id: Id) -> HttpResponse:
    """Take the use of this machine back: their environments close at once, what runs goes on until somebody stops it."""
    granting.withdraw_machine(actor=actor_of(request), grant_id=grant_id)
    return HttpResponse(status=204)
