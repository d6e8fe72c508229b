"""Candidates become answers: overlaps, equal answers, copies and the threshold."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from qa.read.answers import judge
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.records import Answer, Article, Hit, Passage, TimeCondition
from qa.text.normalization import normalized

ONE = Article("one", "", "Putin met Kim on 13 September. He met Kim Jong Un.")
TWO = Article("two", "", "The meeting took place on 13 SEPTEMBER, 2023.")
TWIN = Article("twin", "", "Putin met Kim on 13 September. He met Kim Jong Un!")
# Confidence is the logistic of the margin alone.
_NOTHING_ELSE = {field.name: 0.0 for field in fields(Calibration)}
PLAIN = Calibration(**(_NOTHING_ELSE | {"margin": 1.0, "threshold": 0.5}))


def hit(article: Article, *near_duplicates: Article, start: int = 0) -> Hit:
    return Hit(Passage(article, start, len(article.text)), 0.5, 0.5, 1.0, near_duplicates)


def candidate(hits: list[Hit], position: int, text: str, margin: float) -> Candidate:
    start = hits[position].passage.article.text.index(text)
    return Candidate(position, start, start + len(text), margin)


def told(answers: tuple[Answer, ...]) -> list[tuple[str, list[str]]]:
    """Return each answer's text and the articles that support it."""
    return [(answer.text, [article.id for article in answer.support]) for answer in answers]


def judged(hits: list[Hit], *spans: tuple[int, str, float], calibration=None, threshold=None, many=9):
    candidates = [candidate(hits, *span) for span in spans]
    return judge("", candidates, hits, calibration, threshold=threshold, many=many)


def test_best_margin_comes_first_and_no_more_than_asked():
    found = judged([hit(ONE)], (0, "13 September", 2.0), (0, "Putin", 5.0), (0, "Jong Un", 3.0), many=2)
    assert told(found.answers) == [("Putin", []), ("Jong Un", [])]
    assert [answer.margin for answer in found.answers] == [5.0, 3.0]
    assert found.best_rejected is None


def test_of_overlapping_spans_of_an_article_the_best_stays():
    found = judged([hit(ONE)], (0, "Kim Jong Un", 3.0), (0, "Jong Un", 4.0), (0, "met Kim on", 1.0))
    assert told(found.answers) == [("Jong Un", []), ("met Kim on", [])]


def test_overlapping_passages_of_one_article_give_an_answer_once():
    hits = [hit(ONE), hit(ONE, start=10)]
    found = judged(hits, (0, "13 September", 3.0), (1, "13 September", 4.0))
    assert told(found.answers) == [("13 September", [])]
    assert found.answers[0].margin == 4.0


def test_same_offsets_in_different_articles_do_not_overlap():
    hits = [hit(Article("a", "", "Kim left.")), hit(Article("b", "", "Xi stayed."))]
    assert told(judged(hits, (0, "Kim", 2.0), (1, "Xi", 1.0)).answers) == [("Kim", []), ("Xi", [])]


def test_touching_spans_do_not_overlap():
    found = judged([hit(Article("a", "", "KimXi"))], (0, "Kim", 2.0), (0, "Xi", 1.0))
    assert told(found.answers) == [("Kim", []), ("Xi", [])]


def test_equal_answers_of_different_articles_become_one_with_support():
    found = judged([hit(ONE), hit(TWO)], (0, "13 September", 2.0), (1, "13 SEPTEMBER,", 3.0))
    assert told(found.answers) == [("13 SEPTEMBER,", ["one"])]
    assert found.answers[0].article == TWO


def test_equal_answer_that_would_not_be_shown_itself_is_no_support():
    found = judged([hit(ONE), hit(TWO)], (0, "13 September", 2.0), (1, "13 SEPTEMBER", -0.5))
    assert told(found.answers) == [("13 September", [])]


def test_equal_answers_of_one_article_are_no_support_of_each_other():
    article = Article("a", "", "Kim left. Kim stayed.")
    first, second = Candidate(0, 0, 3, 1.0), Candidate(0, 10, 13, 2.0)
    found = judge("", [first, second], [hit(article)], None, threshold=None, many=9)
    assert [(a.start, a.support) for a in found.answers] == [(10, ())]


def test_near_copy_is_no_support_neither_of_the_best_nor_of_a_supporter():
    hits = [hit(ONE, TWIN), hit(TWIN, ONE), hit(TWO)]
    spans = [(0, "13 September", 3.0), (1, "13 September", 2.0), (2, "13 SEPTEMBER", 1.0)]
    assert told(judged(hits, *spans).answers) == [("13 September", ["two"])]
    spans = [(2, "13 SEPTEMBER", 3.0), (0, "13 September", 2.0), (1, "13 September", 1.0)]
    assert told(judged(hits, *spans).answers) == [("13 SEPTEMBER", ["one"])]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("the Kremlin", "Kremlin."),
        ("José  Díaz", "jose diaz"),
        ("U.S.", "u.s"),
        ("“25 to 27 July”", "25 to 27 July,"),
        ("STRASSE", "Straße"),
        ("김정은", "김정은."),
    ],
)
def test_answers_that_differ_in_case_accents_articles_and_marks_are_equal(one: str, two: str):
    assert normalized(one) == normalized(two) != ""


@pytest.mark.parametrize(
    ("one", "two"), [("3,400", "34,00"), ("$5", "€5"), ("5", "5%"), ("1.5", "15"), ("김정은", "김정일")]
)
def test_different_numbers_and_names_stay_different(one: str, two: str):
    assert normalized(one) != normalized(two)


def test_span_of_nothing_but_marks_is_no_answer():
    assert told(judged([hit(ONE)], (0, ". ", 9.0), (0, "Putin", 1.0)).answers) == [("Putin", [])]


def test_blanks_at_the_ends_of_a_span_are_no_part_of_the_quote():
    (answer,) = judged([hit(ONE)], (0, " Kim Jong ", 2.0)).answers
    assert answer.text == "Kim Jong" == ONE.text[answer.start : answer.end]


def test_without_calibration_an_answer_is_what_the_reader_prefers_to_no_answer():
    found = judged([hit(ONE)], (0, "Putin", 0.1), (0, "13 September", 0.0), (0, "Jong Un", -1.0))
    assert told(found.answers) == [("Putin", [])]
    assert found.answers[0].confidence is None


def test_when_nothing_passes_the_best_is_kept_as_rejected():
    found = judged([hit(ONE)], (0, "Putin", -3.0), (0, "Jong Un", -1.0))
    assert found.answers == ()
    assert (found.best_rejected.text, found.best_rejected.margin) == ("Jong Un", -1.0)


def test_relative_times_around_an_answer_are_resolved():
    article = Article("a", "", "Kim plans a visit later this month.", datetime(2023, 9, 5, tzinfo=UTC))
    (answer,) = judged([hit(article)], (0, "Kim", 1.0)).answers
    assert [(time.start, time.end, time.words) for time in answer.times] == [(18, 34, "September 2023")]


def test_the_newest_takes_the_lead_only_where_no_time_was_named():
    dated = [Article(f"a{day}", "", f"{day} died.", datetime(2023, 8, day, tzinfo=UTC)) for day in (10, 28)]
    hits = [hit(article) for article in dated]
    candidates = [candidate(hits, 0, "10", 3.0), candidate(hits, 1, "28", 2.0)]
    august = TimeCondition(0, 0, "", date(2023, 8, 1), date(2023, 8, 31), True, "August 2023")
    for time, texts in ((None, ["28", "10"]), (august, ["10", "28"])):
        found = judge("How many died?", candidates, hits, None, threshold=None, many=9, time=time)
        assert [answer.text for answer in found.answers] == texts
        assert found.time == time


def test_of_answers_that_took_each_others_place_one_passes_the_threshold_alone():
    dated = [
        Article(f"a{day}", "", f"{day} died on Maui.", datetime(2023, 8, day, tzinfo=UTC)) for day in (10, 28)
    ]
    hits = [hit(article) for article in dated]
    candidates = [candidate(hits, 0, "10", 0.3), candidate(hits, 1, "28", 0.2)]  # 0.57 and 0.55
    found = judge("How many died on Maui?", candidates, hits, PLAIN, threshold=0.56, many=9)
    assert [(answer.text, answer.state) for answer in found.answers] == [
        ("28", "current"), ("10", "superseded")
    ]  # fmt: skip
    assert judge("How many died on Maui?", candidates, hits, PLAIN, threshold=0.6, many=9).answers == ()


def test_title_answers_with_places_in_the_title():
    named = Article("n", "Volta Motors names Ida Renske chief executive", "The car maker said so on 1 June.")
    found = judge(
        "Who is the new chief executive?",
        [Candidate(0, 19, 29, 3.0, where="title"), Candidate(0, 19, 26, 2.0)],
        [hit(named)],
        None,
        threshold=None,
        many=9,
    )
    first, second = found.answers
    assert (first.text, first.where, first.field) == ("Ida Renske", "title", named.title)
    assert (second.text, second.where) == (named.text[19:26], "text")  # no overlap with the title's


def test_no_candidates_make_no_answers():
    found = judge("", [], [], None, threshold=None, many=3)
    assert (found.answers, found.best_rejected) == ((), None)


def test_calibrated_answers_carry_their_probability_and_pass_its_threshold():
    found = judged(
        [hit(ONE)], (0, "Putin", 2.0), (0, "Jong Un", 0.0), (0, "13 September", -0.1), calibration=PLAIN
    )
    assert told(found.answers) == [("Putin", []), ("Jong Un", [])]
    assert [answer.confidence for answer in found.answers] == pytest.approx([0.880797, 0.5])


def test_threshold_of_the_caller_comes_before_that_of_the_calibration():
    spans = [(0, "Putin", 2.0), (0, "Jong Un", -2.0)]
    strict = judged([hit(ONE)], *spans, calibration=PLAIN, threshold=0.95)
    assert (strict.answers, strict.best_rejected.text) == ((), "Putin")
    generous = judged([hit(ONE)], *spans, calibration=PLAIN, threshold=0.0)
    assert told(generous.answers) == [("Putin", []), ("Jong Un", [])]


def test_threshold_without_a_calibration_is_the_callers_mistake():
    with pytest.raises(ValueError, match=r"the threshold 0\.5 needs a calibrated reader"):
        judge("", [], [], None, threshold=0.5, many=3)


GUESSING = Calibration(**(_NOTHING_ELSE | {"margin": 1.0, "threshold": 0.5, "guess": 0.2}))


@pytest.mark.parametrize(
    ("margin", "answers", "guess"),
    [
        (0.1, ["Putin"], None),  # 0.52: sure
        (-1.0, [], "Putin"),  # 0.27: below the threshold, above the guess
        (-2.0, [], None),  # 0.12: not found
    ],
)
def test_two_thresholds_part_answers_guesses_and_nothing(margin, answers, guess):
    found = judged([hit(ONE)], (0, "Putin", margin), calibration=GUESSING)
    assert [answer.text for answer in found.answers] == answers
    assert (found.guess.text if found.guess else None) == guess
    assert (found.best_rejected is None) == bool(answers)


def test_own_threshold_moves_the_sure_ones_and_the_guess_stays_where_it_was_fitted():
    assert judged([hit(ONE)], (0, "Putin", 1.0), calibration=GUESSING, threshold=0.9).guess.text == "Putin"
    assert judged([hit(ONE)], (0, "Putin", -2.0), calibration=GUESSING, threshold=0.9).guess is None


def test_uncalibrated_reader_guesses_at_nothing():
    found = judged([hit(ONE)], (0, "Putin", -1.0))
    assert (found.guess, found.best_rejected.text) == (None, "Putin")


def test_guess_is_the_newest_state_of_its_count():
    fire = "In the fires on Maui 53 died. Lahaina burned. Maui mourns."
    older = Article("o", "53 dead in Maui fires", fire, datetime(2023, 8, 10, tzinfo=UTC))
    count = "The toll of Lahaina is 97. On Maui it burned. Lahaina mourns."
    newer = Article("n", "Lahaina toll cut to 97", count, datetime(2023, 9, 15, tzinfo=UTC))
    hits = [hit(older), hit(newer)]
    candidates = [candidate(hits, 0, "53", -1.0), candidate(hits, 1, "97", -9.0)]
    fitted = replace(PLAIN, guess=0.2)
    found = judge("How many died on Maui?", candidates, hits, fitted, threshold=None, many=3)
    assert found.answers == ()
    assert found.best_rejected is not None and found.best_rejected.text == "53"
    assert found.guess is not None
    assert (found.guess.text, found.guess.as_of) == ("97", date(2023, 9, 15))
    assert found.guess.confidence == found.best_rejected.confidence  # 0.27
    day = date(2023, 8, 12)
    early = judge("How many died on Maui?", candidates, hits, fitted, threshold=None, many=3, as_of=day)
    assert early.guess is not None and early.guess.text == "53"  # 97 is not known on that day
