"""A number in its sentence -> whether it is said of another event, or counts something else, than is asked.

"The Camp Fire killed 85 people in 2018" and "a tsunami in 1960 killed 61" are no dead of Lahaina, and neither
are the people of "a town of 13,000".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.news.claim import Claim
from qa.text.names import OPENING_WORDS
from qa.text.normalization import folded
from qa.text.numbers import amounts_in

ASKS_FOR_AN_AMOUNT = re.compile(
    r"\bhow\s+(?:many|much|large|high|low|big|strong|severe)\b|\b(?:number|toll|price|cost|rate|range|level"
    r"|share|percentage|total|count|size|estimate)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<=\s)[^\w\s]*([A-Z][\w-]*)")  # the first word of a question is always capitalised
_SAME_WORDS = (
    ("dead", "die", "died", "death", "kill", "killed", "toll", "victim"),
    ("hurt", "injured", "wounded"),
)
SAME = {word: words[0] for words in _SAME_WORDS for word in words}
_TIMES = """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June
    July August September October November December"""
_TOLL = re.compile(r"\btoll\b", re.IGNORECASE)
_LEAD = 1_000  # characters of an article that say what it is about
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAMED = re.compile(r"\b([A-Z][\w-]{1,40})(?=\s+([\w-]+))")  # "Camp Fire"
# With a capital within a sentence; at its head, and that of a quote, every word has one.
_WITHIN = re.compile(r"(?<=[\w,;]\s)[A-Z][\w-]{1,40}")
_AT_A_PLACE = re.compile(r"\b(?:in|at|near|on|from|of|outside)\s+(?:the\s+)?((?:[A-Z][\w-]{1,40}\s*)+)")
_SMALL = re.compile(r"\b[a-z][\w-]{1,40}")
# Kinds of disaster; words of one line may all be said of one event.
_KINDS = (
    "fire wildfire bushfire blaze inferno",
    "earthquake quake tsunami eruption aftershock",
    "storm hurricane cyclone typhoon tornado flood flooding landslide mudslide avalanche heatwave drought",
    "attack bombing bomb shooting explosion blast massacre war riot genocide siege airstrike",
    "crash collision derailment sinking shipwreck",
    "pandemic epidemic outbreak",
)
_KIND = {word: kind for kind, words in enumerate(_KINDS) for word in words.split()}

# "How many people were killed", "how many died", "the death toll": not "how many miles", nor "the cost".
_ASKS_FOR_PEOPLE = re.compile(
    r"\bhow many (?:\w+ )?(?:people|persons|men|women|children|passengers|soldiers|civilians|workers|migrants"
    r"|residents|students|lives|victims|dead|deaths)\b|\bhow many (?:died|were|was|have|has|had|are|did|of)\b"
    r"|\btoll\b|\bnumber of (?:\w+ )?(?:people|dead|deaths|victims|casualties|fatalities|injured|missing)\b"
)
_ASKS_FOR_THE_HARMED = re.compile(
    r"\b(?:kill\w*|die[ds]?|dead|deaths?|fatalit\w+|casualt\w+|victims?|toll|perish\w*|drown\w*|lives"
    r"|injur\w+|hurt|wounded|missing|unaccounted|rescued)\b"
)
_ASKS_FOR_INHABITANTS = re.compile(r"\b(?:live|lived|living|inhabit\w*|population|home to)\b")
_PLACE = (
    r"(?:town|city|village|hamlet|island|district|region|province|county|state|country|nation|community"
    r"|suburb|settlement|municipality|resort|port|capital|parish|borough|area|valley)"
)
_ABOUT = (
    r"(?:about |around |some |roughly |nearly |almost |just |over |under |more than |fewer than |less than "
    r"|barely )*"
)
_OF_INHABITANTS = re.compile(
    rf"\b{_PLACE} (?:of|with|that had|which had) (?:a population of )?{_ABOUT}\x00"
    rf"|\bpopulation(?: of [\w' ]{{1,30}})?,? (?:of|is|was|stood at|stands at|numbers|numbered|at) "
    rf"{_ABOUT}\x00"
    rf"|\b(?:home to|houses|housed|inhabited by) {_ABOUT}\x00"
    rf"|\x00(?: (?:people|persons|residents))?(?: who)?(?: used to)? (?:live|lived|living|inhabitants)\b"
    rf"|\x00-(?:strong|person|people) {_PLACE}\b"
)
_OF_THINGS = re.compile(
    r"\x00 (?:(?!of\b|in\b|and\b|people\b|were\b|after\b|over\b)[a-z-]+ )?(?:acres?|hectares?|square miles"
    r"|square kilomet\w+|miles?|kilomet\w+|km|homes?|houses?|buildings?|structures?|dwellings?|vehicles?"
    r"|cars?|ships?|dollars?|per ?cent|years?|months?|weeks?|days?|hours?|minutes?|tonnes?|tons?|degrees?)\b"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks for, worked out once for its fifty candidates."""

    words: frozenset[str]
    names: frozenset[str]
    amount: bool  # it asks for a number
    the_harmed: bool  # it asks how many are dead, hurt or missing
    inhabitants: bool


@lru_cache(maxsize=256)
def _asked_by(question: str) -> _Asked:
    said = folded(question)
    return _Asked(
        words_of(question),
        words_of(" ".join(NAME.findall(question))),
        bool(ASKS_FOR_AN_AMOUNT.search(question)),
        bool(_ASKS_FOR_PEOPLE.search(said) and _ASKS_FOR_THE_HARMED.search(said)),
        bool(_ASKS_FOR_INHABITANTS.search(said)),
    )


def is_of_another_event(question: str, claim: Claim) -> bool:
    """Return whether a number is said of another year and disaster, and of no name of the question.

    That is another "Camp Fire", or a tsunami where neither the question nor the title speaks of one.
    """
    asked = _asked_by(question)
    if not asked.amount or not names_another_year(asked.words, claim):
        return False
    names = asked.names or names_in_small_letters(asked.words, claim)
    if not names or names & words_of(claim.sentence):
        return False
    return names_another(asked.words, asked.words - names, claim) or _is_of_another_kind(asked.words, claim)


def is_recount(newer: Claim, older: Claim) -> bool:
    """Return whether a later article counts the dead of the same event anew, by headlines and sentence.

    The names of the newer headline stand in the lead of the older article, and those of the older headline
    anywhere in the newer: after weeks "Lahaina fire" is known, and Maui comes late. The sentence speaks of a
    toll or of such a disaster, and of no other place: not "this year 39 incidents led to 17 deaths".
    """
    named, known = _names_of_title(newer), _names_of_title(older)
    lead = words_of(f"{older.article.title}\n{older.article.text[:_LEAD]}")
    if not named or not known or not named <= lead or not known <= words_of(newer.near):
        return False
    places = " ".join(found[1] for found in _AT_A_PLACE.finditer(newer.sentence))
    if not words_of(places) - words_of(_TIMES) <= words_of(older.near):
        return False
    return _TOLL.search(newer.sentence) is not None or bool(
        _kinds_of(newer.sentence) & _kinds_of(f"{older.article.title}\n{older.sentence}")
    )


def _kinds_of(text: str) -> set[int]:
    return {_KIND[word] for word in words_of(text) if word in _KIND}


def _names_of_title(claim: Claim) -> frozenset[str]:
    """Return the words of a headline that its text writes with a capital only; headlines may give all one."""
    text = claim.near[len(claim.article.title) :]
    capitals = words_of(" ".join(found[0] for found in _WITHIN.finditer(text)))
    return words_of(claim.article.title) & capitals - words_of(" ".join(_SMALL.findall(text)))


def counts_something_else(question: str, claim: Claim) -> bool:
    """Return whether the dead, hurt or missing are asked for, and the number counts inhabitants or things."""
    asked = _asked_by(question)
    if not asked.the_harmed:
        return False
    quote, sentence = claim.quote, claim.sentence
    start, end = quote.start - claim.place[0], quote.end - claim.place[0]
    amount = next(iter(amounts_in(sentence[start:end])), None)
    if amount is None:
        return False
    around = folded(f"{sentence[: start + amount.start]}\x00{sentence[start + amount.end :]}")
    if _OF_INHABITANTS.search(around):
        return not asked.inhabitants
    thing = _OF_THINGS.search(around)
    return thing is not None and not words_of(thing[0]) & asked.words  # "how many of the missing cars"


def names_another_year(asked: frozenset[str], claim: Claim) -> bool:
    """Return whether the sentence names years, and none is that of the article or of the question."""
    written = {day.year for day in claim.days}
    years = {int(year) for year in _YEAR.findall(claim.sentence)}
    return bool(years) and not years & written and not any(str(year) in asked for year in years)


def names_another(asked: frozenset[str], matter: frozenset[str], claim: Claim) -> bool:
    """Return whether it names a "Camp Fire" where the matter is a fire and nobody else names a Camp."""
    named = (match for match in _NAMED.finditer(claim.sentence) if words_of(match[2]) & matter)
    known = asked | words_of(claim.article.title)
    return any(not words_of(match[1]) & known and _is_a_name(match, claim) for match in named)


def words_of(text: str) -> frozenset[str]:
    """Return the words, folded and without a final s; of synonyms the first."""
    bare = [str(word).removesuffix("s") for word in re.findall(r"\w[\w-]*", folded(text))]
    return frozenset(SAME.get(word, word) for word in bare)


def _is_of_another_kind(asked: frozenset[str], claim: Claim) -> bool:
    """Return whether the sentence tells of a tsunami, and question and title only of a fire."""
    told = _kinds_of(claim.sentence)
    meant = {_KIND[word] for word in asked if word in _KIND} | _kinds_of(claim.article.title)
    return bool(told and meant) and not told & meant


def names_in_small_letters(asked: frozenset[str], claim: Claim) -> frozenset[str]:
    """Return the words of a question typed without capitals that its article never writes without one."""
    capitals = words_of(" ".join(found[0] for found in _WITHIN.finditer(claim.near)))
    return asked & capitals - words_of(" ".join(_SMALL.findall(claim.near)))


def _is_a_name(match: re.Match[str], claim: Claim) -> bool:
    """Return whether the first of two words is a name: "Camp Fire", but not "The dead" or "Confirmed deaths".

    At the head of a sentence it is one if the second has a capital, too, or if the text near the quote
    has it with a capital within a sentence.
    """
    word, second = match[1], match[2]
    if word.casefold() in OPENING_WORDS:
        return False
    if second[0].isupper() or _WITHIN.match(claim.sentence, match.start()):
        return True
    return any(found[0] == word for found in _WITHIN.finditer(claim.near))
