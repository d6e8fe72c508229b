"""HTML pages and feeds, sound, broken and hostile."""

import io
from datetime import UTC, datetime

import pytest

from qa.ingest.articles import read_articles
from qa.ingest.limits import HEAD_BYTES
from qa.ingest.streams import Stream, Unreadable
from qa.ingest.xmls import elements, words
from qa.records import Article
from qa.reports import Skipped

FIRST = "The harbour board of Northport will vote on the new lighthouse next week, it said on Monday."
SECOND = "The tower is to be forty metres high and would replace the lamp of 1911, which fell into the sea."


def read(tmp_path, text: str | bytes, name: str) -> list[Article | Skipped]:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_articles([file], as_of=datetime(2024, 5, 4, tzinfo=UTC)))


def page(head: str = "", body: str = f"<p>{FIRST}</p><p>{SECOND}</p>") -> str:
    return f"""<!doctype html><html><head><title>Lighthouse vote | The Post</title>{head}</head><body>
<nav><a href="/">Home</a></nav><article><h1>Lighthouse vote</h1>{body}</article>
<script>var secret = "tracking";</script><footer>All rights reserved, imprint</footer></body></html>"""


def test_page_gives_its_article_and_what_it_says_of_itself(tmp_path):
    head = """<meta charset="utf-8"><meta property="og:site_name" content="The Post">
<meta property="og:title" content="Lighthouse vote"><link rel="canonical" href="https://www.post.example/vote">
<meta property="article:published_time" content="2024-04-29T10:00:00+02:00">
<meta name="author" content="Ann Lee">
<meta name="keywords" content="sea, Northport">"""
    (article,) = read(tmp_path, page(head), "a.html")
    assert (article.title, article.text) == ("Lighthouse vote", f"{FIRST}\n\n{SECOND}")
    assert article.published == datetime(2024, 4, 29, 8, tzinfo=UTC) and not article.zone_assumed
    assert (article.source, article.url) == ("The Post", "https://www.post.example/vote")
    assert (article.authors, article.tags) == (("Ann Lee",), ("sea", "Northport"))


def test_page_without_a_site_name_takes_the_host_of_its_address(tmp_path):
    (article,) = read(tmp_path, page('<link rel="canonical" href="https://www.post.example/vote">'), "a.html")
    assert article.source == "post.example"


def test_linked_data_gives_date_and_authors(tmp_path):
    data = (
        '{"@graph": [{"@type": "NewsArticle", "headline": "Vote", "datePublished": "2024-04-29T08:00:00Z", '
    )
    data += '"author": [{"@type": "Person", "name": "Ann Lee"}]}]}'
    (article,) = read(tmp_path, page(f'<script type="application/ld+json">{data}</script>'), "a.html")
    assert article.published == datetime(2024, 4, 29, 8, tzinfo=UTC)
    assert (article.title, article.authors) == ("Vote", ("Ann Lee",))


@pytest.mark.parametrize(
    "data", ["{broken", "[1, null]", '{"@graph": null}', '{"@graph": {"a": 1}}', '"text"']
)
def test_odd_linked_data_does_no_harm(tmp_path, data):
    (article,) = read(tmp_path, page(f'<script type="application/ld+json">{data}</script>'), "a.html")
    assert article.text == f"{FIRST}\n\n{SECOND}"


def test_page_is_known_by_its_content(tmp_path):
    (article,) = read(tmp_path, page(), "page")
    assert article.text == f"{FIRST}\n\n{SECOND}"


def test_page_without_an_article_is_reported(tmp_path):
    found = read(tmp_path, "<html><body><nav>Home</nav></body></html>", "a.html")
    assert [item.where for item in found] == [f"{tmp_path}/a.html"] and isinstance(found[0], Skipped)


def rss(*items: str, head: str = "", end: str = "</channel></rss>") -> str:
    return (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>The Post</title>{"".join(items)}{end}'
    )


def item(title: str, more: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>https://post.example/{title}</link><description>"
        f"&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;</description>{more}</item>\n"
    )


def test_rss_entry_becomes_an_article_of_the_channel(tmp_path):
    more = (
        "<pubDate>Mon, 29 Apr 2024 10:00:00 +0200</pubDate><category>sea</category><category>Sea</category>"
    )
    (article,) = read(tmp_path, rss(item("one", more)), "feed.xml")
    assert (article.title, article.text) == ("one", f"{FIRST}\n\n{SECOND}")
    assert article.published == datetime(2024, 4, 29, 8, tzinfo=UTC)
    assert (article.source, article.url, article.tags) == ("The Post", "https://post.example/one", ("sea",))


def test_source_of_an_entry_comes_before_that_of_the_channel(tmp_path):
    (article,) = read(
        tmp_path, rss(item("one", '<source url="https://x.example">The Wire</source>')), "feed.rss"
    )
    assert article.source == "The Wire"


def test_atom_entry_takes_its_longest_text(tmp_path):
    text = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title><entry><title>one</title>
<id>urn:1</id><link href="https://post.example/1"/><updated>2024-04-29T08:00:00Z</updated>
<author><name>Ann Lee</name></author><summary>A summary of six words only.</summary>
<content type="html">&lt;p&gt;{FIRST}&lt;/p&gt;</content></entry></feed>"""
    (article,) = read(tmp_path, text, "feed")
    assert (article.id, article.text, article.authors) == ("urn:1", FIRST, ("Ann Lee",))


def test_script_and_title_tags_in_an_entry_leave_no_trace(tmp_path):
    text = rss(
        item("&lt;b&gt;bold&lt;/b&gt; &amp;amp; brave", "").replace(
            "</description>", "&lt;script&gt;x()&lt;/script&gt;</description>"
        )
    )
    (article,) = read(tmp_path, text.replace("<link>", "<guid>").replace("</link>", "</guid>"), "feed.xml")
    assert (article.title, article.text) == ("bold & brave", f"{FIRST}\n\n{SECOND}")


def test_broken_feed_gives_what_came_before_the_error_and_its_line(tmp_path):
    found = read(tmp_path, rss(item("one"), item("two"), "<item><title>three</ti", end=""), "feed.xml")
    assert [entry.title for entry in found[:2]] == ["one", "two"]
    assert found[-1].where == f"{tmp_path}/feed.xml:3"
    assert found[-1].why.startswith("The feed's XML is broken: ")


def test_entity_of_html_is_no_fault_of_a_feed(tmp_path):
    (article,) = read(tmp_path, rss(item("caf&eacute;")), "feed.xml")
    assert article.title == "café"


def test_billion_laughs_are_harmless(tmp_path):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE rss [<!ENTITY l0 "laugh"><!ENTITY file SYSTEM "file:///etc/passwd">{laughs}]>'
    found = read(
        tmp_path, rss(item("one", "<category>&l11;&file;</category>"), item("two"), head=head), "feed.xml"
    )
    assert all(len(str(entry)) < 5000 and "root:" not in str(entry) for entry in found)


HIDDEN = {
    "comment that closes at once": "<!--> <a --><!DOCTYPE {root} [{entity}]>",
    "comment of tags": "<!-- <rss> <nitf> --><!DOCTYPE {root} [{entity}]>",
    "instruction": "<?x <a ?><!DOCTYPE {root} [{entity}]>",
    "quoted name": '<!DOCTYPE {root} SYSTEM "<a" [{entity}]>',
    "comment in the declaration": "<!DOCTYPE {root} [<!-- <a> -->{entity}]>",
    "marked section in comments": "<!DOCTYPE {root} [<!-- <![CDATA[ -->{entity}<!-- ]]> -->]>",
    "element in the declaration": "<!DOCTYPE {root} [<!ELEMENT a ANY> <!-- ]> <a> -->{entity}]>",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("prolog", HIDDEN.values(), ids=HIDDEN.keys())
@pytest.mark.parametrize("root", ["rss", "nitf"])
def test_entities_are_found_wherever_the_prolog_hides_them(tmp_path, root: str, prolog: str, encoding: str):
    hidden = prolog.format(root=root, entity='<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">')
    body = (
        f"<rss><channel>{item('one', '<category>&b;</category>')}</channel></rss>"
        if root == "rss"
        else f"<nitf><body><body.content><p>{'A strong quake. ' * 9}&b;</p></body.content></body></nitf>"
    )
    (tmp_path / "a.xml").write_bytes(f"{hidden}{body}".encode(encoding))
    found = list(read_articles([tmp_path / "a.xml"]))
    assert [type(one) for one in found] == [Skipped]
    assert "declares entities of its own" in found[0].why or "unknown" in found[0].why, found[0].why


def test_xml_whose_prolog_goes_on_and_on_is_refused():
    nitf = "<nitf><body>A strong quake.</body></nitf>"
    for filling, whole in ((700, True), (HEAD_BYTES, False)):
        stream = Stream.opened(io.BytesIO(f"<!-- {'x' * filling} -->{nitf}".encode()))
        if whole:
            assert [words(element) for element in elements(stream, ("nitf",))] == ["A strong quake."]
        else:
            with pytest.raises(Unreadable, match="no element begins in its first"):
                list(elements(stream, ("nitf",)))


@pytest.mark.parametrize("name", ["a.xml", "a"])
def test_xml_of_another_kind_is_reported(tmp_path, name):
    (fault,) = read(tmp_path, '<?xml version="1.0"?><!-- x --><ledger><body>text</body></ledger>', name)
    assert (
        fault.why == "This is XML of an unknown kind (<ledger>); RSS, Atom, NewsML, NITF and HTML are read."
    )


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["<!-- -->", "<!DOCTYPE x [ ]>", "<?x ?>", "<!-- "])
def test_endless_prolog_does_not_hang(tmp_path, piece):
    assert isinstance(read(tmp_path, piece * 9000, "a.xml")[0], Skipped)
