"""What an operator can set: one typed object, read from `ROADSTEAD_*` variables or the file that `ROADSTEAD_CONFIG` names."""

import os
import shutil
import ssl
from errno import ENOENT
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from roadstead.config.databases import wrong_with
from roadstead.config.keys import FILE, KeptKeys, forget_others, read, renew
from roadstead.config.places import Bucket

MIB = 1024 * 1024
# Variables that are read before there are settings, or by the tools around them.
SWITCHES = {"ROADSTEAD_CONFIG", "ROADSTEAD_MAKE_KEYS", "ROADSTEAD_SKIP_ASSETS", "ROADSTEAD_TEST_WORKER", "ROADSTEAD_TOKEN", "ROADSTEAD_URL"}


class PackageLimits(BaseModel):
    """What an uploaded package may be; shown on the upload page."""

    upload_bytes: int = Field(default=16 * MIB, le=64 * MIB)
    unpacked_bytes: int = 256 * MIB
    entries: int = 2_000
    ratio: int = 50
    depth: int = 12


class Options(BaseSettings):
    """Every setting of an installation. Secrets have no default: `roadstead up` makes them once and keeps them in the data folder."""

    model_config = SettingsConfigDict(env_prefix="ROADSTEAD_", env_nested_delimiter="__", extra="forbid")

    data_dir: Path = Path("var")
    database_url: SecretStr = SecretStr("")  # with a password in it
    s3: Bucket = Bucket()
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    allowed_hosts: list[str] = ["localhost", "127.0.0.1", "[::1]"]
    trusted_proxies: list[str] = []
    debug: bool = False
    demo: bool = False
    language: str = "zh-hans"
    time_zone: str = "Asia/Shanghai"
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    secret_key: SecretStr
    master_key: SecretStr
    other_master_keys: list[SecretStr] = []  # open what was sealed before a rotation, or in a process that is ahead in one
    limits: PackageLimits = PackageLimits()
    claim_hours: int = 24
    review_goal_hours: int = 48
    connection_timeout: float = 10.0
    helm_timeout: float = 600.0
    helm_command: str = ""
    docker_host: str = Field("", validate_default=True)
    agent_url: str = ""
    agent_ca: Path | None = None
    frontgate_image: str = ""
    frozen_agent: Path | None = None
    frontgate_idle_minutes: float = 15.0
    output_days: int = 90
    job_days: int = 365
    file_days: int = 30
    job_workers: int = 8
    web_threads: int = 16

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the file, then the keys in the data folder."""
        named = os.environ.get("ROADSTEAD_CONFIG")
        if named and not Path(named).is_file():
            raise FileNotFoundError(ENOENT, "ROADSTEAD_CONFIG names a file that isn't there", named)
        file = (TomlConfigSettingsSource(settings_cls, Path(named)),) if named else ()
        return (init_settings, env_settings, *file, KeptKeys(settings_cls))

    def renew_master_key(self) -> bool:
        """Put a new master key into the data folder and seal with it from now on; False if the key comes from elsewhere."""
        file = self.data_dir / FILE
        if read(file).get("master_key") != self.master_key.get_secret_value():
            return False
        renew(file)
        self.master_key, *self.other_master_keys = self.kept_master_keys()
        return True

    def forget_master_keys(self) -> None:
        """Take the master keys that no longer seal out of the data folder."""
        if (self.data_dir / FILE).exists():
            forget_others(self.data_dir / FILE)

    def kept_master_keys(self) -> list[SecretStr]:
        """Return the master keys that the data folder has now; they may have been rotated since the start."""
        kept = read(self.data_dir / FILE)
        return [SecretStr(key) for key in (kept.get("master_key"), *kept.get("other_master_keys", [])) if key]

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        if url and (problem := wrong_with(url.get_secret_value())):
            raise ValueError(problem)
        return url

    @field_validator("docker_host")
    @classmethod
    def _as_for_docker(cls, host: str) -> str:
        return host or os.environ.get("DOCKER_HOST", "")

    @field_validator("helm_command")
    @classmethod
    def _found(cls, command: str) -> str:
        found = shutil.which(command) if command else ""
        if found is None:
            raise ValueError("no such command; name one that PATH leads to, or its whole path")
        return str(Path(found).absolute()) if found else ""

    @field_validator("agent_url")
    @classmethod
    def _secure(cls, url: str) -> str:
        if url and not url.startswith("https://"):
            raise ValueError("agents reach this installation over HTTPS; on this machine's own Docker engine they need no address")
        return url.rstrip("/")

    @field_validator("agent_ca")
    @classmethod
    def _readable(cls, file: Path | None) -> Path | None:
        if file:
            try:
                # Not with the empty text: that would mean everybody's authorities.
                ssl.create_default_context(cadata=file.read_text() or "nothing")
            except (OSError, ValueError) as problem:
                raise ValueError(f"{file} must hold certificates as PEM: {problem}") from problem
        return file

    @model_validator(mode="after")
    def _absolute(self) -> Self:
        self.data_dir = self.data_dir.absolute()
        # A name, not a number: passkeys need one.
        self.public_url = self.public_url.rstrip("/") or f"http://localhost:{self.port}"
        return self


def unknown_variables() -> list[str]:
    """Return the `ROADSTEAD_*` variables that name no setting; a misspelled one must not pass in silence."""
    known = {f"ROADSTEAD_{name.upper()}" for name in Options.model_fields} | SWITCHES
    return sorted(name for name in os.environ if name.startswith("ROADSTEAD_") and name.split("__")[0] not in known)
