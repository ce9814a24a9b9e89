"""The colours of the style sheet hold what WCAG asks: 4.5 for text, 3 for marks and edges."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[4] / "frontend/src/styles/tokens.css"
GROUNDS = ("canvas", "surface")
TONES = ("wait", "work", "ok", "bad", "halt", "off")
TEXT, MARK = 4.5, 3.0

PAIRS = [
    *((word, ground, TEXT) for ground in (*GROUNDS, "sunken") for word in ("ink", "ink-2", "ink-3", "sea")),
    *(("edge", ground, MARK) for ground in GROUNDS),
    *((tone, f"{tone}-tint", TEXT) for tone in (*TONES, "sea")),
    *((f"{tone}-mark", "surface", MARK) for tone in TONES),
    *(("ink", f"{tone}-tint", TEXT) for tone in (*TONES, "sea")),
    *(("ink-2", f"{tone}-tint", TEXT) for tone in (*TONES, "sea")),
    *((f"code-{kind}", ground, TEXT) for kind in ("key", "text", "number", "tag") for ground in ("surface", "ok-tint", "wait-tint")),
    *((f"output-{kind}", "output", TEXT) for kind in ("ink", "dim", "ok", "wait", "bad")),
    *(("on-mark", f"{tone}-mark", MARK) for tone in TONES),
    ("on-sea", "sea", TEXT),
    ("on-sea", "sea-strong", TEXT),
]


def colours() -> dict[str, tuple[str, str]]:
    text = TOKENS.read_text()
    both = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    one = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text)
    return {name: (light, dark) for name, light, dark in both} | {name: (colour, colour) for name, colour in one}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(front: str, back: str, least: float, scheme: int) -> None:
    table = colours()
    assert contrast(table[front][scheme], table[back][scheme]) >= least


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#0b6675", "#ffffff") == pytest.approx(6.62, abs=0.01)
