"""Distinct answers, best first -> the newest first where the world moved, both marked where sources differ.

Only answers that are alternatives: amounts of one measure to a question for an amount, or names to a
question for the holder of an office, from articles about the same matter. Two people who met a third are
no alternatives, and neither are numbers that stand in one article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qa.news.agreement import independent_sources, near_duplicates_of
from qa.news.times import days_of_writing, sentence_around
from qa.news.values import Value, saying_of
from qa.records import Answer, Article, Hit
from qa.text.names import Name
from qa.text.normalization import folded
from qa.text.numbers import Number

SAME_DAYS = timedelta(days=2)  # reports so near to each other are about the same state of things
_LEAST_SHARE = 0.5  # of the best answer's margin; below it an answer is no serious alternative
_ASKS_FOR_AN_AMOUNT = re.compile(
    r"\bhow\s+(?:many|much|large|high|low|big|strong|severe)\b|\b(?:number|toll|price|cost|rate|range|level"
    r"|share|percentage|total|count|size|estimate)\b",
    re.IGNORECASE,
)
_ASKS_FOR_AN_OFFICE = re.compile(
    r"^\W*who(?:'s|\s+(?:is|was|has\s+been|became|leads?|led|heads?|runs?))\s+"
    r"(?:(?!when\b|where\b|while\b|after\b|before\b|that\b)[\w'’]+\s+){0,4}?"
    r"(?:president|premier|minister|chancellor|king|queen|pope|chief|chair\w*|head|leader|coach|captain"
    r"|governor|mayor|secretary|director|manager|owner|champions?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=\s)\W*([A-Z][\w-]*)")  # the first word of a question is always capitalised
# Words of a question that do not say what is counted.
_NO_SUBJECTS = """a an and are as at be been by did do does for from had has have how in is it its many much
    of on or people person that the their there this to was were what which who will with"""
_SAME_WORDS = (
    ("dead", "die", "died", "death", "kill", "killed", "toll", "victim"),
    ("hurt", "injured", "wounded"),
)
_SAME = {word: words[0] for words in _SAME_WORDS for word in words}


def rivals(question: str, read: Sequence[Answer]) -> list[Answer]:
    """Of all answers that were ``read``, best first, those to compare with the best one.

    An older death toll is seldom sure enough to be shown for itself, and the newest not always. So the
    first choice of every other article counts, as long as names in the question say of what the
    articles must speak.
    """
    compared = _Compared.of(question, read[0]) if read else None
    if compared is None or not compared.names:
        return []
    first_choices: dict[str, Answer] = {}
    for answer in read:
        first_choices.setdefault(answer.article.id, answer)
    return [answer for answer in first_choices.values() if answer is not read[0] and compared.takes(answer)]


def with_standing(question: str, answers: Sequence[Answer], hits: Sequence[Hit]) -> list[Answer]:
    """The answers with their standing, in the order in which they are shown.

    The newest of the alternatives to the best answer takes its place, "as of" its day, and the older
    ones follow it, newest first. Of alternatives of the same days and of different sources all are
    disputed, and the surest leads.
    """
    group = _alternatives(question, answers)
    if len(group) < 2:
        return list(answers)
    reported = {id(answer): _reported(answer) for answer in group}
    newest = max(first for first, _ in reported.values())
    recent = [answer for answer in group if newest - reported[id(answer)][1] <= SAME_DAYS]
    older = [answer for answer in group if answer not in recent]
    older.sort(key=lambda answer: reported[id(answer)], reverse=True)
    told_by = [article for answer in recent for article in (answer.article, *answer.support)]
    disputed = len(recent) > 1 and independent_sources(told_by, near_duplicates_of(hits)) > 1
    state = "disputed" if disputed else "current"
    ordered = [replace(answer, state=state, as_of=_as_of(answer)) for answer in recent]
    ordered += [replace(answer, state="superseded", as_of=_as_of(answer)) for answer in older]
    return ordered + [answer for answer in answers if answer not in group]


def _alternatives(question: str, answers: Sequence[Answer]) -> list[Answer]:
    """The best answer and those that may take its place or gave way to it, best first."""
    compared = _Compared.of(question, answers[0]) if answers else None
    if compared is None:
        return []
    group, articles = [], set()
    for answer in answers:
        if answer is answers[0] or (answer.article.id not in articles and compared.takes(answer)):
            group.append(answer)
            articles |= {article.id for article in (answer.article, *answer.support)}
    return group


@dataclass(frozen=True, slots=True)
class _Compared:
    """What an answer must be to be compared with the best one."""

    best: Answer
    value: Number | Name
    names: frozenset[str]  # of the question and of the article of the best answer
    words: frozenset[str]  # others of the question, and of the sentence of the best answer

    @classmethod
    def of(cls, question: str, best: Answer) -> _Compared | None:
        """None if the question, or the best answer to it, is not of a kind that changes."""
        value = saying_of(best.article, best.start, best.end).value
        asked = _kind_asked_for(question)
        if asked is None or not isinstance(value, asked) or not days_of_writing(best.article):
            return None
        names = _words(" ".join(_NAME.findall(question)))
        words = _words(question) - names - _words(_NO_SUBJECTS)
        return cls(best, value, names & _words(_whole(best.article)), words & _words(_sentence(best)))

    def takes(self, answer: Answer) -> bool:
        if answer.margin <= 0 or not days_of_writing(answer.article):
            return False
        return (
            self._is_alike(saying_of(answer.article, answer.start, answer.end).value)
            and self._is_sure_enough(answer)
            and self._is_told_of_the_same(answer)
        )

    def _is_alike(self, value: Value) -> bool:
        match value, self.value:
            case Number() as one, Number() as other:
                return one.measure == other.measure
            case Name() as one, Name() as other:  # "Charles" is no other than "Charles III"
                shorter, longer = sorted((set(one.words), set(other.words)), key=len)
                return shorter == longer or not shorter <= longer
        return False

    def _is_told_of_the_same(self, answer: Answer) -> bool:
        """ "31 missing" is no newer death toll, and a toll of another fire is none of this one."""
        around = _words(f"{answer.article.title}\n{_sentence(answer)}")
        return self.names <= _words(_whole(answer.article)) and (not self.words or bool(self.words & around))

    def _is_sure_enough(self, answer: Answer) -> bool:
        """An answer of the same days takes nobody's place."""
        (first, last), (best_first, best_last) = _reported(answer), _reported(self.best)
        same_days = first - best_last <= SAME_DAYS and best_first - last <= SAME_DAYS
        return same_days or answer.margin >= _LEAST_SHARE * self.best.margin


def _kind_asked_for(question: str) -> type[Number] | type[Name] | None:
    if _ASKS_FOR_AN_AMOUNT.search(question):
        return Number
    return Name if _ASKS_FOR_AN_OFFICE.search(question) else None


def _words(text: str) -> frozenset[str]:
    """The words, folded and without a final s; of those that mean the same the first."""
    bare = (word.removesuffix("s") for word in re.findall(r"\w[\w-]*", folded(text)))
    return frozenset(_SAME.get(word, word) for word in bare)


def _whole(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def _sentence(answer: Answer) -> str:
    start, end = sentence_around(answer.article.text, answer.start, answer.end)
    return answer.article.text[start:end]


def _reported(answer: Answer) -> tuple[date, date]:
    """The first and the last day on which the newest article that gives the answer may have been written."""
    days = [days_of_writing(article) for article in (answer.article, *answer.support)]
    return max((of[0], of[-1]) for of in days if of)


def _as_of(answer: Answer) -> date | None:
    first, last = _reported(answer)
    return answer.last if first == last else None
