"""How people sign in: allauth's account machinery with our rules. Accounts are made by invitation only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from roadstead.accounts import sign_in_tries
from roadstead.accounts.errors import PasswordIncorrect, TooManyTries
from roadstead.accounts.models import User
from roadstead.audit.record import record
from roadstead.core.lookup import Lookup
from roadstead.core.pages import note_proof

_BACKEND = "roadstead.accounts.sign_in.PeopleBackend"
# Asked with every page.
_BY_ID = Lookup(lambda user_id: User.objects.select_related("role", "group").filter(pk=user_id))
_log = structlog.get_logger(__name__)


class PeopleBackend(AuthenticationBackend):
    """Checks passwords, and loads the person of a session together with role and group in one query."""

    def get_user(self, user_id: str) -> User | None:
        """Return the person of a session; a suspended one is nobody from this moment."""
        user = _BY_ID.first(user_id)
        return user if user and user.is_active else None


class SignInAdapter(DefaultAccountAdapter):
    """Closed sign-up, one answer for a wrong password and an unknown address, and a record of every session."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email or the password is wrong."),
        "too_many_login_attempts": TooManyTries.words,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: arriving at one's own page says it."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse where too many failed, before the password is looked at."""
        self._tries = sign_in_tries.begin(account=credentials.get("email", ""), address=self.get_client_ip(request))
        if self._tries is None:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return whose email and password these are; only failures count towards the limit."""
        user = super().authenticate(request, **credentials)
        if user and self._tries:
            sign_in_tries.succeeded(self._tries)
        return user

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Record the new session."""
        if isinstance(user, User):
            note_proof(request)
            record(user, "user.signed_in", user, method="password", address=self.get_client_ip(request))
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **_credentials: Any) -> None:
        """Leave a trace for operators, without what was typed."""
        _log.warning("sign_in_failed", address=self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        """Record the end of the session."""
        if isinstance(request.user, User):
            record(request.user, "user.signed_out", request.user)
        super().logout(request)


def start_session(request: HttpRequest, user: User, method: str) -> None:
    """Sign somebody in whom something other than a password has vouched for; the session gets a new key."""
    login(request, user, backend=_BACKEND)
    note_proof(request)
    record(user, "user.signed_in", user, method=method, address=request.META.get("REMOTE_ADDR", ""))


@contextmanager
def counted(request: HttpRequest, user: User, *, field: str) -> Iterator[None]:
    """Let a password be looked at inside; one that is refused there counts as a failed sign-in does, and too many close the door."""
    tries = sign_in_tries.begin(account=user.email, address=_address_of(request))
    if tries is None:
        raise TooManyTries(field=field)
    yield
    sign_in_tries.succeeded(tries)


def _address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def confirm(request: HttpRequest, *, user: User, password: str) -> None:
    """Take the password of who is signed in as proof that it is still them; failures count as those of the sign-in do."""
    with counted(request, user, field="password"):
        if not user.check_password(password):
            raise PasswordIncorrect(field="password")
    request.session.cycle_key()
    note_proof(request)
    record(user, "user.confirmed", user, address=_address_of(request))
