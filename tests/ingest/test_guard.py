"""No exception of any record, reader or library ends a build: each is one line, and the rest is read."""

import builtins
import json

import feedparser
import pytest

from qa.ingest import guard
from qa.ingest.articles import read_articles
from qa.ingest.formats import FORMATS, Format
from qa.ingest.preview import preview
from qa.ingest.raw import Raw
from qa.records import Article
from qa.reports import Skipped

TEXT = "The lamp fell into the sea on Monday and nobody was hurt."


def exceptions() -> list[type[Exception]]:
    """Return every kind of exception that Python has and that can be made without arguments."""
    found = []
    for kind in vars(builtins).values():
        if isinstance(kind, type) and issubclass(kind, Exception):
            try:
                kind("odd \x1b[31m text")
            except TypeError:
                continue
            found.append(kind)
    return found


KINDS = exceptions()


def test_there_are_many_kinds():
    assert len(KINDS) > 40


def lines(tmp_path, many: int = 3):
    file = tmp_path / "a.jsonl"
    file.write_text(
        "".join(json.dumps({"title": f"T{n}", "text": f"{TEXT} {n}"}) + "\n" for n in range(many))
    )
    return file


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_record_that_raises_costs_only_itself(tmp_path, monkeypatch, kind):
    whole = guard.assemble

    def assemble(raw: Raw, *rest: object):
        if raw.fields["title"] == "T1":
            raise kind("odd")
        return whole(raw, *rest)

    monkeypatch.setattr(guard, "assemble", assemble)
    one, fault, three = read_articles([lines(tmp_path)])
    assert (one.title, three.title) == ("T0", "T2")
    assert fault.where.endswith("a.jsonl:2") and fault.why.startswith("It cannot be read (")
    assert len(preview([lines(tmp_path)]).skipped) == 1


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_reader_that_raises_costs_only_its_file(tmp_path, monkeypatch, kind):
    def read(stream, asked):
        yield Raw(f"{asked.name}:1", {"title": "before", "text": TEXT})
        raise kind("odd")

    odd = Format("odd", lambda head: head.data.startswith(b"ODD"), read)
    monkeypatch.setattr("qa.ingest.formats.FORMATS", (odd, *FORMATS))
    (tmp_path / "0.odd").write_bytes(b"ODD text")
    lines(tmp_path, 1)
    found = list(read_articles([tmp_path]))
    assert [one.title for one in found if isinstance(one, Article)] == ["before", "T0"]
    assert [one.where.startswith(f"{tmp_path}/0.odd") for one in found if isinstance(one, Skipped)] == [True]


def rss(body: str, head: str = '<?xml version="1.0"?>') -> str:
    item = f"<item><title>Lamp</title><description>{TEXT} {body}</description></item>"
    return f"{head}<rss version='2.0'><channel><title>Post</title>{item}</channel></rss>"


@pytest.mark.parametrize(
    "text",
    [
        rss("&#xD800;"),
        rss("&#55296; &#1114112; &#x7FFFFFFF; &#0; &#99999999999;"),
        rss("", '<?xml version="1.0" encoding="no-such-thing"?>'),
        rss("", '<?xml version="1.0" encoding="utf-16"?>'),
        rss("", '<?xml version="1.0" encoding="rot13"?>'),
        rss("").replace("<title>Lamp</title>", "<link/><category/><author/><source/><guid/>"),
        rss("").replace("<title>Lamp</title>", "<pubDate>Mon, 03 Jul 2023 10:00:00 +9999</pubDate>"),
        rss("").replace("<title>Lamp</title>", "<pubDate>Mon, 99 Foo 20230 99:99:99 GMT+99</pubDate>"),
    ],
)
def test_odd_feed_gives_its_entry(tmp_path, text):
    (tmp_path / "a.xml").write_text(text)
    found = list(read_articles([tmp_path / "a.xml"]))
    assert [one.text[:57] for one in found if isinstance(one, Article)] == [TEXT]


@pytest.mark.parametrize("depth", [500, 5000])
def test_tags_nested_deep_are_a_line(tmp_path, depth):
    (tmp_path / "a.xml").write_text(rss("<b>" * depth + "</b>" * depth))
    (fault,) = read_articles([tmp_path / "a.xml"])
    assert fault.why == "The feed is refused: its tags are nested more than 200 deep."


NAMES = [f"c{number}" for number in range(1001)]
MANY = "".join(f"<category>{name}</category>" for name in NAMES)
KEYWORDS = "<m:keywords xmlns:m='http://search.yahoo.com/mrss/'>{}</m:keywords>"
FORGED = "<!-- <item> --><![CDATA[<item>]]>"


def rss_with(topics: str, before: str) -> str:
    """Return a feed with these topics before a tag of it."""
    return rss("").replace(before, f"{topics}{before}", 1)


@pytest.mark.parametrize(
    "topics",
    [
        MANY,
        MANY.upper().replace("CATEGORY", "DC:SUBJECT"),
        "".join(f"<category term='{name}'/>" for name in NAMES),
        f"<![CDATA[<!--]]>{MANY}<![CDATA[-->]]>",
        MANY.replace("<category>", f"{FORGED}<category>"),
        f"<!-- -- >{MANY}",  # a comment to the end for XML; not for the reader of what is no XML
        f"<!-- -- >{MANY.replace('<category>', f'{FORGED}<category>')}",
        KEYWORDS.format(",".join(NAMES)),
        KEYWORDS.format(f"<![CDATA[{','.join(NAMES)}]]>"),
        KEYWORDS.format("&#44;".join(NAMES)),
    ],
)
def test_entry_of_too_many_topics_keeps_the_first_of_them(tmp_path, topics):
    for text, kept in ((rss_with(topics, "<title>Lamp"), NAMES[:200]), (rss_with(topics, "<item>"), [])):
        (tmp_path / "a.xml").write_text(text)
        article, *_ = read_articles([tmp_path / "a.xml"])
        assert ([tag.lower() for tag in article.tags], article.title) == (kept, "Lamp")


def test_topic_that_an_entry_names_twice_is_kept_once(tmp_path):
    (tmp_path / "a.xml").write_text(
        rss_with("<category>c</category><category domain='d'>c</category>" * 3, "<title>Lamp")
    )
    (article,) = read_articles([tmp_path / "a.xml"])
    assert article.tags == ("c",)


def test_library_of_feeds_reads_for_others_as_before(tmp_path):
    feed = rss_with(MANY, "<title>Lamp")
    (tmp_path / "a.xml").write_text(feed)
    list(read_articles([tmp_path / "a.xml"]))
    assert len(feedparser.parse(feed).entries[0].tags) == 1001


def test_feed_of_many_entries_with_some_topics_each_is_read(tmp_path):
    item = "<item><title>Lamp {}</title><description>" + TEXT + " {}</description>{}</item>"
    topics = "".join(f"<category>c{number}</category>" for number in range(20)) + "<!-- <category/> -->"
    items = "".join(item.format(number, number, topics) for number in range(100))
    shown = f"<item><title>Lamp</title><description><![CDATA[{TEXT} {MANY}]]></description></item>"
    text = f"<rss version='2.0'><channel><title>s</title>{items}{shown}</channel></rss>"
    (tmp_path / "a.xml").write_text(text)
    found = list(read_articles([tmp_path / "a.xml"]))
    assert [len(one.tags) for one in found] == [20] * 100 + [0]


@pytest.mark.parametrize(
    "value",
    ["2023-07-03T10:00:00+9999", "3 July 2023 GMT+99", "99999999999999999999", "-1e300", "1e999", "\x00"],
)
def test_odd_dates_leave_the_article(tmp_path, value):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": TEXT, "date": value}) + "\n")
    (article,) = read_articles([tmp_path / "a.jsonl"])
    assert article.published is None or article.published.year == 2023
