"""Every setting there is, in one typed place. Only the command line and the web read it.

A value comes from the first of: a command's flag, the environment (`MATINEE_PORT`), the TOML file
that `MATINEE_CONFIG` names (else `matinee.toml` in the platform's configuration folder), the
default. An unknown name in either place is refused, so that a misspelt setting is never ignored.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import tomllib
from pathlib import Path
from typing import Any

import platformdirs
import pydantic
from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from matinee.errors import FailureError, InputError, UnknownNameError

__all__ = ["SECRETS", "Settings", "load_settings"]

SECRETS = frozenset({"secret", "tmdb_key"})
"""Settings whose values are never shown."""

_PREFIX = "MATINEE_"
_FILE = "MATINEE_CONFIG"


class Settings(BaseSettings):
    """What an operator can set; the text under a field is shown by `matinee config`."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        env_ignore_empty=True,
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("matinee")))
    """Folder for downloaded data sets, trained models and the default database."""
    mirror: Path | None = None
    """A folder of data sets, one subfolder each, that is looked in before any download."""
    database: str = ""
    """SQLAlchemy URL of the event log; empty means SQLite in the home folder."""
    data: str = "ml-100k"
    """Data set that `serve` starts with when nothing is live yet, and the default of `--data`."""
    model: str = "auto"
    """Model that answers viewers unless another is named."""
    host: str = "127.0.0.1"
    """Address the site listens on; anything but loopback needs `secret`."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port the site listens on; 0 takes any free one."""
    secret: pydantic.SecretStr | None = None
    """Signs the viewers' cookies. On loopback one is made and kept in the home folder."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only; set it wherever the site is reached by HTTPS."""
    log_level: str = Field(default="warning", pattern="^(debug|info|warning|error)$")
    """Least severe message the site logs: debug, info, warning or error."""
    tmdb_key: pydantic.SecretStr | None = None
    """Your read access token or v3 key for `matinee enrich`; without one TMDB is never asked."""
    tmdb_url: str = "https://api.themoviedb.org/3"
    """Address of the TMDB API, or of a proxy of yours before it."""

    @property
    def database_url(self) -> str:
        """The database to open, the default filled in."""
        return self.database or f"sqlite:///{self.home / 'matinee.db'}"

    @property
    def artefacts(self) -> Path:
        """The folder trained models are kept in."""
        return self.home / "artefacts"

    @property
    def fitted(self) -> Path:
        """The folder of recommenders that were fitted for a question and may be asked again."""
        return self.home / "fitted"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the site."""
        return _is_loopback(self.host)

    def signing_secret(self) -> str:
        """The secret that signs cookies.

        Raises:
            InputError: the site would be reachable from elsewhere and no secret is set.
        """
        if self.secret is not None:
            return self.secret.get_secret_value()
        if not self.is_local:
            raise InputError(
                f"serving on {self.host} needs a secret of your own; set MATINEE_SECRET to the "
                "output of: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return _kept_secret(self.home / "secret")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment; the TOML file is merged below both by `load_settings`."""
        return init_settings, env_settings


def load_settings(**flags: Any) -> Settings:
    """The settings in force; a flag that is `None` was not given.

    Raises:
        InputError: an unknown setting, a value out of bounds, or an unreadable file; one line
            that names where it stands.
    """
    _refuse_unknown_environment()
    file, written = _read_file()
    given = {name: value for name, value in flags.items() if value is not None}
    from_file = {
        name: value
        for name, value in written.items()
        if name not in given and not os.environ.get(_PREFIX + name.upper())
    }
    try:
        return Settings(**from_file, **given)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        place = (
            f"--{name.replace('_', '-')}"
            if name in given
            else f"{name} in {file}"
            if name in from_file
            else _PREFIX + name.upper()
        )
        shown = "" if name in SECRETS else f", not {first['input']!r}"
        raise InputError(f"{place}: {first['msg']}{shown}") from None


def _read_file() -> tuple[Path, dict[str, Any]]:
    named = os.environ.get(_FILE)
    file = Path(named) if named else Path(platformdirs.user_config_dir("matinee"), "matinee.toml")
    if not file.is_file():
        if named:
            raise InputError(f"{_FILE} names {file}, which is not a file")
        return file, {}
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{file} cannot be read as TOML: {error}") from None
    for name in written:
        if name not in Settings.model_fields:
            raise UnknownNameError(f"setting in {file}:", name, list(Settings.model_fields))
    return file, written


def _refuse_unknown_environment() -> None:
    known = [_PREFIX + name.upper() for name in Settings.model_fields]
    for name in os.environ:
        if name.startswith(_PREFIX) and name not in known and name != _FILE:
            raise UnknownNameError("environment variable", name, [*known, _FILE])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _kept_secret(file: Path) -> str:
    """The secret in a file that only its owner reads, made at first use."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            made = secrets.token_urlsafe(32)
            handle.write(made + "\n")
        return made
    except OSError as error:
        raise FailureError(
            f"{file} cannot be written ({error.strerror}); set MATINEE_HOME to a folder of yours"
        ) from None
