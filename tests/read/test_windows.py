"""Windows: what the reader sees of a passage, and where each token stands in the article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Regex, models, normalizers, pre_tokenizers, processors
from tokenizers import Tokenizer as RustTokenizer

from qa.models.tokenizer import Tokenizer
from qa.read.windows import Window, title_seen, windows
from qa.records import Article, Passage

TEXT = "He left on Monday.\n\nKim stayed, people said."
ARTICLE = Article("1", "Kim leaves", TEXT, datetime(2023, 9, 5, tzinfo=UTC))
SECOND = Passage(ARTICLE, 20, 44)


def cut(tokenizer: Tokenizer, *passages: Passage, question="who left", longest=60, stride=2, header=True):
    return windows(question, passages, tokenizer, longest=longest, stride=stride, with_header=header)


def words_of(window: Window, text: str = TEXT, *, title: bool = False) -> list[str]:
    """Return the article's characters under each token of the passage, or of the title."""
    places = zip(window.starts, window.ends, window.in_title, strict=True)
    return [text[a:b] for a, b, of_title in places if a >= 0 and of_title == title]


def test_tokens_of_the_passage_stand_where_they_are_in_the_article(word_tokenizer):
    (window,) = cut(word_tokenizer, SECOND)
    assert words_of(window) == ["Kim", "stayed", ",", "people", "said", "."]
    assert window.starts[(window.starts >= 0) & ~window.in_title].tolist() == [20, 24, 30, 32, 39, 43]


def test_title_may_answer_and_question_date_and_special_tokens_may_not(word_tokenizer):
    (window,) = cut(word_tokenizer, SECOND)
    # [CLS] who left [SEP] Kim leaves ( 5 September 2023 ) Kim stayed , people said . [SEP]
    no, title, date, passage = [False] * 4, [True] * 2, [False] * 5, [True] * 6
    assert window.may_start.tolist() == window.may_end.tolist() == [*no, *title, *date, *passage, False]
    assert window.in_title.tolist() == [*no, *title, *date, *[False] * 7]
    assert window.starts.tolist()[:11] == [-1] * 4 + [0, 4] + [-1] * 5
    assert window.ends.tolist()[:11] == [-1] * 4 + [3, 10] + [-1] * 5
    assert (window.starts[-1], window.ends[-1]) == (-1, -1)
    assert window.tokens.types.tolist() == [0] * 4 + [1] * 14


def test_title_is_another_paragraph_than_the_passage(word_tokenizer):
    (window,) = cut(word_tokenizer, Passage(ARTICLE, 0, 44))
    of_title = set(window.paragraphs[window.in_title].tolist())
    assert not of_title & set(window.paragraphs[(window.starts >= 0) & ~window.in_title].tolist())


def test_paragraphs_of_the_passage_are_numbered_and_other_tokens_have_no_number(word_tokenizer):
    text = "Kim came.\nHe left.\nIt rained."
    (window,) = cut(word_tokenizer, Passage(Article("1", "", text), 0, len(text)), header=False)
    # [CLS] who left [SEP], three tokens of each paragraph, [SEP]
    assert window.paragraphs.tolist() == [-1] * 4 + [0] * 3 + [1] * 3 + [2] * 3 + [-1]


def test_title_cut_off_inside_a_word_answers_with_whole_words_alone():
    assert title_seen("Kim leaves Pyongyang", "Kim leaves Pyong") == len("Kim leaves ")
    assert title_seen("Kim leaves", "Kim leaves (5 September 2023)\n") == len("Kim leaves")
    assert title_seen("", "5 September 2023\n") == 0


def test_header_can_be_left_out(word_tokenizer):
    (window,) = cut(word_tokenizer, SECOND, header=False)
    assert len(window.tokens) == 4 + 6 + 1
    assert words_of(window) == ["Kim", "stayed", ",", "people", "said", "."]


def test_windows_come_in_the_order_of_the_passages(word_tokenizer):
    found = cut(word_tokenizer, SECOND, Passage(ARTICLE, 0, 18), header=False)
    assert [window.passage for window in found] == [0, 1]
    assert words_of(found[1]) == ["He", "left", "on", "Monday", "."]
    assert cut(word_tokenizer) == []


def test_passage_too_long_for_one_window_comes_in_overlapping_ones(word_tokenizer):
    found = cut(word_tokenizer, SECOND, header=False, longest=9)
    assert [window.passage for window in found] == [0, 0]
    # Nine tokens less the question's four and the last [SEP] leave four, of which two overlap.
    assert [words_of(window) for window in found] == [
        ["Kim", "stayed", ",", "people"],
        [",", "people", "said", "."],
    ]


def test_long_title_neither_pushes_the_passage_out_nor_grows_together_with_it(word_tokenizer):
    article = Article("1", "word " * 500, TEXT)
    (window,) = cut(word_tokenizer, Passage(article, 20, 44), longest=60)
    assert words_of(window) == ["Kim", "stayed", ",", "people", "said", "."]
    # Ten tokens of title, a sixth of the window.
    assert len(window.tokens) == 4 + 10 + 6 + 1


def test_long_question_is_cut_to_a_third_its_beginning_kept(word_tokenizer):
    (window,) = cut(word_tokenizer, SECOND, question="kim " + "why " * 500, longest=60, header=False)
    assert len(window.tokens) == 1 + 20 + 1 + 6 + 1
    assert window.tokens.ids[1:3].tolist() == [3, 4]


@pytest.fixture(scope="module")
def pieces() -> Tokenizer:
    """WordPiece: "Pyongyang" is three tokens of one word."""
    vocabulary = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "pyong", "##ya", "##ng", "he", "saw", "."]
    rust = RustTokenizer(
        models.WordPiece({piece: n for n, piece in enumerate(vocabulary)}, unk_token="[UNK]")
    )
    rust.normalizer = normalizers.Lowercase()
    rust.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    rust.post_processor = pair_of_texts()
    return Tokenizer(rust)


def pair_of_texts() -> processors.TemplateProcessing:
    return processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )


def test_answer_may_only_start_and_end_with_whole_words(pieces: Tokenizer):
    article = Article("1", "", "He saw Pyongyang.")
    (window,) = cut(pieces, Passage(article, 0, 17), question="he", header=False)
    assert words_of(window, article.text) == ["He", "saw", "Pyong", "ya", "ng", "."]
    assert window.may_start.tolist()[3:-1] == [True, True, True, False, False, True]
    assert window.may_end.tolist()[3:-1] == [True, True, False, False, True, True]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("vocabulary", [["▁Kim", "▁left"], ["▁", "Kim", "left"]], ids=["joined", "apart"])
def test_first_word_may_be_the_answer_where_tokens_hold_the_blank_before_them(
    vocabulary: list[str], header: bool
):
    scored = [(piece, 0.0) for piece in ["[PAD]", "[CLS]", "[SEP]", "[UNK]"]] + [
        (p, -1.0) for p in vocabulary
    ]
    rust = RustTokenizer(models.Unigram(scored, 3))
    rust.normalizer = normalizers.Replace("\n", " ")
    rust.pre_tokenizer = pre_tokenizers.Metaspace()
    rust.post_processor = pair_of_texts()
    article = Article("1", "A title", "Gone.\n\nKim left")
    (window,) = cut(Tokenizer(rust), Passage(article, 7, 15), header=header)
    first = int((window.may_start & ~window.in_title).argmax())
    assert window.starts[first] == 7
    last = int((window.may_end & ~window.in_title).argmax())
    assert article.text[window.starts[first] : window.ends[last]] == "Kim"


WORDS = st.lists(
    st.sampled_from(["kim", "푸틴", "👍🏽", "سلام", "2,000", "—", "a.b"]), min_size=1, max_size=25
)


@given(WORDS, WORDS, st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_windows_show_every_token_of_the_passage_at_its_own_place(
    word_tokenizer, before, words, header: bool
):
    text = "  ".join(before) + "\n\n" + " ".join(words)
    start = text.index("\n\n") + 2
    found = cut(
        word_tokenizer, Passage(Article("1", "Title", text), start, len(text)), longest=16, header=header
    )
    (offsets,) = word_tokenizer.offsets([text[start:]])
    seen = {
        (int(a), int(b))
        for window in found
        for a, b, of_title in zip(window.starts, window.ends, window.in_title, strict=True)
        if a >= 0 and not of_title
    }
    assert seen == {(start + a, start + b) for a, b in offsets.tolist()}


@pytest.fixture(scope="module")
def characters() -> Tokenizer:
    """Make every character but a blank a token, as far apart as a passage can be cut."""
    rust = RustTokenizer(models.WordLevel({"[PAD]": 0, "[CLS]": 1, "[SEP]": 2, "[UNK]": 3}, "[UNK]"))
    rust.pre_tokenizer = pre_tokenizers.Split(Regex(r"\S"), "isolated")
    rust.post_processor = pair_of_texts()
    return Tokenizer(rust)


@given(st.text("aé7 .-Ж푸中", min_size=1, max_size=12), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_spans_begin_and_end_at_borders_of_words_wherever_the_passage_was_cut(characters, text, data):
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    (window,) = cut(
        characters, Passage(Article("1", "", text), start, end), question="w", longest=40, header=False
    )

    def parts_a_word(at: int) -> bool:
        return 0 < at < len(text) and all(c in "aé7Ж" for c in text[at - 1 : at + 1])

    for a, b, may_start, may_end in zip(
        window.starts, window.ends, window.may_start, window.may_end, strict=True
    ):
        assert may_start == (a >= 0 and not parts_a_word(a))
        assert may_end == (a >= 0 and not parts_a_word(b))
