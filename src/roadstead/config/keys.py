"""The two secrets of an installation: taken from the environment or the file, else kept in the data folder.

Only `roadstead up` makes them (it sets `ROADSTEAD_MAKE_KEYS`), and only where there are none: a lost master key loses every stored
credential, so nothing else may paper over its absence with a new one.
"""

import base64
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

NAMES = ("secret_key", "master_key")
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
        if not file.exists():
            return {}
        kept = tomllib.loads(file.read_text())
        return {name: kept[name] for name in NAMES if name in kept}


def make(file: Path) -> None:
    """Write fresh keys, whole or not at all, readable by their owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = (
        "# Roadstead's keys. Without master_key the stored credentials cannot be read again: keep a copy apart from the database.\n"
        f'secret_key = "{secrets.token_urlsafe(48)}"\n'
        f'master_key = "{base64.b64encode(secrets.token_bytes(32)).decode()}"\n'
    )
    draft = file.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    try:
        # A link refuses where another process was first; its keys are then the ones.
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
