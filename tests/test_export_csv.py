"""A reply in a spreadsheet: exact cells, and none of them is a formula."""

import csv
import io
import random
from dataclasses import replace
from datetime import date

import pytest

from qa.export import CSV_COLUMNS, reply_to_csv
from qa.records import Answer, Article, Hit, Passage, Reply, ResolvedTime


def rows(reply: Reply) -> list[dict[str, str]]:
    text = reply_to_csv(reply)
    assert text.startswith("\ufeffquestion,kind,rank,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_answers_come_first_with_sentence_place_and_source(reply: Reply):
    answer, passage = rows(reply)
    quote = reply.answers[0]
    assert {name: answer[name] for name in ("question", "kind", "rank", "text", "confidence", "margin")} == {
        "question": "When did Shoigu visit North Korea?",
        "kind": "answer",
        "rank": "1",
        "text": "25 to 27 July",
        "confidence": "0.83",
        "margin": "5.25",
    }
    assert answer["sentence"].startswith('He stayed from "25 to 27 July", the ministry said')
    assert quote.article.text[int(answer["start"]) : int(answer["end"])] == "25 to 27 July"
    assert (answer["source"], answer["published"], answer["article"]) == (
        "CBS News", "2023-07-27T18:00:00+00:00", "a1",
    )  # fmt: skip
    assert (passage["kind"], passage["rank"], passage["score"], passage["confidence"]) == (
        "passage", "1", "0.75", "",
    )  # fmt: skip
    assert passage["text"] == "Sergei Shoigu flew to Pyongyang on Tuesday."


def test_reader_without_calibration_leaves_the_confidence_empty(reply: Reply):
    bare = replace(reply, answers=(replace(reply.answers[0], confidence=None),))
    assert rows(bare)[0]["confidence"] == ""


def test_no_cell_is_taken_for_a_formula():
    hostile = Article("=1", "@SUM(A1)", '=HYPERLINK("http://x")', source="+1", url="-1")
    reply = Reply("=cmd|' /C calc'!A0", (), (Hit(Passage(hostile, 0, 22), 0.5, 0.5, 0.5),))
    (row,) = rows(reply)
    assert [row[name][:2] for name in ("question", "text", "title", "source", "url", "article")] == [
        "'=", "'=", "'@", "'+", "'-", "'=",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("\uff1d1", "'\uff1d1"), ("\uff0b1", "'\uff0b1"), ("\uff0d1", "'\uff0d1"), ("\uff20A", "'\uff20A"),
        ("a;=1+1", "a;'=1+1"), ("a; \uff1d1", "a;' \uff1d1"), ("a;b\t@c", "a;b\t'@c"), ("a\n-1", "a\n'-1"),
        ('a;"=1+1', 'a;\'"=1+1'), ('a";"=1', 'a";\'"=1'), ('a\n" =1', 'a\n\'" =1'),
        ('"=1', '"=1'), (' "=1', ' "=1'),
        ("=1;=2", "'=1;'=2"), ("\t1", "'\t1"), ("a;b", "a;b"), ("a=b", "a=b"), ("a - b; c", "a - b; c"),
    ],
)  # fmt: skip
def test_no_part_of_a_cell_that_another_country_would_split_is_a_formula(title: str, cell: str):
    article = Article("a", title, "Text")
    (row,) = rows(Reply("Q", (), (Hit(Passage(article, 0, 4), 0.5, 0.5, 0.5),)))
    assert row["title"] == cell


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_that_any_spreadsheet_reads_is_a_formula(separator: str):
    chance = random.Random(1)
    pieces = [
        *';"\t\n\r,| a',
        "'",
        '""',
        "\r\n",
        "\u00a0",
        "=1",
        "+A",
        "-A",
        "@A",
        "\uff1d1",
        ';"=1',
        '\n"=1',
        "\x0b",
    ]
    for _ in range(2000):
        title, other = ("".join(chance.choices(pieces, k=chance.randrange(1, 9))) for _ in range(2))
        article = Article("a", title, "Text", source=other)
        text = reply_to_csv(Reply(other, (), (Hit(Passage(article, 0, 4), 0.5, 0.5, 0.5),)))
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator):
            assert [cell for cell in row if cell.strip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20")] == []


def test_standing_and_resolved_times_have_cells_of_their_own(reply: Reply):
    times = (
        ResolvedTime(35, 42, date(2023, 7, 25), date(2023, 7, 25), "day", "Tuesday 25 July 2023"),
        ResolvedTime(61, 74, date(2023, 7, 25), date(2023, 7, 27), "day", "25 to 27 July 2023"),
    )
    answer = replace(reply.answers[0], state="superseded", as_of=date(2023, 7, 27), times=times)
    row, passage = rows(replace(reply, answers=(answer,)))
    assert (row["state"], row["as_of"]) == ("superseded", "2023-07-27")
    assert row["times"] == "Tuesday: 2023-07-25; 25 to 27 July: 2023-07-25 to 2023-07-27"
    assert (passage["as_of"], passage["times"]) == ("", "")


def test_a_resolved_time_is_no_formula_and_neither_is_one_behind_blanks():
    article = Article("a", " \u00a0=1+1", "=SUM(A1) died.")
    time = ResolvedTime(0, 8, date(2023, 7, 25), date(2023, 7, 25), "day", "Tuesday")
    (row,) = rows(Reply("Q", (Answer(article, 9, 13, 0.5, 1.0, times=(time,)),), ()))
    assert row["times"] == "'=SUM(A1): 2023-07-25"
    assert row["title"] == "' \u00a0=1+1"


def test_empty_reply_has_a_header_alone():
    assert reply_to_csv(Reply("Who?", (), ())) == "\ufeff" + ",".join(CSV_COLUMNS) + "\r\n"
