"""Brief -> the HTML of its days and sentences."""

from __future__ import annotations

from qa import words
from qa.brief.records import Brief, BriefDay, Event
from qa.citation import cited
from qa.page.html.templates import macro


def day_heading(day: BriefDay) -> str:
    """The day, and of how many articles it is known."""
    return macro("brief.html", "day_heading")(day)


def event(told: Event) -> str:
    """A sentence with its source, and who else says nearly the same."""
    quote = told.quote
    others = [other.article for other in told.agreeing]
    return macro("brief.html", "event")(told, others, cited(quote.article, quote.text))


def in_one_line(brief: Brief) -> str:
    """What a brief comes to, without any word of an article."""
    if not brief.days:
        return "No day of this topic is told"
    first, last = brief.days[0].day, brief.days[-1].day
    return f"{words.count(len(brief.days), 'day')}, {words.days(first, last)}"
