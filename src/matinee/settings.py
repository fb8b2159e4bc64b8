"""All settings in one type. Only the command line and the web read them.

A value comes from the first of: a command's flag, the environment (`MATINEE_PORT`), the TOML file
that `MATINEE_CONFIG` names (by default `matinee.toml` in the platform's configuration folder), the
default. An unknown name in the file is refused. So is a variable that is nearly the name of a
setting, so that a misspelt one is never ignored. Other unknown variables are ignored with a
warning, since orchestrators set some for their own purposes.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

import platformdirs
import pydantic
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from rapidfuzz.distance import OSA

from matinee.errors import FailureError, InputError, UnknownNameError

__all__ = ["SECRETS", "Settings", "load_settings"]

SECRETS = frozenset({"secret", "tmdb_key"})
"""Settings whose values are never printed."""

_PREFIX = "MATINEE_"
_FILE = "MATINEE_CONFIG"
_HOST = re.compile(r"[\w.-]+|[0-9A-Fa-f:.]+")
_SERVICE = re.compile(r"(tcp|udp|sctp)://")
_RULES = {
    "bool_parsing": "must be true or false",
    "greater_than_equal": "must be at least {ge}",
    "int_parsing": "must be a whole number",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    # the only setting with a pattern
    "string_pattern_mismatch": "must be never, daily, weekly or a share of new ratings such as 5%",
}
"""Kind of validation error -> its rule in words."""


class Settings(BaseSettings):
    """The settings; `matinee config` shows the text under each field."""

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
    """Folder of data sets, one subfolder each, searched before any download."""
    database: str = ""
    """SQLAlchemy URL of the database; empty means SQLite in the home folder."""
    data: str = "ml-100k"
    """Default of `--data`, and the data set `serve` fits to if no model is live."""
    model: str = "auto"
    """Default of `--model`, and the model `serve` fits if none is live."""
    retrain: str = Field(default="never", pattern=r"^(never|daily|weekly|[1-9]\d{0,2}%)$")
    """When `serve` retrains: never, daily, weekly, or at a share of new ratings such as 5%."""
    host: str = "127.0.0.1"
    """Address to listen on; other than loopback needs `secret`."""
    port: int = Field(default=8000, ge=0, le=65535)
    """Port to listen on; 0 for any free one."""
    hosts: str = ""
    """Host names the site answers to, separated by commas; `*` for any. On loopback: localhost."""
    secret: pydantic.SecretStr | None = None
    """Signs viewers' cookies. On loopback, one is generated and kept in the home folder."""
    secure_cookies: bool = False
    """Send cookies over HTTPS only; set it if the site is reached by HTTPS."""
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    """Lowest severity to log: debug, info, warning or error."""
    tmdb_key: pydantic.SecretStr | None = None
    """Your TMDB read access token or v3 key, for `matinee enrich`."""
    tmdb_url: str = "https://api.themoviedb.org/3"
    """Address of the TMDB API, or of your proxy for it."""

    @property
    def database_url(self) -> str:
        """The database to open, with the default filled in."""
        return self.database or f"sqlite:///{self.home / 'matinee.db'}"

    @property
    def artefacts(self) -> Path:
        """Folder of trained models."""
        return self.home / "artefacts"

    @property
    def fitted(self) -> Path:
        """Folder of recommenders that the command line has fitted."""
        return self.home / "fitted"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the site."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def host_names(self) -> tuple[str, ...]:
        """Host names the site answers to; empty for any.

        On loopback the default is its own names: a page elsewhere could make a name of its own
        resolve to this machine.

        Raises:
            InputError: one is not a host name.
        """
        names = tuple(filter(None, (each.strip() for each in self.hosts.split(","))))
        if "*" in names:
            return ()
        for name in names:
            if not _HOST.fullmatch(name):
                raise InputError(
                    f"hosts: {name!r} is not a host name; write it without scheme and port, "
                    "as films.example.org"
                )
        local = ("localhost", "127.0.0.1", "::1", self.host) if self.is_local else ()
        return (*names, *local) if names or local else ()

    def signing_secret(self) -> str:
        """The secret that signs cookies.

        Raises:
            InputError: other machines could reach the site and no secret is set.
        """
        if self.secret is not None:
            return self.secret.get_secret_value()
        if not self.is_local:
            raise InputError(
                f"serving on {self.host} needs a secret; set MATINEE_SECRET to the "
                "output of: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return _generated_secret(self.home / "secret")


def load_settings(**flags: Any) -> Settings:
    """The current settings; flags that are `None` are ignored.

    Raises:
        InputError: an unknown setting, a value out of bounds, or an unreadable file; names the
            flag, variable or file.
    """
    ignored = _check_environment()
    file, values = _read_file()
    set_flags = {name: value for name, value in flags.items() if value is not None}
    from_file = {
        name: value
        for name, value in values.items()
        if name not in set_flags and (name in ignored or not os.environ.get(_PREFIX + name.upper()))
    }
    defaults = {
        name: Settings.model_fields[name].get_default(call_default_factory=True)
        for name in ignored - {*from_file, *set_flags}
    }
    try:
        return Settings(**defaults, **from_file, **set_flags)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        place = (
            f"--{name.replace('_', '-')}"
            if name in set_flags
            else f"{name} in {file}"
            if name in from_file
            else _PREFIX + name.upper()
        )
        value = "" if name in SECRETS else f", not {first['input']!r}"
        rule = _RULES.get(first["type"], "is not valid").format(**first.get("ctx", {}))
        raise InputError(f"{place}: {rule}{value}") from None


def _read_file() -> tuple[Path, dict[str, Any]]:
    path = os.environ.get(_FILE)
    file = Path(path) if path else Path(platformdirs.user_config_dir("matinee"), "matinee.toml")
    if not file.is_file():
        if path:
            raise InputError(f"{_FILE} names {file}, which is not a file")
        return file, {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{file} cannot be read as TOML: {error}") from None
    for name in values:
        if name not in Settings.model_fields:
            raise UnknownNameError(f"setting in {file}:", name, list(Settings.model_fields))
    return file, values


def _check_environment() -> set[str]:
    """Refuses misspelt variables; returns the settings whose variable is not meant for them.

    Kubernetes sets `MATINEE_PORT=tcp://10.0.0.1:8000` and a dozen others beside a service called
    "matinee".
    """
    known = [name.upper() for name in Settings.model_fields] + [_FILE.removeprefix(_PREFIX)]
    ignored = set()
    for variable, value in os.environ.items():
        if not variable.upper().startswith(_PREFIX):
            continue
        name = variable.upper().removeprefix(_PREFIX)
        if name in known:
            if _SERVICE.match(value):
                ignored.add(name.lower())
                _warn(f"{variable} is the address of a service, not a setting; ignored")
        elif near := [each for each in known if _is_misspelling(name, each)]:
            suggestions = [_PREFIX + each for each in near]
            raise UnknownNameError("environment variable", variable, suggestions=suggestions)
        else:
            _warn(f"{variable} is not a setting of matinee; ignored")
    return ignored


def _is_misspelling(name: str, setting: str) -> bool:
    return OSA.distance(name, setting) <= (1 if len(setting) <= 5 else 2)


@cache
def _warn(message: str) -> None:
    """Writes a line on stderr, once a process."""
    sys.stderr.write(f"matinee: warning: {message}\n")


def _generated_secret(file: Path) -> str:
    """The secret in a file only its owner can read, generated at first use."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            secret = secrets.token_urlsafe(32)
            handle.write(secret + "\n")
        return secret
    except OSError as error:
        raise FailureError(
            f"{file} cannot be written ({error.strerror}); set MATINEE_HOME to a folder of yours"
        ) from None
