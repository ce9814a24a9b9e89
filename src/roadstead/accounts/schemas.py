"""The shapes in which the API tells of people and tokens."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from ninja import Schema

if TYPE_CHECKING:
    from roadstead.accounts.models import Token, User


class MyToken(Schema):
    """The token of a request; its value is told nowhere."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime


class Me(Schema):
    """The person whom a token acts as."""

    id: str
    name: str
    email: str
    role: str
    portal: str
    token: MyToken

    @classmethod
    def of(cls, person: "User", token: "Token") -> Self:
        """Tell of a person and the token that stands for them."""
        told = MyToken(id=token.pk, name=token.name, scopes=token.scopes, created_at=token.created_at, expires_at=token.expires_at)
        role = person.role
        return cls(id=person.pk, name=person.name, email=person.email, role=role.pk, portal=role.portal, token=told)
