"""Which days matter: sums worked out by hand, and brute force beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.brief.dated import Dated
from qa.brief.days import WEIGHTS, Weighed, most_salient, salience
from qa.records import Article, Quote

DAY = date(2023, 6, 18)
ARTICLE = Article("a", "", "Text")


def line(day: int, story: str, relevance: float, basis: str = "named", row: int = 0) -> Weighed:
    dated = Dated(Quote(ARTICLE, 0, 4), DAY + timedelta(day), basis, 0)
    return Weighed(dated, story, relevance, row)


def test_a_day_weighs_the_best_sentence_of_each_independent_article():
    lines = [
        line(0, "a", 0.5),
        line(0, "a", 0.8),  # of the same story, of which the better one counts
        line(0, "b", 0.5),
        line(0, "c", 1.0, "own"),
        line(1, "a", 0.25),
    ]
    assert salience(lines) == pytest.approx({DAY: 0.8 + 0.5 + WEIGHTS["own"], DAY + timedelta(1): 0.25})


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.floats(0, 1), st.sampled_from(list(WEIGHTS)))
    )
)
def test_salience_is_what_brute_force_finds(rows: list[tuple[int, str, float, str]]):
    found = salience([line(*row) for row in rows])
    assert found.keys() == {DAY + timedelta(row[0]) for row in rows}
    for day in range(6):
        by_story = [
            max(WEIGHTS[r[3]] * r[2] for r in rows if (r[0], r[1]) == (day, story))
            for story in {r[1] for r in rows if r[0] == day}
        ]
        assert found.get(DAY + timedelta(day), 0) == pytest.approx(sum(by_story))


def test_the_weightiest_days_come_in_order_of_time():
    days = {DAY + timedelta(n): weight for n, weight in enumerate([1.0, 4.0, 0.3, 2.0])}
    assert most_salient(days, 2, least=0) == [DAY + timedelta(1), DAY + timedelta(3)]
    assert most_salient(days, 9, least=0.1) == [DAY + timedelta(n) for n in (0, 1, 3)]
    assert most_salient({}, 3, least=0.1) == []


def test_of_equal_days_the_earlier_ones_stay():
    assert most_salient({DAY + timedelta(n): 1.0 for n in (2, 0, 1)}, 2, least=0) == [DAY, DAY + timedelta(1)]
