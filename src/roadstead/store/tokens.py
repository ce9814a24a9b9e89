"""How text becomes search tokens: words in lower case, Chinese as overlapping pairs and single characters.

A word index finds nothing for two Chinese characters unless the pairs are words themselves. Raw text never reaches a query.
"""

import re
import unicodedata

from roadstead.store.words import Term

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"([{_CJK}]+)|((?:[^\W_{_CJK}])+)")
_ACCENTS = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")
_NO_WORD = re.compile(r"[^a-z0-9]")
MOST_TOKENS = 16
LONGEST = 64


def stored_tokens(text: str) -> list[str]:
    """Return what is indexed for a text: every word, and for a run of Chinese its pairs and its characters."""
    tokens: list[str] = []
    for chinese, word in _RUN.findall(_folded(text)):
        tokens += [*_pairs(chinese), *chinese] if chinese else [word[:LONGEST]]
    return tokens


def shelf_token(category: str) -> str:
    """Return the token by which a listing is found within its category."""
    return _NO_WORD.sub("", category.lower())


def terms_of(text: str, *, category: str = "") -> list[Term]:
    """Return what to look for when a person typed this, all of it; nothing when there is no word in it.

    A word stands for what begins with it, a single Chinese character for itself, a longer run for all of its pairs.
    """
    terms: list[Term] = []
    for chinese, word in _RUN.findall(_folded(text)):
        terms += [Term(pair) for pair in _pairs(chinese) or chinese] if chinese else [Term(word[:LONGEST], begins=True)]
    shelf = [Term(shelf_token(category))] if category and terms else []
    return [*shelf, *terms[:MOST_TOKENS]]


def _folded(text: str) -> str:
    """Return a text in lower case, full-width letters and accents of Latin ones taken off: no engine need know of them."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare).lower()


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]
