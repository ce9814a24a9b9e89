"""`python -m gotext TEMPLATE.tmpl DATA.json` prints the result."""

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gotext.errors import SURROGATES, GotextError
from gotext.template import Template

USAGE: Final = "usage: python -m gotext TEMPLATE.tmpl DATA.json"
ARGUMENTS: Final = 2


def main(arguments: Sequence[str]) -> int:
    """Render; 0 when that worked, 1 with one line when it did not, 2 when called wrongly."""
    if len(arguments) != ARGUMENTS or arguments[0].startswith("-"):
        sys.stderr.write(f"{USAGE}\n")
        return 2
    template, data = map(Path, arguments)
    try:
        text = template.read_bytes().decode("utf-8", "surrogateescape")
        output = Template(text, name=template.name).render_bytes(_data(data))
    except OSError as problem:
        return _refuse(f"{problem.filename}: {problem.strerror}")
    except (ValueError, RecursionError) as problem:
        return _refuse(f"{data}: not JSON: {problem}")
    except GotextError as problem:
        return _refuse(problem.message)
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
    return 0


def _data(path: Path) -> object:
    """Read JSON; half of a surrogate pair is U+FFFD, as Go reads it."""
    return json.loads(path.read_bytes(), object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return {_text(key): _text(value) if isinstance(value, str) else value for key, value in pairs}


def _text(text: str) -> str:
    return SURROGATES.sub("\ufffd", text)


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large for a float64")
    return number


def _constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _refuse(message: str) -> int:
    line = "\\n".join(message.splitlines())
    sys.stderr.buffer.write(f"{line}\n".encode("utf-8", "replace"))
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
