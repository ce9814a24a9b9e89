"""Who a token acts as; and the routers of people, roles and departments."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from roadstead.accounts import tokens
from roadstead.accounts.bearer import Bearer, token_of
from roadstead.accounts.people_api import department_router as departments
from roadstead.accounts.people_api import people
from roadstead.accounts.people_api import role_router as roles
from roadstead.accounts.schemas import Me
from roadstead.core.pages import actor_of

__all__ = ["departments", "me", "people", "roles"]
me = Router(tags=["me"])


@me.get("", response=Me, auth=Bearer(), operation_id="get_me")
def get_me(request: HttpRequest) -> Me:
    """Say whose token this is, and what it may do at most."""
    return Me.of(actor_of(request), token_of(request))


@me.delete("/token", response={204: None}, auth=Bearer(), operation_id="revoke_my_token")
def revoke_my_token(request: HttpRequest) -> HttpResponse:
    """End the token that this request came with; it can't be used again."""
    tokens.revoke_token(actor=actor_of(request), token_id=token_of(request).pk)
    return HttpResponse(status=204)
