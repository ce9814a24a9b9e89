"""Holds the two languages together: every marked string has its Chinese in the catalogue of its own package.

`python scripts/messages.py` complains; with `--write` it adds what is missing, empty, and takes out what is stale.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = Path(__file__).parent.parent / "src/roadstead"
LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
PLACES = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|\{(\w+)\}")
PASSING = re.compile(
    rb'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Report-Msgid-Bugs-To|Project-Id-Version|Language-Team|Generated-By):'
)
Key = tuple[str, str | None]


def key(message: Message) -> Key:
    """Identify a message by its English (the singular) and its context."""
    return (message.id[0] if isinstance(message.id, (tuple, list)) else message.id, message.context)


def texts(message: Message) -> list[str]:
    """Return the translations, one a plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def marked(package: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, str]]:
    """Yield id, context and place of every marked string of a package."""
    for path in sorted(package.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or {"tests", "migrations"} & set(path.parts):
            continue
        text = path.read_text()
        if path.suffix != ".py":
            # Indentation means nothing in a template, and Babel reads what comes out as Python.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
        for line, found, _, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            yield found, context, f"{path.relative_to(PACKAGES)}:{line}"


def wanted(package: Path) -> Catalog:
    """Return a catalogue of all that is marked in a package, without translations."""
    catalog = Catalog(locale="zh_Hans", charset="utf-8")
    for found, context, place in marked(package):
        catalog.add(found, context=context, locations=[(place, 0)])
    return catalog


def po_of(package: Path) -> Path:
    """Return where a package keeps its Chinese."""
    return package / "locale/zh_Hans/LC_MESSAGES/django.po"


def kept(package: Path) -> Catalog:
    """Read the translations of a package; no file is an empty catalogue."""
    if not po_of(package).exists():
        return Catalog(locale="zh_Hans", charset="utf-8")
    with po_of(package).open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def complaints(package: Path) -> Iterator[str]:
    """Say what a package lacks, keeps for nothing, or translates wrongly."""
    asked = {key(message): message for message in wanted(package) if message.id}
    have = {key(message): message for message in kept(package) if message.id}
    for one, message in asked.items():
        if one not in have or not all(texts(have[one])):
            yield f"{message.locations[0][0]}: no Chinese for {one[0]!r}"
        elif bool(message.pluralizable) != bool(have[one].pluralizable):
            yield f"{message.locations[0][0]}: one of source and catalogue has a plural, {one[0]!r}"
    for one, message in have.items():
        if one not in asked:
            yield f"{package.name}: nobody says {one[0]!r} any more"
        elif message.fuzzy:
            yield f"{package.name}: fuzzy translation of {one[0]!r}"
        yield from misplaced(package, message)
    yield from (f"{package.name}: commented-out entry {one!r}" for one in kept(package).obsolete)


def misplaced(package: Path, message: Message) -> Iterator[str]:
    """Complain when a translation names a place that the English does not fill, or drops one."""
    ids = [message.id] if isinstance(message.id, str) else [*message.id]
    places = set(PLACES.findall(" ".join(ids)))
    for text in texts(message):
        given = set(PLACES.findall(text))
        # A plural may leave its number out of the singular form, so only the whole is compared.
        if text and given != places:
            yield f"{package.name}: other places in {text!r} than in {ids[-1]!r}"


def contradictions(packages: list[Path]) -> Iterator[str]:
    """Complain when two packages say one string differently: Django merges all, so one of them would never be seen."""
    said: dict[Key, tuple[str, list[str]]] = {}
    for package in packages:
        for message in kept(package):
            first, words = said.setdefault(key(message), (package.name, texts(message)))
            if message.id and words != texts(message):
                yield f"{first} and {package.name} translate {key(message)[0]!r} differently: {words[0]} / {texts(message)[0]}"


def write(package: Path) -> None:
    """Add what is missing, take out what is stale; translations that exist stay as they are."""
    asked, have = wanted(package), kept(package)
    fresh = Catalog(locale="zh_Hans", charset="utf-8", fuzzy=False, header_comment="# Chinese of this package.")
    for message in asked:
        old = have.get(key(message)[0], message.context)
        if message.id:
            fresh.add(message.id, old.string if old else "", context=message.context, flags=message.flags)
    if len(fresh):
        po_of(package).parent.mkdir(parents=True, exist_ok=True)
        text = io.BytesIO()
        write_po(text, fresh, width=140, no_location=True, omit_header=False)
        # Dates and tools in the header would change with every writing, and say nothing.
        po_of(package).write_bytes(b"".join(line for line in text.getvalue().splitlines(True) if not PASSING.match(line)))


def main(arguments: list[str]) -> int:
    """Complain or write; 1 when there is something to complain about."""
    settings.configure(USE_I18N=False)  # all that `templatize` asks of Django
    packages = [path for path in sorted(PACKAGES.iterdir()) if (path / "__init__.py").exists()]
    names = [argument for argument in arguments if not argument.startswith("-")]
    chosen = [path for path in packages if not names or path.name in names]
    if "--write" in arguments:
        for package in chosen:
            write(package)
    found = [*(text for package in chosen for text in complaints(package)), *contradictions(packages)]
    for text in found:
        sys.stdout.write(f"{text}\n")
    sys.stdout.write(f"{sum(len(wanted(package)) for package in chosen)} strings, {len(found)} complaints\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
