"""BM25, against the formula in plain Python."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import IndexDamaged
from qa.index.lexical import FOLDER, K1, B, Lexical, words, write_lexical


def opened(texts: list[str]) -> Lexical:
    with tempfile.TemporaryDirectory() as folder:
        write_lexical(texts, Path(folder))
        return Lexical.open(Path(folder))  # memory-mapped, so it outlives the folder


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
    assert words(["The Presidents are visiting the SHIPS"]) == [["presid", "visit", "ship"]]
    assert words(["president visited ship"]) == [["presid", "visit", "ship"]]


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


def test_missing_postings_are_told_with_their_cure(tmp_path: Path):
    with pytest.raises(IndexDamaged, match=r"bm25: .*Build the index again\."):
        Lexical.open(tmp_path)


def test_every_file_cut_off_is_told_with_its_cure(tmp_path: Path):
    write_lexical(["Kim left", "Putin stayed"], tmp_path)
    files = sorted((tmp_path / FOLDER).iterdir())
    assert len(files) >= 4
    for path in files:
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(IndexDamaged, match=r"Build the index again\."):
            Lexical.open(tmp_path)
        path.write_bytes(whole)
    assert len(Lexical.open(tmp_path)) == 2
