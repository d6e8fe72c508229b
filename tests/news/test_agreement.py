"""Equal answers become one, with its independent sources and its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from qa.news.agreement import independent_sources, merged
from qa.news.claim import Claim
from qa.records import Article, Hit, Passage, Quote


def article(id_: str, text: str, day: int, source: str) -> Article:
    return Article(id_, "", text, datetime(2023, 9, day, tzinfo=UTC), source=source)


ONE = article("one", "They met on Wednesday.", 14, "Reuters")
TWO = article("two", "They met on 13 September.", 15, "CBS News")
SAME_SOURCE = article("three", "It was 13 September 2023.", 20, "reuters")
COPY = article("copy", "They met on Wednesday!", 14, "Harbour Post")
OTHER = article("other", "They met on 12 September.", 13, "Ledger")
HITS = [
    Hit(Passage(a, 0, len(a.text)), 0.5, 0.5, 1.0, near_duplicates)
    for a, near_duplicates in [(ONE, (COPY,)), (TWO, ()), (SAME_SOURCE, ()), (COPY, (ONE,)), (OTHER, ())]
]


def answer(of: Article, text: str, margin: float = 1.0) -> Claim:
    start = of.text.index(text)
    return Claim(Quote(of, start, start + len(text)), margin)


def test_equal_answers_in_other_words_merge_and_count_sources_and_days():
    answers = [answer(TWO, "13 September"), answer(ONE, "Wednesday"), answer(OTHER, "12 September")]
    first, second = (group.answer() for group in merged(answers, HITS))
    assert (first.text, [quote.text for quote in first.agreeing]) == ("13 September", ["Wednesday"])
    assert (first.sources, first.first, first.last) == (2, date(2023, 9, 14), date(2023, 9, 15))
    assert first.support == (ONE,)
    assert (second.text, second.sources, second.agreeing) == ("12 September", 1, ())
    assert (second.first, second.last) == (date(2023, 9, 13), date(2023, 9, 13))


def test_a_copy_neither_agrees_nor_counts_and_an_outlet_counts_once():
    answers = [answer(ONE, "Wednesday"), answer(COPY, "Wednesday"), answer(SAME_SOURCE, "13 September 2023")]
    (only,) = (group.answer() for group in merged(answers, HITS))
    assert [quote.article.id for quote in only.agreeing] == ["three"]
    assert only.sources == 1
    assert only.last == date(2023, 9, 20)


def test_sources_are_joined_by_copies_and_by_name():
    a, b, c = (Article(id_, "", "", source=source) for id_, source in ("aX", "bY", "cx"))
    lone = {x.id: frozenset([x.id]) for x in (a, b, c)}
    named = replace(c, source="X")
    assert independent_sources([a, b, named], lone) == 2
    # c ties a and b together: it is a copy of b and comes from a's outlet.
    assert independent_sources([a, b, named], lone | {"c": frozenset("bc")}) == 1
    assert independent_sources([replace(a, source=""), replace(b, source="")], lone) == 2


def test_an_undated_answer_has_no_days():
    undated = Article("u", "", "Kim.")
    (only,) = (
        group.answer()
        for group in merged([answer(undated, "Kim")], [Hit(Passage(undated, 0, 4), 0.5, 0.5, 1.0)])
    )
    assert (only.first, only.last) == (None, None)


def test_only_claims_that_their_sentences_support_agree():
    one, two = article("o", "Kim left.", 1, "AP"), article("t", "Kim may leave.", 2, "Ledger")
    hits = [Hit(Passage(of, 0, len(of.text)), 0.5, 0.5, 1.0) for of in (one, two)]
    claims = [answer(one, "Kim"), answer(two, "Kim")]
    for doubted in ((), ("o",), ("t",)):
        (group,) = merged(claims, hits, lambda claim, doubted=doubted: claim.article.id not in doubted)
        assert [claim.article.id for claim in group.claims] == (["o"] if doubted else ["o", "t"])
        assert group.sources == len(group.claims)
