"""The newest of alternative answers leads; those of the same days are disputed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from qa.news.agreement import merged
from qa.news.standing import SAME_DAYS, stood
from qa.records import Answer, Article, Hit, Passage

TOLL = "How many people died in the fire?"


def article(id_: str, text: str, day: int, source: str = "", approximate_to: str = "") -> Article:
    published = datetime(2023, 9, day, 12, tzinfo=UTC)
    return Article(id_, "", text, published, source=source or id_, approximate_to=approximate_to)


def told(question: str, *quotes: tuple[Article, str, float]) -> list[tuple[str, str, date | None]]:
    """The answers as they stand, for quotes with their confidences, best first."""
    hits = [Hit(Passage(a, 0, len(a.text)), 0.5, 0.5, 1.0) for a, _, _ in quotes]
    answers = []
    for of, quote, confidence in quotes:
        start = of.text.index(quote)
        answers.append(Answer(of, start, start + len(quote), confidence, 1.0))
    return [(a.text, a.state, a.as_of) for a in stood(question, merged(answers, hits), hits)]


FIRST = article("first", "At least 53 people died.", 1)
SECOND = article("second", "Some 115 died.", 8)
THIRD = article("third", "The toll was cut to 97 deaths.", 15)


def test_the_newest_amount_leads_and_the_older_follow_in_order():
    assert told(TOLL, (FIRST, "53 people", 0.9), (THIRD, "97 deaths", 0.8), (SECOND, "115", 0.7)) == [
        ("97 deaths", "current", date(2023, 9, 15)),
        ("115", "superseded", date(2023, 9, 8)),
        ("53 people", "superseded", date(2023, 9, 1)),
    ]


def test_amounts_of_the_same_days_in_different_sources_are_disputed_and_the_surest_leads():
    police = article("police", "Police put it at 338,000 people.", 16)
    crowd = article("crowd", "Two million people came.", 17)
    assert told(
        "How many people came?", (police, "338,000 people", 0.8), (crowd, "Two million people", 0.6)
    ) == [
        ("338,000 people", "disputed", date(2023, 9, 16)),
        ("Two million people", "disputed", date(2023, 9, 17)),
    ]


def test_one_source_does_not_dispute_itself():
    one, two = article("a", "It is 5 dead.", 16, "Ledger"), article("b", "It is 6 dead.", 17, "ledger")
    found = told(TOLL, (one, "5 dead", 0.8), (two, "6 dead", 0.7))
    assert [state for _, state, _ in found] == ["current", "current"]


def test_other_answers_keep_their_place_behind_the_alternatives():
    other = article("other", "The mayor said so.", 20)
    found = told(TOLL, (FIRST, "53 people", 0.9), (other, "The mayor", 0.8), (THIRD, "97 deaths", 0.7))
    assert [(text, state) for text, state, _ in found] == [
        ("97 deaths", "current"), ("53 people", "superseded"), ("The mayor", "current")
    ]  # fmt: skip


def test_without_an_alternative_an_answer_stands_without_a_day():
    assert told(TOLL, (FIRST, "53 people", 0.9)) == [("53 people", "current", None)]


def test_no_alternatives_are():
    years = article("years", "He got 25 years.", 20)
    doubtful = article("doubtful", "Some 900 came.", 20)
    undated = Article("undated", "", "Some 80 died.", None)
    vague = article("vague", "Some 70 died.", 20, approximate_to="month")
    same_article = article("first", "At least 53 people died.", 1)
    for rival in (
        (years, "25 years", 0.8),  # of another measure
        (doubtful, "900", 0.4),  # less than half as sure
        (undated, "80", 0.8),
        (vague, "70", 0.8),
        (same_article, "At least 53", 0.8),
    ):
        assert told(TOLL, (FIRST, "53 people", 0.9), rival)[0] == ("53 people", "current", None)


def test_people_are_alternatives_only_as_holders_of_an_office():
    truss, sunak = article("t", "Liz Truss is it.", 1), article("s", "Rishi Sunak is it.", 20)
    quotes = (truss, "Liz Truss", 0.9), (sunak, "Rishi Sunak", 0.8)
    assert told("Who is prime minister?", *quotes)[0] == ("Rishi Sunak", "current", date(2023, 9, 20))
    assert told("Who met the king?", *quotes)[0] == ("Liz Truss", "current", None)
    assert told("Who was there when the prime minister came?", *quotes)[0][0] == "Liz Truss"


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(2, 99), st.integers(1, 99)),
        max_size=6,
        unique_by=lambda x: x[1],
    )
)
def test_no_answer_is_lost_and_none_stands_before_one_that_took_its_place(reports):
    ranked = sorted(reports, key=lambda report: -report[2])
    quotes = [(article(f"a{n}", f"{n} died.", day), str(n), sure / 100) for day, n, sure in ranked]
    found = told(TOLL, *quotes)
    assert sorted(text for text, _, _ in found) == sorted(text for _, text, _ in quotes)
    states = [state for _, state, day in found if day is not None]
    assert states == sorted(states, key="superseded".__eq__)  # the old ones follow
    old = [day for _, state, day in found if state == "superseded"]
    assert old == sorted(old, reverse=True)
    newest = max((day for _, state, day in found if state != "superseded" and day is not None), default=None)
    assert all(newest - day > SAME_DAYS for day in old)


def test_no_answers_have_no_standing():
    assert stood(TOLL, [], []) == []
