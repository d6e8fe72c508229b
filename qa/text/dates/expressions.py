"""Text -> the times that it names ("on Friday", "12 July", "last month", "June 2023"), and what they mean.

English, as newspapers write it. A mention is resolved against a day: that of the article, or the day of
the question. A mention with more than one possible meaning gets none: "last Thursday" in an article of a
Friday may be yesterday or eight days ago. Times that count from another event ("two days later") and
vague ones ("about two years ago") get none either.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from qa.text.dates import meanings
from qa.text.dates.periods import Period
from qa.text.dates.tense import Tense, tense_of

_WEEKDAY = r"(?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
)
_LONG_MONTH = (  # "march" and "may" are words too
    r"(?P<month>january|february|(?-i:March|May)|april|june|july|august|september|october|november|december)\b"
)
_NAMED_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(?:the\s+)?)?"
_DAYS = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:(?:\s+(?:to|and)\s+|[-–—])(?P<to>\d{1,2})(?:st|nd|rd|th)?)?"
_DAY_MONTH = rf"{_NAMED_DAY}{_DAYS}\s+(?:of\s+)?{_MONTH}"
_MONTH_DAY = rf"{_NAMED_DAY}{_MONTH}\.?\s+{_DAYS}(?![\d:%]|[.,]\d)"
_YEAR = r"(?P<year>1[6-9]\d\d|20\d\d)\b(?![.,]?\d|%)"
_PART = r"(?:(?P<part>early|mid|late|(?:the\s+)?(?:start|beginning|middle|end)\s+of)[\s-]+)?"
_WHICH = r"(?P<which>last|this|next)"
_HOURS = r"(?:\s+(?:morning|afternoon|evening|night)\b)?"

Rule = Callable[[re.Match[str], date, Tense], Period | None]


@dataclass(frozen=True, slots=True)
class TemporalExpression:
    """``text[start:end]`` names a time."""

    start: int
    end: int
    relative: bool  # what it means depends on the day of the text
    tense: Tense  # of its clause
    rule: Rule
    found: re.Match[str]

    def on(self, day: date) -> Period | None:
        """Return what it means in a text of that day; None if that is not certain."""
        try:
            return self.rule(self.found, day, self.tense)
        except (ValueError, OverflowError):  # beyond the years that a calendar knows
            return None


@lru_cache(maxsize=256)  # all candidates in a sentence, and all of an article, ask for the same
def temporal_expressions(text: str) -> tuple[TemporalExpression, ...]:
    """Return the times that a text names, in order; of those that overlap the longest."""
    found = []
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            if form.fits(text[max(0, match.start() - _WIDEST_LOOK) : match.start()]):
                tense = tense_of(text, *match.span()) if form.relative else ""
                found.append(TemporalExpression(*match.span(), form.relative, tense, form.rule, match))
    found.sort(key=lambda expression: (expression.start - expression.end, expression.start))
    kept: list[TemporalExpression] = []
    taken = bytearray(len(text))  # by character; to compare each with all that are kept takes the square
    for expression in found:
        if taken.find(1, expression.start, expression.end) < 0:
            kept.append(expression)
            taken[expression.start : expression.end] = b"\1" * (expression.end - expression.start)
    return tuple(sorted(kept, key=lambda expression: expression.start))


_NEAR = "|".join(name.replace(" ", r"\s+") for name in sorted(meanings.NEAR_DAYS, key=len, reverse=True))
_OF_WHICH_YEAR = rf"\s+(?:of\s+)?{_WHICH}\s+year\b"
_NO_YEAR = r"(?!,?\s+(?:of\s+)?(?:\d{4}\b|(?:last|this|next)\s+year\b))"
_NO_DAY_NOR_YEAR = r"(?!,?\s+(?:of\s+)?(?:\d|(?:last|this|next)\s+year\b))"

# What stands before a form decides too; tried on the few words before it.
_WIDEST_LOOK = 16  # characters
_NUMBER_BEFORE = re.compile(r"[\d$€£][.,:]?$")
_NO_PREPOSITION = re.compile(
    r"(?<!\bin)(?<!\bsince)(?<!\buntil)(?<!\btill)(?<!\bby)(?<!\bfrom)(?<!\bbefore)(?<!\bafter)(?<!\bduring)"
    r"(?<!\bof)(?<!\bbetween)(?<!\band)(?<!\bto)(?<!\bthrough)(?<!\bfor)(?<!\s)\s+$|(?<!\s)$",
    re.IGNORECASE,
)
# "The previous Friday" and "every Friday" are no Friday of the article's own days; USA TODAY is a paper.
_OTHER_FRIDAY = re.compile(
    r"\b(?:the|every|each|an?|any|some|previous|following|black|good|ash|usa)\s+$", re.IGNORECASE
)
_THE = re.compile(r"\b(?:the|over|past)\s+$", re.IGNORECASE)  # "the last year" is a length of time
_VAGUE = re.compile(r"\b(?:half|about|around|nearly|almost|over|than|some|least)\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Form:
    """How a kind of time is written, and what it means."""

    pattern: re.Pattern[str]
    rule: Rule
    relative: bool
    unless_after: re.Pattern[str]

    def fits(self, before: str) -> bool:
        return not self.unless_after.search(before)


def _form(pattern: str, rule: Rule, *, relative: bool = True, unless_after: re.Pattern[str]) -> _Form:
    return _Form(re.compile(rf"\b(?:{pattern})", re.IGNORECASE), rule, relative, unless_after)


_FORMS = (
    _form(rf"{_DAY_MONTH},?\s+{_YEAR}", meanings.full_date, relative=False, unless_after=_NUMBER_BEFORE),
    _form(rf"{_MONTH_DAY},?\s+{_YEAR}", meanings.full_date, relative=False, unless_after=_NUMBER_BEFORE),
    _form(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b", meanings.iso_date, relative=False,
          unless_after=_NUMBER_BEFORE),
    _form(rf"{_PART}{_MONTH},?\s+(?:of\s+)?{_YEAR}", meanings.month_and_year, relative=False,
          unless_after=_NUMBER_BEFORE),
    _form(rf"{_PART}{_YEAR}", meanings.bare_year, relative=False, unless_after=_NO_PREPOSITION),
    _form(rf"{_DAY_MONTH}{_OF_WHICH_YEAR}", meanings.date_of_a_year, unless_after=_NUMBER_BEFORE),
    _form(rf"{_MONTH_DAY}{_OF_WHICH_YEAR}", meanings.date_of_a_year, unless_after=_NUMBER_BEFORE),
    _form(rf"(?:{_WHICH}\s+)?{_DAY_MONTH}{_NO_YEAR}", meanings.yearless_date, unless_after=_NUMBER_BEFORE),
    _form(rf"(?:{_WHICH}\s+)?{_MONTH_DAY}{_NO_YEAR}", meanings.yearless_date, unless_after=_NUMBER_BEFORE),
    _form(rf"{_PART}{_LONG_MONTH}{_OF_WHICH_YEAR}", meanings.month_of_a_year, unless_after=_NUMBER_BEFORE),
    _form(rf"{_WHICH}\s+{_LONG_MONTH}(?!\s+\d)", meanings.which_month, unless_after=_THE),
    _form(rf"{_PART}{_LONG_MONTH}{_NO_DAY_NOR_YEAR}", meanings.bare_month, unless_after=_NO_PREPOSITION),
    _form(rf"{_WEEKDAY}\b{_HOURS}", meanings.weekday, unless_after=_OTHER_FRIDAY),
    _form(rf"{_WHICH}\s+{_WEEKDAY}\b{_HOURS}", meanings.which_weekday, unless_after=_THE),
    _form(rf"(?P<near>{_NEAR})\b(?!['’])", meanings.near_day, unless_after=_OTHER_FRIDAY),
    _form(rf"(?:{_WHICH}|(?:at|over|on|during)\s+the)\s+weekend\b", meanings.weekend, unless_after=_THE),
    _form(rf"(?:(?:earlier|later)\s+)?{_PART}{_WHICH}\s+(?P<unit>week|month|year)\b(?!\s+or\b)",
          meanings.which_period, unless_after=_THE),
    _form(rf"(?P<count>\d{{1,3}}|an?|{'|'.join(meanings.NUMBERS)})\s+(?P<unit>day|week|month|year)s?\s+ago\b",
          meanings.ago, unless_after=_VAGUE),
)  # fmt: skip
