"""Dates, confidences, counts and reports in plain words."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa import export, words
from qa.cli import terminal
from qa.cli.many import print_answered
from qa.cli.output import print_result
from qa.doors import citations
from qa.page.html import layout, many, why
from qa.records import Answer, Answered, Article, FollowUp, Hit, Passage, Reply, TimeCondition
from qa.reports import BuildReport, Overview, Skipped

MOMENT = datetime(2023, 9, 5, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("confidence", "told"),
    [
        (1.0, "very likely, 99 %"),
        (0.9, "very likely, 90 %"),
        (0.83, "likely, 83 %"),
        (0.33, "possible, 33 %"),  # just above a threshold: no guess, so not called one
        (0.0, "possible, 0 %"),
        (None, "uncalibrated, margin -2.2"),
    ],
)
def test_confidence_is_a_word_and_a_number_and_never_certain(confidence: float | None, told: str):
    assert words.sureness(Answer(Article("a", "", ""), 0, 0, confidence, margin=-2.25)) == told


@pytest.mark.parametrize(
    ("confidence", "told"),
    [
        (0.95, "unsure, 95 %"),
        (0.33, "unsure, 33 %"),
        (0.0, "unsure, 0 %"),
        (None, "uncalibrated, margin -2.2"),
    ],
)
def test_guess_alone_is_called_unsure_however_high_the_threshold(confidence: float | None, told: str):
    guess = Answer(Article("a", "", ""), 0, 0, confidence, margin=-2.25)
    assert words.sureness(guess, is_guess=True) == told


def test_every_door_calls_an_answer_possible_and_a_guess_of_the_same_confidence_unsure(
    capsys: pytest.CaptureFixture[str],
):
    known = Answer(Article("a", "Title", "He inspected missiles."), 13, 21, 0.33, 1.0)
    hits = (Hit(Passage(known.article, 0, 22), 0.5, 0.5, 1.0),)
    for reply, word in (
        (Reply("Who?", (known,), hits), "possible, 33 %"),
        (Reply("Who?", (), hits, best_rejected=known, guess=known), "unsure, 33 %"),
    ):
        print_result(terminal.answers_of(reply))
        print_answered(iter([Answered("Who?", reply)]), 1, "table")
        sent = citations.asked(reply, 5)
        at_doors = [
            capsys.readouterr().out.replace("\n", " "),
            export.reply_to_markdown(reply),
            *(one.sureness for one in (*sent.answers, sent.guess) if one is not None),
            "".join(card.html for section in layout.answered(reply) for card in section.cards),
            many.table([Answered("Who?", reply)], lambda question: "./"),
            str(why.margins(reply, "light")),
        ]
        other = "unsure" if word.startswith("possible") else "possible"
        assert [word in text and other not in text for text in at_doors] == [True] * 6
        assert at_doors[0].count(word) == 2


@pytest.mark.parametrize(
    ("unit", "told"),
    [("", "5 September 2023"), ("hour", "about 5 September 2023"), ("day", "about 5 September 2023"),
     ("week", "about 5 September 2023"), ("month", "about September 2023"), ("year", "about 2023")],
)  # fmt: skip
def test_date_is_written_no_finer_than_it_is_known(unit: str, told: str):
    assert words.published(Article("a", "", "", MOMENT, approximate_to=unit)) == told


def test_article_without_date_has_no_date():
    assert words.published(Article("a", "", "")) == ""


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.44, "0.4 s"), (12.4, "12 s"), (100, "2 min"), (7500, "2 h 5 min")]
)
def test_duration_is_as_coarse_as_people_say_it(seconds: float, told: str):
    assert words.duration(seconds) == told


def test_timings_are_summed_and_named():
    told = words.timings({"retrieve": 0.021, "read": 0.5})
    assert told == "Answered in 0.52 s: retrieve 0.02 s, read 0.50 s"
    assert words.timings({"list": 0.021}) == "Answered in 0.02 s"
    assert words.timings({"list": 0.0049}) == "Answered in less than 0.01 s"


def test_early_exit_is_reported_where_there_was_one(reply: Reply):
    assert words.stopped_early(reply) == ""
    stopped = replace(reply, hits=reply.hits * 10, passages_read=4)
    assert words.stopped_early(stopped) == "Sure after 4 of 10 passages, the others were not read"


def test_archive_is_described_by_size_span_and_age():
    first = datetime(2019, 1, 2, tzinfo=UTC)
    overview = Overview("i", "g", MOMENT, 1204, 9, 9, "e", 2, first, MOMENT, 1, (("A", 1204),), (), ())
    assert words.archive(overview) == [
        "1,204 articles from 1 source",
        "2 January 2019 to 5 September 2023",
        "1 article without a date",
        "Built 5 September 2023, 23:30 UTC",
    ]


@pytest.mark.parametrize(
    ("articles", "line"), [(12, "12 articles, none names its source"), (1, "1 article without a source")]
)
def test_archive_whose_articles_name_no_source_is_said_to_have_none(articles: int, line: str):
    overview = Overview("i", "g", MOMENT, articles, 9, 9, "e", 2, None, None, articles, (), (), ())
    assert words.archive(overview)[0] == line


def test_report_leaves_out_what_did_not_happen():
    assert words.report(BuildReport(3, 9, 9, 3, 0, 0, 0, (), 2.04)) == (
        "The archive now holds 3 articles: 3 added or changed, 0 unchanged. It took 2.0 s."
    )


def test_report_names_what_was_removed_repeated_and_skipped():
    skipped = (Skipped("a.txt", "it is empty"),)
    assert words.report(BuildReport(1500, 9, 9, 2, 3, 1, 0, skipped, 61)) == (
        "The archive now holds 1,500 articles: 2 added or changed, 1,498 unchanged, 3 removed, "
        "1 exact repeat left out, 1 input skipped. It took 61 s."
    )


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2023, 9, 5), date(2023, 9, 5), "5 September 2023"),
        (date(2023, 9, 5), date(2023, 9, 9), "5 to 9 September 2023"),
        (date(2023, 8, 28), date(2023, 9, 2), "28 August to 2 September 2023"),
        (date(2022, 12, 28), date(2023, 1, 2), "28 December 2022 to 2 January 2023"),
    ],
)
def test_span_of_days_repeats_nothing(first: date, last: date, told: str):
    assert words.days(first, last) == told


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"sources": 1}, ""),
        ({"sources": 3}, "3 sources agree"),
        (
            {"sources": 3, "first": date(2023, 9, 5), "last": date(2023, 9, 9)},
            "3 sources agree, 5 to 9 September 2023",
        ),
    ],
)
def test_agreement_counts_sources_and_days(known: dict[str, object], told: str):
    assert words.agreement(Answer(Article("a", "", ""), 0, 0, 0.5, 1.0, **known)) == told


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (date(2023, 9, 5), "the same day"),
        (date(2023, 9, 4), "1 day earlier"),
        (date(2023, 9, 8), "3 days later"),
        (date(2023, 12, 5), "3 months later"),
        (date(2020, 9, 5), "3 years earlier"),
    ],
)
def test_distance_in_time_has_the_unit_that_fits(other: date, told: str):
    assert words.apart(date(2023, 9, 5), other) == told


def test_conditions_that_a_question_brings_are_named():
    time = TimeCondition(
        0, 9, "last week", date(2023, 9, 4), date(2023, 9, 10), True, "4 to 10 September 2023"
    )
    assert words.time_condition(time) == "Only 4 to 10 September 2023"
    follows = FollowUp("Who met Putin?", ("Kim Jong Un", "Vostochny"), "Where did Kim Jong Un meet Putin?")
    assert words.follow_up(follows) == "From the question before: Kim Jong Un, Vostochny"


def test_order_of_several_answers_is_the_one_shown():
    answer = Answer(Article("a", "", "Kim"), 0, 3, 0.5, 1.0)
    assert words.order([answer, answer]) == "Most likely first."
    assert words.order([answer, replace(answer, state="disputed")]) == "Sources differ; the surest first."
    assert words.order([answer, replace(answer, state="superseded")]) == "Newest first."


def test_passage_of_an_earlier_version_says_when_it_was_changed():
    old = Article("a", "", "Kim", MOMENT, url="https://e.example/kim")
    new = replace(old, id="b", published=datetime(2023, 9, 9, tzinfo=UTC))
    hit = Hit(Passage(old, 0, 3), 0.5, 0.5, 1.0, (new,), newer_version=new)
    assert words.version(hit) == "An earlier version: the article was changed on 9 September 2023"
    assert words.version(Hit(Passage(new, 0, 3), 0.5, 0.5, 1.0, (old,))) == ""
    for undecided in (replace(new, published=None), replace(new, published=MOMENT)):
        same_day = replace(hit, newer_version=undecided)
        assert words.version(same_day) == "An earlier version: the article was changed since"


def test_answer_in_another_language_is_marked():
    answer = Answer(Article("a", "", "Kim"), 0, 3, 0.5, 1.0)
    assert words.language(answer) == ""
    assert words.language(replace(answer, in_english=False)).startswith("Not in English")
