"""Bytes of old and foreign encodings -> their text."""

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.decoding import decode

GERMAN = "Die Straße nach Köln ist für drei Tage gesperrt, sagte der Bürgermeister – „leider“."
FRENCH = "Le maire a annoncé que l’école restera fermée jusqu’à mercredi à cause de la tempête."
KOREAN = (
    "북한의 김정은 위원장은 이번 달 러시아에서 블라디미르 푸틴 대통령과 회담할 예정이라고 관리들이 말했다."
)
JAPANESE = "首相は月曜日に新しい灯台を建設する計画を発表し、漁業者たちはこれを歓迎していると述べた。"
RUSSIAN = "Президент встретится с премьер-министром в понедельник, сообщили в правительстве страны."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [GERMAN, KOREAN])
def test_unicode_is_read_with_and_without_marks(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (GERMAN.replace("–", "-").replace("„", "").replace("“", ""), "latin-1"),
        (KOREAN * 3, "euc-kr"),
        (JAPANESE * 3, "shift-jis"),
        (RUSSIAN * 3, "cp1251"),
    ],
)
def test_old_encodings_are_recognised_by_their_look(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="euc-kr">', "euc-kr"),
        ('<?xml version="1.0" encoding="EUC-KR"?>', "euc-kr"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ks_c_5601-1987">', "cp949"),
    ],
)
def test_declared_encoding_counts(declaration, encoding):
    assert decode(f"{declaration}한".encode(encoding), declares=True) == f"{declaration}한"


@pytest.mark.parametrize(
    "text", ["Köln", "naïve façade", "£5m deal signed in café", "Er sagte „nein“ – später"]
)
def test_short_latin_text_is_read_as_windows_1252(text):
    assert decode(text.encode("cp1252")) == text


def test_latin_1_as_declared_means_windows_1252_as_in_browsers():
    assert decode(b'<meta charset="iso-8859-1">\x93so\x94', declares=True).endswith("“so”")


def test_wrong_declaration_gives_way_to_valid_utf_8():
    text = '<meta charset="latin-1">Köln'
    assert decode(text.encode(), declares=True) == text


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "a.csv"),
        ("utf-16", "a.csv"),
        ("cp1252", "a.jsonl"),
        ("utf-16", "a.jsonl"),
        ("cp1252", "a.txt"),
        ("utf-16", "a.txt"),
    ],
)
def test_files_of_every_format_are_decoded(tmp_path, encoding, name):
    text = {
        "a.csv": f'title,text\r\nKöln,"{GERMAN}"\r\n',
        "a.jsonl": f'{{"title": "Köln", "text": "{GERMAN}"}}\n',
        "a.txt": f"Köln\n\n{GERMAN}",
    }[name]
    (tmp_path / name).write_bytes(text.encode(encoding))
    (article,) = read_articles([tmp_path])
    assert (article.title, article.text) == ("Köln", GERMAN)


def test_one_line_of_another_encoding_does_not_spoil_the_others(tmp_path):
    lines = [
        f'{{"title": "{n}", "text": "{GERMAN}"}}\n'.encode("cp1252" if n == 1 else "utf-8") for n in range(3)
    ]
    (tmp_path / "a.jsonl").write_bytes(b"".join(lines))
    assert [article.text for article in read_articles([tmp_path])] == [GERMAN] * 3
