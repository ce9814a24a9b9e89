"""Creates that are safe to repeat: the answer to an `Idempotency-Key` is kept for a day and given again."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from ninja import Schema
from ninja.operation import Operation
from ninja.utils import contribute_operation_callback
from pydantic import SecretStr

from roadstead.accounts.errors import KeyInUse, KeyOfAnotherRequest, KeyUnfit
from roadstead.accounts.models import KeptAnswer, User
from roadstead.core.clock import now
from roadstead.core.pages import actor_of
from roadstead.core.secrets import seal, unseal

_KEPT = timedelta(days=1)
# A request that died without an answer holds its key for so long.
_LOST = timedelta(minutes=15)
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Any text of your own; sent again within a day with the same request, it brings the same answer and nothing new.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"},
}

Create = Callable[..., Schema]


def once(create: Create) -> Callable[..., Schema | HttpResponse]:
    """Let an operation that creates something be repeated under a key."""

    @wraps(create)
    def kept(request: HttpRequest, **given: Any) -> Schema | HttpResponse:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return create(request, **given)
        if not _KEY.fullmatch(key):
            raise KeyUnfit
        return _once(actor_of(request), key, _digest(request, given), lambda: create(request, **given))

    contribute_operation_callback(kept, _say_so)
    return kept


def _say_so(operation: Operation) -> None:
    operation.openapi_extra = {**(operation.openapi_extra or {}), "parameters": [_HEADER]}


def _once(person: User, key: str, digest: str, create: Callable[[], Schema]) -> HttpResponse:
    row, ours = _reserved(person, key, digest)
    if row.request != digest:
        raise KeyOfAnotherRequest
    if ours:
        _keep(row, create)
    elif not row.answer:
        raise KeyInUse
    body = unseal(row.answer, context=row.sealed_for)
    return HttpResponse(body, status=HTTPStatus.CREATED, content_type="application/json; charset=utf-8")


@transaction.atomic
def _reserved(person: User, key: str, digest: str) -> tuple[KeptAnswer, bool]:
    """Return the row of a key, and whether this request is the one that has to do the work."""
    moment = now()
    rows = KeptAnswer.objects.filter(person=person)
    rows.filter(created_at__lt=moment - _KEPT).delete()
    rows.filter(key=key, answer="", created_at__lt=moment - _LOST).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(person=person, key=key, request=digest), True
    except IntegrityError:
        pass
    row = rows.filter(key=key).first()
    if row is None:  # the first request has just been refused
        raise KeyInUse
    return row, False


def _keep(row: KeptAnswer, create: Callable[[], Schema]) -> None:
    """Do the work and keep its answer; what was refused is not kept, so that it can be corrected under the same key."""
    try:
        made = create()
    except BaseException:
        row.delete()
        raise
    row.answer = seal(made.model_dump_json().encode(), context=row.sealed_for)
    row.save(update_fields=["answer"])


def _digest(request: HttpRequest, given: dict[str, Any]) -> str:
    """Name what was asked, the address and everything that was sent as it was understood, by a hash that needs our key."""
    whole = json.dumps([request.method, request.path, given], default=_portable, sort_keys=True)
    return salted_hmac("roadstead.accounts.repeating", whole, algorithm="sha256").hexdigest()


def _portable(value: Any) -> Any:
    match value:
        case UploadedFile():
            inside = sha256()
            for chunk in value.chunks():
                inside.update(chunk)
            value.seek(0)
            return [value.name, inside.hexdigest()]
        case SecretStr():
            return value.get_secret_value()
        case Schema():
            return value.model_dump()
        case _:
            return str(value)
