"""Scraped and plain texts -> one article each."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.scraped import read_text
from qa.records import Article
from qa.text.dates import parse_published

AS_OF = datetime(2024, 5, 4, 12, tzinfo=UTC)
BODY = [
    'The harbour board of Northport will vote on a new lighthouse, "after nine long years", it said.',
    "The tower is to be forty metres high. It replaces the lamp of 1911, which fell into the sea in March.",
    "Fishermen had asked for it ever since.",
]
SCRAPED = f"""Northport to Vote on Lighthouse | Northport | Jane Doe | harbour
  • 8 months ago
{BODY[0].replace('"', '""')}

{BODY[1]}

{BODY[2]}

#NorthPort #lighthouse #Harbour
#Jane Doe
#oldLamp
Recommended
"""


def read(tmp_path: Path, text: str, name: str = "story.txt") -> Article:
    file = tmp_path / name
    file.write_bytes(text.encode())
    (article,) = read_articles([file], as_of=AS_OF)
    assert isinstance(article, Article), article
    return article


def test_scraped_text_comes_in_as_one_clean_article(tmp_path):
    article = read(tmp_path, SCRAPED)
    assert article.title == "Northport to Vote on Lighthouse"
    assert article.text.split("\n\n") == BODY
    assert article.tags == ("Northport", "Jane Doe", "harbour", "lighthouse", "oldLamp")
    assert article.published == datetime(2023, 9, 4, 12, tzinfo=UTC)
    assert (article.approximate_to, article.zone_assumed, article.source) == ("month", False, "")


def test_windows_line_ends_change_nothing(tmp_path):
    assert read(tmp_path, SCRAPED.replace("\n", "\r\n")) == read(tmp_path, SCRAPED)


@pytest.mark.parametrize(
    ("line", "published", "unit"),
    [
        ("Published 3 days ago", datetime(2024, 5, 1, 12, tzinfo=UTC), "day"),
        ("· Updated: 2 hours ago", datetime(2024, 5, 4, 10, tzinfo=UTC), "hour"),
        ("– 8 mo ago", datetime(2023, 9, 4, 12, tzinfo=UTC), "month"),
        ("yesterday", datetime(2024, 5, 3, 12, tzinfo=UTC), "day"),
        ("By Ann Lee • 2 weeks ago • 5 min read", datetime(2024, 4, 20, 12, tzinfo=UTC), "week"),
        ("► 1.2M views | 1 year ago", datetime(2023, 5, 4, 12, tzinfo=UTC), "year"),
        ("Published March 3, 2024 at 3:05 p.m. UTC", datetime(2024, 3, 3, 15, 5, tzinfo=UTC), ""),
        ("2024-03-03", datetime(2024, 3, 3, tzinfo=UTC), ""),
    ],
)
def test_age_line_is_read_in_all_its_forms_and_leaves_the_body(tmp_path, line, published, unit):
    article = read(tmp_path, SCRAPED.replace("  • 8 months ago", line))
    assert (article.published, article.approximate_to) == (published, unit)
    assert article.text.split("\n\n") == BODY


def test_lines_below_the_title_give_author_source_and_address(tmp_path):
    head = "A title\nBy Ann Lee and Bo Roe\nSource: The Northport Post\nhttps://post.example/a\nTags: sea\n\n"
    article = read(tmp_path, head + "\n\n".join(BODY))
    assert article.authors == ("Ann Lee", "Bo Roe")
    assert (article.source, article.url) == ("The Northport Post", "https://post.example/a")
    assert article.tags == ("sea",)
    assert article.text.split("\n\n") == BODY


def test_prose_below_the_title_is_never_taken_for_a_head_line(tmp_path):
    body = "By the sea there is a lamp - nobody lit it.\n\nIn May 2023 the war of words began here."
    assert read(tmp_path, f"A title\n\n{body}").text == body


@pytest.mark.parametrize(
    ("line", "title", "source", "tags"),
    [
        ("Lamp falls | BBC News", "Lamp falls", "BBC News", ()),
        ("Lamp falls - The Northport Times", "Lamp falls", "The Northport Times", ()),
        ("Lamp falls | Sea | Harbour Post", "Lamp falls", "Harbour Post", ("Sea",)),
        ("Lamp falls - nobody hurt", "Lamp falls - nobody hurt", "", ()),
        ("# Lamp falls", "Lamp falls", "", ()),
    ],
)
def test_title_gives_up_the_name_of_its_site_and_its_topics(tmp_path, line, title, source, tags):
    article = read(tmp_path, f"{line}\n\n" + "\n\n".join(BODY))
    assert (article.title, article.source, article.tags) == (title, source, tags)


def test_text_without_a_title_takes_the_name_of_its_file(tmp_path):
    assert read(tmp_path, BODY[0] * 3, "2023-harbour_vote.txt").title == "2023 harbour vote"


def test_date_in_the_name_of_the_file_comes_before_its_time_which_copying_changes(tmp_path):
    for name, published in (
        ("2024-05-04-story.txt", datetime(2023, 9, 4, 12, tzinfo=UTC)),
        ("story_20240504.txt", datetime(2023, 9, 4, 12, tzinfo=UTC)),
    ):
        (tmp_path / name).write_text(SCRAPED)
        (article,) = read_articles([tmp_path / name])
        assert article.published == published


def test_without_as_of_ages_count_from_the_time_of_the_file(tmp_path):
    file = tmp_path / "story.txt"
    file.write_text(SCRAPED)
    os.utime(file, (AS_OF.timestamp(), AS_OF.timestamp()))
    (article,) = read_articles([file])
    assert article.published == datetime(2023, 9, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "authors", "paper"),
    [
        ("Eva Rot - 07 Apr 2024", "Eva Rot", None),
        ("07 Apr 2024 | Eva Rot", "Eva Rot", None),
        ("Eva Rot and Jan van der Ek · 07 Apr 2024", "Eva Rot and Jan van der Ek", None),
        ("Eva Rot (07 Apr 2024)", "Eva Rot", None),
        ("Posted by Eva Rot on 07 Apr 2024", "Eva Rot", None),
        ("Eva Rot / Elden Courier / 07 Apr 2024", "Eva Rot", "Elden Courier"),
        ("Eva Rot, Elden Courier, 07 Apr 2024", "Eva Rot", "Elden Courier"),
        ("The Lamp - 07 Apr 2024", None, "The Lamp"),
    ],
)
def test_name_beside_a_day_is_of_who_wrote_or_of_the_paper(line: str, authors: str | None, paper: str | None):
    found = head_of(f"Night ferry\n{line}\n\n{FERRY}")
    assert (found.get("authors"), found.get("source")) == (authors, paper if paper else found.get("source"))
    assert (parse_published(found["published"], as_of=AS_OF), found["text"]) == (
        parse_published("2024-04-07", as_of=AS_OF), FERRY,
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["Port Elden, Norland, 7 April 2024", "The ferry sank - 7 April 2024", "Eva Rot - Elden", "Eva Rot"],
)
def test_what_may_be_a_place_or_a_sentence_stays_in_the_text(line: str):
    assert head_of(f"Night ferry\n{line}\n\n{FERRY}")["text"] == f"{line}\n\n{FERRY}"


@pytest.mark.parametrize(
    ("byline", "authors", "day"),
    [
        ("By Ann Lee, 7 April 2024", "Ann Lee", "7 April 2024"),
        ("By Ann Lee and Bo Ek, April 7, 2024", "Ann Lee and Bo Ek", "April 7, 2024"),
        ("By Ann Lee, Coast Gazette", "Ann Lee, Coast Gazette", None),
    ],
)
def test_day_behind_the_names_of_a_byline_is_the_date(byline, authors, day):
    text = f"Lamp falls\n{byline}\n\nThe lamp of the old pier fell into the sea on Monday."
    fields = read_text(text, name="a", as_of=datetime(2024, 5, 1, tzinfo=UTC))
    assert (fields["authors"], fields.get("published")) == (authors, day)


def head_of(text: str) -> dict[str, object]:
    return dict(read_text(text, name="file", as_of=datetime(2026, 11, 28, tzinfo=UTC)))


FERRY = "The night ferry will start on 7 December, the harbour said."


def test_labels_may_open_a_text_and_name_the_title_too():
    for head in ("Title: Night ferry\nDate: 2026-11-20\nSource: Lindmark Courier",
                 "Source: Lindmark Courier\nDate: 2026-11-20\nHeadline: Night ferry",
                 "Date: 2026-11-20\nSource: Lindmark Courier\nNight ferry"):  # fmt: skip
        found = head_of(f"{head}\n\n{FERRY}")
        assert (found["title"], found["published"], found["source"], found["text"]) == (
            "Night ferry", "2026-11-20", "Lindmark Courier", FERRY,
        )  # fmt: skip


def test_a_title_that_is_named_below_the_title_is_text():
    found = head_of(f"Harbour notes\nTitle: Night ferry\n\n{FERRY}")
    assert (found["title"], found["text"]) == ("Harbour notes", f"Title: Night ferry\n\n{FERRY}")


def test_a_name_above_the_date_is_the_source():
    found = head_of(f"Night ferry\nThe Lindmark Courier\n\n27 November 2026\n\n{FERRY}")
    assert (found["source"], found["published"], found["text"]) == (
        "The Lindmark Courier", "27 November 2026", FERRY,
    )  # fmt: skip


@pytest.mark.parametrize("line", ["It starts soon.", "the harbour said", "Ada Lind said on Monday"])
def test_a_sentence_above_a_date_is_text(line: str):
    found = head_of(f"Night ferry\n{line}\n27 November 2026\n{FERRY}")
    assert found["source"] == ""
    assert str(found["text"]).startswith(line)


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("NORRBY, 24 November 2026 - The strike ended.", "24 November 2026"),
        ("Port Ellery, Nov 24 2026 — The strike ended.", "Nov 24 2026"),
        ("NORRBY, 24 November 2026\nThe strike ended.", "24 November 2026"),
        ("The strike, which began in 2019 - the longest - ended.", None),
        ("In Norrby, 24 ships waited.", None),
    ],
)
def test_the_day_of_a_dateline_is_the_date_and_stays_in_the_text(opening: str, day: str | None):
    found = head_of(f"Ferry strike ends\n\n{opening}")
    assert (found.get("published"), found["text"]) == (day, opening)


def test_blank_lines_above_the_title_are_none_of_it():
    assert head_of("\n \nLamp falls\nThe lamp fell into the sea.") == {
        "source": "",
        "tags": [],
        "title": "Lamp falls",
        "text": "The lamp fell into the sea.",
    }


def test_a_text_that_ends_with_its_head_has_no_body():
    fields = head_of("Lamp falls\nBy Ann Lee\n3 May 2024\n")
    assert (fields["title"], fields["authors"], fields["published"], fields["text"]) == (
        "Lamp falls",
        "Ann Lee",
        "3 May 2024",
        "",
    )


def test_a_label_for_a_date_that_names_none_is_text():
    fields = head_of("Lamp falls\nDate: to be announced\nThe lamp fell into the sea.")
    assert "published" not in fields
    assert fields["text"] == "Date: to be announced\nThe lamp fell into the sea."


@pytest.mark.parametrize(
    ("line", "day", "unit"),
    [
        ("21 February 2021", "2021-02-21", ""),
        ("2021-02-21", "2021-02-21", ""),
        ("Feb 21", "2024-02-21", "day"),  # the last one before the file's day
        ("• 3 days ago", "2024-05-01", "day"),
    ],
)
def test_day_above_the_title_is_the_date_and_no_title(tmp_path, line, day, unit):
    article = read(tmp_path, f"{line}\n\nTram drivers get new caps\n\nThe drivers get caps since it is warm.")
    assert (article.title, article.text) == (
        "Tram drivers get new caps",
        "The drivers get caps since it is warm.",
    )
    assert article.published is not None
    assert (str(article.published.date()), article.approximate_to) == (day, unit)


@pytest.mark.parametrize("title", ["1999", "911", "24/7", "May"])
def test_number_or_name_above_the_text_stays_its_title(tmp_path, title):
    text = "The drivers get caps.\n\nThey are of felt, and were asked for by nobody at all."
    assert read(tmp_path, f"{title}\n\n{text}").title == title


def test_day_above_a_text_without_a_title_stays_where_it_is(tmp_path):
    text = "The drivers get caps, and they are of felt, and were asked for by nobody at all."
    assert read(tmp_path, f"21 February 2021\n\n{text}").title == "21 February 2021"
