"""People for tests."""

import time
from itertools import count

from django.test import Client

from roadstead.accounts import services, tokens
from roadstead.accounts.models import Group, Role, User
from roadstead.accounts.scopes import Scope
from roadstead.core.pages import PROVEN_AT

_numbers = count(1)


def group(name: str = "root", parent: Group | None = None) -> Group:
    """Make a group: a new tree, or a department of one."""
    return services.create_group(name=name, parent=parent)


def person(role: str = "developer", group: Group | None = None, *, name: str = "", password: str | None = None) -> User:
    """Make a person with a shipped role, in a tree of their own unless a group is named."""
    if not Role.objects.filter(pk=role).exists():
        services.ensure_builtin_roles()
    number = next(_numbers)
    name = name or f"{role}-{number}"
    return services.create_user(actor=None, email=f"person{number}@example.com", name=name, role_id=role, group=group, password=password)


def bearer(person: User, *scopes: str, days: int = 30) -> str:
    """Return the value of a fresh token; without scopes it has all of them."""
    return tokens.create_token(actor=person, name="ci", scopes=scopes or list(Scope), days=days)[1]


def sign_in(client: Client, person: User) -> Client:
    """Sign somebody in who has just proven who they are."""
    client.force_login(person)
    session = client.session
    session[PROVEN_AT] = time.time()
    session.save()
    return client
