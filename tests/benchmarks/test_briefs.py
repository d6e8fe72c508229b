"""The measure of briefs, and the list of topics that it reads."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.briefs import TOPICS, date_f1, load

DAYS = frozenset(date(2023, 6, day) for day in (18, 22))


@pytest.mark.parametrize(
    ("found", "f1"),
    [([18, 22], 1.0), ([18, 19], 0.5), ([18], 2 / 3), ([19, 20], 0.0), ([], 0.0), ([18, 19, 20, 21], 1 / 3)],
)
def test_date_f1_is_the_harmonic_mean_of_precision_and_recall(found: list[int], f1: float):
    assert date_f1(DAYS, [date(2023, 6, day) for day in found]) == pytest.approx(f1)


def test_topics_are_20_of_two_archives_with_days_in_order():
    topics = load(TOPICS)
    assert len(topics) == 20 and {one.archive for one in topics} == {"sample", "news-2022-2023"}
    assert all(len(one.days) >= 2 for one in topics)
