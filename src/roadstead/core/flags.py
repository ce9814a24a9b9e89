"""Flags: the picture of a thing that has none. A signal flag of two colours and one shape, always the same for the same id."""

from hashlib import blake2b

from django.utils.html import format_html
from django.utils.safestring import SafeString

# Ground and figure. No pair and no shape below makes a cross, a saltire or a star: those belong to countries, faiths and aid.
PAIRS = (
    ("#0B5A69", "#F2F5F5"),
    ("#123A5C", "#F0C457"),
    ("#B4432F", "#F6F1E7"),
    ("#1D3B44", "#E8875B"),
    ("#2A6A4C", "#F3EFE2"),
    ("#F0C457", "#1D3B44"),
    ("#3D4A8A", "#F2D9C9"),
    ("#7C2F45", "#F2E6D8"),
    ("#E9EDEC", "#0B6675"),
    ("#D9682F", "#123A5C"),
)
# What is drawn over the ground, on a square of 48.
SHAPES = (
    "M24 0h24v48H24z",
    "M0 24h48v24H0z",
    "M16 0h16v48H16z",
    "M0 16h48v16H0z",
    "M0 48 48 0v48z",
    "M0 0h14l34 34v14H34L0 14z",
    "M0 0 24 24 0 48z",
    "M24 6 42 24 24 42 6 24z",
    "M14 14h20v20H14z",
    "M24 12a12 12 0 1 1 0 24 12 12 0 0 1 0-24z",
    "M48 0v48H0A48 48 0 0 1 48 0z",
    "M0 28c8-8 16-8 24 0s16 8 24 0v20H0z",
    "M0 16c8-7 16-7 24 0s16 7 24 0v16c-8 7-16 7-24 0s-16-7-24 0z",
    "M0 0h24v24H0zM24 24h24v24H24z",
)


def flag(identity: str, size: int = 48) -> SafeString:
    """Draw the flag of an id; hidden from screen readers, because the name stands beside it."""
    ground, figure = PAIRS[pair_of(identity)]
    return format_html(
        '<svg class="rs-flag" width="{0}" height="{0}" viewBox="0 0 48 48" aria-hidden="true">'
        '<path fill="{1}" d="M0 0h48v48H0z"/><path fill="{2}" d="{3}"/></svg>',
        size,
        ground,
        figure,
        SHAPES[_hash(identity, "shape") % len(SHAPES)],
    )


def pair_of(identity: str) -> int:
    """Return which of the pairs an id flies."""
    return _hash(identity, "pair") % len(PAIRS)


def _hash(identity: str, salt: str) -> int:
    return int.from_bytes(blake2b(identity.encode(), digest_size=8, person=salt.encode()).digest(), "big")
