"""Renders one resource's template."""

from __future__ import annotations

from collections.abc import Mapping

from roadstead_agent.confd.decrypting import Decrypting
from roadstead_agent.confd.functions import FUNCTIONS
from roadstead_agent.confd.resource import Resource
from roadstead_agent.confd.values import Values

MOST_BYTES = 1024 * 1024


class Unrendered(Exception):
    """A template can't be rendered; line and column are 0 where none is to blame."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


def rendered(resource: Resource, view: Mapping[str, str]) -> bytes:
    """Return a resource's file. Raises `Unrendered`."""
    values = Values(view, resource.keys, resource.prefix)
    functions = {**values.functions(), **Decrypting(values, resource.pgp_private_key).functions(), **FUNCTIONS}
    try:
        # Only here: it needs a newer Python than the rest of the agent.
        from gotext import GotextError, Template  # noqa: PLC0415
    except (ImportError, SyntaxError, TypeError):
        raise Unrendered("templates need Python 3.11 or newer, or an agent that brings its own") from None
    try:
        text = resource.template.read_bytes()
        if len(text) > MOST_BYTES:
            raise Unrendered(f"the template is larger than {MOST_BYTES} bytes")
        name = resource.template.name
        return Template(text.decode("utf-8", "surrogateescape"), name=name, functions=functions).render_bytes(None)
    except GotextError as problem:
        raise Unrendered(problem.message, problem.line or 0, (problem.column or 0) + 1 if problem.line else 0) from problem
    except FileNotFoundError:
        raise Unrendered(f"there is no template {resource.template}") from None
    except OSError as problem:
        raise Unrendered(f"the template can't be read: {problem.strerror}") from problem


def command(text: str, staged: str) -> str:
    """Return a command with the staged file's name where it says `{{.src}}`. Raises `Unrendered`."""
    if "{{" not in text:
        return text
    from gotext import GotextError, Template  # noqa: PLC0415

    try:
        return Template(text, name="command").render({"src": staged})
    except GotextError as problem:
        raise Unrendered(problem.message) from problem
