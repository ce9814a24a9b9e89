"""The shapes in which the API tells of people and tokens."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import AfterValidator, Field

from roadstead.accounts.models import DataLevel
from roadstead.accounts.permissions import Action
from roadstead.core.api import Filter, Listing, Name, Reason, Ref

if TYPE_CHECKING:
    from roadstead.accounts import models
    from roadstead.accounts.models import Token, User


def _valid(address: str) -> str:
    try:
        validate_email(address.strip())
    except ValidationError as wrong:
        raise ValueError(" ".join(wrong.messages)) from wrong
    return address


Email = Annotated[str, Field(max_length=254, json_schema_extra={"format": "email"}), AfterValidator(_valid)]


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


class Person(Schema):
    """Somebody who can sign in, or could."""

    id: str
    name: str
    email: str
    role: str
    portal: str
    department: str
    status: str
    description: str
    created_at: datetime

    @classmethod
    def of(cls, person: "User") -> Self:
        """Tell of a person."""
        return cls(
            id=person.pk,
            name=person.name,
            email=person.email,
            role=person.role_id,
            portal=person.role.portal,
            department=person.group_id,
            status=person.status,
            description=person.description,
            created_at=person.created,
        )


class PersonWithPassword(Person):
    """Somebody whose password was just made: it is told this once and kept nowhere."""

    password: str


class PeopleAsked(Listing):
    """What the list of people is narrowed to."""

    role: Filter = ""
    status: Literal["", "active", "suspended", "deleted"] = ""
    portal: Literal["", "global_admin", "isv", "user"] = ""
    sort: Literal["created", "-created", "name", "-name", "email", "-email"] = "-created"


class NewPerson(Schema):
    """Somebody to add; the department is for colleagues only."""

    email: Email
    role: Ref
    name: Annotated[str, Field(max_length=50)] = ""
    department: Filter = ""


class PersonEdit(Schema):
    """What is known of a person, as it shall be."""

    name: Name
    description: Reason = ""
    department: Filter = ""


class RoleChoice(Schema):
    """A role to give."""

    role: Ref


class RoleGrant(Schema):
    """What a role may do in one module, and how far; `all` means every action of the module."""

    module: str
    level: str
    all: bool
    actions: list[str]


class Role(Schema):
    """A named set of permissions."""

    id: str
    name: str
    description: str
    portal: str
    builtin: bool
    grants: list[RoleGrant]

    @classmethod
    def of(cls, role: "models.Role") -> Self:
        """Tell of a role; its grants may be prefetched."""
        grants = [
            RoleGrant(module=grant.module, level=grant.data_level, all=grant.check_all, actions=grant.actions)
            for grant in role.grants.all()
        ]
        return cls(id=role.pk, name=role.title, description=role.about, portal=role.portal, builtin=role.builtin, grants=grants)


class RolesAsked(Listing):
    """How roles are listed."""

    sort: Literal["name", "-name"] = "name"


class NewRole(Schema):
    """What a role is called."""

    name: Name
    description: Annotated[str, Field(max_length=200)] = ""


class GrantWish(Schema):
    """What a role shall be able to do in one module, and how far."""

    module: Annotated[str, Field(pattern=r"^m[1-8]$")]
    level: DataLevel
    actions: Annotated[list[Action], Field(max_length=100)]


class GrantWishes(Schema):
    """All that a role shall be able to do; a module that isn't named is taken away."""

    grants: Annotated[list[GrantWish], Field(max_length=8)]


class Department(Schema):
    """A place in the tree of a company; `path` is its ancestors' ids and its own."""

    id: str
    name: str
    path: str
    parent: str

    @classmethod
    def of(cls, group: "models.Group") -> Self:
        """Tell of a department."""
        return cls(id=group.pk, name=group.name, path=group.path, parent=group.parent_id or "")


class NewDepartment(Schema):
    """A department to add below another."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
    parent: Ref


class DepartmentName(Schema):
    """What a department is called."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
