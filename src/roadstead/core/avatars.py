"""Avatars: the first character of a name in a circle whose colour follows from the name."""

from hashlib import blake2b

from django.utils.html import format_html
from django.utils.safestring import SafeString

# Each carries white text at 4.5 : 1 or more.
_COLOURS = ("#0B5A69", "#9B3550", "#2A6A4C", "#7A5A14", "#1F4E9C", "#5A4691", "#8A3F0C", "#123A5C")


def avatar(name: str, size: int = 28) -> SafeString:
    """Draw a name's avatar; hidden from screen readers, because the name stands beside it."""
    seed = blake2b(name.encode(), digest_size=2).digest()
    return format_html(
        '<svg class="rs-avatar" width="{0}" height="{0}" viewBox="0 0 32 32" aria-hidden="true"><circle cx="16" cy="16" r="16" fill="{1}"/>'
        '<text x="16" y="21" text-anchor="middle" font-size="14" font-weight="500" fill="#FFF">{2}</text></svg>',
        size,
        _COLOURS[int.from_bytes(seed, "big") % len(_COLOURS)],
        name.strip()[:1].upper() or "?",
    )
