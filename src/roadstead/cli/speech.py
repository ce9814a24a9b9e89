"""Which language a person of this machine reads."""

import os


def spoken(locale: str | None) -> str:
    """Return the language to speak on a machine of this locale, such as `zh_CN.UTF-8`."""
    return "zh-hans" if (locale or "").lower().startswith("zh") else "en"


def here() -> str:
    """Return the language of this machine."""
    return spoken(os.environ.get("LC_ALL") or os.environ.get("LANG"))
