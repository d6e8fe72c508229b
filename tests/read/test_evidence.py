"""What speaks for a candidate, counted by hand."""

from __future__ import annotations

import math

import pytest

from qa.read.candidate import Candidate
from qa.read.evidence import FEATURES, evidence
from qa.records import Article, Hit, Passage

ONE = Article("one", "", "Kim Jong Un met Putin on 13 September.")
TWO = Article("two", "", "Putin saw Kim Jong Un, KCNA said.")
TWIN = Article("twin", "", "Kim Jong Un met Putin on 13 September!")


def hit(article: Article, *near_duplicates: Article) -> Hit:
    return Hit(Passage(article, 0, len(article.text)), 0.9, 0.5, 1.0, near_duplicates)


def candidate(hits: list[Hit], position: int, text: str, margin: float) -> Candidate:
    start = hits[position].passage.article.text.index(text)
    return Candidate(position, start, start + len(text), margin)


def column(name: str, hits: list[Hit], *spans: tuple[int, str, float]) -> list[float]:
    found = evidence([candidate(hits, *span) for span in spans], hits)
    return found.features[:, FEATURES.index(name)].tolist()


def test_margin_and_depth_are_those_of_reader_and_retrieval():
    hits = [hit(ONE), hit(TWO)]
    spans = [(1, "KCNA", -2.5), (0, "Kim", 3.0)]
    assert column("margin", hits, *spans) == [-2.5, 3.0]
    assert column("depth", hits, *spans) == [math.log(2), 0.0]


def test_agreement_sums_the_best_score_in_each_other_article():
    hits = [hit(ONE), hit(TWO)]
    spans = [(0, "Kim Jong Un", 1.0), (1, "Kim Jong Un,", 0.0), (1, "Kim Jong Un", -3.0), (1, "KCNA", 5.0)]
    agreeing, other, again, alone = column("agreement", hits, *spans)
    assert agreeing == pytest.approx(math.log(1 + 0.5))  # of the margin 0; that of -3 is lower
    assert other == again == pytest.approx(math.log(1 + 1 / (1 + math.exp(-1.0))))
    assert alone == 0


def test_copies_and_other_passages_of_an_article_do_not_agree_with_it():
    hits = [hit(ONE, TWIN), hit(TWIN, ONE), hit(ONE, TWIN)]
    spans = [(0, "Kim Jong Un", 1.0), (1, "Kim Jong Un", 2.0), (2, "Kim Jong Un", 3.0)]
    assert column("agreement", hits, *spans) == [0.0, 0.0, 0.0]


def test_doubt_is_the_entropy_over_different_answers_at_their_surest():
    hits = [hit(ONE), hit(TWO)]
    spans = [(0, "Kim Jong Un", 1.0), (1, "Kim Jong Un", 0.0), (1, "KCNA", 1.0 + math.log(3))]
    expected = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert column("doubt", hits, *spans) == pytest.approx([expected] * 3)
    assert column("doubt", hits, spans[0], (1, "KCNA", -2000.0)) == pytest.approx([0.0, 0.0])
    assert column("doubt", hits, spans[0]) == [0.0]


def test_no_candidates_give_no_rows():
    assert evidence([], []).features.shape == (0, len(FEATURES))
