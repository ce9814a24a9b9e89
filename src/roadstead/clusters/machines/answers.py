"""Answers for machines, as they are kept, as they may be read, and the document that a package makes of them."""

import json
from typing import TYPE_CHECKING, Any

from roadstead.packaging import services as packaging

if TYPE_CHECKING:
    from collections.abc import Sequence


def told(text: str) -> dict[str, Any]:
    """Return answers as they are kept; nothing but an object is."""
    found = json.loads(text) if text else {}
    assert isinstance(found, dict)
    return found


def named(text: str, name: str) -> str:
    """Return answers with the name of the instance where the package asks for it; what can't be read is left for the check to name."""
    try:
        answers = told(text)
    except (ValueError, AssertionError):
        return text
    section = answers.setdefault("cluster", {})
    if isinstance(section, dict):
        section["name"] = name
    return kept(answers)


def subnet_of(text: str) -> str:
    """Return the network that answers name; nothing where they can't be read or name none."""
    try:
        section = told(text).get("cluster")
    except (ValueError, AssertionError):
        return ""
    return str(section.get("subnet") or "") if isinstance(section, dict) else ""


def kept(answers: dict[str, Any]) -> str:
    """Return answers as they are kept: the same answers give the same text."""
    return json.dumps(answers, ensure_ascii=False, sort_keys=True)


def readable(data: bytes, text: str) -> str:
    """Return answers as they may be read: passwords are only ever written, so the questions for them are left out."""
    answers = told(text)
    for item in packaging.open_vm(data).config.leaves():
        if item.is_secret:
            _leave_out(answers, item.path)
    return json.dumps(answers, ensure_ascii=False, indent=2)


def _leave_out(answers: Any, path: "Sequence[str]") -> None:
    for step in path[:-1]:
        answers = answers.get(step) if isinstance(answers, dict) else None
    if isinstance(answers, dict):
        answers.pop(path[-1], None)


def document_of(data: bytes, text: str) -> packaging.Document:
    """Return what a package makes of answers that were accepted before."""
    return packaging.vm_document(packaging.open_vm(data), told(text))


def sample_of(data: bytes) -> packaging.Document:
    """Return what a package makes of the answers that it offers itself."""
    return packaging.open_vm(data).sample()
