"""Columns with names of every kind, and with none: the name tells, else the values; a guess is said."""

import json

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.fields import field_named
from qa.ingest.ledger import Ledger
from qa.records import Article

WORDS = ("lamp", "boat", "pier", "harbour", "keeper", "sailor", "ferry", "storm", "island", "bridge")


def prose(n: int) -> str:
    return f"The {WORDS[n % 10]} of Elden was seen on day {n} by many people, who told the paper at length."


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ("article_link news_url story-link permalink", "url"),
        ("source_title pubtitle media_name source_domain newspaper_name Zeitung journal 来源", "source"),
        ("full_text storyText bodyText texte contenu Inhalt texto 正文 본문 текст article_body", "text"),
        ("webTitle titre titulo título Überschrift 标题 news_title", "title"),
        (
            "date_publication fecha Datum pub_date article_date date_publish дата publish_date_utc",
            "published",
        ),
        ("motscles rubrique Ressort news_category", "tags"),
        ("auteur autor article_author", "authors"),
    ],
)
def test_names_of_exports_and_of_other_languages_are_known(names, field):
    assert [field_named(name) for name in names.split()] == [field] * len(names.split())


@pytest.mark.parametrize(
    "name", ["image_url", "title_length", "author_bio", "comment_text", "word_count", "lang"]
)
def test_names_of_other_things_are_not_taken(name):
    assert field_named(name) is None


def rows(**columns):
    return [{name: make(n) for name, make in columns.items()} for n in range(10)]


def read(tmp_path, records, **options) -> tuple[list[Article], tuple[str, ...]]:
    file = tmp_path / "a.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    ledger = Ledger()
    return list(read_articles([file], ledger=ledger, **options)), tuple(map(str, ledger.notes()))


UNKNOWN = {
    "k1": lambda n: 1000 + n,
    "k2": lambda n: f"https://e.example/{n}",
    "k3": lambda n: f"{WORDS[n].title()} seen again near the old town",
    "k4": lambda n: f"2023-05-{n + 1:02} 10:00",
    "k5": lambda n: ("Coast Gazette", "Pier Post")[n % 2],
    "k6": prose,
    "k7": lambda n: "politics" if n % 2 else "sports",
    "k8": lambda n: json.dumps([{"Label": f"{WORDS[n]} and more words to make it long " * 9, "Type": "P"}]),
    "k9": lambda n: f"https://e.example/{n}.jpg",
}


def test_values_show_the_field_where_names_are_unknown(tmp_path):
    articles, notes = read(tmp_path, rows(**UNKNOWN))
    first = articles[0]
    assert (first.title, first.text, first.source) == (
        "Lamp seen again near the old town",
        prose(0),
        "Coast Gazette",
    )
    assert (first.url, f"{first.published:%Y-%m-%d %H:%M}") == ("https://e.example/0", "2023-05-01 10:00")
    assert {note.rsplit("jsonl: ", 1)[1] for note in notes} == {
        "taken as body: k6.",
        "taken as title: k3.",
        "taken as date: k4.",
        "taken as url: k2.",
        "taken as source: k5.",
    }


def test_mapping_by_hand_comes_before_a_guess(tmp_path):
    articles, notes = read(tmp_path, rows(**UNKNOWN), mapping={"title": "k7", "source": "k1"})
    assert (articles[1].title, articles[1].source) == ("politics", "1001")
    assert not any("title" in note or "source" in note for note in notes)


def test_known_summary_gives_way_to_a_column_of_long_prose(tmp_path):
    made = rows(
        headline=lambda n: f"Number {n} of a list",
        summary=lambda n: f"Short word {n} told here.",
        k6=lambda n: prose(n) * 6,
    )
    articles, _ = read(tmp_path, made)
    assert articles[3].text == f"Short word 3 told here.\n\n{(prose(3) * 6)}"


def test_header_of_unknown_names_is_not_a_row(tmp_path):
    lines = ["wer;wann;was"] + [f"{WORDS[n]};2023-05-{n + 1:02};{prose(n)}" for n in range(5)]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    articles = list(read_articles([tmp_path / "a.csv"]))
    assert [article.text for article in articles] == [prose(n) for n in range(5)]
    assert f"{articles[0].published:%d.%m.%Y}" == "01.05.2023"


def test_table_without_header_is_read_by_its_values(tmp_path):
    lines = [
        f"N{n}\tsports\tfootball\t{WORDS[n].title()} wins the game of the day\t{prose(n)}\thttps://e.example/{n}"
        for n in range(9)
    ]
    (tmp_path / "news.tsv").write_text("\n".join(lines))
    articles = list(read_articles([tmp_path / "news.tsv"]))
    assert len(articles) == 9
    assert (articles[0].title, articles[0].text) == ("Lamp wins the game of the day", prose(0))
    assert articles[0].url == "https://e.example/0"


def test_headline_is_the_text_of_a_record_without_a_description(tmp_path):
    rows = [
        {"headline": "Mayor Renn resigns", "short_description": "", "date": "2022-09-23"},
        {"headline": "Cat found in Elden", "short_description": "At last.", "date": "2022-09-22"},
        {"headline": "Lamp falls", "short_description": prose(1), "date": "2022-09-21"},
    ]
    for many in (1, 2, 3):
        ledger = Ledger()
        (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows[:many])))
        found = list(read_articles([tmp_path / "a.jsonl"], ledger=ledger))
        texts = ["Mayor Renn resigns", "At last.", prose(1)]
        assert [one.text for one in found] == texts[:many]
        said = " ".join(map(str, ledger.notes()))
        assert ("headlines only" in said, "their headline is the text" in said) == (many == 1, many > 1)


def test_headline_is_no_text_of_a_record_whose_body_was_not_fetched(tmp_path):
    rows = [
        {"headline": "Mayor Renn resigns", "body": "", "date": "2022-09-23"},
        {"headline": "Lamp falls", "body": prose(1), "date": "2022-09-21"},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    empty, article = read_articles([tmp_path / "a.jsonl"])
    assert (empty.why, article.text) == ("There is no text; its fields are headline, body, date.", prose(1))


def test_archive_of_headlines_is_read_and_said(tmp_path):
    lines = [
        "publish_date,headline_text",
        "20230501,lamp falls into sea",
        "20230502,boat sinks",
        "20230503,gone",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    ledger = Ledger()
    found = list(read_articles([tmp_path / "a.csv"], ledger=ledger))
    assert [(one.title, one.text) for one in found[:1]] == [("lamp falls into sea",) * 2]
    assert [one.why for one in found[1:]] == [
        "The article has only 2 words of text; 3 are the least.",
        "The article has only 1 word of text; 3 are the least.",
    ]
    assert any("there are headlines only; the headline is the text" in str(note) for note in ledger.notes())


def test_most_articles_without_date_source_or_title_are_reported_with_the_columns(tmp_path):
    made = rows(text=prose, zeit=lambda n: f"Tag {n}", ort=lambda n: f"O{n}")
    _, notes = read(tmp_path, made)
    cure = "if a column holds it, name it with --map {}=COLUMN (there are: zeit, ort)."
    assert notes[:3] == tuple(
        f"10 of 10 articles lack a {field}; {cure.format(field)}" for field in ("date", "source", "title")
    )


def test_nothing_is_reported_where_most_articles_have_all_fields(tmp_path):
    made = rows(
        text=prose, title=lambda n: f"T {n}", source=lambda n: "Gazette", date=lambda n: "2023" if n else ""
    )
    assert read(tmp_path, made)[1] == ()


def test_share_of_the_text_that_is_not_in_english_is_said(tmp_path):
    english = "The lamp of the old pier fell into the sea and nobody was hurt."  # 63 characters
    french = "La lampe du vieux port est tombée dans la mer et les pêcheurs ont vu."
    made = [{"title": "", "text": english + f" {n}", "date": "2023-05-01", "source": "a"} for n in range(8)]
    told = "12 % of the text is not in English (1 of 9 articles); the models read English, "
    _, notes = read(tmp_path, [*made, {**made[0], "text": french}])
    assert f"{told}and answers from it are marked." in notes
    _, notes = read(tmp_path, made)
    assert not any("English" in note for note in notes)


def test_columns_that_give_a_field_are_not_named_as_those_that_may_hold_another(tmp_path):
    record = {
        "headline": "Lamp falls",
        "text": prose(0),
        "meta": {"desk": "x", "published": "2023-05-01"},
        "zzz": "q",
    }
    ledger = Ledger()
    (tmp_path / "a.json").write_text(json.dumps([record]))
    list(read_articles([tmp_path / "a.json"], ledger=ledger))
    assert [note.what for note in ledger.notes()] == [
        "1 of 1 articles lack a source; if a column holds it, name it with --map source=COLUMN "
        "(there are: meta.desk, zzz)."
    ]


def test_source_that_is_an_address_is_its_host(tmp_path):
    (tmp_path / "a.json").write_text(
        json.dumps([{"text": prose(0), "source": "https://www.gazette.example/"}])
    )
    (article,) = read_articles([tmp_path / "a.json"])
    assert article.source == "gazette.example"


@pytest.mark.parametrize("name", ["公開日", "kk"])
@pytest.mark.parametrize("value", ["2023年5月1日", "2023 년 5 월 1 일", "2023年05月01日 10:30"])
def test_dates_with_signs_for_year_month_and_day_are_read(tmp_path, name, value):
    (tmp_path / "a.json").write_text(json.dumps([{"text": prose(0), name: value}]))
    (article,) = read_articles([tmp_path / "a.json"])
    assert f"{article.published:%Y-%m-%d}" == "2023-05-01"
