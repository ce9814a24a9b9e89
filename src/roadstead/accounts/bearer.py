"""The API's sign-in: `Authorization: Bearer <token>`, each operation with the scope that it needs."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from roadstead.accounts.errors import OutOfScope
from roadstead.accounts.models import Token
from roadstead.accounts.scopes import WORDS as SCOPE_WORDS
from roadstead.accounts.scopes import Scope, covers
from roadstead.accounts.tokens import bearer_of
from roadstead.core import correlation

__all__ = ["SCOPE_WORDS", "Bearer", "Scope", "token_of"]


class Bearer(HttpBearer):
    """Lets in whoever holds a token that covers `scope`; none: whoever holds any."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token:
        """Make the token's person the one who acts."""
        bearer = bearer_of(token)
        if self.scope and not covers(bearer.scopes, self.scope):
            raise OutOfScope(scope=self.scope.value)
        correlation.came_through(bearer.pk, bearer.name)
        request.user = bearer.person
        request.auth = bearer  # type: ignore[attr-defined]  # where django-ninja keeps it too
        return bearer


def token_of(request: HttpRequest) -> Token:
    """Return the token that a request came with."""
    token: Token = request.auth  # type: ignore[attr-defined]  # put there by `Bearer`
    return token
