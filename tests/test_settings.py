"""Settings: where values come from, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from matinee.data.tmdb import API_URL
from matinee.errors import InputError, UnknownNameError
from matinee.settings import SECRETS, Settings, load_settings


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MATINEE_MIRROR", raising=False)


def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    monkeypatch.setenv("MATINEE_CONFIG", str(file))
    return file


def test_a_flag_goes_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, monkeypatch, 'port = 1111\nhost = "::1"\ndata = "tmdb-5000"\n')
    monkeypatch.setenv("MATINEE_PORT", "2222")
    monkeypatch.setenv("MATINEE_HOST", "127.0.0.2")
    settings = load_settings(port=3333, model=None)
    assert (settings.port, settings.host, settings.data) == (3333, "127.0.0.2", "tmdb-5000")
    assert settings.model == "auto"


def test_an_unknown_setting_in_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, monkeypatch, "prot = 1\n")
    with pytest.raises(UnknownNameError, match="did you mean 'port'"):
        load_settings()


def test_an_unknown_variable_in_the_environment_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MATINEE_HOEM", "/srv/films")
    with pytest.raises(UnknownNameError, match="did you mean 'MATINEE_HOME'"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "variable", "flags", "place"),
    [
        ('port = "many"', None, {}, "port in "),
        ("", ("MATINEE_PORT", "70000"), {}, "MATINEE_PORT"),
        ("", None, {"port": -1}, "--port"),
        ("port = ", None, {}, "cannot be read as TOML"),
    ],
)
def test_a_wrong_value_is_reported_with_its_place(
    text: str,
    variable: tuple[str, str] | None,
    flags: dict[str, int],
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path, monkeypatch, text)
    if variable:
        monkeypatch.setenv(*variable)
    with pytest.raises(InputError, match=place):
        load_settings(**flags)


def test_a_missing_settings_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATINEE_CONFIG", "/nowhere/settings.toml")
    with pytest.raises(InputError, match=r"/nowhere/settings\.toml"):
        load_settings()


def test_a_secret_is_made_once_on_loopback_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load_settings().signing_secret()
    assert len(first) >= 40
    assert load_settings().signing_secret() == first
    assert stat.S_IMODE((tmp_path / "home" / "secret").stat().st_mode) == 0o600


def test_no_secret_is_made_for_a_site_that_others_reach() -> None:
    for host in ("0.0.0.0", "192.168.1.5", "example.org", "::"):  # noqa: S104 - refused
        with pytest.raises(InputError, match="MATINEE_SECRET"):
            load_settings(host=host).signing_secret()
    assert load_settings(host="::1").signing_secret()


def test_the_secret_is_not_shown_by_printing_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MATINEE_SECRET", "correct horse")
    assert "correct horse" not in repr(load_settings())


def test_there_are_at_most_thirty_settings() -> None:
    assert len(Settings.model_fields) <= 30


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_a_secret_is_not_shown_where_it_is_wrong(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, monkeypatch, f"{name} = 20261122")
    with pytest.raises(InputError, match=f"{name} in ") as raised:
        load_settings()
    assert "20261122" not in str(raised.value)


def test_every_secret_is_of_a_type_that_hides_itself() -> None:
    hiding = {
        name
        for name, field in Settings.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    assert hiding == SECRETS


def test_the_address_of_tmdb_is_its_own() -> None:
    settings = load_settings()
    assert (settings.tmdb_key, settings.tmdb_url) == (None, API_URL)
