"""The shapes in which the API tells of environments and credentials. What a credential holds is only ever written."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from ninja import Schema
from pydantic import Field, SecretStr

from roadstead.core.api import Filter, Finding, Listing, Name, Note, Ref
from roadstead.runtimes import selectors

if TYPE_CHECKING:
    from roadstead.runtimes import models

Content = Annotated[
    SecretStr, Field(min_length=1, max_length=256 * 1024, description="What signs in, such as a kubeconfig; sealed, and never answered")
]
Zone = Annotated[str, Field(min_length=1, max_length=63)]


class Environment(Schema):
    """A place to deploy to. `reach` is what the last check found: unknown, answers or broken, and `problems` why."""

    id: str
    name: str
    description: str
    provider: str
    zone: str
    server: str
    test: bool
    credential: str
    owner: str
    reach: str
    problems: list[Finding]
    checked_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, environment: "models.Environment") -> Self:
        """Tell of an environment; asking for its provider also loads the words of its problems."""
        selectors.provider_title(environment.provider)
        same = ("name", "description", "provider", "zone", "server", "checked_at", "created_at")
        return cls(
            **{name: getattr(environment, name) for name in same},
            id=environment.pk,
            test=environment.debug,
            credential=environment.credential_id,
            owner=environment.owner_id,
            reach=environment.reach.value,
            problems=[Finding.of(problem) for problem in environment.problems],
        )


class EnvironmentsAsked(Listing):
    """What the list of environments is narrowed to."""

    test: bool | None = None
    provider: Filter = ""
    sort: Literal["created_at", "-created_at", "name", "-name"] = "-created_at"


class NewEnvironment(Schema):
    """A place to deploy to: `content` is a new credential, such as a kubeconfig, or `credential` one that was saved before."""

    provider: Annotated[str, Field(min_length=1, max_length=30)] = "kubernetes"
    name: Name
    zone: Zone
    content: Content | None = None
    credential: Filter = ""
    description: Note = ""
    test: bool = False


class EnvironmentEdit(Schema):
    """What an environment is called."""

    name: Name
    description: Note = ""


class CredentialChoice(Schema):
    """A saved credential to sign in with."""

    credential: Ref


class Credential(Schema):
    """The facts of a saved credential; what it holds is never answered."""

    id: str
    name: str
    provider: str
    server: str
    user: str
    test: bool
    owner: str
    created_at: datetime

    @classmethod
    def of(cls, credential: "models.Credential") -> Self:
        """Tell of a credential."""
        return cls(
            id=credential.pk,
            name=credential.name,
            provider=credential.provider,
            server=credential.summary.get("server", ""),
            user=credential.summary.get("user", ""),
            test=credential.debug,
            owner=credential.owner_id,
            created_at=credential.created_at,
        )


class CredentialsAsked(Listing):
    """How credentials are listed."""

    sort: Literal["created_at", "-created_at", "name", "-name"] = "-created_at"


class CredentialEdit(Schema):
    """What a credential is called."""

    name: Name


class CredentialContent(Schema):
    """What a credential shall hold from now on."""

    content: Content
