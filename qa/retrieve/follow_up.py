"""A question that leans on the one before ("And who did he meet there?") -> the whole question.

No language model: a pronoun gives way to what it stands for, the previous answer or a name of the
previous question, and the names that are still missing are added in brackets. The search and the
reader get this whole question.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import Literal

from qa.records import FollowUp, Reply
from qa.retrieve.antecedent import antecedent

Leaning = Literal["surely", "perhaps", "if known"]


def _listed(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", words))


_PERSON = {"he", "she", "him", "her", "his", "hers"}
_THING = {"it", "its"}
_POINTERS = {"there", "then", "this", "that", "these", "those"}
_ANY = _POINTERS | {"they", "them", "their"}
_POSSESSIVE = {"his", "its", "their"}  # and "her" before a noun
_PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(_PERSON | _THING | _ANY))})\b", re.IGNORECASE)
# "That" and its like point back only where they stand alone: not in "the man that", "this year".
_POINTS_BACK = re.compile(
    r"\b(?:this|that|these|those)\b(?=\s*[?.,;]|\s+(?:is|was|are|were|happen\w*)\b)", re.I
)
_OPENING = re.compile(
    r"^(?:and|but|or|so|then|what\s+about|how\s+about)\b|^(?:why|when|where|how)(?:\s+exactly)?\s*\?*$", re.I
)
_SO = re.compile(r"\b(?:says?|said|thinks?|thought|claims?|claimed|believes?)\s+so\b", re.IGNORECASE)
_JOINING = re.compile(r"^(?:and|but|or|so|then)\b[,\s]*", re.IGNORECASE)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"  # also Ø and Ł; letters of scripts without two cases are in no question here
_NAME = re.compile(
    rf"\b{_CAPITAL}[\w'’.-]*(?:\s+(?:(?:of|the|and|de|al|bin|van|von)\s+)?(?:{_CAPITAL}[\w'’.-]*|\d+\b))*"
)
_ASKS_FOR_A_PERSON = re.compile(r"^\W*(?:(?:and|but|or|so|then)\s+)?who(?:m|se)?\b", re.IGNORECASE)
_SAYS_OF_SELF = re.compile(
    r"^\W*who\s+(?:\w+ly\s+)?(?:says?|said|claim\w*|denie[ds]|den(?:y|ies)|admit\w*|think\w*|thought|believe\w*|argue\w*|insist\w*"
    r"|announce[sd]|promise[sd]|hope[sd]|warn\w*|confess\w*|report\w*|declare[sd]|told\s+\w+)\s+(?:that\s+)?$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_ASKS_FOR_A_THING = re.compile(r"^\W*(?:and\s+)?(?:\w+\s+)?(?:which|what)\b", re.IGNORECASE)
_ASKS_FOR_A_PLACE = re.compile(
    r"^\W*(?:and\s+)?(?:where|in\s+(?:which|what)\s+(?:city|country|town))\b", re.I
)
_NO_NOUN_FOLLOWS = re.compile(
    r"\s*(?:[?.,;!]|$|(?:the|an?|to|in|on|at|for|with|from|by|of|and|or|as|when|after|before|about|into)\b)",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(  # "is it legal to", "was it raining"
    r"\s+(?:\w+\s+){1,2}(?:to|that|if|whether)\b|\s+(?:rain|snow|hail)(?:s|ed|ing)?\b", re.IGNORECASE
)
# What may explain a pronoun after it: a clause of its own, or a thing that is asked for.
_VERBS = "did|was|were|is|are|do|does|has|had|will|would|about|happened|became|made|can|could|else"
_CLAUSE_OPENS = re.compile(
    r"(?<=\W)(?:when|after|before|while|as|because|if|that|where|until|since)\s+$", re.IGNORECASE
)
_A_WORD = re.compile(r"\w{3}\W")
_MAY_EXPLAIN = re.compile(
    r"^\W*(?:(?:and|but|so|or)\s+)?(?:which|what|whose)\s+"
    rf"(?!(?:{_VERBS})\b)\w+\s+(?:\w+\s+)+$"
    r"|,\s*(?:\w+\s+){0,4}$",
    re.IGNORECASE,
)
_GRAMMAR = _listed(
    """who whom whose what which when where why how is are was were be been did does do has have had can could
    will would should may might the in at on by for from with then so and but or not there"""
)
_COMMON = _GRAMMAR | _listed("about after before many much more most other some first last than into")
_DATE = re.compile(
    r"\b(?:1\d|20)\d\d\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|week|month|year)s?\b",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:The|An?)\b(?=\s)")
# "How many victims?", "since when": an asking phrase alone.
_FRAGMENT = re.compile(
    r"^(?:how\s+(?:many|much|long|far|often)(?:\s+\w+)?|why\s+so\s+\w+"
    r"|(?:since|by|for|from|at|with|in|on|of|until|to)\s+(?:what|which|whose|whom|when|where|how)(?:\s+\w+){0,2})\W*$",
    re.IGNORECASE,
)
# "Did he", "sentence did he get": the subject of the question itself, which nothing before it explains.
_SUBJECT_NEXT = re.compile(
    r"^[^,]*\b(?:did|does|do|has|have|had|is|was|are|were|will|would|can|could)\s+$", re.IGNORECASE
)
_ELLIPSIS = 4  # words; "And in France?" is no question of its own
_SHORT = 9  # words; a short question without a name hardly stands alone
_LONGEST_ANSWER = 8  # words; a longer answer is no name to put in a pronoun's place


def resolve_follow_up(question: str, before: str, answer: str | None) -> FollowUp | None:
    """Return the completed question, None if it stands alone; ``answer``: that to the question before."""
    if leaning(question) is None:
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


def leaning(question: str, known: Container[str] = frozenset()) -> Leaning | None:
    """Return whether a question leans on the one before; "perhaps" where only the answers can show it.

    "And who met him?" surely does. "And who won the prize for Titane?" and "how many were missing" may: they
    have a name of their own, or an opening, a pronoun that something before it may explain, or no name. "How
    did the storm change its course?" does if the storm is known from before, see ``two_readings``.

    :param known: names of the archive in lower case, which count as names however they are written.
    """
    names = own_name_starts(question, known)
    outside = _pronouns_that_point_back(question, names)
    if _FRAGMENT.search(question) and not names:
        return "surely"
    opening = _OPENING.search(question)
    many = len(question.split())
    if _SO.search(question):
        return "surely"
    if opening is not None:
        return "surely" if many <= _ELLIPSIS or (outside == "surely" and not names) else "perhaps"
    if outside is not None:
        return outside
    if names or many > _SHORT or re.search(r"\d", question) or _is_search(question):
        return None
    return "perhaps"


def follow_up_of(question: str, after: Reply) -> FollowUp | None:
    """Complete a question from the reply before; None if it stands alone."""
    before = after.question if after.follow_up is None else after.follow_up.question
    return resolve_follow_up(question, before, after.answers[0].text if after.answers else None)


def own_name_starts(question: str, known: Container[str]) -> list[int]:
    """Return where the names of a question begin; the archive's own (``known``) may be written small."""
    starts = [found.start() for found in _name_matches(question)]
    return starts + [question.index(word) for word in own_names(question, known)]


def own_names(question: str, names: Container[str]) -> list[str]:
    """Return the words of a question that are ``names`` of the archive, though they are written small.

    People type "boris becker" in lower case; the archive knows that it is a name.
    """
    words = dict.fromkeys(re.findall(r"[a-z][\w'’-]{2,}", question))
    return [word for word in words if word not in _COMMON and word.removesuffix("'s") in names]


def _pronouns_that_point_back(question: str, names: Sequence[int]) -> Leaning | None:
    found: Leaning | None = None
    for pronoun in pointing(question):
        word, before = pronoun[0].lower(), question[: pronoun.start()]
        # "Who was shot as she climbed over the Capitol's wall?" shows by itself whom it means.
        if word in _PERSON and names and _ASKS_FOR_A_PERSON.search(question):
            continue
        explained = antecedent(question, pronoun, names)
        is_after_a_name = any(start < pronoun.start() for start in names)
        if is_after_a_name and (word in _POINTERS or (explained is not None and explained.head is None)):
            continue
        if explained is not None and explained.head is not None:
            found = "if known" if found is None else found
            continue
        # A name that cannot be meant, or that follows: "Did Putin meet him?", "Before he ruled, who was Xi?"
        if is_after_a_name or explained is not None:
            found = "perhaps"
            continue
        # "Who says she was first?" may ask for her who says it.
        if word in _PERSON and _SAYS_OF_SELF.search(before):
            found = "perhaps"
            continue
        # "Who came after her?" has no clause of its own behind the pronoun.
        ends = not re.search(r"\w", question[pronoun.end() :]) and len(question.split()) <= _SHORT
        if ends or not _may_explain(before) or (word not in _POINTERS and _SUBJECT_NEXT.search(before)):
            return "surely"
        found = "perhaps"
    return found


def pointing(question: str) -> Iterator[re.Match[str]]:
    """Yield the pronouns of a question that stand for something, as "it" in "is it legal to" does not."""
    question = _QUOTED.sub(lambda quoted: "-" * len(quoted[0]), question)  # what others said is no pointer
    for pronoun in _PRONOUN.finditer(question):
        word, before = pronoun[0].lower(), question[: pronoun.start()]
        after = question[pronoun.end() :]
        if word in ("this", "that", "these", "those") and not _POINTS_BACK.match(question, pronoun.start()):
            continue
        if word == "then" and not before.strip():  # "Then who paid?" is an opening
            continue
        if word == "there" and re.match(r"\s+(?:is|are|was|were|be|been|a|any|no)\b", after, re.IGNORECASE):
            continue
        if word == "there" and re.search(r"\b(?:is|are|was|were)\s+$", before, re.IGNORECASE):
            continue
        if word == "it" and _EXPLETIVE.match(after):
            continue
        yield pronoun


def _may_explain(before: str) -> bool:
    """Return whether what stands before a pronoun may name whom it means."""
    opens = _CLAUSE_OPENS.search(before)
    return bool(opens and _A_WORD.search(before, 0, opens.start())) or _MAY_EXPLAIN.search(before) is not None


def _is_search(question: str) -> bool:
    """Return whether it is a few words for a search box, as "iphone launch year", complete by themselves."""
    words = [word.casefold() for word in re.findall(r"[\w'’-]+", question)]
    return not any(word in _GRAMMAR for word in words) and len(words) > 1


def names_in(question: str) -> list[str]:
    """Return the proper names of a question, in order."""
    return [re.sub(r"['’]s$", "", found[0]) for found in _name_matches(question)]


def _name_matches(question: str) -> Sequence[re.Match[str]]:
    """Return capitalised words; the first word only if more of them follow it."""
    first = re.match(r"\W*\w+", question)
    after = first.end() if first else 0
    return list(_NAME.finditer(question, after))


def _stands_for(word: str, before: str, answer: str | None, names: Sequence[str]) -> str | None:
    if word in _PERSON:
        if answer and (_DATE.search(answer) or answer[:1].isdigit()):  # no date stands in for a person
            answer = None
        return answer if answer and _ASKS_FOR_A_PERSON.search(before) else names[-1] if names else answer
    if word in _THING:
        return answer if answer and _ASKS_FOR_A_THING.search(before) else names[-1] if names else answer
    if word == "there":
        return f"in {answer}" if answer and _ASKS_FOR_A_PLACE.search(before) else None
    if word in ("they", "them", "their"):
        if answer and _DATE.search(answer):
            answer = None
        return answer if answer else names[-1] if names else None
    return None
