"""Candidates that cannot be the answer: of another kind than asked for, or taken back by their sentence."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from qa.ingest.versions import newer_version
from qa.news.claim import Claim
from qa.news.events import is_of_another_event
from qa.news.standing import is_of_another_time
from qa.read.answers import Judged, judge
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.read.fitting import is_of_the_kind
from qa.records import Article, Hit, Passage, Quote

PLAIN = Calibration(**({f.name: 0.0 for f in fields(Calibration)} | {"margin": 1.0, "threshold": 0.5}))


def claim(text: str, quote: str) -> Claim:
    start = text.index(quote)
    return Claim(Quote(Article("a", "", text), start, start + len(quote)))


TESTED = "Her son had tested positive for the virus, but has since tested negative."


@pytest.mark.parametrize(
    ("question", "text", "quote", "fits"),
    [
        ("When did the cat go missing?", "See https://e.example/Cat-20771934.php now.", "20771934", False),
        ("When did the cat go missing?", "It went 20771934 days.", "20771934", False),
        ("When did it open?", "It opened in 1987.", "1987", True),
        ("When did it open?", "It opened on 12 May.", "12 May", True),
        ("When did it open?", "Five years ago.", "Five years ago", True),
        ("When did it open?", "Three days later it opened.", "Three days later", True),
        ("When did it open?", "In the spring of 2019.", "the spring of 2019", True),
        ("When did it open?", "At 9 a.m.", "9 a.m.", True),
        ("When did the singer die?", "He died after 19 years in prison.", "19 years", False),
        ("When did the singer die?", "He died after about nineteen years.", "about nineteen years", False),
        ("When did the judge die?", "The judge, age 94, died.", "age 94", False),
        ("When did the judge die?", "The 94-year-old judge died.", "94-year-old", False),
        ("How long did it last?", "It lasted 19 years.", "19 years", True),
        ("What is the address of the page?", "See https://e.example/cat now.", "https://e.example/cat", True),
        ("Which company counted the flaws?", "The firm Secunia.com counted.", "Secunia.com", True),
        ("How many people died?", "The number of the dead rose.", "The number", False),
        ("How many people died?", "Dozens died.", "Dozens", True),
        ("How many people died?", "53 people died.", "53 people", True),
        ("Who declared the emergency?", "Gov. Josh Green declared it.", "Gov.", False),
        ("Who declared the emergency?", "Gov. Josh Green declared it.", "Gov. Josh Green", True),
        ("Did he test positive?", TESTED, "negative", False),
        ("Did he test positive?", TESTED, "has since tested negative", False),
        ("Did he test positive?", TESTED, "tested positive", True),
        ("Did he test positive?", "He tested negative.", "negative", True),
    ],
)
def test_the_form_of_a_quote_fits_the_question_word(question: str, text: str, quote: str, fits: bool):
    assert is_of_the_kind(question, claim(text, quote)) == fits


IN_2022 = datetime(2022, 10, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "title", "text", "published", "fits"),
    [
        ("Who won the prize in 2008?", "", "Ada Lind won.", IN_2022, False),
        ("Who won the prize in 2008?", "", "Ada Lind won.", None, False),
        ("Who won the prize in 2008?", "", "Ada Lind won, as she did in 2008.", IN_2022, True),
        ("Who won the prize in 2008?", "The prize of 2008", "Ada Lind won.", None, True),
        ("Who won the prize in 2022?", "", "Ada Lind won.", IN_2022, True),
        ("Who won the prize in 2021?", "", "Ada Lind won last year.", IN_2022, True),
        ("Who won the prize of 2023?", "", "Ada Lind won next year's.", IN_2022, True),
        ("Who won in 2008 and 2022?", "", "Ada Lind won.", IN_2022, False),
        ("Who told the 2000 workers?", "", "Ada Lind told the 2,000.", IN_2022, True),
        ("Who won the prize?", "", "Ada Lind won.", None, True),
    ],
)
def test_an_article_that_knows_nothing_of_the_year_does_not_answer(question, title, text, published, fits):
    said = Article("a", title, text, published)
    assert is_of_another_time(question, Claim(Quote(said, 0, 8))) != fits


def article(id_: str, day: int, text: str) -> Article:
    return Article(id_, "", text, datetime(2024, 4, day, tzinfo=UTC), source=id_)


RESIGNED = article("resigned", 5, "Mayor Tobias Renn resigned on Friday after the audit.")
TAKES_OVER = article("over", 6, "Deputy mayor Ines Calder takes over from Tobias Renn.")
ARRESTED = article("arrested", 4, "Mayor Tobias Renn was questioned on Thursday.")
LATER = article("later", 9, "Mayor Tobias Renn opened the depot on Monday.")


def judged(question: str, *spans: tuple[Article, str, float]) -> Judged:
    hits = [Hit(Passage(a, 0, len(a.text)), 0.5, 0.5, 1.0) for a, _, _ in spans]
    found = [
        Candidate(at, start := a.text.index(text), start + len(text), margin)
        for at, (a, text, margin) in enumerate(spans)
    ]
    return judge(question, found, hits, PLAIN, threshold=None, many=9)


NOW = "Who is the mayor of Elden now?"


def test_articles_that_end_a_claim_do_not_agree_with_it():
    found = judged(
        NOW,
        (RESIGNED, "Tobias Renn", 5.0),
        (TAKES_OVER, "Tobias Renn", 4.0),
        (ARRESTED, "Tobias Renn", 3.0),
        (TAKES_OVER, "Ines Calder", 1.0),
    )
    assert [(a.text, a.sources) for a in found.answers] == [("Ines Calder", 1)]


def test_claim_stands_again_where_a_later_article_makes_it():
    found = judged(NOW, (RESIGNED, "Tobias Renn", 5.0), (LATER, "Tobias Renn", 3.0))
    assert [(a.text, a.article.id) for a in found.answers] == [("Tobias Renn", "later")]


def test_an_end_is_no_doubt_where_the_past_is_asked_for():
    found = judged("Who was the mayor of Elden in March?", (RESIGNED, "Tobias Renn", 5.0))
    assert [a.text for a in found.answers] == ["Tobias Renn"]


def test_neither_what_is_denied_nor_a_longer_span_of_it_is_an_answer():
    text = article("denied", 8, "The police did not confirm it.")
    asked = "Who confirmed the arrest?"
    found = judged(asked, (text, "The police", 5.0), (text, "The police did", 2.0))
    assert (found.answers, found.best_rejected) == ((), None)


def test_beside_what_is_denied_another_reading_is_no_surer_than_what_is_left():
    text = article("denied", 8, "The police did not confirm it, a spokeswoman said.")
    found = judged("Who confirmed it?", (text, "The police", 3.0), (text, "a spokeswoman", 2.0))
    assert found.answers == ()
    assert found.best_rejected is not None
    assert found.best_rejected.confidence == pytest.approx(1 - 0.952574, abs=1e-6)


def test_supposition_does_not_agree():
    sure = article("sure", 8, "A court found that the Vanni clan killed him.")
    perhaps = article("perhaps", 9, "Perhaps the Vanni clan killed him, his daughter thought.")
    found = judged("Who killed the judge?", (sure, "the Vanni clan", 5.0), (perhaps, "the Vanni clan", 4.0))
    assert [(a.text, a.sources) for a in found.answers if a.article is sure] == [("the Vanni clan", 1)]


FIRST = replace(
    article("first", 5, "The bus burned. Twelve people died in the fire."), url="https://e.example/bus"
)
CORRECTED = replace(
    article("second", 6, "The bus burned. Fourteen people died in the fire."), url="https://e.example/bus"
)
TWIN = replace(
    article("twin", 7, "The bus burned. Thirteen people died in the fire."), url="https://o.example/x"
)


def test_a_span_over_two_sentences_ends_nobody_of_the_second():
    both = article("both", 6, "Mayor Tobias Renn resigned on Friday. Deputy mayor Ines Calder takes over.")
    wide = "Tobias Renn resigned on Friday. Deputy mayor Ines Calder"
    found = judged("Who takes over as mayor?", (both, "Ines Calder", 6.0), (both, wide, 4.0))
    assert [answer.text for answer in found.answers] == ["Ines Calder"]


def versions(*articles: Article) -> list[Hit]:
    """Return a hit for each article, as from an index that took in the articles in this order."""
    hits = []
    for at, one in enumerate(articles):
        others = tuple(other for other in articles if other is not one)
        newer = newer_version(one, others, at)
        passage = Passage(one, 0, len(one.text))
        hits.append(Hit(passage, 0.5, 0.5, 1.0, others, newer_version=newer))
    return hits


def test_later_version_of_an_address_answers_and_what_it_took_back_does_not():
    found = judge(
        "How many people died?",
        [Candidate(0, 16, 29, 5.0), Candidate(1, 16, 31, 3.0), Candidate(0, 0, 14, 1.0)],
        versions(FIRST, CORRECTED),
        PLAIN,
        threshold=None,
        many=9,
    )
    assert [(a.text, a.article.id) for a in found.answers] == [
        ("Fourteen people", "second"),
        ("The bus burned", "second"),  # found in the first; the later text says it too
    ]


def test_what_both_versions_say_is_one_answer_of_one_source_also_where_only_the_earlier_was_found():
    first, second = versions(FIRST, CORRECTED)
    for hits in ([first], [first, second], [second, first]):
        candidates = [Candidate(at, 0, 14, 5.0 - at) for at in range(len(hits))]
        found = judge("What burned?", candidates, hits, PLAIN, threshold=None, many=9)
        assert [(a.text, a.article.id, a.sources, a.support) for a in found.answers] == [
            ("The bus burned", "second", 1, ())
        ]


def test_number_of_another_fire_and_year_is_no_answer():
    text = (
        "Most of Lahaina burned in the fire. The Camp Fire in California killed 85 people in 2018. "
        "Maui counts 97 dead."
    )
    fire = article("fire", 16, text)
    at = text.index("85")
    for question, kept in (
        ("How many people were killed in the Lahaina fire?", False),
        ("how many died in the lahaina fire", False),
        ("how many died in the camp fire", True),
        ("how many died in the fire", True),
        ("How many people were killed in the Camp Fire?", True),
        ("How many people were killed in the fire?", True),
        ("How many people were killed in fires of 2018?", True),
    ):
        claim = Claim(Quote(fire, at, at + 2))
        assert is_of_another_event(question, claim) is not kept
    hits = [Hit(Passage(fire, 0, len(text)), 0.5, 0.5, 1.0)]
    spans = [Candidate(0, at, at + 2, 5.0), Candidate(0, text.index("97"), text.index("97") + 2, 3.0)]
    found = judge(
        "How many people were killed in the Lahaina fire?", spans, hits, PLAIN, threshold=None, many=9
    )
    assert [answer.text for answer in found.answers] == ["97"]


TOLL = "They cut the death toll to 97, down from the 115 that had stood for weeks. The list has 31 names."


def of_the_toll(question: str, *spans: tuple[str, float], least: float = 0.5) -> list[tuple[str, str]]:
    text = TOLL + " Rain is expected."
    hits = [Hit(Passage(article("toll", 16, text), 0, len(text)), 0.5, 0.5, 1.0)]
    found = [Candidate(0, text.index(said), text.index(said) + len(said), margin) for said, margin in spans]
    judged = judge(question, found, hits, PLAIN, threshold=least, many=9)
    return [(answer.text, answer.state) for answer in judged.answers]


def test_a_number_that_its_sentence_amends_stands_behind_the_new_one_as_earlier():
    asked = "What was the death toll?"
    assert of_the_toll(asked, ("97", 5.0), ("115", 4.0)) == [("97", "current"), ("115", "superseded")]
    assert of_the_toll(asked, ("97", 4.0), ("115", 5.0)) == [("97", "current"), ("115", "superseded")]


def test_the_new_number_leads_though_only_the_amended_one_passes():
    asked = "What was the death toll?"
    assert of_the_toll(asked, ("97", -1.0), ("115", 5.0)) == [("97", "current"), ("115", "superseded")]
    # A number of another sentence amends nothing.
    assert of_the_toll(asked, ("31", -1.0), ("115", 5.0)) == [("115", "current")]
    # Its sentence amends no number.
    assert of_the_toll(asked, ("97", -1.0), ("31", 5.0)) == [("31", "current")]


def test_an_amendment_is_no_doubt_where_the_earlier_number_is_asked_for():
    asked = "What was the death toll before it was cut?"
    assert of_the_toll(asked, ("97", 4.0), ("115", 5.0)) == [("115", "current"), ("97", "current")]
