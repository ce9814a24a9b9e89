"""How the API says no: RFC 9457 problem details, one shape for every refusal, and never a trace of what happened inside."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from roadstead.accounts.errors import TokenRefused
from roadstead.core.errors import DomainError, Invalid, Missing, TooMuch

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)


class FieldError(Schema):
    """What is wrong with one parameter or field; `field` is its path, such as `body.name`."""

    field: str
    message: str


class ProblemAt(Schema):
    """One thing that is wrong inside something that was sent, such as a file of a package."""

    file: str
    where: str
    code: str
    message: str


class ProblemDetails(Schema):
    """Every answer from 400 on. `code` is stable for programs; `title` and `detail` are for people, in their language."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldError] = []
    problems: list[ProblemAt] = []


def answer(status: int, code: str, detail: str, errors: Sequence[FieldError] = (), problems: Sequence[ProblemAt] = ()) -> HttpResponse:
    """Return a problem as a response."""
    title = HTTPStatus(status).phrase
    body = ProblemDetails(title=title, status=status, detail=detail, code=code, errors=[*errors], problems=[*problems])
    return JsonResponse(body.model_dump(mode="json"), status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


def of_refusal(_request: HttpRequest, error: DomainError) -> HttpResponse:
    """Say a refusal of the domain."""
    errors = [FieldError(field=error.field, message=error.message)] if error.field else []
    problems = [ProblemAt(**problem.as_dict()) for problem in error.problems]
    said = answer(error.status, error.code, error.message, errors=errors, problems=problems)
    if error.status == HTTPStatus.UNAUTHORIZED:
        said["WWW-Authenticate"] = "Bearer"
    return said


def of_nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Ask for a token."""
    return of_refusal(request, TokenRefused())


def of_validation(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name every parameter and field that does not fit the document; an id that can't be one is missing like any other."""
    if any(one["loc"][0] == "path" for one in error.errors):
        return of_missing(_request)
    errors = [FieldError(field=".".join(map(str, one["loc"])), message=str(one["msg"])) for one in error.errors]
    return answer(Invalid.status, Invalid.code, str(Invalid.words), errors=errors)


def of_missing(_request: HttpRequest, _error: Http404 | None = None) -> HttpResponse:
    """Say that there is nothing; the same words whether it is missing or foreign."""
    return answer(Missing.status, Missing.code, str(Missing.words))


def of_unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that what was sent is too much, or no form."""
    if isinstance(error, RequestDataTooBig):
        return of_refusal(request, TooMuch())
    return answer(400, "bad_request", str(DomainError.words))


def of_http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Say what the framework refuses by itself, such as a body that is no JSON."""
    status = HTTPStatus(error.status_code)
    if isinstance(error.__cause__, RequestDataTooBig):
        return of_unreadable(_request, error.__cause__)
    return answer(status, status.name.lower(), str(error))


def of_accident(request: HttpRequest, error: Exception) -> HttpResponse:
    """Log what nobody foresaw; the caller learns no more than the request's id, which is in a header."""
    log.error("request failed", method=request.method, path=request.path, exc_info=error)
    return answer(500, "internal_error", _("Something went wrong inside Roadstead. The server's log says more under this request's id."))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Exception: of_accident,
    Http404: of_missing,
    AuthenticationError: of_nobody,
    SuspiciousOperation: of_unreadable,
    MultiPartParserError: of_unreadable,
    UnreadablePostError: of_unreadable,
    HttpError: of_http,
    ValidationError: of_validation,
    DomainError: of_refusal,
}


def install(api: NinjaAPI) -> None:
    """Let an API answer every error in this shape."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)
