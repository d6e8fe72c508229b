"""The measure of briefs, and the list of topics that it reads."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.briefs import (
    JUDGED,
    TOPICS,
    Measured,
    Sentences,
    Topic,
    date_f1,
    judged_sentences,
    load,
    load_judged,
    part_of_digest,
)
from qa.brief.records import Brief, BriefDay, Event
from qa.records import Article, Quote

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


def test_sentences_are_counted_by_what_was_said_of_them_under_their_topic():
    text = "The craft dived. It sank. A ship looked for it. The market rose."
    places = [(0, 16), (17, 25), (26, 47), (48, 64)]
    article = Article("a", "Craft", text)
    events = tuple(Event(Quote(article, start, end), (), 1, 0.5) for start, end in places)
    dived, sank, looked, _ = (part_of_digest(text[start:end]) for start, end in places)
    judged = {("craft", dived): "on", ("craft", sank): "off", ("market", looked): "on"}
    measured = Measured(
        Topic("craft", "sample", DAYS, None),
        Brief(
            "craft",
            (BriefDay(date(2023, 6, 18), events[:2], 1), BriefDay(date(2023, 6, 22), events[2:], 1)),
            1,
        ),
    )
    assert judged_sentences([measured], judged) == Sentences(on=1, off=1, doubtful=0, not_judged=2)
    assert Sentences(on=8, off=1, doubtful=1, not_judged=90).on_topic == 0.8


def test_judged_sentences_are_of_topics_that_are_measured():
    judged = load_judged(JUDGED)
    assert {topic for topic, _ in judged} == {one.topic for one in load(TOPICS)}
    assert set(judged.values()) == {"on", "off", "doubtful"}
