"""Tokens: how programs act as a person, within scopes and until a day."""

import secrets
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet

from roadstead.accounts.access import may, require
from roadstead.accounts.errors import ScopesMissing, TokenExpired, TokenLifetime, TokenRefused
from roadstead.accounts.models import Grant, Token, User, with_grants
from roadstead.accounts.permissions import Action
from roadstead.accounts.scopes import Scope
from roadstead.audit.record import record
from roadstead.core.clock import now
from roadstead.core.finding import found
from roadstead.core.lookup import Lookup

# By this beginning a scanner for leaked secrets knows one.
PREFIX = "rst_"
LONGEST_DAYS = 366
_NOTED_EVERY = timedelta(minutes=1)
# Asked with every request of a program.
_WITH_PERSON = Token.objects.select_related("person", "person__role", "person__group").annotate(**Grant.columns("person__role"))
_BY_DIGEST = Lookup(lambda digest: _WITH_PERSON.filter(digest=digest))


@transaction.atomic
def create_token(*, actor: User, name: str, scopes: Collection[str], days: int) -> tuple[Token, str]:
    """Make a token of one's own; its value is returned this once, and only a hash of it is kept."""
    require(actor, Action.MANAGE_CLIENTS)
    wanted = sorted(set(scopes) & set(Scope))
    if not wanted:
        raise ScopesMissing(field="scopes")
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenLifetime(field="days", most=LONGEST_DAYS)
    value = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=actor, name=name.strip(), digest=_digest(value), scopes=wanted, expires_at=now() + timedelta(days=days)
    )
    record(actor, "token.created", token, name=token.name, scopes=wanted, days=days)
    return token, value


@transaction.atomic
def revoke_token(*, actor: User, token_id: str) -> Token:
    """End one of one's own tokens at once."""
    token = found(tokens_of(actor).select_for_update(), token_id)
    if token.revoked_at is None:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        record(actor, "token.revoked", token, name=token.name)
    return token


def revoke_all(*, actor: User, person: User) -> int:
    """End all tokens of a person, as part of a verb that takes their access away; return how many there were."""
    working = list(Token.objects.select_for_update().filter(person=person, revoked_at=None, expires_at__gt=now()).order_by("pk"))
    for token in working:
        token.revoked_at = now()
        token.save(update_fields=["revoked_at"])
        record(actor, "token.revoked", token, name=token.name)
    return len(working)


def tokens_of(actor: User) -> QuerySet[Token]:
    """Return a person's tokens, the newest first; what has ended stays in sight for a while."""
    fresh = now() - timedelta(days=30)
    ended = Q(revoked_at__lt=fresh) | Q(expires_at__lt=fresh)
    return Token.objects.filter(person=actor).exclude(ended).order_by("-created_at", "pk")


def bearer_of(value: str) -> Token:
    """Return the token with this value, its person loaded as they are now, or raise `TokenRefused`."""
    found_now = _BY_DIGEST.with_many(_digest(value))
    if found_now is None:
        raise TokenRefused
    token, grants = found_now
    with_grants(token.person.role, grants)
    # Whoever may have no tokens any more, or may not sign in, is nobody here from this moment.
    if token.revoked_at or not may(token.person, Action.MANAGE_CLIENTS):
        raise TokenRefused
    if token.expires_at <= now():
        raise TokenExpired
    _note_use(token)
    return token


def _note_use(token: Token) -> None:
    """Note that a token is in use; once a minute is enough, and readers seldom have to wait for a writer."""
    moment = now()
    if token.last_used_at is None or moment - token.last_used_at > _NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=moment)


def _digest(value: str) -> str:
    # 256 random bits can't be guessed from their hash, so a quick one will do.
    return sha256(value.encode(errors="replace")).hexdigest()
