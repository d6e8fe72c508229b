"""Twice the input takes twice the time: every pattern and every cleaner, on text made to be slow.

Ratios are compared, not seconds; what takes next to no time is not compared at all.
"""

import ast
import importlib
import inspect
import io
import json
import pkgutil
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import qa.ingest
import qa.text.dates
from qa.ingest import read_articles
from qa.ingest.boilerplate import trim
from qa.ingest.bundles.exports import articles_of
from qa.ingest.bundles.wordpress import without_shortcodes
from qa.ingest.cleaning import clean_line, clean_text
from qa.ingest.fields import split_authors, split_tags
from qa.ingest.htmltext import plain
from qa.ingest.scraped import read_text
from qa.ingest.sources import Source
from qa.ingest.titles import split_title, without_site

NOW = datetime(2024, 6, 15, tzinfo=UTC)
TEXT = "The lamp fell into the sea on Monday and nobody was hurt. "
PIECES = [
    " ", "a", "a ", "A", "<", "<a ", "<a href=", "<!--", "&", "&#5", "&amp;", "\n", "\n ", "  \n",
    "-", "- ", "a - ", " | ", '"', 'a","', "...", "…", "[", "[a=b ", "[+", "(", "1", "1 ", "1,", "12:",
    "/", "http://a", "Document 1 of ", "1 of 1 ", "_", "=", "by ", ":", "a: ", "#a ", "\u0301", "\u3000",
    "\t", "@a", "related ", "read more ", "share ", "Published ", "jan 1 ", "2024", "2024-", "2024/01/",
    "a.a", "HD  ", "Copyright ", ",", ";", "{", '{"a":1,', "}, ", "\\", "<REUTERS ", "\r\n",
    "[caption ", "é", "Ã©", "漢", "From ", "sign up for ",
]  # fmt: skip
HOUSE = Path(qa.ingest.__file__).parent.parent
WAYS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")
QUICK = 0.004  # seconds, for 6,000 characters; a linear pattern takes a hundredth of it
MOST_RATIO = 3.2  # of the time for twice the input; the square gives 4


def grows(work: Callable[[int], object], size: int) -> str | None:
    """How the time grows from a size to its double, if that is more than in proportion."""
    if best(work, size, 1) < QUICK:
        return None
    for _ in range(3):  # a busy machine spoils one of them
        one, two = best(work, size), best(work, 2 * size)
        if two < MOST_RATIO * one:
            return None
    return f"{one:.4f} s for {size:,}, {two:.4f} s for the double"


def best(work: Callable[[int], object], size: int, times: int = 3) -> float:
    taken = []
    for _ in range(times):
        started = time.process_time()
        work(size)
        taken.append(time.process_time() - started)
    return min(taken)


def patterns() -> list[tuple[str, re.Pattern[str], str]]:
    """Every regular expression of a module, with the ways in which the module uses it."""
    found = []
    for package in (qa.ingest, qa.text.dates):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            source = inspect.getsource(module)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    uses = set(
                        re.findall(rf"\b{name}\.(search|match|fullmatch|finditer|findall|sub)\b", source)
                    )
                    ways = {way if "match" in way else "search" for way in uses}
                    found += [(f"{info.name}.{name}", value, way) for way in sorted(ways)]
                if isinstance(value, dict):  # patterns by what they find
                    found += [
                        (f"{info.name}.{name}[{key}]", one, "search")
                        for key, one in value.items()
                        if isinstance(one, re.Pattern)
                    ]
    return found


def inline() -> tuple[list[tuple[str, re.Pattern[str], str]], set[str]]:
    """Every pattern that is written where it is used, as in ``re.sub(r"...", ...)``; and the built ones."""
    found: dict[tuple[str, int, str], tuple[str, re.Pattern[str], str]] = {}
    built = set()
    for path in sorted(HOUSE.rglob("*.py")):
        place = path.relative_to(HOUSE.parent).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if not is_call or not isinstance(node.func.value, ast.Name) or node.func.value.id != "re":
                continue
            if node.func.attr not in WAYS:
                continue
            if not isinstance(node.args[0], ast.Constant):
                built.add(place)
                continue
            written = [*node.args, *(keyword.value for keyword in node.keywords)]
            flags = [
                getattr(re, a.attr) for a in written if isinstance(a, ast.Attribute) and hasattr(re, a.attr)
            ]
            pattern = re.compile(node.args[0].value, flags[0] if flags else 0)
            way = node.func.attr if "match" in node.func.attr else "search"
            found.setdefault((pattern.pattern, pattern.flags, way), (f"{place}:{node.lineno}", pattern, way))
    return list(found.values()), built


FOUND = patterns()
INLINE, BUILT = inline()
BUILT_OF_ESCAPED_WORDS = {
    "qa/doors/access.py",  # of a number
    "qa/ingest/bundles/sgml.py",  # of the names of its tags
    "qa/news/support.py",  # of one word of the question
    "qa/page/examples.py",  # of one word of a headline
}
# These meet values that were cut before, to so many characters.
BOUNDED = {
    "_NOTICE": 600, "_CLOSING": 600, "_LEADS_AWAY": 600, "_TEASER": 600, "_TEASER_HEADING": 600,
    "_DASH": 1000, "_NAMED": 160, "_COUNTER": 160, "_BYLINE": 160, "_PARTS": 160, "_DATED": 60,
    "_NUMERIC": 200, "_YEARLESS": 200, "_LABEL": 200, "_AGO": 120, "_NO_ARTICLE": 300,
}  # fmt: skip


def test_patterns_are_found():
    assert len({name for name, _, _ in FOUND}) > 90
    assert len(INLINE) > 60


def test_patterns_that_are_built_where_they_are_used_are_known():
    """They hold nothing but words that were escaped, and classes of letters beside them."""
    assert BUILT == BUILT_OF_ESCAPED_WORDS


@pytest.mark.parametrize(("name", "pattern", "way"), INLINE, ids=[f"{name}.{way}" for name, _, way in INLINE])
def test_pattern_that_is_written_where_it_is_used_takes_time_in_proportion(name, pattern, way):
    slow = {}
    for piece in PIECES:
        for tail in ("", "\x01"):

            def work(many: int, piece: str = piece, tail: str = tail) -> object:
                text = (piece * (many // len(piece) + 1))[:many] + tail
                given = text.encode() if isinstance(pattern.pattern, bytes) else text
                return getattr(pattern, way)(given)

            if found := grows(work, 2000):
                slow[piece, tail] = found
    assert slow == {}


@pytest.mark.parametrize(("name", "pattern", "way"), FOUND, ids=[f"{name}.{way}" for name, _, way in FOUND])
def test_pattern_takes_time_in_proportion(name, pattern, way):
    size = min(6000, BOUNDED.get(name.rpartition(".")[2], 12_000) // 2)
    slow = {}
    for piece in PIECES:
        for tail in ("", "\x01"):

            def work(many: int, piece: str = piece, tail: str = tail) -> object:
                return getattr(pattern, way)((piece * (many // len(piece) + 1))[:many] + tail)

            if told := grows(work, size):
                slow[piece, tail] = told
    assert slow == {}


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
    "nexis.txt": lambda n: "LENGTH: 1\nLOAD-DATE: 2\nEnd of Document\n" * n,
    "proquest.txt": lambda n: f"{'_' * 20}\nFull text: a\n" * n,
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", INPUTS)
def test_input_takes_time_in_proportion(name):
    def work(size: int) -> object:
        data = INPUTS[name](size).encode("utf-8", "surrogatepass")
        return list(read_articles([Source(name, name[name.index(".") :], NOW, lambda: io.BytesIO(data))]))

    work(10)  # what is loaded once
    assert grows(work, 800) is None
