"""Brief -> the HTML of its days and sentences."""

from __future__ import annotations

from qa import words
from qa.brief.records import Brief, BriefDay, Event
from qa.citation import cited
from qa.page.html.templates import macro


def day_heading(day: BriefDay) -> str:
    """Return a day of a brief, and how many articles report on it."""
    return macro("brief.html", "day_heading")(day)


def event(event: Event) -> str:
    """Return a sentence with its source, and the sources that say nearly the same."""
    quote = event.quote
    others = [other.article for other in event.agreeing]
    return macro("brief.html", "event")(event, others, cited(quote.article, quote.text))


def in_one_line(brief: Brief) -> str:
    """Return how many days a brief has, and from when to when; no word of an article."""
    if not brief.days:
        return words.NO_BRIEF.rstrip(".")
    first, last = brief.days[0].day, brief.days[-1].day
    return f"{words.count(len(brief.days), 'day')}, {words.days(first, last)}"
