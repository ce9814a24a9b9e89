"""Translations that an author gives along with a package, in `locale/<tag>.json`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from roadstead.core.problems import Problem
from roadstead.packaging import kinds as common
from roadstead.packaging import yamlsafe
from roadstead.packaging.telling import type_of
from roadstead.packaging.vm import kinds

FOLDER = "locale/"
_FALLBACK = "en"
_CHINESE = re.compile("[\u4e00-\u9fff]")
# The platform's own names of languages, and those of the format.
_ALIASES = {"zh-hans": "zh-cn", "zh-hant": "zh-tw"}

Dictionary = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """The dictionaries for one language, the closest first."""

    dictionaries: tuple[Dictionary, ...] = ()

    def __call__(self, text: str) -> str:
        """Return a text in this language, or as it is."""
        return next((found[text] for found in self.dictionaries if text in found), text)


def words_for(locales: Mapping[str, Dictionary], language: str) -> Words:
    """Return the words for a language: its exact tag, the language without a region, English, then the text itself."""
    tag = language.lower().replace("_", "-")
    wanted = dict.fromkeys((tag, _ALIASES.get(tag, tag), tag.partition("-")[0], _FALLBACK))
    return Words(tuple(locales[one] for one in wanted if one in locales))


def lacking(texts: Iterable[str], locales: Mapping[str, Dictionary]) -> list[str]:
    """Return the texts that only one of the platform's two languages has: each is written in one, and wants the other."""
    found = []
    for text in dict.fromkeys(texts):
        tags = ("en",) if _CHINESE.search(text) else ("zh-cn", "zh")
        if not any(text in locales.get(tag, {}) for tag in tags):
            found.append(f"{tags[0]}: {text}")
    return found


def read(files: Mapping[str, bytes]) -> tuple[dict[str, Dictionary], list[Problem]]:
    """Read all dictionaries of a package."""
    found: dict[str, Dictionary] = {}
    problems: list[Problem] = []
    for file, content in sorted(files.items()):
        name = file.removeprefix(FOLDER)
        if name == file or "/" in name or not name.endswith(".json"):
            continue
        document = yamlsafe.load_json(content, file)
        wrong = document.problems or tuple(_wrong(document.value, file))
        problems.extend(wrong)
        if not wrong:
            found[name.removesuffix(".json").lower()] = document.value
    return found, problems


def _wrong(value: object, file: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield common.NOT_A_MAPPING(file=file)
        return
    for key, text in value.items():
        if not isinstance(text, str):
            yield kinds.WRONG_TYPE(file=file, where=key, expected="string", found=type_of(text))
