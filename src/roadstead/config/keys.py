"""The two secrets of an installation: taken from the environment or the file, else kept in the data folder.

Only `roadstead up` makes them (it sets `ROADSTEAD_MAKE_KEYS`), and only where there are none: a lost master key loses every stored
credential, so nothing else may paper over its absence with a new one.
"""

import base64
import json
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

NAMES = ("secret_key", "master_key")
OTHERS = "other_master_keys"
FILE = "keys.toml"


class KeptKeys(PydanticBaseSettingsSource):
    """Reads `<data_dir>/keys.toml`, which only its owner can read."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Nothing: all keys come at once from `__call__`."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the keys that no earlier source gave."""
        if all(name in self.current_state for name in NAMES):
            return {}
        default = self.settings_cls.model_fields["data_dir"].default
        file = Path(self.current_state.get("data_dir", default)) / FILE
        if not file.exists() and os.environ.get("ROADSTEAD_MAKE_KEYS") == "1":
            make(file)
        kept = read(file)
        return {name: kept[name] for name in (*NAMES, OTHERS) if name in kept}


def read(file: Path) -> dict[str, Any]:
    """Return the keys that a file holds; none when there is no file."""
    return tomllib.loads(file.read_text()) if file.exists() else {}


def make(file: Path) -> None:
    """Write fresh keys, whole or not at all, readable by their owner alone; keys that are there stay."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(file, {"secret_key": secrets.token_urlsafe(48), "master_key": _new_key(), OTHERS: []})
    try:
        # A link refuses where another process was first; its keys are then the ones.
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def renew(file: Path) -> None:
    """Put a new master key in the place of the one in the file, which stays known."""
    kept = read(file)
    _draft(file, {**kept, "master_key": _new_key(), OTHERS: [kept["master_key"], *kept.get(OTHERS, [])]}).replace(file)


def forget_others(file: Path) -> None:
    """Keep only the master key that seals."""
    _draft(file, {**read(file), OTHERS: []}).replace(file)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _draft(file: Path, keys: dict[str, Any]) -> Path:
    draft = file.with_suffix(f".{os.getpid()}")
    text = (
        "# Roadstead's keys. Without master_key the stored credentials cannot be read again: keep a copy apart from the database.\n"
        f'secret_key = "{keys["secret_key"]}"\n'
        f'master_key = "{keys["master_key"]}"\n'
        f"{OTHERS} = {json.dumps(keys[OTHERS])}\n"
    )
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return draft
