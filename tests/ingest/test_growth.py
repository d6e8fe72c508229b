"""Twice the input takes twice the time: every cleaner and every format, on text made to be slow.

The regular expressions by themselves are in ``tests/test_growth.py``.
"""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.boilerplate import trim
from qa.ingest.bundles.exports import articles_of
from qa.ingest.bundles.wordpress import without_shortcodes
from qa.ingest.cleaning import clean_line, clean_text
from qa.ingest.fields import split_authors, split_tags
from qa.ingest.htmltext import plain
from qa.ingest.scraped import read_text
from qa.ingest.sources import Source
from qa.ingest.titles import split_title, without_site
from tests.growth import PIECES, grows

NOW = datetime(2024, 6, 15, tzinfo=UTC)
TEXT = "The lamp fell into the sea on Monday and nobody was hurt. "

CLEANERS: dict[str, Callable[[str], object]] = {
    "clean_text": clean_text,
    "clean_line": clean_line,
    "plain": plain,
    "trim": trim,
    "split_title": lambda text: split_title(text[:1000]),
    "without_site": lambda text: without_site(text[:1000], source="The Post", url="https://post.example/"),
    "split_authors": split_authors,
    "split_tags": split_tags,
    "read_text": lambda text: read_text(text, name="x", as_of=NOW),
    "articles_of": lambda text: list(articles_of(text, "x") or ()),
    "without_shortcodes": without_shortcodes,
}


@pytest.mark.parametrize("name", CLEANERS)
def test_cleaner_takes_time_in_proportion(name):
    clean = CLEANERS[name]
    pieces = [
        *PIECES,
        "Related\n\n",
        "#a b\n\n",
        "<script>\n",
        "<b>",
        "word\n",
        "&#5&#5",
        "a\u0301\u0323",
        "<p hidden>",
    ]
    slow = {}
    for piece in pieces:

        def work(many: int, piece: str = piece) -> object:
            return clean((piece * (many // len(piece) + 1))[:many])

        if told := grows(work, 6000):
            slow[piece] = told
    assert slow == {}


INPUTS: dict[str, Callable[[int], str]] = {
    "authors.json": lambda n: json.dumps({"text": TEXT, "authors": "a" + " " * (50 * n) + "b"}),
    "title.json": lambda n: json.dumps({"text": TEXT, "title": "a - " * (20 * n)}),
    "marks.json": lambda n: json.dumps({"text": TEXT + "a" + "\u0301\u0323" * (20 * n)}),
    "references.json": lambda n: json.dumps({"text": TEXT + "&#5" * n + "0" + ";" * n}),
    "ends.json": lambda n: json.dumps({"text": TEXT + "&#5" * n + ";" * n}),
    "colons.json": lambda n: json.dumps({"text": TEXT + "&#5" * n + "3" + ";" * n}),
    "nested.json": lambda n: json.dumps({"text": TEXT + "<" * n + "b>" * n}),
    "broken.json": lambda n: "[" + '{"a": bad},' * (2 * n) + "]",
    "quotes.csv": lambda n: "title,text\n" + 'a","\n' * n,
    "open.csv": lambda n: "title,text\n" + f'a,"{TEXT}\n' * n,
    "columns.csv": lambda n: ",".join(f"c{at}" for at in range(n)) + "\n" + ",".join("a" for _ in range(n)),
    "tags.xml": lambda n: f"<rss><channel><item><title>a</title><description>{'<b>' * n}",
    "data.xml": lambda n: (
        f"<rss><channel><item><description><![CDATA[{'<b>' * n}]]></description></item></channel></rss>"
    ),
    "deep.html": lambda n: f"<html><body><article><p>{TEXT * 5}</p>{'<div>' * n}{TEXT}",
    "hidden.html": lambda n: f"<html><body><article><p>{TEXT * 5}</p>{'<p hidden>a</p>' * n}",
    "chunks.html": lambda n: "<html><body><article>" + f"<div class=x><p>{TEXT * 2}</p></div>" * (n // 8),
    "lists.html": lambda n: (
        f"<html><body><article><p>{TEXT * 5}</p>" + f"<ul>{'<li><a>a b c</a></li>' * 5}" * (n // 8)
    ),
    "tables.html": lambda n: f"<html><body><article><p>{TEXT * 5}</p>{'<table><tr><td><p>a</p>' * (n // 20)}",
    "articles.sgm": lambda n: "<REUTERS a><BODY>x</BODY>" * n,
    "letters.mbox": lambda n: f"From a\nFrom: a\nTo: b\nSubject: c\n\n{TEXT}\n\n" * (n // 8),
    "parts.eml": lambda n: (
        "From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary=x\n\n" + "--x\n\n" * n
    ),
    "categories.xml": lambda n: (
        "<rss><channel><item>" + "".join(f"<category>c{at}</category>" for at in range(5 * n))
    ),
    "forged.xml": lambda n: (
        "<rss><channel><item>"
        + "".join(f"<!-- <item> --><![CDATA[<item>]]><category>c{at}</category>" for at in range(3 * n))
    ),
    "comment.xml": lambda n: (
        "<rss><channel><item><!-- -- >" + "".join(f"<category>c{at}</category>" for at in range(5 * n))
    ),
    "keywords.xml": lambda n: (
        "<rss xmlns:m='http://search.yahoo.com/mrss/'><channel><item><m:keywords><![CDATA["
        + "".join(f"c{at}," for at in range(5 * n))
        + "]]></m:keywords>"
    ),
    "items.xml": lambda n: (
        "<newsItem guid='a'><contentMeta>"
        + "<headline>" * min(n, 1800)
        + "</headline>" * min(n, 1800)
        + "</contentMeta></newsItem>"
    ),
    "sender.eml": lambda n: f"From: {'a ' * (10 * n)}\nTo: b\nSubject: c\n\n{TEXT}",
    "folded.eml": lambda n: "From: a\nTo: b\nSubject: " + "a\n " * (10 * n) + f"b\n\n{TEXT}",
    "encoded.eml": lambda n: f"From: a\nTo: b\nSubject: {'=?utf-8?Q?a?= ' * (2 * n)}\n\n{TEXT}",
    "nexis.txt": lambda n: "LENGTH: 1\nLOAD-DATE: 2\nEnd of Document\n" * n,
    "blank.nexis.txt": lambda n: (
        f"A\nLENGTH: 1\nLOAD-DATE: 2\n{chr(10) * (80 * n)}{TEXT}\nEnd of Document\n" * 2
    ),
    "proquest.txt": lambda n: f"{'_' * 20}\nFull text: a\n" * n,
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", INPUTS)
def test_input_takes_time_in_proportion(name):
    def work(size: int) -> object:
        data = INPUTS[name](size).encode("utf-8", "surrogatepass")
        return list(read_articles([Source(name, name[name.index(".") :], NOW, lambda: io.BytesIO(data))]))

    work(10)  # not measured: loads what is loaded once
    assert grows(work, 800) is None
