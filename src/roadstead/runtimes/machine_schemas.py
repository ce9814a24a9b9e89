"""The shapes in which the API tells of this machine."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal, Self

from ninja import Schema
from pydantic import Field

from roadstead.core.api import Finding, Listing

if TYPE_CHECKING:
    from roadstead.runtimes import models
    from roadstead.runtimes.this_machine import Found


class Engine(Schema):
    """The engine of this machine; `problems` say why it doesn't answer. Memory is in MiB, disk in GiB, 0 where it can't be told."""

    answers: bool
    server: str
    cpu: int
    memory: int
    disk: int
    facts: dict[str, str]
    problems: list[Finding]

    @classmethod
    def of(cls, found: "Found") -> Self:
        """Tell what was found."""
        room = found.room
        return cls(
            answers=room is not None,
            server=found.server,
            cpu=room.cpu if room else 0,
            memory=room.memory if room else 0,
            disk=room.disk if room else 0,
            facts=dict(room.facts) if room else {},
            problems=[Finding.of(problem) for problem in found.problems],
        )


class MachineGrant(Schema):
    """Somebody may use this machine. `granted_by` is empty where the sample data gave it."""

    id: str
    person: str
    name: str
    email: str
    granted_by: str
    created_at: datetime

    @classmethod
    def of(cls, grant: "models.Grant") -> Self:
        """Tell of a grant."""
        person = grant.person
        return cls(
            id=grant.pk,
            person=person.pk,
            name=person.name,
            email=person.email,
            granted_by=grant.granted_by_id or "",
            created_at=grant.created_at,
        )


class GrantsAsked(Listing):
    """How grants are listed."""

    sort: Literal["created_at", "-created_at"] = "-created_at"


class NewGrant(Schema):
    """Whom to let use this machine, by the e-mail address."""

    email: Annotated[str, Field(min_length=3, max_length=254, pattern=r"^\s*\S+@\S+\s*$")]
