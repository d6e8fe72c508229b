"""Uploaded files are saved under names that cannot do harm."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.view.uploads import safe_name, saved, without_folder


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


def test_files_of_one_name_are_both_saved_and_gone_afterwards():
    with saved([File("a.txt", b"one"), File("x/a.txt", b"two")]) as paths:
        assert [path.name for path in paths] == ["a.txt", "a.txt"]
        assert [path.read_bytes() for path in paths] == [b"one", b"two"]
        folder = paths[0].parent.parent
    assert not Path(folder).exists()


def test_message_about_an_upload_does_not_tell_its_temporary_folder():
    with saved([File("a b.txt", b"")]) as paths:
        assert without_folder(f"{paths[0]}:3: it is empty") == "a b.txt:3: it is empty"


def test_message_about_another_file_keeps_its_path():
    assert without_folder("/home/me/news-qa/a.txt: gone") == "/home/me/news-qa/a.txt: gone"
