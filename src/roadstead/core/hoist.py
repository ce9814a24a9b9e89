"""Hoists: four small signal flags and a shortened number, both from a digest. Same bytes, same flags; a memory aid, never a proof."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_PAIRS = (
    ("#2A6A4C", "#DDE7E0"),
    ("#3D4A8A", "#E6E0F2"),
    ("#B07A1E", "#FFF3D6"),
    ("#B4432F", "#F6E3DA"),
    ("#0B6675", "#D8EEF1"),
    ("#7C2F45", "#F2E0E2"),
    ("#1D3B44", "#E8875B"),
    ("#123A5C", "#F0C457"),
)
# Over the ground, on a square of 10: half, band, wedge, corner, disc, lower half.
_SHAPES = (
    "M5 0h5v10H5z",
    "M0 3.4h10v3.2H0z",
    "M0 0 5.5 5 0 10z",
    "M10 0v10H0z",
    "M5 2.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2z",
    "M0 5h10v5H0z",
)
_FLAGS = 4


def hoist(digest: str) -> SafeString:
    """Draw a digest; the whole of it is in the title."""
    number = bare(digest)
    flags = format_html_join(
        "",
        '<g transform="translate({} 0)"><path fill="{}" d="M0 0h10v10H0z"/><path fill="{}" d="{}"/></g>',
        ((position * 12, *_flag(number, position)) for position in range(_FLAGS)),
    )
    return format_html(
        '<span class="rs-hoist" title="sha256:{}"><svg viewBox="0 0 46 10" aria-hidden="true">{}</svg><code>{}</code></span>',
        number,
        flags,
        short(number),
    )


def bare(digest: str) -> str:
    """Return a digest without the name of its algorithm."""
    return digest.rpartition(":")[2]


def short(digest: str) -> str:
    """Return the first seven and the last four characters of a digest."""
    number = bare(digest)
    return f"{number[:7]}…{number[-4:]}"


def _flag(number: str, position: int) -> tuple[str, str, str]:
    """Return ground, figure and shape; two bytes of the digest choose them."""
    colours, shape = (int(number[at : at + 2] or "0", 16) for at in (position * 4, position * 4 + 2))
    ground, figure = _PAIRS[colours % len(_PAIRS)]
    return ground, figure, _SHAPES[shape % len(_SHAPES)]
