"""Whether a page speaks one language: what is left over of the other one, apart from what people typed."""

import re
from functools import cache
from pathlib import Path

import roadstead

_CHINESE = re.compile(r"[㐀-鿿]+")
_SENTENCE = re.compile(r"[A-Za-z][a-z’']*(?: [a-z][a-z’'-]*){2,}")
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%s")
_ENTRY = re.compile(r'^msgid ((?:"[^\n]*"\n)+)(?:msgid_plural (?:"[^\n]*"\n)+)?msgstr(?:\[0\])? ((?:"[^\n]*"\n?)+)', re.MULTILINE)
# Names of languages are said in themselves.
_OURS = "简体中文 English Roadstead Kubernetes Helm"


def leftovers(texts: list[str], language: str, data: str) -> list[str]:
    """Return what a page says in the language that it shouldn't."""
    if language == "en":
        return [f"Chinese on an English page: {one}" for one in texts if any(run not in data + _OURS for run in _CHINESE.findall(one))]
    return [f"English on a Chinese page: {one}" for one in texts if _is_english(one, data)]


def _is_english(text: str, data: str) -> bool:
    if text in data or text in _OURS:
        return False
    return text in translated() or any(run not in data for run in _SENTENCE.findall(text))


@cache
def translated() -> frozenset[str]:
    """Every English text of the product whose Chinese is another one."""
    found = set()
    for catalogue in Path(roadstead.__file__).parent.rglob("zh_Hans/LC_MESSAGES/django.po"):
        for english, chinese in _ENTRY.findall(catalogue.read_text()):
            words = _joined(english)
            if words and words != _joined(chinese) and not _PLACEHOLDER.search(words):
                found.add(words)
    return frozenset(found)


def _joined(lines: str) -> str:
    return "".join(line.strip()[1:-1] for line in lines.splitlines()).replace('\\"', '"').replace("\\n", " ").strip()
