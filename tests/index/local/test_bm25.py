"""BM25, against the formula in plain Python."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import bm25s
import numpy as np
import pytest
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import IndexDamaged
from qa.index import analyzer
from qa.index.analyzer import K1, B, words_of
from qa.index.local.bm25 import Bm25
from qa.index.local.postings import Postings, count_words, joined


def opened(texts: list[str]) -> Bm25:
    return Bm25([count_words(texts)])


def bm25(corpus: list[list[str]], asked: list[str]) -> list[float]:
    """Robertson & Zaragoza 2009, with Lucene's idf, which is never negative."""
    average = sum(map(len, corpus)) / len(corpus)
    scores = []
    for document in corpus:
        counts = Counter(document)
        score = 0.0
        for word in asked:
            holding = sum(word in other for other in corpus)
            idf = math.log(1 + (len(corpus) - holding + 0.5) / (holding + 0.5))
            saturation = counts[word] + K1 * (1 - B + B * len(document) / average)
            score += idf * counts[word] / saturation
        scores.append(score)
    return scores


def test_score_is_worked_out_by_hand():
    # "summit" is in one text of two: idf = ln(1 + 1.5 / 1.5) = ln 2; both texts have two words, so the
    # length factor is 1 and the score ln 2 * 1 / (1 + 1.2).
    assert (K1, B) == (1.2, 0.75)
    scores = opened(["Putin summit", "Putin train"]).scores("summit")
    assert scores.tolist() == pytest.approx([math.log(2) / 2.2, 0.0])


def test_shorter_text_scores_higher_for_the_same_word():
    scores = opened(["train", "train ship boat plane", "car"]).scores("train")
    average, idf = 2.0, math.log(1 + 1.5 / 2.5)
    expected = [idf / (1 + 1.2 * (0.25 + 0.75 * length / average)) for length in (1, 4)]
    assert scores.tolist() == pytest.approx([*expected, 0.0])


VOCABULARY = st.sampled_from(["kim", "putin", "train", "summit", "turkey", "weapon"])
CORPORA = st.lists(st.lists(VOCABULARY, min_size=1, max_size=8), min_size=1, max_size=10)


@given(CORPORA, st.lists(VOCABULARY, min_size=1, max_size=4))
def test_every_text_gets_the_exact_score_of_the_formula(corpus: list[list[str]], asked: list[str]):
    scores = opened([" ".join(document) for document in corpus]).scores(" ".join(asked))
    assert scores.tolist() == pytest.approx(bm25(corpus, asked), rel=1e-5)


def test_case_endings_and_stop_words_do_not_matter():
    assert words_of(["The Presidents are visiting the SHIPS"]) == [["presid", "visit", "ship"]]
    assert words_of(["president visited ship"]) == [["presid", "visit", "ship"]]


@given(
    st.lists(st.text() | st.text("aéßİΣ·'_-9 \n") | st.just("Is it the NATO that’s not in it?"), max_size=4)
)
def test_words_of_a_question_are_those_that_bm25s_makes(texts: list[str]):
    made = bm25s.tokenize(
        texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), return_ids=False, show_progress=False
    )
    assert words_of(texts) == [[word for word in text if word] for text in made]


def test_stop_words_are_those_of_bm25s():
    assert tuple(analyzer._STOP_WORDS.split()) == STOPWORDS_EN


def test_words_of_other_scripts_are_found():
    scores = opened(["김정은 방문", "путин приехал", "غادر كيم"]).scores("путин")
    assert scores[1] > 0 and scores[[0, 2]].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("question", ["zebra", "the of and", "", "😀", "?!"])
def test_question_without_a_known_word_scores_zero_everywhere(question: str):
    assert opened(["Kim left", "Putin stayed"]).scores(question).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("texts", [["😀"], ["😀", "the"], ["", "!"]])
def test_archive_without_a_single_word_can_be_written_and_asked(texts: list[str]):
    lexical = opened(texts)
    assert len(lexical) == len(texts)
    assert lexical.scores("Kim").tolist() == [0.0] * len(texts)


def test_text_without_words_keeps_its_place_among_the_others():
    assert opened(["😀", "Kim", "!"]).scores("Kim").tolist() == pytest.approx(
        [0, *bm25([[], ["kim"], []], ["kim"])[1:]]
    )


@st.composite
def grown(draw) -> tuple[Bm25, list[list[str]], np.ndarray]:
    """Texts in one to three parts, some of them deleted: what answers, the words of all, and what is left."""
    parts = draw(st.lists(CORPORA, min_size=1, max_size=3))
    corpus = [document for part in parts for document in part]
    alive = np.array(draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))))
    counted = [count_words([" ".join(document) for document in part]) for part in parts]
    return Bm25(counted, alive), corpus, alive


@given(grown(), st.lists(VOCABULARY, min_size=1, max_size=4))
def test_parts_with_deleted_texts_score_as_the_texts_that_are_left_do_at_once(grown_, asked: list[str]):
    lexical, corpus, alive = grown_
    left = [" ".join(document) for document, stays in zip(corpus, alive, strict=True) if stays]
    expected = np.zeros(len(corpus), dtype=np.float32)
    expected[alive] = opened(left).scores(" ".join(asked)) if left else []
    assert lexical.scores(" ".join(asked)).tolist() == expected.tolist()  # to the last bit


@given(grown(), st.lists(VOCABULARY, min_size=1, max_size=4), st.integers(1, 12), st.data())
def test_search_finds_the_best_of_all_scores(grown_, asked: list[str], k: int, data):
    lexical, corpus, alive = grown_
    question = " ".join(asked)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(corpus), max_size=len(corpus))))
    for mask, condition in ((alive, None), (alive & allowed, alive & allowed)):
        every = np.where(mask, lexical.scores(question), 0)
        order = [n for n in np.lexsort((np.arange(len(every)), -every)) if every[n] > 0][:k]
        numbers, scores = lexical.search(question, k, condition)
        assert scores.tolist() == every[order].tolist()
        assert scores.tolist() == every[numbers].tolist()
        assert len(set(numbers.tolist())) == len(numbers)
        assert lexical.scores_of(question, numbers).tolist() == scores.tolist()


def test_search_that_looks_at_rare_words_first_finds_the_same():
    """Enough texts that common words are only looked up; a filter takes the other road."""
    random = np.random.default_rng(3)
    shares = np.array([0.9, 0.5, 0.2, 0.05, 0.01, 0.002])
    names = ["said", "year", "putin", "kim", "zebulon", "quagga"]
    holding = random.random((12_000, 6)) < shares
    texts = [
        " ".join([f"w{n}", *(name for name, here in zip(names, row, strict=True) if here)])
        for n, row in enumerate(holding)
    ]
    lexical = Bm25([count_words(texts[:9_000]), count_words(texts[9_000:])])
    allowed = random.random(len(texts)) < 0.01
    for asked in ("quagga zebulon said year", "putin kim year said", "said year", "quagga"):
        every = lexical.scores(asked)
        for mask in (None, allowed):
            best = np.sort(every if mask is None else every[mask])[::-1]
            numbers, scores = lexical.search(asked, 10, mask)
            assert scores.tolist() == [score for score in best[:10].tolist() if score > 0]
            assert every[numbers].tolist() == scores.tolist()


def test_few_deleted_texts_of_many_count_no_more():
    texts = [f"w{n} kim" + " train" * (n % 3) for n in range(300)]
    alive = np.ones(len(texts), dtype=bool)
    alive[[0, 4, 299]] = False
    asked = "kim train w4 w299"
    left = opened([text for text, stays in zip(texts, alive, strict=True) if stays])
    assert Bm25([count_words(texts)], alive).scores(asked)[alive].tolist() == left.scores(asked).tolist()


@given(st.lists(CORPORA, min_size=1, max_size=3), st.data())
def test_joined_counts_equal_those_of_the_texts_that_are_kept(parts, data):
    counted, kept = [], []
    for part in parts:
        mask = data.draw(st.lists(st.booleans(), min_size=len(part), max_size=len(part)))
        counted.append((count_words([" ".join(document) for document in part]), np.array(mask)))
        kept += [" ".join(document) for document, stays in zip(part, mask, strict=True) if stays]
    one, expected = joined(counted), count_words(kept)
    assert one.words.equals(expected.words)
    for name in ("first", "passages", "counts", "lengths"):
        assert getattr(one, name).tolist() == getattr(expected, name).tolist()


def test_written_counts_come_back(tmp_path: Path):
    counted = count_words(["Kim left Kim", "😀", "Путин left"])
    counted.write(tmp_path)
    read = Postings.open(tmp_path)
    assert [word.as_py().decode() for word in read.words] == ["kim", "left", "путин"]
    assert [[part.tolist() for part in read.of(word)] for word in ("kim", "left", "putin")] == [
        [[0], [2]],
        [[0, 2], [1, 1]],
        [[], []],
    ]
    assert read.lengths.tolist() == [3, 0, 2]


def test_words_are_found_in_a_cut_of_the_table_too():
    counted = count_words(["kim", "putin", "putin said", "said so", "train", "said"])
    cut = slice(1, len(counted.words))
    later = Postings(
        counted.words[cut], counted.first[cut.start :], counted.passages, counted.counts, counted.lengths
    )
    found = {word: later.of(word)[0].tolist() for word in ("kim", "putin", "said", "train", "zebra")}
    assert found == {"kim": [], "putin": [1, 2], "said": [2, 3, 5], "train": [4], "zebra": []}


def test_missing_postings_are_reported_with_their_cure(tmp_path: Path):
    (tmp_path / "segment-0000").mkdir()
    with pytest.raises(IndexDamaged, match=r"words\.arrow: .*Build the index again\."):
        Bm25.open(tmp_path)


def test_every_file_cut_off_is_reported_with_its_cure(tmp_path: Path):
    segment = tmp_path / "segment-0000"
    segment.mkdir()
    count_words(["Kim left", "Putin stayed"]).write(segment)
    files = sorted(segment.iterdir())
    assert [path.name for path in files] == ["lengths.arrow", "postings.arrow", "words.arrow"]
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(IndexDamaged, match=r"Build the index again\."):
            Bm25.open(tmp_path)
        path.write_bytes(whole)
    assert len(Bm25.open(tmp_path)) == 2
