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
from qa.retrieve.antecedent import antecedent, ends_in_noun
from qa.retrieve.referents import PERSON, SEVERAL, THING, name_matches, names_of_question, stands_for

Leaning = Literal["surely", "perhaps", "if known"]


def _listed(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", words))


_POINTERS = {"there", "then", "this", "that", "these", "those"}
_POSSESSIVE = {"his", "hers", "its", "their"}  # and "her" before a noun
_PRONOUN = re.compile(rf"\b(?:{'|'.join(sorted(PERSON | THING | SEVERAL | _POINTERS))})\b", re.IGNORECASE)
# "That" and its like point back only where they stand alone: not in "the man that", "this year".
_POINTS_BACK = re.compile(
    r"\b(?:this|that|these|those)\b(?=\s*[?.,;]|\s+(?:is|was|are|were|happen\w*)\b)", re.I
)
_OPENING = re.compile(
    r"^(?:and|but|or|so|then|what\s+about|how\s+about)\b|^(?:why|when|where|how)(?:\s+exactly)?\s*\?*$", re.I
)
_SO = re.compile(r"\b(?:says?|said|thinks?|thought|claims?|claimed|believes?)\s+so\b", re.IGNORECASE)
_JOINING = re.compile(r"^(?:and|but|or|so|then)\b[,\s]*", re.IGNORECASE)
_ASKS_FOR_A_PERSON = re.compile(r"^\W*(?:(?:and|but|or|so|then)\s+)?who(?:m|se)?\b", re.IGNORECASE)
_SAYS_OF_SELF = re.compile(
    r"^\W*who\s+(?:\w+ly\s+)?(?:says?|said|claim\w*|denie[ds]|den(?:y|ies)|admit\w*|think\w*|thought|believe\w*|argue\w*|insist\w*"
    r"|announce[sd]|promise[sd]|hope[sd]|warn\w*|confess\w*|report\w*|declare[sd]|told\s+\w+)\s+(?:that\s+)?$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_NO_NOUN_FOLLOWS = re.compile(
    r"\s*(?:[?.,;!]|$|(?:the|an?|to|in|on|at|for|with|from|by|of|and|or|as|when|after|before|about|into)\b)",
    re.IGNORECASE,
)
_OF_THE_WEATHER = r"(?:hot|cold|warm|cool|wet|dry|windy|sunny|cloudy|foggy|humid|dark)"
# "Is it legal for us to", "it took 20 years to", "it says on the wall", "was it raining", "how hot is it"
_EXPLETIVE = re.compile(
    r"\s+(?:\w+\s+){1,2}(?:to|that|if|whether)\b|\s+(?:\w+ly\s+)?(?!\w+ed\b|built\b|made\b)\w+\s+for\b.+\bto\b"
    r"|\s+(?:takes?|took|costs?)\s+(?:[\w'’-]+\s+){1,6}to\b|\s+says?\s+(?:on|in|at)\b|\s+(?:just\s+)?me\b"
    rf"|\s+(?:rain|snow|hail)(?:s|ed|ing)?\b|\s+(?:(?:so|very|too)\s+)?{_OF_THE_WEATHER}\b",
    re.IGNORECASE,
)
_HOW_HOT = re.compile(rf"\bhow\s+{_OF_THE_WEATHER}\s+\w+\s+$", re.IGNORECASE)
_HOW_FAR = re.compile(
    r"\bhow\s+(?:far|long|late)\s+(?:is|was)\s+it\s+(?:to|from|until|till|since)\b", re.IGNORECASE
)
# "Who directed the film Them?"
_TITLED = re.compile(
    r"\b(?:films?|movie|book|novel|song|album|band|musical|series|show|called|named|titled)\s+$",
    re.IGNORECASE,
)
_ANY = re.compile(r"\b(?:\w+(?:thing|one|body)|all|those|one|ones)\s+$", re.IGNORECASE)
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
_TO_OR_FROM = re.compile(
    r"\b(?:(?P<preposition>from|to|near|over|around|in)|go|goes|going|went|gone|get|gets|got|come|came|travel\w*|fly|flew|return\w*)\s+$",
    re.IGNORECASE,
)
_ELLIPSIS = 4  # words; "And in France?" is no question of its own
_SHORT = 9  # words; a short question without a name hardly stands alone
_LONGEST_ANSWER = 8  # words; a longer answer is no name to put in a pronoun's place


def resolve_follow_up(
    question: str, before: str, answer: str | None, guess: str | None = None
) -> FollowUp | None:
    """Return the completed question, None if it stands alone.

    :param answer: that to the question before.
    :param guess: what was shown as unsure where there is no answer; a pronoun may stand for it.
    """
    if leaning(question) is None:
        return None
    short, unsure = _as_name(answer), _as_name(guess)
    names = names_in(before)
    whole = _JOINING.sub("", question)
    referent: str | None = None
    for pronoun in pointing(whole):
        word = pronoun[0].lower()
        referent = stands_for(word, before, unsure if short is None else short)
        if referent is not None:
            possessive = word in _POSSESSIVE or (
                word == "her" and not _NO_NOUN_FOLLOWS.match(whole, pronoun.end())
            )
            named = f"{referent}'s" if possessive else _after(whole[: pronoun.start()], referent)
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


def _as_name(answer: str | None) -> str | None:
    """Return an answer as it stands in a question's middle; None if it is too long for a name."""
    if not answer or len(answer.split()) > _LONGEST_ANSWER:
        return None
    return _ARTICLE.sub(lambda article: article[0].lower(), answer)


def _after(before: str, referent: str) -> str:
    """Return what stands for "there" behind these words: from Dubai, to Dubai, in Dubai."""
    if not referent.startswith("in ") or not (found := _TO_OR_FROM.search(before)):
        return referent
    return referent.removeprefix("in ") if found["preposition"] else f"to {referent.removeprefix('in ')}"


def follow_up_of(question: str, after: Reply) -> FollowUp | None:
    """Complete a question from the reply before; None if it stands alone."""
    before = after.question if after.follow_up is None else after.follow_up.question
    answer = after.answers[0].text if after.answers else None
    return resolve_follow_up(question, before, answer, None if after.guess is None else after.guess.text)


def own_name_starts(question: str, known: Container[str]) -> list[int]:
    """Return where the names of a question begin; the archive's own (``known``) may be written small."""
    starts = [found.start() for found in name_matches(question)]
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
        if word in PERSON and names and _ASKS_FOR_A_PERSON.search(question):
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
        if word in PERSON and _SAYS_OF_SELF.search(before):
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
        if word == "it" and (_EXPLETIVE.match(after) or _HOW_HOT.search(before) or _HOW_FAR.search(question)):
            continue
        if word in ("that", "those") and (ends_in_noun(before) or _ANY.search(before)):
            continue  # "the dog that was lost"
        if word in THING | SEVERAL and _TITLED.search(before) and not re.search(r"\w", after):
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
    return [name.text for name in names_of_question(question)]
