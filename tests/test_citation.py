"""A quote is cited by what is known of its article, and survives the form that it is put into."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from qa.citation import citations
from qa.ingest.articles import read_articles
from qa.news.times import days_of_writing
from qa.records import Answer, Article

ROOT = Path(__file__).resolve().parent.parent
TEXT = "It rained. At least 3,400 people died, officials said on Monday. It rained again."
ARTICLE = Article(
    "a",
    "Quake hits Turkey",
    TEXT,
    datetime(2023, 2, 6, tzinfo=UTC),
    source="Meridian Wire",
    url="https://example.org/a?x=1&y=2",
    authors=("Selin Aksoy", "Bo Li"),
)
QUOTE = "At least 3,400 people died, officials said on Monday."


def cited(article: Article) -> dict[str, str]:
    start = article.text.index("3,400")
    return {one.form: one.text for one in citations(Answer(article, start, start + 5, 0.8, 1.0))}


def test_plain_citation_is_the_whole_sentence_with_its_source():
    assert cited(ARTICLE)["Plain"] == (
        f"“{QUOTE}” (Selin Aksoy, Bo Li, Quake hits Turkey, Meridian Wire, 6 February 2023, "
        "https://example.org/a?x=1&y=2)"
    )


def test_quote_of_a_title_is_cited_from_the_title():
    start = ARTICLE.title.index("Turkey")
    (plain, *_) = citations(Answer(ARTICLE, start, start + 6, 0.8, 1.0, where="title"))
    assert plain.text.startswith("“Quake hits Turkey” (Selin Aksoy")


def test_markdown_is_a_quotation_whose_title_is_a_link():
    assert cited(ARTICLE)["Markdown"] == (
        f"> {QUOTE}\n>\n> Selin Aksoy, Bo Li, [Quake hits Turkey](<https://example.org/a?x=1&y=2>), "
        "Meridian Wire, 6 February 2023"
    )


def test_bibtex_has_what_is_known():
    assert cited(ARTICLE)["BibTeX"] == (
        "@article{MeridianWire2023Quake,\n"
        "  title = {Quake hits Turkey},\n"
        "  author = {Selin Aksoy and Bo Li},\n"
        "  journal = {Meridian Wire},\n"
        "  date = {2023-02-06},\n"
        "  year = {2023},\n"
        "  url = {https://example.org/a?x=1&y=2},\n"
        f"  note = {{“{QUOTE}”}}\n"
        "}"
    )


def test_csl_json_has_what_is_known():
    assert json.loads(cited(ARTICLE)["CSL-JSON"]) == [
        {
            "id": "MeridianWire2023Quake",
            "type": "article-newspaper",
            "title": "Quake hits Turkey",
            "author": [{"literal": "Selin Aksoy"}, {"literal": "Bo Li"}],
            "container-title": "Meridian Wire",
            "URL": "https://example.org/a?x=1&y=2",
            "note": f"“{QUOTE}”",
            "issued": {"date-parts": [[2023, 2, 6]]},
        }
    ]


def test_nothing_is_made_up_for_what_is_unknown():
    bare = cited(Article("a", "", TEXT, url="javascript:alert(1)"))
    assert bare["Plain"] == f"“{QUOTE}” (Untitled article)"
    assert "javascript" not in "".join(bare.values())
    (item,) = json.loads(bare["CSL-JSON"])
    assert set(item) == {"id", "type", "title", "note"}
    assert re.findall(r"^  (\w+) =", bare["BibTeX"], re.MULTILINE) == ["title", "note"]


@pytest.mark.parametrize(
    ("unit", "parts", "is_dated"),
    [("month", [2023, 2], False), ("year", [2023], False), ("", [2023, 2, 6], True)],
)
def test_date_is_no_finer_than_it_is_known(unit: str, parts: list[int], is_dated: bool):
    known = cited(replace(ARTICLE, approximate_to=unit))
    assert json.loads(known["CSL-JSON"])[0]["issued"] == {"date-parts": [parts]}
    assert ("date = {2023-02-06}" in known["BibTeX"]) is is_dated


def test_markup_in_the_article_stays_text_in_every_form():
    hostile = r"100% *of* <b>x</b> [a](javascript:x) \alpha {b} #1 $x_1$ & \u202e~"
    article = replace(ARTICLE, text=f"{hostile} 3,400 died.", title=hostile, url="https://e.org/}{\\x")
    known = cited(article)
    assert json.loads(known["CSL-JSON"])[0]["title"] == hostile
    shown = re.sub(r"</?(?:p|blockquote|a)\b[^>]*>", "", MarkdownIt().render(known["Markdown"]))
    assert "<" not in shown
    for line in known["BibTeX"].splitlines()[1:-1]:
        value = line.partition(" = {")[2].rstrip(",").removesuffix("}")
        bare = re.sub(r"\\textbackslash\{\}|\\[\^~]\{\}|\\[{}$&#%_]", "", value)
        assert not re.search(r"[{}\\]", bare), line


def test_day_that_is_cited_is_that_of_utc_as_the_docs_say(tmp_path: Path):
    said = re.search(
        r"`(2023-08-10T[^`]+)` is ([\w ]+)", (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    )
    assert said is not None
    text = "WAILUKU, Hawaii, Aug 10 - The toll rose to 3,400 on Thursday, he said."
    file = tmp_path / "wire.jsonl"
    file.write_text(json.dumps({"title": "Fire", "text": text, "published": said[1]}), encoding="utf-8")
    (article,) = read_articles([file])
    assert isinstance(article, Article)
    assert article.published == datetime(2023, 8, 11, 3, 30, tzinfo=UTC)
    assert said[2] == "11 August 2023" and said[2] in cited(article)["Plain"]
    assert days_of_writing(article) == (date(2023, 8, 10),)  # what "on Thursday" counts from
