"""Settings: where values come from, and what is refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from matinee.data.tmdb import API_URL
from matinee.errors import InputError, UnknownNameError
from matinee.settings import SECRETS, Settings, _warn, load_settings


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


@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("MATINEE_HOEM", "MATINEE_HOME"),
        ("MATINEE_PROT", "MATINEE_PORT"),
        ("MATINEE_LOGLEVEL", "MATINEE_LOG_LEVEL"),
        ("MATINEE_SECURE_COOKIE", "MATINEE_SECURE_COOKIES"),
        ("MATINEE_DATABAES", "MATINEE_DATABASE"),
        ("MATINEE__PORT", "MATINEE_PORT"),
        ("MATINEE_CONFG", "MATINEE_CONFIG"),
        ("matinee_hoem", "MATINEE_HOME"),
    ],
)
def test_a_misspelt_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, setting: str
) -> None:
    monkeypatch.setenv(variable, "/srv/films")
    with pytest.raises(UnknownNameError, match=f"'{variable}'; did you mean '{setting}'"):
        load_settings()


KUBERNETES = {
    "MATINEE_SERVICE_HOST": "10.0.0.1",
    "MATINEE_SERVICE_PORT": "8000",
    "MATINEE_SERVICE_PORT_HTTP": "8000",
    "MATINEE_PORT": "tcp://10.0.0.1:8000",
    "MATINEE_PORT_8000_TCP": "tcp://10.0.0.1:8000",
    "MATINEE_PORT_8000_TCP_PROTO": "tcp",
    "MATINEE_PORT_8000_TCP_PORT": "8000",
    "MATINEE_PORT_8000_TCP_ADDR": "10.0.0.1",
    "MATINEE_NAME": "/web/matinee",
    "MATINEE_ENV_LANG": "C",
}


def test_variables_of_an_orchestrator_are_ignored_with_one_warning_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _warn.cache_clear()
    for name, value in KUBERNETES.items():
        monkeypatch.setenv(name, value)
    assert load_settings().port == load_settings().port == 8000
    lines = capsys.readouterr().err.splitlines()
    assert sorted(line.split()[2] for line in lines) == sorted(KUBERNETES)


def test_the_address_of_a_service_does_not_hide_the_file_or_a_flag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, monkeypatch, "port = 1111\n")
    monkeypatch.setenv("MATINEE_PORT", "tcp://10.0.0.1:8000")
    assert load_settings().port == 1111
    assert load_settings(port=2222).port == 2222


@pytest.mark.parametrize(
    ("host", "hosts", "names"),
    [
        ("127.0.0.1", "", {"localhost", "127.0.0.1", "::1"}),
        ("127.0.0.1", "films.example", {"films.example", "localhost", "127.0.0.1", "::1"}),
        ("0.0.0.0", "", set()),  # noqa: S104 - as operators write it
        ("0.0.0.0", " films.example , www.films.example,", {"films.example", "www.films.example"}),  # noqa: S104
        ("0.0.0.0", "films.example,*", set()),  # noqa: S104
        ("127.0.0.1", "*", set()),
    ],
)
def test_the_site_answers_to_its_names(
    monkeypatch: pytest.MonkeyPatch, host: str, hosts: str, names: set[str]
) -> None:
    monkeypatch.setenv("MATINEE_HOSTS", hosts)
    assert set(load_settings(host=host).host_names()) == names


@pytest.mark.parametrize("hosts", ["https://films.example", "films.example:443", "a b", "x/y"])
def test_a_host_name_is_a_name_alone(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    monkeypatch.setenv("MATINEE_HOSTS", hosts)
    with pytest.raises(InputError, match="without scheme and port"):
        load_settings().host_names()


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
