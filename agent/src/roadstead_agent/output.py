"""What a command says, as much of it as is kept: the end."""

from __future__ import annotations

from roadstead_agent.wire import OUTPUT_BYTES

_CUT = "…\n"


def tail(text: str, limit: int = OUTPUT_BYTES) -> str:
    """Return the end of a text in at most `limit` bytes of UTF-8, beginning with a whole line where there is one."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    kept = encoded[len(_CUT.encode()) - limit :].decode(errors="ignore")
    return _CUT + kept[kept.find("\n") + 1 :]
