"""A tag of thousands of attributes is taken out, or its feed refused, before a parser compares them all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.floods import MOST_ATTRIBUTES, has_flood, without_floods
from qa.records import Article
from qa.reports import Skipped
from tests.growth import MOST_RATIO, grows

TEXT = "The ship is in the harbour now, and it came from the north at noon."
FLOOD = " ".join(f'a{number}="1"' for number in range(2 * MOST_ATTRIBUTES))
ENOUGH = " ".join(f"a{number}" for number in range(MOST_ATTRIBUTES))


@pytest.mark.parametrize(
    "text",
    [
        "no tag at all " * 400, f"<p {ENOUGH}>x</p>", f'<p {ENOUGH} />y', f"<!-- <p {FLOOD}> --> z",
        f"<script>for (i=0; i<n {FLOOD} ;)</script><p>z", "<p>" * 900, f"5 <6 {FLOOD}", '<a b="' * 300,
        f'<p title="{FLOOD.replace(chr(34), "")}">z',
    ],
)  # fmt: skip
def test_what_is_no_flood_stays_to_the_letter(text: str):
    assert without_floods(text) == text


@pytest.mark.parametrize(
    ("before", "tag", "after"),
    [
        ("x", f"<p {FLOOD}>", "y"), ("x", f"<p b='>' {FLOOD}>", "y"), 
        ("x", f'<p b = "<!--" {FLOOD}/>', "-->y"),
        ("x<!-->", f"<p {FLOOD}>", "y"), ("<script/>", f"<p {FLOOD}>", "y"),
        ("<script>", f"<p {FLOOD}>", "y"),
        ("x", f"<script {FLOOD}>", "y"), ("x", f"<p {FLOOD}", ""),
        ("x", f"<p/{FLOOD.replace(' ', '/')}>", "y"),
        ("x", f"<p {FLOOD.replace(' ', ' < ')}>", "y"), ("x", f"<p {FLOOD.replace(' ', ' </b ')}>", "y"),
        ("x", f'<p " {FLOOD.replace(chr(34), "")} ">', "y"), ("<title><x a='</title>", f"<p {FLOOD}>", "y'>"),
        ("x", "<p " + "= " * 4 * MOST_ATTRIBUTES + ">", "y"), ("İ<b>", f"<P {FLOOD}>", "y"),
    ],
)  # fmt: skip
def test_flood_goes_wherever_it_hides(before: str, tag: str, after: str):
    assert without_floods(before + tag + after) == f"{before} {after}"


def test_flood_in_xml_is_found_and_what_looks_like_one_is_not():
    assert has_flood(f"<a><é {FLOOD}/></a>")
    assert has_flood(f"<a><![CDATA[<x b='1]]><c {FLOOD}/>'</a>")
    assert has_flood(f"<?x <y b='?><c {FLOOD}/>'")
    assert not has_flood(f"<?><a><!-- <c {FLOOD}/> --><![CDATA[<c {FLOOD}/>]]></a>")


def test_article_keeps_its_text_and_a_feed_is_refused_in_one_line(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "A", "text": f"<p {FLOOD}>{TEXT}</p>"}))
    (tmp_path / "b.html").write_text(f"<html {FLOOD}><body><p>{TEXT}</p></body></html>")
    item = f"<item><title>T</title><description>{TEXT}</description></item>"
    (tmp_path / "c.rss").write_text(f"<rss><channel {FLOOD}>{item}</channel></rss>")
    first, second, third = read_articles([tmp_path])
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.text, second.text) == (TEXT, TEXT)
    assert third == Skipped(
        str(tmp_path / "c.rss"), "The feed is refused: a tag has more than 500 attributes."
    )


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<p ", "<script>", '<a b="', "='", "a ", "<p><!-- -->", "<?", "<![CDATA[", '="', "</script",
     "<title>"],
)  # fmt: skip
def test_looking_for_them_takes_time_in_proportion(piece: str):
    assert MOST_RATIO < 4
    for work in (without_floods, has_flood):
        assert grows(lambda many, work=work: work("<p " + piece * (many // len(piece))), 100_000) is None
