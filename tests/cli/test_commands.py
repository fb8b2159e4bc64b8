"""The command as a whole: help, names, data, settings."""

from __future__ import annotations

import socket
import zipfile
from pathlib import Path

import click
import pytest
from tests.cli.conftest import Run

from matinee import plugins
from matinee.cli import COMMANDS, commands
from matinee.cli.serve import listen
from matinee.settings import Settings, load_settings


def test_help_lists_every_command(run: Run) -> None:
    outcome = run("--help")
    assert all(f"  {name} " in outcome.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_in_its_help(run: Run, name: str) -> None:
    outcome = run(name, "--help")
    assert "Example" in outcome.out
    assert f"matinee {name}" in outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]} has no help"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_description(name: str) -> None:
    assert Settings.model_fields[name].description


def test_datasets_lists_size_and_licence_of_every_source(run: Run) -> None:
    document = run("datasets", "--json").json
    assert [each["name"] for each in document] == list(plugins.names("sources"))
    assert all(each["licence"] and each["bytes"] > 0 for each in document)
    assert "ml-100k" in run("datasets").out


def test_fetch_prints_the_folder_in_the_mirror(
    run: Run, mirror: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_MIRROR", str(mirror))
    outcome = run("fetch", "tmdb-5000")
    assert outcome.out.strip() == str(mirror / "tmdb-5000")


def test_fetch_also_finds_the_sentence_encoder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "all-minilm-l6-v2"
    folder.mkdir()
    monkeypatch.setenv("MATINEE_MIRROR", str(tmp_path))
    assert run("fetch", "all-minilm-l6-v2").out.strip() == str(folder)


def test_a_missing_file_is_one_line_that_names_it(run: Run, tmp_path: Path) -> None:
    outcome = run("search", "x", "--data", str(tmp_path / "nothing.zip"), status=2)
    assert f"there is no file or folder {tmp_path / 'nothing.zip'}" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_corrupt_zip_is_one_line_that_names_it(
    run: Run, tmp_path: Path, planted_folder: Path
) -> None:
    file = tmp_path / "data.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in planted_folder.iterdir():
            archive.write(each, each.name)
    run("search", "Comedy 1", "--data", str(file))
    file.write_bytes(file.read_bytes()[:-200])
    outcome = run("search", "Comedy 1", "--data", str(file), status=2)
    assert str(file) in outcome.err
    assert outcome.err.count("\n") == 1


def test_an_unwritable_home_names_the_folder_and_the_way_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # not even root can make a folder below a file
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MATINEE_HOME", str(tmp_path / "file" / "home"))
    outcome = run("fetch", "ml-100k", status=1)
    assert str(tmp_path / "file" / "home") in outcome.err
    assert "MATINEE_HOME" in outcome.err.splitlines()[-1]


def test_a_port_in_use_is_reported_before_any_work(run: Run, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1]
        for command in ("serve", "demo"):
            outcome = run(command, "--port", str(port), status=1)
            assert f"cannot listen on 127.0.0.1 port {port}" in outcome.err
            assert outcome.err.count("\n") == 1
    assert not (home / "matinee.db").exists()


def test_config_shows_every_setting_but_no_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_SECRET", "correct horse")
    document = run("config", "--json").json
    assert list(document) == list(Settings.model_fields)
    assert document["secret"] == "(set)"  # noqa: S105 - what stands in its place
    assert "correct horse" not in run("config").out


def test_the_listener_is_a_tcp_socket(home: Path) -> None:
    with listen(load_settings(port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("arguments", "option", "where"),
    [
        (("why", "--user", "196", "--film", "x", "--user", "22"), "--user", "why"),
        (("recommend", "--model", "ease", "--model=svd"), "--model", "recommend"),
        (("recommend", "--scale", "1", "5", "--scale", "1", "10"), "--scale", "recommend"),
        (("train", "ease", "--seed", "1", "--seed", "1"), "--seed", "train"),
        (("data", "viewer", "1", "--data", "a", "--data", "b"), "--data", "data viewer"),
        (("serve", "--port", "1", "--port", "2"), "--port", "serve"),
    ],
)
def test_a_repeated_option_that_cannot_be_repeated_is_refused(
    run: Run, arguments: tuple[str, ...], option: str, where: str
) -> None:
    outcome = run(*arguments, status=2)
    assert outcome.err == (
        f"matinee: {option} appears 2 times and can be given once (see: matinee {where} --help)\n"
    )


def test_every_option_with_a_value_can_be_repeated_or_is_refused(run: Run) -> None:
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        for option in command.params:
            if isinstance(option, click.Option) and not option.is_flag and not option.count:
                value = ["1"] * option.nargs
                twice = [option.opts[0], *value, option.opts[0], *value]
                refused = f"{option.opts[0]} appears 2 times"
                assert (refused in run(name, *twice, "--nope", status=2).err) != option.multiple


def test_other_mistakes_are_said_as_before(run: Run) -> None:
    assert "No such option '--nope'" in run("recommend", "--nope", status=2).err
    assert "no such command 'dat'" in run("dat", status=2).err
    assert "requires an argument" in run("recommend", "--user", status=2).err
    run("recommend", "--kids", "--kids", "--help")
