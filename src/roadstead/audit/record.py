"""The door: every verb of the platform writes one event here, inside its own transaction."""

from typing import TYPE_CHECKING, Any

from django.db.models import Model

from roadstead.audit.models import Event
from roadstead.core import correlation

if TYPE_CHECKING:
    from roadstead.accounts.models import User

SYSTEM = "roadstead"


def record(actor: "User | None", verb: str, subject: Model, **data: Any) -> Event:
    """Write down that `actor` (None: the platform itself) did `verb`, such as "version.released", to `subject`.

    `data` is JSON and must never hold a secret; who reads the subject may read it.
    """
    token = correlation.through()
    return Event.objects.create(
        actor=actor,
        actor_name=actor.name if actor else SYSTEM,
        token_id=token.id,
        token_name=token.name,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        data=data,
        correlation=correlation.current(),
    )
