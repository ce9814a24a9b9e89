"""How a state is said: one word, one icon, one tone everywhere. Each package's `states.py` holds its rows."""

from dataclasses import dataclass
from typing import Literal

from roadstead.core.problems import Words

Tone = Literal["wait", "work", "ok", "bad", "halt", "off", "sea"]


@dataclass(frozen=True)
class State:
    """A value of a state column with its word, its Tabler icon (a name of the outline set) and its tone."""

    value: str
    word: Words
    icon: str
    tone: Tone
