"""Brief -> a plain dict for JSON, and a Markdown text with footnoted sources.

The shape of a brief::

    topic       text
    since       the first day that was asked for, or null
    until       the last one, or null
    articles    how many were looked at
    unknown     sources and tags asked for that no article has, as in :mod:`qa.export`
    days        in order: day, articles (independent ones that report on it), events

    an event    text, start, end, article, relevance (0 to 1), sources (independent ones), agreeing [{text,
                start, end, article}]

Places are half-open and count Unicode characters of the article's cleaned text. Articles look as in
:mod:`qa.export`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qa import words
from qa.brief.records import Brief, BriefDay, Event
from qa.export import Footnotes, article_to_dict, block_quote, inline
from qa.records import Quote


def brief_to_dict(brief: Brief) -> dict[str, Any]:
    """Return the brief in the shape above."""
    return {
        "topic": brief.topic,
        "since": None if brief.since is None else brief.since.isoformat(),
        "until": None if brief.until is None else brief.until.isoformat(),
        "articles": brief.articles,
        "unknown": [asdict(name) for name in brief.unknown],
        "days": [_day(day) for day in brief.days],
    }


def brief_to_markdown(brief: Brief) -> str:
    """Return the topic, then each day with its sentences, each with a footnote that names its source."""
    notes = Footnotes()
    parts = [f"# {inline(brief.topic)}"]
    if not brief.days:
        parts.append("**Not found in this archive.**")
    for day in brief.days:
        parts.append(f"## {words.day(day.day)}")
        for event in day.events:
            marks = [notes.mark(quote.article) for quote in (event.quote, *event.agreeing)]
            parts.append(block_quote(event.quote.text) + "".join(dict.fromkeys(marks)))
    return "\n\n".join(parts + notes.lines()) + "\n"


def _day(day: BriefDay) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "articles": day.articles,
        "events": [_event(event) for event in day.events],
    }


def _event(event: Event) -> dict[str, Any]:
    return _quote(event.quote) | {
        "relevance": round(event.relevance, 4),
        "sources": event.sources,
        "agreeing": [_quote(quote) for quote in event.agreeing],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    article = article_to_dict(quote.article)
    return {"text": quote.text, "start": quote.start, "end": quote.end, "article": article}
