"""The order of versions: semantic versions by their rules, then whatever can't be parsed."""

import re

_SEMVER = re.compile(r"v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?(?:\s|$)")


def sequence_of(name: str) -> str:
    """Return a text that sorts as the version does; an empty one, which sorts first, for a name without a version."""
    match = _SEMVER.match(name)
    if not match:
        return ""
    numbers = ".".join(f"{int(part or 0):09d}" for part in match.groups()[:3])
    # A release sorts after its pre-releases: "~" is above all letters and digits.
    return f"{numbers}-{_prerelease(match.group(4))}"[:120]


def _prerelease(text: str | None) -> str:
    if not text:
        return "~"
    # "!" is below all that an identifier may hold, so that a shorter list of them comes first.
    return "!".join(_identifier(part) for part in text.split("."))


def _identifier(part: str) -> str:
    """Numbers come before words and in the order of their values: their length goes before their digits."""
    if not part.isdigit():
        return f"1{part}"
    digits = str(int(part))
    return f"0{len(digits):02d}{digits}"
