"""Sentences and passages: what is cut where, to the character."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.articles import read_articles
from qa.passages import CHUNKER_VERSION, chunk, content, content_id, digest, embedded_text, header
from qa.records import Article, Passage
from qa.settings import ChunkSettings
from qa.text.sentences import sentences
from tests.conftest import ROOT


def offsets_of(text: str) -> np.ndarray:
    """Return where every word and every mark is: each is a token."""
    return np.array([m.span() for m in re.finditer(r"\w+|[^\w\s]", text)], dtype=np.int32).reshape(-1, 2)


def cut(budget: int, overlap: int) -> ChunkSettings:
    return ChunkSettings(passage_tokens=budget, overlap_tokens=overlap)


def passages(text: str, budget: int, overlap: int = 0) -> list[str]:
    return [text[a:b] for a, b in chunk(text, offsets_of(text), cut(budget, overlap))]


PARAGRAPHS = [
    "The dam broke on Monday, said Mr. Renn. “It was old,” he said. Nobody was hurt.",
    "Der Damm brach am Montag. Über 300 Häuser stehen leer!",
    "大坝星期一决堤。没有人受伤。",
    "Was it old? It was “very old. Too old.” J. R. Smith knew.",
    "A line\nthat was wrapped. And one more.",
]


@pytest.mark.parametrize("many", [1, 50, 120, 400])
def test_sentences_of_a_long_text_are_those_of_its_paragraphs(many: int):
    """In texts above 10 kB the library once lost characters, so all later sentences were misplaced."""
    expected, at, text = [], 0, ""
    for number in range(many):
        paragraph = PARAGRAPHS[number * 7 % len(PARAGRAPHS)]
        expected += [(at + start, at + end) for start, end in sentences(paragraph)]
        at += len(paragraph) + 2
        text += f"{paragraph}\n\n"
    assert sentences(text) == expected


@pytest.mark.parametrize("letter", ["a", "ü", "漢", "👍"])
def test_what_is_no_sentence_at_all_is_cut_between_words_and_nothing_is_lost(letter: str):
    text = f"{letter * 9} " * 3000
    spans = sentences(text)
    assert " ".join(text[start:end] for start, end in spans) == text.strip()
    assert len(spans) > 2 and {text[start:end].strip(letter)[:1] for start, end in spans} == {" "}
    run = letter * 30_000
    assert "".join(run[start:end] for start, end in sentences(run)) == run


def test_abbreviations_and_initials_end_no_sentence():
    text = "Gen. Sergei Shoigu met Mr. Kim on Jan. 5. They spoke (e.g. about J. R. Smith). Then he left."
    assert [text[a:b] for a, b in sentences(text)] == [
        "Gen. Sergei Shoigu met Mr. Kim on Jan. 5.",
        "They spoke (e.g. about J. R. Smith).",
        "Then he left.",
    ]


def test_blank_lines_end_sentences_and_belong_to_none():
    text = "  A headline without a stop\n\nThe text.  \r\n\r\nMore of it\n"
    assert [text[a:b] for a, b in sentences(text)] == ["A headline without a stop", "The text.", "More of it"]


def test_other_scripts_are_parted_at_their_own_stops():
    text = "안녕하세요. 반갑습니다. 😀 네!"
    assert [text[a:b] for a, b in sentences(text)] == ["안녕하세요.", "반갑습니다.", "😀 네!"]


@pytest.mark.parametrize("blank", ["\xa0", "\u2029", "\x85", "\u3000", "\ud800"])
def test_strange_blanks_after_a_letter_shift_no_offset(blank: str):
    text = f"Vitamin A{blank}. It helps."
    assert "".join(text[a:b] for a, b in sentences(text)).replace(" ", "") == f"VitaminA{blank}.Ithelps."


STRANGE = st.sampled_from([*"aB.\n\r \t!?\"',;。؟…\xa0\u2028\u200b😀é안م", "e.g.", "Mr."])


@given(st.lists(STRANGE, max_size=30).map("".join) | st.text())
def test_sentences_keep_order_and_lose_nothing_but_blanks(text: str):
    spans = sentences(text)
    position = 0
    for start, end in spans:
        assert not text[position:start].strip()
        assert start < end
        position = end
    assert not text[position:].strip()


def test_whole_sentences_fill_the_budget():
    assert passages("One two. Three four. Five six. Seven.", budget=6) == [
        "One two. Three four.",
        "Five six. Seven.",
    ]


def test_next_passage_repeats_whole_sentences_within_the_overlap():
    text = "One two three four. Five. Six. Seven eight nine. Ten."
    # Tokens with their stops: 5, 2, 2, 4, 2.
    assert passages(text, budget=9, overlap=4) == [
        "One two three four. Five. Six.",
        "Five. Six. Seven eight nine.",
        "Seven eight nine. Ten.",
    ]
    assert passages(text, budget=9, overlap=3) == [
        "One two three four. Five. Six.",
        "Six. Seven eight nine. Ten.",
    ]


def test_overlap_gives_way_to_a_sentence_that_needs_the_room():
    text = "One. Two. Three four five six seven. Eight."
    assert passages(text, budget=6, overlap=4) == ["One. Two.", "Three four five six seven.", "Eight."]


def test_sentence_longer_than_the_budget_is_cut_between_tokens():
    assert passages("one two three four five six seven. Eight.", budget=3) == [
        "one two three",
        "four five six",
        "seven.",
        "Eight.",
    ]


def test_text_without_words_has_no_passages():
    assert passages(" \n\n ", budget=3) == []


def test_scripts_without_latin_letters_are_cut_to_the_character():
    assert passages("김정은은 떠났다. 그는 돌아왔다. 😀👍🏽 끝.", budget=3) == [
        "김정은은 떠났다.",
        "그는 돌아왔다.",
        "😀👍🏽",
        "끝.",
    ]
    assert passages("غادر كيم المدينة. عاد بعد يومين.", budget=4) == ["غادر كيم المدينة.", "عاد بعد يومين."]


@pytest.mark.parametrize("overlap", [-1, 5, 6])
def test_overlap_that_leaves_no_room_to_move_is_refused(overlap: int):
    with pytest.raises(ValueError, match=f"under the budget of 5 tokens, not {overlap}"):
        chunk("A b.", offsets_of("A b."), cut(5, overlap))


WORDS = st.sampled_from(
    ["Kim", "met", "a.", "Mr.", "end.", "Why?", "so,", "\n\n", "안녕.", "😀", "سلام.", "2,000"]
)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", " ", "  ", "\n\n"])), max_size=40).map(
    lambda parts: "".join(word + blank for word, blank in parts)
)


@given(TEXTS, st.integers(1, 12), st.integers(0, 11))
def test_passages_cover_every_token_keep_the_budget_and_move_forward(text: str, budget: int, overlap: int):
    overlap = min(overlap, budget - 1)
    offsets = offsets_of(text)
    spans = chunk(text, offsets, cut(budget, overlap))
    held = [
        {i for i, (start, end) in enumerate(offsets) if first <= start and end <= last}
        for first, last in spans
    ]
    assert set().union(*held) == set(range(len(offsets)))
    assert all(0 < len(tokens) <= budget for tokens in held)
    for (start, end), (next_start, next_end) in zip(spans, spans[1:], strict=False):
        assert start < next_start and end < next_end
    for before, after in zip(held, held[1:], strict=False):
        assert len(before & after) <= overlap


@given(TEXTS, st.integers(6, 12), st.integers(0, 5))
def test_passages_begin_and_end_with_sentences_that_fit(text: str, budget: int, overlap: int):
    offsets = offsets_of(text)
    whole = sentences(text)
    longest = max((sum(a <= s < b for s, _ in offsets) for a, b in whole), default=0)
    if longest > budget:
        return
    starts, ends = {a for a, _ in whole}, {b for _, b in whole}
    for start, end in chunk(text, offsets, cut(budget, overlap)):
        assert start in starts and end in ends


def test_title_and_date_stand_before_the_passage_as_people_write_them():
    article = Article("1", "Kim meets Putin", "He left. He came.", datetime(2023, 9, 5, 23, tzinfo=UTC))
    assert embedded_text(Passage(article, 9, 17)) == "Kim meets Putin (5 September 2023)\nHe came."


@pytest.mark.parametrize(
    ("title", "published", "line"),
    [
        ("Kim", None, "Kim"),
        ("", datetime(2023, 9, 5, tzinfo=UTC), "5 September 2023"),
        ("", None, ""),
    ],
)
def test_header_leaves_out_what_is_not_known(title: str, published: datetime | None, line: str):
    assert header(Article("1", title, "Text.", published)) == line


WHOLE = Article(
    "1", "Kim", "He left.", datetime(2023, 9, 5, 8, tzinfo=UTC), source="Reuters", url="https://a.example"
)


def test_name_by_content_is_the_same_for_ever():
    # Indexes hold these names: BLAKE2b of each part behind its length, in eight bytes, little end first.
    parts = b"".join(len(part).to_bytes(8, "little") + part for part in (b"Kim", b"He left.", b"Reuters"))
    assert content_id("Kim", "He left.", "Reuters") == hashlib.blake2b(parts, digest_size=16).hexdigest()
    assert content_id("Kim", "He left.", "Reuters") == "b81eef39f89a23b93fe2dd45dca8a928"
    assert content_id("a", "b", "") != content_id("ab", "", "")
    assert len(content_id("\ud800", "half a pair", "")) == 32


def test_articles_repeat_each_other_by_title_text_and_source_alone():
    assert content(WHOLE) == content_id("Kim", "He left.", "Reuters")
    assert content(replace(WHOLE, id="2", published=None, url=None)) == content(WHOLE)
    changed = [replace(WHOLE, title="Xi"), replace(WHOLE, text="He came."), replace(WHOLE, source="AP")]
    assert len({content(article) for article in (WHOLE, *changed)}) == 4


def test_digest_changes_with_what_is_embedded_and_with_nothing_else():
    same = replace(WHOLE, id="2", source="AP", url=None, published=datetime(2023, 9, 5, 23, tzinfo=UTC))
    assert digest(WHOLE) == digest(same) == "8c6f98ed8fddb2ed744d874c69c7d710"
    next_day = replace(WHOLE, published=datetime(2023, 9, 6, tzinfo=UTC))
    changed = [replace(WHOLE, title="Xi"), replace(WHOLE, text="He came."), next_day]
    assert len({digest(article) for article in (WHOLE, *changed)}) == 4
    assert len(digest(replace(WHOLE, text="\ud800"))) == 32


# What the rule makes of the sample archive, and of its texts joined to one long one: a hash of all spans
# and of what is embedded. Rule 1 misplaced the sentences of texts of more than 10 kB.
RULES = {2: "d39264cb7a65900c"}


def test_the_version_of_the_chunker_is_raised_with_its_rule():
    """Whoever changes how a text is cut, or what is embedded of it, raises the version and adds a line."""
    made = hashlib.sha256()
    read = [item for item in read_articles([ROOT / "articles"]) if isinstance(item, Article)]
    articles = sorted(read, key=lambda item: item.id)
    for article in (*articles, Article("long", "", "\n\n".join(article.text for article in articles))):
        for budget, overlap in ((40, 0), (200, 30)):
            for span in chunk(article.text, offsets_of(article.text), cut(budget, overlap)):
                made.update(f"{span} {embedded_text(Passage(article, *span))}".encode())
    assert made.hexdigest()[:16] == RULES[CHUNKER_VERSION]
