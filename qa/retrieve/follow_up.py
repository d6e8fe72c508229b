"""A question that leans on the one before ("And who did he meet there?") -> the whole question.

No language model: a pronoun gives way to what it stands for, the previous answer or a name of the
previous question, and the names that are still missing are added in brackets. The search and the
reader get this whole question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.records import FollowUp

_PERSON = {"he", "she", "him", "her", "his", "hers"}
_THING = {"it", "its"}
_ANY = {"they", "them", "their", "there", "then", "this", "that", "these", "those"}
_POSSESSIVE = {"his", "its", "their"}  # and "her" before a noun
_PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(_PERSON | _THING | _ANY))})\b", re.IGNORECASE)
# "That" and its like point back only where they stand alone: not in "the man that", "this year".
_POINTS_BACK = re.compile(
    r"\b(?:this|that|these|those)\b(?=\s*[?.,;]|\s+(?:is|was|are|were|happen\w*)\b)", re.I
)
_OPENING = re.compile(
    r"^(?:and|but|or|so|what\s+about|how\s+about)\b|^(?:why|when|where|how)(?:\s+exactly)?\s*\?*$", re.I
)
_JOINING = re.compile(r"^(?:and|but|or|so)\b[,\s]*", re.IGNORECASE)
_NAME = re.compile(
    r"\b[A-Z][\w'’.-]*(?:\s+(?:(?:of|the|and|de|al|bin|van|von)\s+)?(?:[A-Z][\w'’.-]*|\d+\b))*"
)
_ASKS_FOR_A_PERSON = re.compile(r"^\W*(?:and\s+)?who(?:m|se)?\b", re.IGNORECASE)
_ASKS_FOR_A_THING = re.compile(r"^\W*(?:and\s+)?(?:\w+\s+)?(?:which|what)\b", re.IGNORECASE)
_ASKS_FOR_A_PLACE = re.compile(
    r"^\W*(?:and\s+)?(?:where|in\s+(?:which|what)\s+(?:city|country|town))\b", re.I
)
_NO_NOUN_FOLLOWS = re.compile(
    r"\s*(?:[?.,;!]|$|(?:the|an?|to|in|on|at|for|with|from|by|of|and|or|as|when|after|before|about|into)\b)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:The|An?)\b(?=\s)")
_SHORT = 6  # words; a short question without a name hardly stands alone
_LONGEST_ANSWER = 8  # words; a longer answer is no name to put in a pronoun's place


def resolve_follow_up(question: str, before: str, answer: str | None) -> FollowUp | None:
    """``answer``: what the question before got, None if nothing; None if the question stands alone."""
    if not leans_back(question):
        return None
    short = answer if answer and len(answer.split()) <= _LONGEST_ANSWER else None
    if short is not None:  # from the head of a sentence into the middle of one
        short = _ARTICLE.sub(lambda article: article[0].lower(), short)
    names = names_in(before)
    whole = _JOINING.sub("", question)
    referent: str | None = None
    for pronoun in _PRONOUN.finditer(whole):
        word = pronoun[0].lower()
        referent = _stands_for(word, before, short, names)
        if referent is not None:
            possessive = word in _POSSESSIVE or (
                word == "her" and not _NO_NOUN_FOLLOWS.match(whole, pronoun.end())
            )
            named = f"{referent}'s" if possessive else referent
            whole = whole[: pronoun.start()] + named + whole[pronoun.end() :]
            break
    missing = [
        name for name in [*([short] if short else []), *names] if name.casefold() not in whole.casefold()
    ]
    if missing:
        whole = f"{whole.rstrip(' ?')} ({', '.join(missing)})?"
    added = tuple(dict.fromkeys([referent, *missing] if referent else missing))
    if not added:
        return None
    return FollowUp(before, added, whole[:1].upper() + whole[1:])


def leans_back(question: str) -> bool:
    """Whether a question cannot be understood without the one before."""
    if _OPENING.search(question):
        return True
    names = [found.start() for found in _name_matches(question)]
    for pronoun in _PRONOUN.finditer(question):
        word = pronoun[0].lower()
        if word in ("this", "that", "these", "those") and not _POINTS_BACK.match(question, pronoun.start()):
            continue
        if word == "there" and re.match(
            r"\s+(?:is|are|was|were|be|been|a|any|no)\b", question[pronoun.end() :]
        ):
            continue
        if word == "there" and re.search(r"\b(?:is|are|was|were)\s+$", question[: pronoun.start()]):
            continue
        # "Who was shot as she climbed over the Capitol's wall?" tells by itself whom it means.
        of_the_one_asked_for = word in _PERSON and names and _ASKS_FOR_A_PERSON.search(question)
        if not of_the_one_asked_for and not any(start < pronoun.start() for start in names):
            return True
    return not names and len(question.split()) <= _SHORT and not re.search(r"\d", question)


def names_in(question: str) -> list[str]:
    """The proper names of a question, in order."""
    return [re.sub(r"['’]s$", "", found[0]) for found in _name_matches(question)]


def _name_matches(question: str) -> Sequence[re.Match[str]]:
    """Capitalised words; the first word only if more of them follow it."""
    first = re.match(r"\W*\w+", question)
    after = first.end() if first else 0
    return list(_NAME.finditer(question, after))


def _stands_for(word: str, before: str, answer: str | None, names: Sequence[str]) -> str | None:
    if word in _PERSON:
        return answer if answer and _ASKS_FOR_A_PERSON.search(before) else names[-1] if names else answer
    if word in _THING:
        return answer if answer and _ASKS_FOR_A_THING.search(before) else names[-1] if names else answer
    if word == "there":
        return f"in {answer}" if answer and _ASKS_FOR_A_PLACE.search(before) else None
    if word in ("they", "them", "their"):
        return answer if answer else names[-1] if names else None
    return None
