from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from matinee.data.fetching.archives import unpack, unpack_all
from matinee.errors import DataError

TEXT = b"Alien\nBrazil\n" * 200


def archive(tmp_path: Path, members: dict[str, bytes]) -> Path:
    path = tmp_path / "films.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_members_are_written_under_their_new_names(tmp_path: Path, out: Path) -> None:
    path = archive(tmp_path, {"deep/films.txt": TEXT, "deep/code.py": b"raise SystemExit"})
    unpack(path, {"deep/films.txt": "titles.txt"}, out, max_bytes=10_000)
    assert [each.name for each in out.iterdir()] == ["titles.txt"]
    assert (out / "titles.txt").read_bytes() == TEXT


def test_everything_is_written_into_its_subfolders(tmp_path: Path, out: Path) -> None:
    path = archive(tmp_path, {"ml/": b"", "ml/u.data": b"1", "ml/deep/u.item": b"2"})
    unpack_all(path, out, max_bytes=10)
    assert (out / "ml/u.data").read_bytes() == b"1"
    assert (out / "ml/deep/u.item").read_bytes() == b"2"


def test_a_missing_member_is_named(tmp_path: Path, out: Path) -> None:
    path = archive(tmp_path, {"a.txt": b""})
    with pytest.raises(DataError, match=r"films\.zip holds no b\.txt"):
        unpack(path, {"b.txt": "b.txt"}, out, max_bytes=10)


@pytest.mark.parametrize("part", [b"", b"<html>not found</html>", 3, 40, -30])
def test_no_zip_or_a_part_of_one_is_named_in_one_line(
    part: bytes | int, tmp_path: Path, out: Path
) -> None:
    path = archive(tmp_path, {"a.txt": TEXT})
    path.write_bytes(part if isinstance(part, bytes) else path.read_bytes()[:part])
    with pytest.raises(DataError, match=r"films\.zip is not a whole zip file \(") as raised:
        unpack_all(path, out, max_bytes=10_000)
    assert "\n" not in str(raised.value)


def test_a_damaged_member_is_an_error(tmp_path: Path, out: Path) -> None:
    path = archive(tmp_path, {"a.txt": TEXT})
    content = bytearray(path.read_bytes())
    content[45] ^= 0xFF  # inside the compressed bytes, behind the 35 of the local header
    path.write_bytes(content)
    with pytest.raises(DataError, match="is not a whole zip file"):
        unpack(path, {"a.txt": "a.txt"}, out, max_bytes=10_000)


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.txt", "a/../../evil.txt", "/evil.txt", "C:evil.txt", "..\\evil.txt"),
    ],
)
def test_a_member_outside_the_folder_is_refused_and_nothing_is_written(
    name: str, tmp_path: Path, out: Path
) -> None:
    path = archive(tmp_path, {"good.txt": b"", name: b"evil"})
    with pytest.raises(DataError, match="outside its folder"):
        unpack_all(path, out, max_bytes=10)
    assert list(tmp_path.rglob("*.txt")) == []


def test_a_link_is_refused(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "films.zip"
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match="which is a link"):
        unpack_all(path, out, max_bytes=100)


def test_a_too_large_archive_is_refused_before_anything_is_written(
    tmp_path: Path, out: Path
) -> None:
    path = archive(tmp_path, {"a.txt": b"a", "bomb.txt": bytes(1_000_000)})
    with pytest.raises(DataError, match="more than 1,000 bytes"):
        unpack_all(path, out, max_bytes=1_000)
    assert list(out.iterdir()) == []


def test_a_member_that_declares_less_is_not_written_whole(tmp_path: Path, out: Path) -> None:
    path = archive(tmp_path, {"bomb.txt": bytes(1_000_000)})
    lie = path.read_bytes().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(lie)
    with pytest.raises(DataError, match="is not a whole zip file"):
        unpack_all(path, out, max_bytes=1_000)
    assert (out / "bomb.txt").stat().st_size <= 10


def test_an_encrypted_zip_is_an_error(tmp_path: Path, out: Path) -> None:
    path = archive(tmp_path, {"a.txt": TEXT})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag "encrypted", in the local header and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="encrypted"):
        unpack(path, {"a.txt": "a.txt"}, out, max_bytes=10_000)


def test_what_macos_adds_is_passed_over(tmp_path: Path, out: Path) -> None:
    members = {"ml/a.txt": TEXT, "__MACOSX/ml/._a.txt": b"", "ml/.DS_Store": b"", "ml/._b": b""}
    unpack_all(archive(tmp_path, members), out, max_bytes=10_000)
    assert [file.name for file in out.rglob("*") if file.is_file()] == ["a.txt"]
