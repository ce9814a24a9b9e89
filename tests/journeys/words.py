"""What the pages say in both languages, as far as the stories read it.

The table stands for itself and isn't taken from the catalogues, so that a word that changes there is seen here.
"""

from pathlib import Path

_TABLE = (Path(__file__).parent / "words.txt").read_text().rstrip()
CHINESE = dict(pair.split("\n") for pair in _TABLE.split("\n\n"))


def said(english: str, language: str) -> str:
    """Return what a page in this language says; an act that asks first ends in an ellipsis."""
    if language == "en":
        return english
    return CHINESE[english] if english in CHINESE else CHINESE[english.removesuffix("…")] + "…"
