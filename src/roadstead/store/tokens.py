"""How text becomes search tokens: words in lower case, Chinese as overlapping pairs and single characters.

A word index finds nothing for two Chinese characters unless the pairs are words themselves. Raw text never reaches a query.
"""

import re
import unicodedata

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"([{_CJK}]+)|((?:[^\W_{_CJK}])+)")
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


def query_of(text: str, *, category: str = "") -> str:
    """Return an FTS5 query for what a person typed, each token quoted; empty when there is nothing to look for.

    A word matches what begins with it, a single Chinese character itself, a longer run all of its pairs.
    """
    terms: list[str] = []
    for chinese, word in _RUN.findall(_folded(text)):
        terms += [f'"{pair}"' for pair in _pairs(chinese) or chinese] if chinese else [f'"{word[:LONGEST]}"*']
    shelf = [f'"{shelf_token(category)}"'] if category and terms else []
    return " ".join([*shelf, *terms[:MOST_TOKENS]])


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]
