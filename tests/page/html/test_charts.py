"""The data of the charts, and that nothing an article says becomes more than data."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qa.page.html import charts, palette, why
from qa.records import Answer, Article, Calendar, Count, Hit, Passage, Quote, Reply


def article(name: str, day: int | None, source: str = "") -> Article:
    moment = datetime(2023, 9, day, tzinfo=UTC) if day else None
    return Article(name, f"Title {name}", "Shoigu stayed three days.", moment, source=source)


A, B, C, D = article("a", 5, "Tass"), article("b", 9), article("c", 7), article("d", None)


def hit(known: Article, similarity: float, bm25: float, *ranks: int) -> Hit:
    return Hit(Passage(known, 0, 6), 0.5, similarity, bm25, (), *ranks)


@pytest.fixture
def reply() -> Reply:
    """Return a reply: A answers "three days" in two passages, B agrees, C gives no answer, D has no date."""
    answer = Answer(A, 14, 24, 0.8, 3.25, agreeing=(Quote(B, 14, 24),))
    hits = (
        hit(A, 0.9, 2.0, 1, 7),
        hit(B, 0.5, 8.0, 2, 1),
        hit(C, 0.5, 0.0, 2, 105),
        hit(D, 0.1, 1.0, 88, 30),
        hit(A, 0.2, 1.0, 41, 30),
    )
    return Reply("How long?", (answer,), hits)


def test_timeline_has_one_point_for_each_dated_article_in_the_row_of_its_answer(reply):
    spec = charts.timeline(reply, "light")
    points = [(p["article"], p["day"], p["answer"], p["source"], p["label"]) for p in spec["data"]["values"]]
    assert points == [
        ("a", "2023-09-05", "three days", "Tass", "5 September 2023"),
        ("b", "2023-09-09", "three days", "", "9 September 2023"),
        ("c", "2023-09-07", "no answer here", "", "7 September 2023"),
    ]
    assert spec["encoding"]["y"]["sort"] == ["three days", "no answer here"]
    colours = spec["encoding"]["color"]["scale"]
    assert colours["range"] == [palette.COLOURS["light"][0], palette.QUIET["light"]]


def axis_of(*days: date) -> tuple[object, object, object]:
    """Return the last day of a timeline's domain, its ticks and how they are written."""
    around = palette.days_around(days)
    end = around["scale"]["domain"][1]
    return (end["month"], end["date"]), around["axis"]["tickCount"], around["axis"]["format"]


def test_days_of_the_timeline_are_written_as_everywhere_and_none_twice():
    daily = {"interval": "day", "step": 1}
    assert axis_of(date(2023, 9, 5)) == ((9, 6), daily, "%-d %b %Y")
    assert axis_of(date(2023, 9, 1), date(2023, 9, 5)) == ((9, 6), daily, "%-d %b %Y")
    assert axis_of(date(2023, 9, 1), date(2023, 9, 6)) == ((9, 7), 5, "%-d %b %Y")
    assert axis_of(date(2023, 1, 1), date(2023, 9, 5)) == ((9, 6), 5, "%b %Y")


def test_timeline_is_in_utc_so_that_no_day_moves_where_clocks_are_behind(reply):
    x = charts.timeline(reply, "light")["encoding"]["x"]
    assert x["scale"]["type"] == "utc"
    assert x["scale"]["domain"] == [
        {"year": 2023, "month": 9, "date": 4, "utc": True},
        {"year": 2023, "month": 9, "date": 10, "utc": True},
    ]


def test_calendar_has_room_for_the_bar_of_its_last_day():
    counts = (Count(date(2024, 3, 3), "a", 1), Count(date(2024, 3, 5), "a", 1))
    x = charts.calendar(Calendar("day", counts), "light", with_rest=True)["encoding"]["x"]
    assert [day["date"] for day in x["scale"]["domain"]] == [3, 6]
    assert x["axis"]["format"] == "%-d %b %Y"


def test_article_with_two_answers_has_a_point_in_the_row_of_each(reply):
    second = Answer(A, 0, 6, 0.5, 1.0)
    spec = charts.timeline(replace(reply, answers=(*reply.answers, second)), "light")
    points = [(point["article"], point["answer"]) for point in spec["data"]["values"]]
    assert points == [("a", "three days"), ("a", "Shoigu"), ("b", "three days"), ("c", "no answer here")]


def test_neither_undated_evidence_nor_a_refusal_has_a_timeline(reply):
    assert charts.timeline(replace(reply, hits=(hit(D, 0.1, 1.0),)), "light") is None
    assert charts.timeline(replace(reply, answers=()), "light") is None


def test_calendar_stacks_the_largest_names_and_sums_up_the_rest():
    names = "abcdefgh"
    counts = [Count(date(2023, 1, 1), name, 10 - at) for at, name in enumerate(names)]
    counts.append(Count(date(2023, 2, 1), "h", 1))
    spec = charts.calendar(Calendar("month", tuple(counts)), "dark", with_rest=True)
    values = {(v["first"], v["name"]): v["articles"] for v in spec["data"]["values"]}
    assert values == {("2023-01-01", name): 10 - at for at, name in enumerate("abcdef")} | {
        ("2023-01-01", "others"): 4 + 3,
        ("2023-02-01", "others"): 1,
    }
    assert spec["encoding"]["color"]["scale"]["domain"] == [*"abcdef", "others"]
    assert spec["encoding"]["x"]["timeUnit"] == "utcyearmonth"


def test_empty_calendar_has_no_chart():
    assert charts.calendar(Calendar("day", ()), "light", with_rest=True) is None


def test_rest_is_left_out_where_an_article_has_several_names():
    counts = tuple(Count(date(2023, 1, 1), name, 9 - at) for at, name in enumerate("abcdefgh"))
    spec = charts.calendar(Calendar("day", counts), "light", with_rest=False)
    assert [value["name"] for value in spec["data"]["values"]] == list("abcdef")
    assert spec["encoding"]["color"]["scale"]["domain"] == list("abcdef")


def test_ranks_by_meaning_and_by_words_stand_beside_each_other(reply):
    values = why.ranks(reply, "light")["data"]["values"]
    ranks = {}
    for value in values:
        ranks.setdefault(value["passage"], {})[value["by"]] = value["rank"]
    assert ranks == {
        "1. Tass": {"by meaning": 1, "by words": 7},
        "2. Title b": {"by meaning": 2, "by words": 1},
        "3. Title c": {"by meaning": 2, "by words": 105},
        "4. Title d": {"by meaning": 88, "by words": 30},
        "5. Tass": {"by meaning": 41, "by words": 30},
    }


def test_ranks_leave_out_what_was_not_read(reply):
    values = why.ranks(replace(reply, passages_read=2), "light")["data"]["values"]
    assert [value["passage"] for value in values] == ["1. Tass", "1. Tass", "2. Title b", "2. Title b"]


def test_chart_of_margins_shows_answers_and_the_best_guess_with_their_confidence(reply):
    rejected = Answer(C, 0, 6, 0.04, -1.5, null=4.25)
    values = why.margins(replace(reply, best_rejected=rejected), "light")["data"]["values"]
    assert values == [
        {"answer": "three days", "margin": 3.25, "beside": 3.25, "scores": "", "label": "likely, 80 %"},
        {"answer": "Shoigu", "margin": -1.5, "beside": 0.0, "scores": "2.8 − 4.2", "label": "unsure, 4 %"},
    ]


def test_reply_without_passages_has_no_reasons():
    empty = Reply("Who?", (), ())
    assert (why.ranks(empty, "light"), why.margins(empty, "light")) == (None, None)


def test_long_and_hostile_names_become_one_short_line():
    assert palette.short("a\u202eb\nc " + "x" * 60) == "ab c " + "x" * 22 + "…"


@pytest.mark.parametrize("hostile", ["datum.x", "'+alert(1)+'", "</script><script>", "[object]", "a.b['c']"])
def test_text_of_articles_stands_in_the_data_alone(hostile: str):
    known = Article("x", hostile, f"{hostile} said.", datetime(2023, 9, 5, tzinfo=UTC), source=hostile)
    answer = Answer(known, 0, len(hostile), 0.5, 1.0)
    reply = Reply("Who?", (answer,), (hit(known, 0.5, 1.0),))
    for spec in (charts.timeline(reply, "light"), why.ranks(reply, "light"), why.margins(reply, "light")):
        rest = json.dumps({key: value for key, value in spec.items() if key not in ("data", "encoding")})
        assert hostile not in rest
        assert "expr" not in json.dumps(spec["encoding"])


@pytest.mark.parametrize(
    ("first", "unit", "last"),
    [
        (date(2023, 9, 5), "day", date(2023, 9, 5)),
        (date(2024, 2, 1), "month", date(2024, 2, 29)),
        (date(2023, 12, 1), "month", date(2023, 12, 31)),
        (date(2023, 1, 1), "year", date(2023, 12, 31)),
    ],
)
def test_period_ends_on_its_last_day(first: date, unit: str, last: date):
    assert charts.last_day(first, unit) == last
