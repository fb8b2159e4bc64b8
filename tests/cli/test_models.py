"""`models` over the saved models of a site."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def trained(run: Run, planted_folder: Path, *words: str) -> str:
    """The hash of a promoted artefact."""
    return Path(run("train", *words, "--data", str(planted_folder), "--promote").out.strip()).name


def test_live_list_promote_and_rollback(run: Run, home: Path, planted_folder: Path) -> None:
    assert "no model is live yet" in run("models", "live", status=1).err
    assert run("models", "list", "--json").json == []
    one, two, three = (
        trained(run, planted_folder, *words)
        for words in (("popular",), ("ease", "--seed", "3"), ("ials", "-o", "factors=4"))
    )
    live = run("models", "live", "--json").json
    assert (live["hash"], live["model"], live["ratings"], live["films"]) == (three, "ials", 900, 40)
    assert (live["version"], live["note"], live["state"]) == (three[:12], "matinee train", "live")
    assert "ials" in run("models", "live").out
    listed = run("models", "--json", "list").json
    assert [(each["hash"], each["state"]) for each in listed] == [
        *((three, "live"), (two, "former"), (one, "former"))
    ]
    assert run("models", "list").out.splitlines()[1].split()[:2] == [three[:12], "ials"]
    assert run("models", "rollback", "--json").json["hash"] == two
    assert run("models", "rollback", "--json").json["hash"] == one
    assert "no other model was live before" in run("models", "rollback", status=2).err
    assert run("models", "promote", three[:8]).out.startswith(f"live: ials {three[:12]}")
    assert "too short" in run("models", "promote", three[:5], status=2).err
    assert "unknown saved model 'ffffffff'" in run("models", "promote", "f" * 8, status=2).err


def test_a_broken_model_is_refused_and_the_live_one_serves_on(
    run: Run, home: Path, planted_folder: Path
) -> None:
    one = trained(run, planted_folder, "popular")
    two = trained(run, planted_folder, "ease")
    array = home / "artefacts" / one / "model.prior.npy"
    content = array.read_bytes()
    array.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "was changed after it was saved" in run("models", "promote", one[:12], status=1).err
    assert "was changed after it was saved" in run("models", "rollback", status=1).err
    assert run("models", "live", "--json").json["hash"] == two
    array.write_bytes(content[:20])
    states = {each["hash"]: each["state"] for each in run("models", "list", "--json").json}
    assert states == {one: "broken", two: "live"}
    assert "is truncated or not an array" in run("models", "list").err


def test_prune_keeps_what_was_live_last(run: Run, home: Path, planted_folder: Path) -> None:
    hashes = [
        trained(run, planted_folder, "ials", "-o", "factors=2", "-o", f"iterations={n}")
        for n in (1, 2, 3)
    ]
    unused = Path(run("train", "random", "--data", str(planted_folder)).out.strip()).name
    assert run("models", "prune").err == "deleted 0 saved models\n"
    pruned = run("models", "prune", "--keep", "1", "--json").json["deleted"]
    assert {each["hash"] for each in pruned} == set(hashes[:2])
    left = {each["hash"] for each in run("models", "list", "--json").json}
    assert left == {hashes[2], unused}
    assert "0" in run("models", "prune", "--keep", "0", status=2).err
    assert "is missing" in run("models", "rollback", status=1).err


def test_json_stands_before_or_after_a_name(run: Run) -> None:
    before, after = run("models", "--json", "ease").json, run("models", "ease", "--json").json
    assert before == after
    assert list(after) == ["ease"]
    assert "did you mean 'ease'" in run("models", "eese", status=2).err


def test_a_misspelt_name_suggests_models_and_commands(run: Run) -> None:
    assert "did you mean 'live'?" in run("models", "livee", status=2).err
    assert "did you mean 'ease'?" in run("models", "eease", status=2).err
