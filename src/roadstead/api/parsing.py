"""How bodies and parameters are read: text that no database keeps is refused before anybody looks for it."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


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


def _refuse(word: str) -> None:
    raise ValueError(word)
