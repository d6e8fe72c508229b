"""Twice the input takes twice the time: every regular expression, and what reads the texts of strangers.

What reads whole files and feeds is in ``tests/ingest/test_growth.py``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from qa.brief.dated import dated_sentences
from qa.cli.output import json_text
from qa.doors.checked import checked, spoken
from qa.errors import InputError
from qa.export_csv import reply_to_csv
from qa.news.support import asks_for_the_present, doubt_of
from qa.page.html.escaping import label
from qa.passages import content_id
from qa.records import Answer, Article, Hit, Passage, Reply
from qa.retrieve.excerpt import excerpts
from qa.retrieve.names import names_of
from qa.retrieve.query import checked_question
from qa.small_json import BrokenJson, parse
from qa.text.dates.expressions import temporal_expressions
from qa.text.display import safe_href, visible
from qa.text.language import is_english
from qa.text.names import name_of
from qa.text.normalization import folded, normalized
from qa.text.numbers import amounts_in, number_of
from qa.text.sentences import context_around, sentences
from tests.growth import PIECES, Used, grows, inline, named, slow_texts, tried, unseen

NAMED = named()
INLINE, BUILDERS = inline()
BUILD_OF_ESCAPED_WORDS = {
    "qa/doors/access.py",  # of a number
    "qa/doors/checked.py",  # of a quote
    "qa/index/milvus/address.py",  # of the name of a collection
    "qa/ingest/bundles/sgml.py",  # of the names of its tags
    "qa/ingest/cleaning.py",  # of Unicode's combining marks, once; tests/ingest/test_growth.py tries it
    "qa/news/support.py",  # of one word of the question
    "qa/page/examples.py",  # of one word of a headline
    "qa/retrieve/two_readings.py",  # of nouns of the question
    "qa/text/dates/expressions.py",  # the forms of dates, which stand in a table that is tried here
}
# The values that these patterns read are cut before, to this number of characters.
BOUNDED = {
    "qa.ingest.boilerplate._NOTICE": 600,
    "qa.ingest.boilerplate._CLOSING": 600,
    "qa.ingest.boilerplate._LEADS_AWAY": 600,
    "qa.ingest.boilerplate._TEASER": 600,
    "qa.ingest.boilerplate._TEASER_HEADING": 600,
    "qa.ingest.titles._DASH": 1000,
    "qa.ingest.scraped._NAMED": 160,
    "qa.ingest.scraped._COUNTER": 160,
    "qa.ingest.scraped._BYLINE": 160,
    "qa.ingest.scraped._PARTS": 160,
    "qa.retrieve.follow_up._QUOTED": 1000,
}  # fmt: skip
# A parser uses these patterns, and only at its present place.
MATCHED = {"qa.ingest.jsons._CONTAINER", "qa.ingest.jsons._LIST", "qa.ingest.jsons._BETWEEN"}
SIZE = 2000


def test_patterns_are_found():
    assert len({used.name for used in NAMED}) > 190
    assert len(INLINE) > 60
    names = {used.name for used in NAMED} | {used.name.partition(":")[0] for used in INLINE}
    for room in (
        "text",
        "news",
        "read",
        "retrieve",
        "page",
        "doors",
        "follow",
        "brief",
        "ingest",
        "index",
        "cli",
    ):
        assert any(name.startswith((f"qa.{room}.", f"qa/{room}/")) for name in names), room
    assert set(BOUNDED) | MATCHED <= {used.name for used in NAMED}


def test_no_pattern_of_the_code_is_passed_over():
    assert unseen() == []


def test_what_only_the_matches_after_the_first_make_slow_is_found():
    ahead = re.compile(r"a(?!.*b)")
    assert grows(lambda many: ahead.search("a" * many), 2 * SIZE) is None
    assert grows(lambda many: ahead.findall("a" * many), 2 * SIZE) is not None
    assert {tried(way) for way in ("sub", "subn", "split", "finditer", "findall")} == {"findall"}


def test_patterns_that_are_built_where_they_are_used_are_known():
    """They hold nothing but words that were escaped, and classes of letters beside them."""
    assert BUILDERS == BUILD_OF_ESCAPED_WORDS


@pytest.mark.parametrize("used", [*NAMED, *INLINE], ids=lambda used: f"{used.name}.{used.way}")
def test_pattern_takes_time_in_proportion(used: Used):
    if used.name in MATCHED:
        used = Used(used.name, used.pattern, "match")
    assert slow_texts(used, min(SIZE, BOUNDED.get(used.name, 2 * SIZE) // 2)) == {}


def article(text: str) -> Article:
    return Article("a", text[:1000], text, source="The Post")


def whole(text: str) -> Passage:
    return Passage(article(text), 0, len(text))


def refused(text: str) -> object:
    try:
        return checked_question(text)
    except InputError as fault:
        return fault


def parsed(text: str) -> object:
    try:
        return parse(text.encode("utf-8", "replace"))
    except BrokenJson as fault:
        return fault


def in_csv(text: str) -> str:
    return reply_to_csv(
        Reply(text, (Answer(article(text), 0, len(text), None, 0.0),), (Hit(whole(text), 1.0, 1.0, 1.0),))
    )


READERS: dict[str, Callable[[str], object]] = {
    "sentences": sentences,
    "context_around": lambda text: context_around(text, len(text) // 2, len(text) // 2 + 1),
    "temporal_expressions": temporal_expressions,
    "amounts_in": amounts_in,
    "number_of": number_of,
    "name_of": lambda text: name_of("Renn", text),
    "names_of": lambda text: names_of([article(text)]),
    "visible": visible,
    "safe_href": lambda text: safe_href(f"http://{text}"),
    "is_english": is_english,
    "folded": folded,
    "normalized": normalized,
    "dated_sentences": lambda text: list(dated_sentences(article(text))),
    "excerpts": lambda text: excerpts("Who met Renn?", [whole(text)]),
    "doubt_of": lambda text: doubt_of(
        "Who is the mayor of Elden?", f"{text} Renn {text}", len(text) + 1, len(text) + 5
    ),
    "asks_for_the_present": asks_for_the_present,
    "checked_question": refused,
    "small_json": parsed,
    "label": label,
    "content_id": lambda text: content_id(text, text, text),
    "json_text": lambda text: json_text({"text": text}),
    "reply_to_csv": in_csv,
    "spoken": spoken,
    "checked": lambda text: checked(text, [Hit(whole(text), 1.0, 1.0, 1.0)]),
}


# All others: SIZE. Sentences are found in windows of 10 kB, within which quadratic time is allowed.
SIZES = {"temporal_expressions": 600, "doubt_of": 600, "amounts_in": 1000, "sentences": 24_000}


@pytest.mark.parametrize("name", READERS)
def test_reader_takes_time_in_proportion(name: str):
    read = READERS[name]
    slow = {}
    for piece in [
        *PIECES,
        "2024 ",
        "on 5 May 2024 ",
        "two ",
        "Mr. Renn ",
        "A.A.",
        "Renn said ",
        json.dumps({"a": 1}),
    ]:

        def work(many: int, piece: str = piece) -> object:
            temporal_expressions.cache_clear()
            return read((piece * (many // len(piece) + 1))[:many])

        if found := grows(work, SIZES.get(name, SIZE)):
            slow[piece] = found
    assert slow == {}
