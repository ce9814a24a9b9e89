"""The shapes in which the API tells of the record and of the platform's rules."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import Field

from roadstead.accounts.rules import RULES, shown_values
from roadstead.core.api import Filter, Listing, Name

if TYPE_CHECKING:
    from roadstead.audit.models import Event


class Through(Schema):
    """The token that a program acted with."""

    id: str
    name: str


class Act(Schema):
    """One row of the record: who did what to which thing; `token` if a program did it, `actor` is empty for the platform itself."""

    id: int
    at: datetime
    actor: str
    actor_name: str
    token: Through | None
    verb: str
    subject_type: str
    subject: str
    data: dict[str, Any]
    request: str

    @classmethod
    def of(cls, event: "Event") -> Self:
        """Tell of an event."""
        return cls(
            id=event.pk,
            at=event.at,
            actor=event.actor_id or "",
            actor_name=event.actor_name,
            token=Through(id=event.token_id, name=event.token_name) if event.token_id else None,
            verb=event.verb,
            subject_type=event.subject_type,
            subject=event.subject_id,
            data=event.data,
            request=event.correlation,
        )


class RecordAsked(Listing):
    """What the record is narrowed to: a verb or the beginning of one, a person's id or name, a thing's id."""

    verb: Filter = ""
    person: Filter = ""
    thing: Filter = ""
    sort: Literal["id", "-id"] = "-id"


class PlatformRule(Schema):
    """A limit or time that holds for everybody, and its bounds, in the unit that `hint` names."""

    name: str
    title: str
    hint: str
    value: int
    least: int
    most: int

    @classmethod
    def all(cls) -> list[Self]:
        """Tell of every rule as it holds now."""
        values = shown_values()
        return [
            cls(name=name, title=str(rule.word), hint=str(rule.hint), value=values[name], least=rule.least, most=rule.most)
            for name, rule in RULES.items()
        ]


class RuleWishes(Schema):
    """Rules to change, by name; the others stay."""

    values: Annotated[dict[str, int], Field(max_length=len(RULES), json_schema_extra={"propertyNames": {"enum": list(RULES)}})]


class MyData(Schema):
    """One's own name and language."""

    name: Name
    language: Literal["zh-hans", "en"]


class NewPassword(Schema):
    """A new password of one's own; `end_tokens` revokes all tokens, that of the request too."""

    current: Annotated[str, Field(min_length=1, max_length=128, json_schema_extra={"format": "password"})]
    new: Annotated[str, Field(min_length=10, max_length=128, json_schema_extra={"format": "password"})]
    end_tokens: bool = False
