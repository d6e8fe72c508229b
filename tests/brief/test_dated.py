"""Sentences and the days that they tell of, worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from qa.brief.dated import FAR, dated_sentences
from qa.records import Article

FRIDAY = datetime(2023, 6, 23, 15, tzinfo=UTC)


def dated(text: str, published: datetime | None = FRIDAY, **known: object) -> list[tuple[str, str, str]]:
    """Return the beginning of each sentence, its day, and how the day was found."""
    article = Article("a", "Title", text, published=published, **known)
    found = list(dated_sentences(article))
    for one in found:
        assert one.quote.article is article and one.quote.where == "text"
    return [(one.quote.text[:10], one.day.isoformat(), one.basis) for one in found]


def test_a_sentence_belongs_to_the_day_that_it_names():
    text = "The craft lost contact with its ship on Sunday. It was built in 2021, the owner said on 20 June."
    assert dated(text) == [("The craft ", "2023-06-18", "far"), ("It was bui", "2023-06-20", "named")]


@pytest.mark.parametrize(
    ("weekday", "day", "basis"),
    [
        ("Thursday", date(2023, 6, 22), "named"),
        ("Monday", date(2023, 6, 19), "named"),
        ("Sunday", date(2023, 6, 18), "far"),
        ("Sunday, 18 June", date(2023, 6, 18), "named"),
    ],
)
def test_a_bare_day_of_the_week_some_days_back_is_less_sure(weekday: str, day: date, basis: str):
    assert ((FRIDAY.date() - day).days >= FAR) == (day == date(2023, 6, 18))
    assert dated(f"The search had begun off the coast on {weekday}.") == [("The search", str(day), basis)]


def test_a_sentence_without_a_time_belongs_to_the_articles_day_if_it_is_one_of_the_first():
    text = " ".join(f"Sentence number {word} stands here alone." for word in ("one", "two", "three", "four"))
    assert dated(text) == [("Sentence n", "2023-06-23", "own")] * 3


def test_a_time_that_is_not_a_single_day_gives_no_day():
    assert dated("The hull was tested at great depth in May 2022 and again last year.") == []


def test_the_day_of_a_dateline_is_the_day_of_writing_and_not_of_an_event():
    text = "BOSTON, June 22 - All five people aboard are dead, the coast guard announced on Wednesday."
    assert dated(text) == [("BOSTON, Ju", "2023-06-21", "named")]
    assert dated("BOSTON, June 22 - All five people aboard are dead, the coast guard said.") == [
        ("BOSTON, Ju", "2023-06-22", "own")
    ]


def test_what_lay_ahead_of_the_article_is_marked_as_future():
    assert dated("The hearing will be held in Boston on 30 June 2023.") == [
        ("The hearin", "2023-06-30", "ahead")
    ]


def test_a_sentence_that_names_two_days_belongs_to_both():
    text = "Launches were called off on 29 August 2022 and on 3 September 2022."
    assert [day for _, day, _ in dated(text)] == ["2022-08-29", "2022-09-03"]


def test_an_article_without_a_date_gives_only_days_that_name_their_year():
    text = "It sailed on Friday without a sound. It was found on 22 June 2023 near the wreck."
    assert dated(text, None) == [("It was fou", "2023-06-22", "named")]


def test_a_date_known_to_the_week_gives_no_day_of_its_own_and_resolves_no_weekday():
    assert dated("The craft was lost on Sunday off the coast. Nobody has seen it again since.",
                 approximate_to="week") == []  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Too short on 22 June.",
        ". Hide Caption 15 of 44 Photos: Mourners gather in the plaza on 22 June 2023.",
        "Photos: the crowd in the plaza on 22 June 2023, as the sun went down.",
        "Jae C. Hong/AP Crosses bear the names of those who died on 22 June 2023.",
        "Jim Watson/AFP/Getty Images The craft is seen from above on Monday, 19 June 2023.",
        "Gregg Newton/AFP via Getty Images Cathie Perkins points to a map of the plaza on 22 June 2023.",
        "Houses without roofs are seen in Matlacha, Florida, on 22 June 2023.",
        "Anna Berg, right, arrives at the airfield in Texas on 22 June 2023 after her release.",
        "A satellite image shows the storm over the coast on 22 June 2023.",
        "Matthew Busch for CNN People in Boston light candles on 22 June 2023.",
        "and so it went on until the evening of 22 June 2023.",
        "More: Live updates of 22 June 2023 on the search for the craft",
        "x" * 480 + " on 22 June 2023.",
    ],
)
def test_a_sentence_that_cannot_stand_alone_is_left_out(text: str):
    assert dated(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Talks for NATO members opened in Madrid on 22 June 2023.",
        "Israel/Palestine talks opened in Cairo on 22 June 2023.",
        "Work for CNN ended for him on 22 June 2023.",
        "He is seen as the favourite since the vote of 22 June 2023.",
        "The far left, which lost on 22 June 2023, wants a recount.",
        "The image shows how little was known, the judge said on 22 June 2023.",
    ],
)
def test_a_sentence_that_only_looks_like_one_is_no_caption(text: str):
    assert [day for _, day, _ in dated(text)] == ["2023-06-22"]
