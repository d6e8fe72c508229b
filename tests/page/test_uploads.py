"""Uploaded files are saved under names that cannot do harm."""

import gzip
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from qa.errors import InputError
from qa.page import uploads
from qa.page.uploads import safe_name, stage, without_folder


@dataclass
class File:
    name: str
    content: bytes

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("news.csv", "news.csv"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "upload"),
        ("", "upload"),
        (".hidden", "hidden"),
        ("a;rm -rf $HOME`x`.txt", "a_rm -rf _HOME_x_.txt"),
        ("뉴스 기사.html", "뉴스 기사.html"),
        ("a\x00b\n\u202egpj.txt", "a_b__gpj.txt"),
        ("x" * 300 + ".jsonl.gz", "x" * 51 + ".jsonl.gz"),
    ],
)
def test_name_keeps_what_is_harmless(name: str, safe: str):
    assert safe_name(name) == safe


def test_longest_name_fits_a_file_system():
    assert len(safe_name("뉴" * 300 + ".txt").encode()) <= 255


def test_files_of_one_name_are_both_staged(tmp_path: Path):
    paths = stage([File("a.txt", b"one"), File("x/a.txt", b"two")], tmp_path)
    assert [path.name for path in paths] == ["a.txt", "a.txt"]
    assert [path.read_bytes() for path in paths] == [b"one", b"two"]
    assert all(path.is_relative_to(tmp_path) for path in paths)


def test_names_cannot_leave_the_folder(tmp_path: Path):
    (path,) = stage([File("../../../outside.txt", b"one")], tmp_path / "inner")
    assert path == tmp_path / "inner" / "0" / "outside.txt"


def test_too_many_and_too_large_files_are_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    monkeypatch.setattr(uploads, "MOST_BYTES", 2**20)
    with pytest.raises(InputError, match="3 files are more than the 2"):
        stage([File("a", b"")] * 3, tmp_path)
    with pytest.raises(InputError, match="the files have 2 MB together, more than 1 MB"):
        stage([File("a", bytes(2**20))] * 2, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_gzips_are_bounded_together_by_what_they_unpack_to(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED_BYTES", 3 * 2**20)
    packed = gzip.compress(bytes(2 * 2**20))
    assert len(stage([File("a.gz", packed)], tmp_path / "one")) == 1
    with pytest.raises(InputError, match="unpack to more than 3 MB"):
        stage([File("a.txt", packed), File("b.txt", packed)], tmp_path / "two")  # whatever they are called


def test_broken_gzip_is_left_to_the_reading(tmp_path: Path):
    assert len(stage([File("a.gz", gzip.compress(b"one" * 99)[:-9])], tmp_path)) == 1


def test_message_about_an_upload_does_not_name_its_temporary_folder():
    with tempfile.TemporaryDirectory(prefix=uploads.PREFIX) as folder:
        (path,) = stage([File("a b.txt", b"")], Path(folder))
    assert without_folder(f"{path}:3: it is empty") == "a b.txt:3: it is empty"


def test_message_about_another_file_keeps_its_path():
    assert without_folder("/home/me/news-qa/a.txt: gone") == "/home/me/news-qa/a.txt: gone"


def test_parquet_that_says_it_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED_BYTES", 2**20)
    packed = io.BytesIO()
    parquet.write_table(
        pa.table({"text": ["lamp " * 2**18]}), packed, compression="zstd", use_dictionary=False
    )
    with pytest.raises(
        InputError, match=r"a\.parquet: the uploaded files unpack to more than 1 MB\. Add them"
    ):
        stage([File("a.parquet", packed.getvalue())], tmp_path)
    assert len(stage([File("b.parquet", packed.getvalue()[:-9])], tmp_path / "broken")) == 1
