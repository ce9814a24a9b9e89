"""The OpenAPI document: what django-ninja writes, with every refusal that an operation can answer with and the scope that it needs."""

from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from roadstead.api import problems

_READING = {"GET", "HEAD"}
_FIRST_REFUSAL = 400
_WORDS = {
    400: "What was sent can't be read",
    401: "No token, or one that doesn't work",
    403: "The person's role or the token's scopes don't allow it",
    404: "Nothing here, or nothing that this person may see",
    409: "The state of things doesn't allow it now",
    413: "More than is taken",
    422: "A parameter or field breaks a rule; `errors` and `problems` say which",
}


class Document(OpenAPISchema):
    """An operation's refusals follow from its shape: who may call it, what names things, what is sent."""

    def responses(self, operation: Operation) -> dict[Any, Any]:
        """Return the answers of an operation, its refusals among them."""
        shape = problems.ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        self.add_schema_definitions(shape.pop("$defs", {}))
        self.add_schema_definitions({"ProblemDetails": shape})
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
        answers: dict[Any, Any] = super().responses(operation)
        declared = [status for status in answers if status >= _FIRST_REFUSAL]
        for status in (*refusals_of(operation), *declared):
            answers[status] = {"description": _WORDS[status], "content": content}
        return answers

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """Name the scope beside the scheme, as OpenAPI 3.1 allows for bearers too."""
        named: list[dict[str, Any]] | None = super().operation_security(operation)
        scopes = [scope.value for auth in operation.auth_callbacks if (scope := getattr(auth, "scope", None))]
        return [dict.fromkeys(scheme, scopes) for scheme in named] if named else named


def refusals_of(operation: Operation) -> list[int]:
    """Return the statuses with which an operation may refuse."""
    sources = {model.__ninja_param_source__ for model in operation.models}
    sent = bool(sources & {"body", "form", "file"})
    statuses = [
        (400, sent),
        (401, bool(operation.auth_callbacks)),
        (403, bool(operation.auth_callbacks)),
        (404, bool(sources & {"path", "body"})),
    ]
    statuses += [(409, not _READING & set(operation.methods)), (413, sent), (422, bool(sources))]
    return [status for status, can in statuses if can]
