"""Who a token acts as; and the routers of people, roles, departments, the record and the platform's rules."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from roadstead.accounts import people as keeping
from roadstead.accounts import sign_in, tokens
from roadstead.accounts.bearer import Bearer, Scope, token_of
from roadstead.accounts.people_api import department_router as departments
from roadstead.accounts.people_api import people
from roadstead.accounts.people_api import role_router as roles
from roadstead.accounts.platform_api import record_router as record
from roadstead.accounts.platform_api import rule_router as rules
from roadstead.accounts.platform_schemas import MyData, NewPassword
from roadstead.accounts.schemas import Me
from roadstead.core.pages import actor_of

__all__ = ["departments", "me", "people", "record", "roles", "rules"]
OWN = Bearer(Scope.ACCOUNT_WRITE)
me = Router(tags=["me"])


@me.get("", response=Me, auth=Bearer(), operation_id="get_me")
def get_me(request: HttpRequest) -> Me:
    """Say whose token this is, and what it may do at most."""
    return Me.of(actor_of(request), token_of(request))


@me.patch("", response=Me, auth=OWN, operation_id="edit_me")
def edit_me(request: HttpRequest, sent: MyData) -> Me:
    """Change one's own name and language."""
    return Me.of(keeping.edit_own_data(actor=actor_of(request), name=sent.name, language=sent.language), token_of(request))


@me.post("/password", response={204: None}, auth=OWN, operation_id="change_my_password")
def change_my_password(request: HttpRequest, sent: NewPassword) -> HttpResponse:
    """Change one's own password; sessions end, and all tokens if `end_tokens` says so."""
    actor = actor_of(request)
    with sign_in.counted(request, actor, field="current"):
        keeping.change_own_password(actor=actor, current=sent.current, new=sent.new, end_tokens=sent.end_tokens)
    return HttpResponse(status=204)


@me.delete("/token", response={204: None}, auth=Bearer(), operation_id="revoke_my_token")
def revoke_my_token(request: HttpRequest) -> HttpResponse:
    """End the token that this request came with; it can't be used again."""
    tokens.revoke_token(actor=actor_of(request), token_id=token_of(request).pk)
    return HttpResponse(status=204)
