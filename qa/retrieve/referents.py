"""A pronoun -> what of the question before and its answer it stands for: of its own kind, or nothing.

"She" is a person, "there" a place, "it" a thing, "they" several; a date or a number is none of these. Nobody
tells persons from places here: what stands behind "in" is no person, nor what has "the" before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from qa.retrieve.antecedent import FUNCTION_WORDS, is_person

PERSON = frozenset({"he", "she", "him", "her", "his", "hers"})
THING = frozenset({"it", "its"})
SEVERAL = frozenset({"they", "them", "their"})

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"  # also Ø and Ł; letters of scripts without two cases are in no question here
_NAME = re.compile(
    rf"\b{_CAPITAL}[\w'’.-]*(?:\s+(?:(?:of|the|and|de|al|bin|van|von)\s+)?(?:{_CAPITAL}[\w'’.-]*|\d+\b))*"
)
_IN_A_PLACE = re.compile(r"\b(?:in|at|near|into|inside|outside|across|around)\s+(?:the\s+)?$", re.IGNORECASE)
_WITH_ARTICLE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_UNIT = r"(?:years?|months?|weeks?|days?|hours?|yesterday|today|tomorrow|spring|summer|autumn|winter)"
_NAMES_A_TIME = re.compile(rf"\d|\b(?:{_MONTH}|{_DAY}|{_UNIT})\b", re.IGNORECASE)
_IS_A_DATE = re.compile(  # the whole of it
    rf"(?:\b(?:{_MONTH}|{_DAY}|{_UNIT}|\d+(?:st|nd|rd|th|s)?|the|of|in|on|and|to|early|mid|late|last|next|this|around|about"
    r"|morning|evening|night|ago|earlier|later|a|one|two|three|few)\b\W*)+",
    re.IGNORECASE,
)
# "May" alone, of which only what stands before shows that it is no person.
_OF_A_TIME = re.compile(r"\b(?:in|since|until|during|last|next|this|early|late|mid)[\s-]+$", re.IGNORECASE)
_PERHAPS_A_NAME = frozenset({"may", "april", "june", "august", "jan", "summer", "autumn"})
_NUMBERS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|scores|hundreds|thousands|millions"
)
_IS_A_NUMBER = re.compile(
    r"(?:\W|\b(?:about|around|nearly|almost|some|over|under|at|least|most|more|fewer|less|than|up|to|roughly"
    rf"|approximately|only)\b)*(?:[$€£]?\d|(?:{_NUMBERS})\b(?!\s+(?-i:[A-Z])))",
    re.IGNORECASE,
)
_OPENS = r"^\W*(?:(?:and|but|or|so|then)\s+)?"
_FOR_A_PERSON = re.compile(rf"{_OPENS}who(?:m|se)?\b", re.IGNORECASE)
_FOR_ONE_OF = re.compile(
    rf"{_OPENS}(?:\w+\s+)?(?:which|what)\s+(?P<noun>(?:[a-z]\w+\s+){{1,3}})", re.IGNORECASE
)
_FOR_A_NAME = re.compile(r"\bnames?\b", re.IGNORECASE)
_FOR_A_THING = re.compile(rf"{_OPENS}(?:\w+\s+)?(?:which|what)\b", re.IGNORECASE)
_FOR_A_PLACE = re.compile(
    rf"{_OPENS}(?:where\b|(?:(?:in|at|to|from)\s+)?(?:which|what)\s+(?:city|country|town|village|state|place)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name of a question, by what may be read of its place there."""

    text: str
    is_date: bool
    is_in: bool  # it is a place: "in Tomsk"
    has_article: bool  # "the Suez Canal" is no person


def names_of_question(question: str) -> list[Name]:
    """Return the capitalised words of a question, in order; the first word only if more of them follow it."""
    return [
        Name(
            re.sub(r"['’]s$", "", found[0]),
            is_date=is_date(found[0]) and not _may_be_a_person(found[0], question[: found.start()]),
            is_in=_IN_A_PLACE.search(question, 0, found.start()) is not None,
            has_article=_WITH_ARTICLE.search(question, 0, found.start()) is not None,
        )
        for found in name_matches(question)
    ]


def name_matches(question: str) -> list[re.Match[str]]:
    """Return where the names of a question stand."""
    first = re.match(r"\W*\w+", question)
    return list(_NAME.finditer(question, first.end() if first else 0))


def is_date(text: str) -> bool:
    """Return whether a text is a date or a time, and nothing else."""
    text = text.strip()
    return _IS_A_DATE.fullmatch(text) is not None and _NAMES_A_TIME.search(text) is not None


def is_number(text: str) -> bool:
    """Return whether a text is a number of something: "338,000", "nearly two million people"."""
    return _IS_A_NUMBER.match(text) is not None


def stands_for(pronoun: str, before: str, answer: str | None) -> str | None:
    """Return what a pronoun stands for; None where nothing of its kind is known.

    :param answer: that to the question before, the one that people saw.
    """
    word = pronoun.lower()
    names = [name for name in names_of_question(before) if not name.is_date]
    if answer is not None and is_date(answer):
        answer = None
    asks_for_a_person = _asks_for_a_person(before)
    if word in PERSON:
        persons = [name.text for name in names if not name.is_in and not name.has_article]
        fits = answer is not None and not is_number(answer) and not _FOR_A_PLACE.search(before)
        if fits and asks_for_a_person:
            return answer
        return _last(persons) or (answer if fits and not names and not _FOR_A_THING.search(before) else None)
    if word in THING:
        fits = answer is not None and not is_number(answer) and not asks_for_a_person
        if fits and _FOR_A_THING.search(before):
            return answer
        return _last([name.text for name in names]) or (answer if fits else None)
    if word in SEVERAL:
        counts = is_number(answer or "") and not asks_for_a_person  # but "twelve people" died
        if answer is not None and not (counts or _FOR_A_PLACE.search(before)):
            return answer
        return _last([name.text for name in names if not name.is_in])
    if word == "there":
        if answer is not None and not is_number(answer) and _FOR_A_PLACE.search(before):
            return f"in {answer}"
        place = _last([name.text for name in names if name.is_in])
        return None if place is None else f"in {place}"
    return None


def _asks_for_a_person(question: str) -> bool:
    """Return whether an answer is a person: "who", "which minister", "what was the killer's name"."""
    if _FOR_A_PERSON.search(question):
        return True
    if _FOR_A_NAME.search(question):
        return any(map(is_person, re.findall(r"[a-z]\w+", question)))
    asked = _FOR_ONE_OF.search(question)
    words = asked["noun"].lower().split() if asked else []
    return any(map(is_person, takewhile(lambda word: word not in FUNCTION_WORDS, words)))


def _may_be_a_person(name: str, before: str) -> bool:
    return name.casefold() in _PERHAPS_A_NAME and _OF_A_TIME.search(before) is None


def _last(names: list[str]) -> str | None:
    return names[-1] if names else None
