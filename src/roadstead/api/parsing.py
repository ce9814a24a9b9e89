"""How bodies and parameters are read: text that no database keeps is refused before anybody looks for it."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from roadstead.core.errors import Invalid


class StrictParser(Parser):
    """Reads JSON, and nothing that JSON doesn't know."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Read a body; lone surrogates, zero bytes, NaN and Infinity are no part of it."""
        read = json.loads(request.body, parse_constant=_refuse)
        text = json.dumps(read, ensure_ascii=False)
        text.encode()  # a lone surrogate can't be
        if "\\u0000" in text:
            raise ValueError("a zero byte")
        return read

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        """Read parameters and form fields; none holds a zero byte."""
        for name, values in data.lists():
            if any(isinstance(value, str) and "\0" in value for value in values):
                raise Invalid(field=name.replace("\0", ""))
        read: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        return read


def _refuse(word: str) -> None:
    raise ValueError(word)
