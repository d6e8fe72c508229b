"""Reply, Calendar -> Vega-Lite specifications with their data inside; the page only hands them on.

Text of articles goes into data values, which Vega draws as they stand, never into expressions.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Literal

from qa import words
from qa.page.html.palette import Spec, Theme, days_around, days_between, dressed, scale, short
from qa.records import Answer, Article, Calendar, Hit, Reply
from qa.text.display import visible

PICK = "pick"  # the click; its value holds ARTICLE of the point
ARTICLE = "article"
PERIOD = "period"  # its first day as text; of "first" the chart makes a number
NO_ANSWER = "no answer here"
NAMES_SHOWN = 6  # in colours of their own; more cannot be distinguished
FEW_BARS = 24  # with a gap between them
_REST = "others"
_ROW = 34  # pixels
_AXIS = 40  # pixels, for the labels of the days
_UNITS = {"day": "yearmonthdate", "month": "yearmonth", "year": "year"}
_FORMATS = {"day": "%-d %b %Y", "month": "%b %Y", "year": "%Y"}


def timeline(reply: Reply, theme: Theme) -> Spec | None:
    """Chart the dated evidence: a row for each answer, a point for each article that gives it."""
    dated = [hit.passage.article for hit in _articles_once(reply.hits) if hit.passage.article.published]
    points = [_point(article, row) for article in dated for row in _rows(article, reply)]
    if not points or not reply.answers:
        return None
    rows = [short(answer.text) for answer in reply.answers]
    if any(point["answer"] == NO_ANSWER for point in points):
        rows.append(NO_ANSWER)
    rows = [row for row in dict.fromkeys(rows) if any(point["answer"] == row for point in points)]
    spec = {
        "height": _ROW * len(rows) + _AXIS,
        "data": {"values": points},
        "params": [{"name": PICK, "select": {"type": "point", "fields": [ARTICLE]}}],
        "mark": {"type": "circle", "size": 170, "opacity": 0.85, "cursor": "pointer"},
        "encoding": {
            "x": {
                "field": "day",
                "type": "temporal",
                "title": None,
                **days_around([date.fromisoformat(point["day"]) for point in points]),
            },
            "y": {
                "field": "answer",
                "type": "nominal",
                "sort": rows,
                "title": None,
                "axis": {"domain": False, "ticks": False, "labelLimit": 180, "labelPadding": 8},
            },
            "color": {
                "field": "answer",
                "type": "nominal",
                "scale": scale(rows, theme, quiet=NO_ANSWER),
                "legend": None,
            },
            "tooltip": [
                {"field": "title", "title": "Article"},
                {"field": "source", "title": "Source"},
                {"field": "label", "title": "Published"},
            ],
        },
    }
    return dressed(spec, theme)


def calendar(spread: Calendar, theme: Theme, *, with_rest: bool) -> Spec | None:
    """Chart articles over time, stacked by their most frequent names; None if nothing is dated."""
    if not spread.counts:
        return None
    totals = Counter[str]()
    for count in spread.counts:
        totals[count.name] += count.articles
    shown = [name for name, _ in totals.most_common(NAMES_SHOWN)]
    stacked = Counter[tuple[str, str]]()
    for count in spread.counts:
        if count.name not in shown and not with_rest:
            continue
        stacked[count.first.isoformat(), count.name if count.name in shown else _REST] += count.articles
    heights = Counter[str]()
    for (first, _), many in stacked.items():
        heights[first] += many
    periods = sorted(date.fromisoformat(first) for first in heights)
    names = [*shown, _REST] if with_rest and len(totals) > len(shown) else shown
    spec = {
        "height": 240,
        "data": {
            "values": [
                {"first": f, PERIOD: f, "name": n, "articles": many} for (f, n), many in stacked.items()
            ]
        },
        "params": [{"name": PICK, "select": {"type": "point", "fields": [PERIOD, "name"]}}],
        # On a phone many bars are so thin that the gaps between them would take most of each.
        "mark": {
            "type": "bar",
            "tooltip": True,
            "cursor": "pointer",
            "binSpacing": 0 if len(periods) > FEW_BARS else 1,
        },
        "encoding": {
            "x": {
                "field": "first",
                "type": "temporal",
                "timeUnit": f"utc{_UNITS[spread.unit]}",
                "title": None,
                "scale": {"domain": days_between(periods[0], last_day(periods[-1], spread.unit))},
                "axis": {"format": _FORMATS[spread.unit]},
            },
            "y": {
                "field": "articles",
                "type": "quantitative",
                "title": "Articles",
                "axis": {"tickMinStep": 1},
                "scale": {"domain": [0, max(heights.values())]},
            },
            "color": {
                "field": "name",
                "type": "nominal",
                "sort": names,
                "title": None,
                "scale": scale(names, theme, quiet=_REST),
                "legend": {"orient": "bottom", "columns": 2, "labelLimit": 140, "padding": 0, "offset": 12},
            },
            "order": {"field": "articles", "sort": "descending"},
            "tooltip": [
                {"field": "name", "title": "Name"},
                {
                    "field": "first",
                    "type": "temporal",
                    "timeUnit": f"utc{_UNITS[spread.unit]}",
                    "title": "Time",
                    "format": _FORMATS[spread.unit],
                },
                {"field": "articles", "title": "Articles"},
            ],
        },
    }
    return dressed(spec, theme)


def last_day(first: date, unit: Literal["day", "month", "year"]) -> date:
    """Return the last day of the period that begins on the first."""
    if unit == "day":
        return first
    months = 1 if unit == "month" else 12
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def _rows(article: Article, reply: Reply) -> list[str]:
    """Return every answer that the article gives, or that it gives none."""
    given = [short(answer.text) for answer in reply.answers if _gives(answer, article.id)]
    return list(dict.fromkeys(given)) if given else [NO_ANSWER]


def _point(article: Article, row: str) -> dict[str, str]:
    return {
        ARTICLE: article.id,
        "day": article.published.date().isoformat() if article.published else "",
        "answer": row,
        "title": visible(article.title) if article.title else "Untitled article",
        "source": visible(article.source),
        "label": words.published(article),
    }


def _gives(answer: Answer, article_id: str) -> bool:
    return article_id in {answer.article.id, *(quote.article.id for quote in answer.agreeing)}


def _articles_once(hits: tuple[Hit, ...]) -> list[Hit]:
    """Return the best passage of each article."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article.id, hit)
    return list(best.values())
