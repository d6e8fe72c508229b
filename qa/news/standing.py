"""Answers, best first -> the newest first where the world moved, both marked where sources differ.

Only answers that are alternatives: amounts of one measure to a question for an amount, or names to a
question for the holder of an office, from articles about the same matter. Two people who met a third are
no alternatives, and neither are numbers that stand in one article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from qa.news.agreement import Agreement, independent_sources, near_duplicates_of
from qa.news.claim import Claim
from qa.news.events import (
    ASKS_FOR_AN_AMOUNT,
    NAME,
    SAME,
    is_recount,
    names_another,
    names_another_year,
    names_in_small_letters,
    words_of,
)
from qa.news.values import Value
from qa.records import Answer, Hit, State
from qa.text.names import Name
from qa.text.numbers import Number, amounts_in

SAME_DAYS = timedelta(days=2)  # reports so near to each other are about the same state of things
_LEAST_SHARE = 0.5  # of the best answer's margin; below it an answer is no serious alternative
# Police count 338,000, the organisers "nearly two million": where the second stands in the passage nearest to
# the question, the reader may find it less likely than no answer, as it saw the first elsewhere.
_LEAST_MARGIN_OF_THE_NEAREST = -2.0  # logits
# A toll is counted anew for weeks: 53, 115, 97. Later, one in the same place is rather that of another event.
_COUNTED_ANEW = timedelta(days=60)
_MOST_TAKEN_BACK = 2  # times as many as are left: 97 of 115
_ASKS_FOR_AN_OFFICE = re.compile(
    r"^\W*who(?:'s|\s+(?:is|was|has\s+been|became|leads?|led|heads?|runs?))\s+"
    r"(?:(?!when\b|where\b|while\b|after\b|before\b|that\b)[\w'’]+\s+){0,4}?"
    r"(?:president|premier|minister|chancellor|king|queen|pope|chief|chair\w*|head|leader|coach|captain"
    r"|governor|mayor|secretary|director|manager|owner|champions?)\b",
    re.IGNORECASE,
)
# Words of a question that do not say what is counted.
_NO_SUBJECTS = """a an and are as at be been by did do does for from had has have how in is it its many much
    of on or people person that the their there this to was were what which who will with"""
_FIGURE = re.compile(r"\d[\d,.]*")
_YEAR_ASKED_FOR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer, and what other answers make of it."""

    agreement: Agreement
    state: State = "current"
    as_of: date | None = None

    def answer(self) -> Answer:
        """Return the answer that people get."""
        return replace(self.agreement.answer(), state=self.state, as_of=self.as_of)


def rivals(
    question: str, claims: Sequence[Claim], hits: Sequence[Hit], as_of: date | None = None
) -> list[Claim]:
    """Return the claims to compare with the best one, best first; none is a newer state of after ``as_of``.

    An older death toll is seldom sure enough to be shown for itself, and the newest not always. So the
    first choice of every other article counts, as long as names in the question say of what the
    articles must speak.
    """
    compared = _Compared.of(question, Agreement(claims[0]), hits, as_of) if claims else None
    if compared is None:
        return []
    others = compared.first_choices(claims)
    return [_as_sure_as(claims[0], c) if compared.is_newer_state(c) else c for c in others]


def newest_state(
    question: str, claims: Sequence[Claim], hits: Sequence[Hit], as_of: date | None = None
) -> Standing | None:
    """Return the newest state of the count that the best claim gives; None if that is the best claim itself.

    A guess is no better for being old.
    """
    compared = _Compared.of(question, Agreement(claims[0]), hits, as_of) if claims else None
    if compared is None:
        return None
    newer = [claim for claim in compared.first_choices(claims) if compared.is_newer_state(claim)]
    if not newer:
        return None
    newest = Agreement(_as_sure_as(claims[0], max(newer, key=lambda claim: claim.days[0])))
    return Standing(newest, as_of=_as_of(newest))


def _as_sure_as(older: Claim, claim: Claim) -> Claim:
    """Return a newer state of the same count: that this is what is asked for is as sure as with the older."""
    if older.confidence is None or claim.confidence is None:
        return claim
    return claim.with_confidence(max(older.confidence, claim.confidence))


def with_standing(question: str, answers: Sequence[Agreement], hits: Sequence[Hit]) -> list[Standing]:
    """Return the answers with their standing, in the order in which they are shown.

    The newest of the alternatives to the best answer takes its place, "as of" its day, and the older
    ones follow it, newest first. Of alternatives of the same days and of different sources all are
    disputed, and the surest leads.
    """
    group = _alternatives(question, answers, hits)
    if len(group) < 2:
        return [Standing(answer) for answer in answers]
    newest = max(answer.reported[0] for answer in group)
    recent = [answer for answer in group if newest - answer.reported[1] <= SAME_DAYS]
    older = [answer for answer in group if answer not in recent]
    older.sort(key=lambda answer: answer.reported, reverse=True)
    reporting = [article for answer in recent for article in answer.articles]
    disputed = len(recent) > 1 and independent_sources(reporting, near_duplicates_of(hits)) > 1
    state: State = "disputed" if disputed else "current"
    ordered = [Standing(answer, state, _as_of(answer)) for answer in recent]
    ordered += [Standing(answer, "superseded", _as_of(answer)) for answer in older]
    return ordered + [Standing(answer) for answer in answers if answer not in group]


def amendments(question: str, claims: Sequence[Claim], shown: Sequence[Claim]) -> list[Claim]:
    """Return the numbers of ``claims`` that take the place of a shown one in its own sentence, best first.

    "97, down from the 115": a reader may be surer of 115, and shown alone it would be the answer.
    """
    old = [claim for claim in shown if _is_amended(question, claim)]
    found: dict[tuple[str, str, tuple[int, int]], Claim] = {}
    for claim in claims:
        if any(_amends(claim, other) for other in old) and not _is_amended(question, claim):
            found.setdefault((claim.article.id, claim.quote.where, claim.place), claim)
    return list(found.values())


def _left_of(question: str, claim: Claim) -> Claim | None:
    """Return the one number that takes an amended one's place in its sentence: 97, "down from the 115"."""
    first, quote = claim.place[0], claim.quote
    places = [(first + found.start, first + found.end) for found in amounts_in(claim.sentence)]
    others = (replace(claim, quote=replace(quote, start=start, end=end)) for start, end in places)
    new = [one for one in others if _amends(one, claim) and not _is_amended(question, one)]
    return new[0] if len(new) == 1 else None


def with_amended_last(question: str, answers: Sequence[Standing]) -> list[Standing]:
    """Move numbers that their article amends behind all other answers, as superseded."""
    fresh = [one for one in answers if not _is_amended(question, one.agreement.best)]
    old = [
        one
        for one in answers
        if one not in fresh
        and any(_amends(new.agreement.best, one.agreement.best, near=False) for new in fresh)
    ]
    if not old:
        return list(answers)
    marked = [replace(one, state="superseded", as_of=None) for one in old]
    return [one for one in answers if one not in old] + marked


def _is_amended(question: str, claim: Claim) -> bool:
    return isinstance(claim.saying.value, Number) and claim.doubt(question) == "amended"


def _amends(claim: Claim, old: Claim, *, near: bool = True) -> bool:
    """Return whether a number replaces an amended one of its article; ``near``: of the same sentence."""
    one, other = claim.saying.value, old.saying.value
    if not isinstance(one, Number) or not isinstance(other, Number) or one.measure != other.measure:
        return False
    same_place = claim.quote.where == old.quote.where and claim.place == old.place
    return claim.article.id == old.article.id and one.amount != other.amount and (same_place or not near)


def _alternatives(question: str, answers: Sequence[Agreement], hits: Sequence[Hit]) -> list[Agreement]:
    """Return the best answer and those that may take its place or gave way to it, best first."""
    compared = _Compared.of(question, answers[0], hits) if answers else None
    if compared is None:
        return []
    group: list[Agreement] = []
    articles: set[str] = set()
    for answer in answers:
        if answer is answers[0] or (answer.best.article.id not in articles and compared.takes(answer)):
            group.append(answer)
            articles |= {article.id for article in answer.articles}
    return group


@dataclass(frozen=True, slots=True)
class _Compared:
    """What an answer must be to be compared with the best one."""

    question: str
    best: Agreement
    value: Number | Name
    names: frozenset[str]  # of the question and of the article of the best answer
    words: frozenset[str]  # others of the question, and of the sentence of the best answer
    counted: frozenset[str]  # of these the ones that say what is counted: the dead, the hurt
    asked: frozenset[str]  # all words of the question
    as_of: date | None  # no newer state is of a later day
    closest: str  # id of the article whose passage is nearest to the question

    @classmethod
    def of(
        cls, question: str, best: Agreement, hits: Sequence[Hit], as_of: date | None = None
    ) -> _Compared | None:
        """Return None if the question, or the best answer to it, is not of a kind that changes."""
        value = best.best.saying.value
        kind = _kind_asked_for(question)
        if kind is None or not isinstance(value, kind) or not best.best.days:
            return None
        asked = words_of(question)
        names = words_of(" ".join(NAME.findall(question))) or names_in_small_letters(asked, best.best)
        words = asked - names - words_of(_NO_SUBJECTS)
        own = words_of(best.best.sentence)
        return cls(
            question,
            best,
            value,
            names & words_of(best.best.near),
            words & own,
            words & frozenset(SAME.values()),
            asked,
            as_of,
            hits[0].passage.article.id if hits else "",
        )

    def first_choices(self, claims: Sequence[Claim]) -> list[Claim]:
        """Return of every other article than the best claim's the first that is taken, best first."""
        if not self.names:
            return []
        chosen: dict[str, Claim] = {}
        for claim in claims:
            one = _left_of(self.question, claim) if _is_amended(self.question, claim) else claim
            if one is not None:
                chosen.setdefault(claim.article.id, one)
        return [one for one in chosen.values() if one is not claims[0] and self.takes(Agreement(one))]

    def takes(self, answer: Agreement) -> bool:
        claim = answer.best
        if not claim.days or not self._is_alike(claim.saying.value):
            return False
        is_newer = claim.days[0] > self.best.best.days[-1]
        if self.counted and is_newer and not self._is_no_part(claim.saying.value):
            return False
        is_sure = claim.margin > self._least_margin(answer) and self._is_sure_enough(answer)
        return (is_sure or self.is_newer_state(claim)) and self._is_about_the_same(claim)

    def is_newer_state(self, claim: Claim) -> bool:
        """Return whether a later report of the same event counts the dead anew, however sure the reader is.

        What it reads best is what it saw most often: the first toll.
        """
        own = self.best.best
        return (
            bool(self.counted)
            and SAME_DAYS < claim.days[0] - own.days[-1] <= _COUNTED_ANEW
            and (self.as_of is None or claim.days[0] <= self.as_of)
            and claim.doubt(self.question) is None
            and is_recount(claim, own)
        )

    def _is_no_part(self, value: Value) -> bool:
        """Return whether a number may be the whole count: "three" after 23,000 died of something else."""
        match value, self.value:
            case Number() as one, Number() as other:
                return _MOST_TAKEN_BACK * one.amount >= other.amount
        return False

    def _least_margin(self, answer: Agreement) -> float:
        """Return the margin that a claim needs: less if it is of the nearest source and of the same days."""
        nearest = isinstance(self.value, Number) and answer.best.article.id == self.closest
        return _LEAST_MARGIN_OF_THE_NEAREST if nearest and self._is_of_the_same_days(answer) else 0.0

    def _is_alike(self, value: Value) -> bool:
        match value, self.value:
            case Number() as one, Number() as other:
                return one.measure == other.measure
            case Name() as one, Name() as other:  # "Charles" is no other than "Charles III"
                shorter, longer = sorted((set(one.words), set(other.words)), key=len)
                return shorter == longer or not shorter <= longer
        return False

    def _is_about_the_same(self, claim: Claim) -> bool:
        """Return whether a claim is on the same matter: no death toll is "31 missing", or of another fire."""
        around = words_of(f"{claim.article.title}\n{claim.sentence}")
        if not self.names <= words_of(claim.near) or (self.words and not self.words & around):
            return False
        if not isinstance(self.value, Number):
            return True
        return not self._is_of_another_event(claim) and self._counts_the_same(claim)

    def _counts_the_same(self, claim: Claim) -> bool:
        """Return whether the number is of what is counted: "13,000 live there" counts no dead."""
        if not self.counted:
            return True
        at, end = claim.quote.start - claim.place[0], claim.quote.end - claim.place[0]
        sentence = claim.sentence
        places = [m for m in re.finditer(r"\w[\w-]*", sentence) if words_of(m[0]) & self.counted]
        others = [m for m in _FIGURE.finditer(sentence) if m.end() <= at or m.start() >= end]
        for place in places:
            far = max(place.start() - end, at - place.end(), 0)
            between = sentence[min(end, place.end()) : max(at, place.start())]
            nearest = all(max(place.start() - m.end(), m.start() - place.end()) >= far for m in others)
            if nearest or not re.search(r"[,;:–—]\s", between):
                return True
        return False

    def _is_of_another_event(self, claim: Claim) -> bool:
        """Return whether the sentence names a year or a "Camp Fire" that question and article do not."""
        return names_another_year(self.asked, claim) or names_another(self.asked, self.words, claim)

    def _is_of_the_same_days(self, answer: Agreement) -> bool:
        (first, last), (best_first, best_last) = answer.reported, self.best.reported
        return first - best_last <= SAME_DAYS and best_first - last <= SAME_DAYS

    def _is_sure_enough(self, answer: Agreement) -> bool:
        """Return whether a claim is sure enough; one of the same days takes nobody's place."""
        return self._is_of_the_same_days(answer) or answer.best.margin >= _LEAST_SHARE * self.best.best.margin


def is_of_another_time(question: str, claim: Claim) -> bool:
    """Return whether the question names a year that the article does not and in which it was not written.

    An article of the year before or after may say "next year" or "last year".
    """
    return any(
        year not in claim.near
        and f"{year[0]},{year[1:]}" not in claim.near  # "the 2000 workers"
        and all(abs(day.year - int(year)) > 1 for day in claim.days)
        for year in _years_asked_for(question)
    )


@lru_cache(maxsize=256)
def _years_asked_for(question: str) -> tuple[str, ...]:
    return tuple(_YEAR_ASKED_FOR.findall(question))


def _kind_asked_for(question: str) -> type[Number] | type[Name] | None:
    if ASKS_FOR_AN_AMOUNT.search(question):
        return Number
    return Name if _ASKS_FOR_AN_OFFICE.search(question) else None


def _as_of(answer: Agreement) -> date | None:
    first, last = answer.reported
    days = [claim.published for claim in answer.claims if claim.published is not None]
    return max(days, default=None) if first == last else None
