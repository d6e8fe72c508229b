"""A pronoun -> the words of its own question that it may stand for.

In "Why did the museum close its doors?" nothing leans back: "its" stands for the museum. A noun explains a
pronoun where number and kind agree (it: a thing; he, she: a person; they: several), and where grammar lets
it: the object of a clause is not its subject ("What did the navy do with it?"; principle B of the binding
theory, Chomsky 1981), the subject means nothing in its own clause ("Which case did it overturn?"), and no
noun is a part of itself ("the cause of its fall"). No parser: a noun is known by the article before it, or by
its place behind an auxiliary ("did ford say": a name, though it is written small).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FAMILY = {
    **dict.fromkeys(("he", "she", "him", "her", "his", "hers"), "person"),
    **dict.fromkeys(("it", "its"), "thing"),
    **dict.fromkeys(("they", "them", "their"), "several"),
}
_AUXILIARY = _listed(
    """is are was were be been do does did has have had will would can could should may might must isn't
    wasn't didn't doesn't don't hasn't hadn't won't wouldn't can't couldn't"""
)
_SUBORDINATOR = _listed(
    """when after before while because if that whether until since although though once as where why how who
    which whose than"""
)
_PREPOSITION = _listed(
    """of for to in on at by with from about into over under between behind against during without through out
    off up down near around across along within despite like among back away"""
)
FUNCTION_WORDS = (
    _AUXILIARY
    | _SUBORDINATOR
    | _PREPOSITION
    | _FAMILY.keys()
    | _listed("the a an and but or so nor not what whom there then never ever also still just only too")
)
# What most questions have behind a noun, and is no noun there.
_VERB = _listed(
    """say said get got make made take took give gave find found go went come came know knew think want become
    became happen happened die died tell told ask asked lose lost win won sink
    sank hit leave left keep kept"""
)
_ADJECTIVE = _listed(
    "new old big small young former late main whole own same other first last second third next"
)
_SUBORDINATES = re.compile(
    r"^\W*(?:when|after|before|while|because|if|until|since|although|though|once|as)\b", re.I
)
_ASKED_FOR = re.compile(r"^\W*(?:\w+\s+)?(?:which|what|whose|how\s+(?:many|much))\s+(?:\w+\s+){0,2}$", re.I)
_OPENS_MAIN = re.compile(r"\b(?:did|does|do|has|have|had|will|would|can|could)\s+", re.I)
_FRONTED = re.compile(r"^\W*(?:in|at|during|on|for|from|with|despite|by)\b", re.I)
_MAIN_OPENS = re.compile(r",|\b(?:who|what|which|where|how|why|did|does|do)\b", re.I)
_ASKS_ANEW = re.compile(r"[,;]|\b(?:and|but|who|what|when|where|why|how|which)\b", re.I)
_CARRIED = re.compile(
    r"\b(?:bring|brought|take|took|taken|carry|carried|have|had)\s+(?:\w+\s+)?with\s+$", re.I
)
_CLAUSES_MEET = re.compile(rf"[,;:]|\b(?:{'|'.join(sorted(_SUBORDINATOR | {'and', 'but', 'or'}))})\b", re.I)
_DETERMINER = re.compile(
    r"\b(?:(?P<known>the|this|that|these|those|both)|(?P<asked>which|what|whose|how\s+(?:many|much))"
    r"|an?|each|every|some|any|another|two|three|four|five|many|several)\s+(?=[^\W\d_])",
    re.I,
)
_HOW_MANY = re.compile(r"how\s+many\b", re.I)
_BARE = re.compile(
    rf"\b(?:{'|'.join(sorted(_AUXILIARY))})\s+(?=(?:[a-z]+\s+)?[a-z]{{3,}}[^\Wsiu]s\b)|\b(?=(?:people|men|women|children)\b)",
    re.I,
)
# Only a subject stands there, and without an article it is a name or its like: "will leicester win".
_SUBJECT = re.compile(
    r"(?:\b(?:did|does|do)|(?:^|,|\b(?:when|where|why|how))\s*\b(?:is|are|was|were|has|have|had|will|would|can|could|should))"
    r"\s+(?=[a-z]{3})",
    re.I,
)
_NO_NAME = _listed(
    """you your our this that these those some any all both each every one anyone anybody anything someone
    somebody something everyone everybody everything nobody nothing nor really even actually people"""
)
_NO_PERSON = re.compile(r"(?:ment|[st]ion|ness|ity|ism|[ae]nce|logy|ing)$")
_TOPIC = re.compile(r"^\W*(?=[^\W\d_]+\s+[^\W\d_]+\s)")  # "nurses strike when does it end"
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_PERSON = re.compile(
    r"(?:man|woman|[a-z]{4}ist|ian)$|^(?:girl|boy|child|person|king|queen|prince|princess|pope|judge|chef|pilot|coach"
    r"|captain|athlete|champion|victim|suspect|guest|heir|bride|groom|delegate|diplomat|aide|poet|critic|hostage|convict"
    r"|spy|nurse|nun|priest|bishop|thief|hero|wife|husband|son|daughter|father|mother|brother|sister|uncle|aunt|widow"
    r"|rebel|colonel|admiral|monk|friend|neighbou?r|minister|president|leader|mayor|senator|governor|ambassador|secretary"
    r"|actor|singer|author|writer|teacher|doctor|player|worker|driver|lawyer|soldier|prisoner|winner|owner|goalkeeper"
    r"|manager|professor|student|candidate|premier|chancellor|refugee|founder|killer|attacker|footballer|director|painter"
    r"|composer|dancer|swimmer|runner|climber|executive)$"
)
_PERHAPS_PERSON = re.compile(
    r"(?:[^f]er|or|eer|ee|ess|(?<!m)ent|ant)$|^(?:general|head|star|chief|official|guard|expert)$"
)
_SEVERAL = _listed("people police men women children staff cattle twins")
_GROUP = re.compile(
    r"(?:team|couple|band|family|company|government|crew|public|crowd|party|club|group|pair|duo|union|army|navy"
    r"|court|jury|council|committee|board|army|force|side|firm|airline|bank|someone|anyone|everyone|nobody)$"
)
_LONGEST_NOUN = 3  # words of "the finance minister"


@dataclass(frozen=True, slots=True)
class Antecedent:
    """A noun of the question that a pronoun may stand for.

    ``head`` is None for a proper name. ``is_known``: it is spoken of as known ("the bank"), not asked for
    or new ("which bank", "a bank", "voters").
    """

    head: str | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class _Noun:
    start: int
    end: int
    head: str
    agrees: frozenset[str]
    is_known: bool


def antecedent(question: str, pronoun: re.Match[str], names: Sequence[int] = ()) -> Antecedent | None:
    """Return what the pronoun may stand for in its own question: a name, or the nearest noun.

    :param names: where the question's proper names begin; what a name is, a person or a thing, nobody knows.
    """
    word = pronoun[0].lower()
    family = _FAMILY.get(word)
    if family is None:
        return None
    role = _role(question, pronoun)
    before = question[: pronoun.start()]
    for start in reversed([start for start in names if start < pronoun.start()]):
        if _reaches(question, _Noun(start, start, "", frozenset(), True), pronoun, role):
            return Antecedent(None, is_known=True)
    for noun in reversed(_nouns(before)):
        if family in noun.agrees and _reaches(question, noun, pronoun, role):
            return Antecedent(noun.head, noun.is_known)
    return _behind(question, pronoun, family, names)


def _behind(question: str, pronoun: re.Match[str], family: str, names: Sequence[int]) -> Antecedent | None:
    """Return whom "he" may announce in "Before he took office, what did the mayor do?"."""
    owns = pronoun[0].lower() in _POSSESSIVE
    if owns and _ASKED_FOR.match(question, 0, pronoun.start()):
        return _subject_of_main(question, pronoun, family, names)
    if not (_SUBORDINATES.match(question) or (owns and _FRONTED.match(question))):
        return None
    opens = _MAIN_OPENS.search(question, pronoun.end())
    if opens is None:
        return None
    for noun in _nouns(question):
        if noun.start >= opens.start() and noun.is_known and family in noun.agrees:
            return Antecedent(noun.head, is_known=True)
    return Antecedent(None, is_known=True) if any(start > opens.start() for start in names) else None


def _subject_of_main(
    question: str, pronoun: re.Match[str], family: str, names: Sequence[int]
) -> Antecedent | None:
    """Return whose they are in "How many of its glaciers has Switzerland lost?"."""
    opens = _OPENS_MAIN.search(question, pronoun.end())
    if opens is None:
        return None
    if opens.end() in names:
        return Antecedent(None, is_known=True)
    for noun in _nouns(question):
        if noun.start == opens.end() and noun.is_known and family in noun.agrees:
            return Antecedent(noun.head, is_known=True)
    return None


_POSSESSIVE = ("his", "its", "their", "her")


def _role(question: str, pronoun: re.Match[str]) -> str:
    """Return "owner", "subject" (of a clause behind another), "first" (of the asking clause) or "object"."""
    word, after = pronoun[0].lower(), question[pronoun.end() :]
    follows = _WORD.match(after.lstrip())
    if word in ("his", "its", "their") or (
        word == "her" and follows and follows[0].lower() not in FUNCTION_WORDS | {"the", "a"}
    ):
        return "owner"
    last = _WORD.findall(question[: pronoun.start()])[-1:]
    preceding = last[0].lower() if last else ""
    is_verbal = follows is not None and follows[0].lower() not in (FUNCTION_WORDS - _AUXILIARY) | {
        "the",
        "a",
        "an",
    }
    if word in ("he", "she", "they") or (word == "it" and (is_verbal or preceding in _AUXILIARY)):
        if preceding in _AUXILIARY:
            return "first"
        if word != "it" or preceding in _SUBORDINATOR or (follows and follows[0].lower() in _AUXILIARY):
            return "subject"
    return "object"


def _reaches(question: str, noun: _Noun, pronoun: re.Match[str], role: str) -> bool:
    between = question[noun.end : pronoun.start()]
    if role == "first":
        return _ASKS_ANEW.search(between) is not None
    if role == "object":
        clause = re.sub(
            r"\b(?:after|before|since|than|as|like)\s+$", "", between, flags=re.I
        )  # "after it": no clause
        return _CLAUSES_MEET.search(clause) is not None or _CARRIED.search(between) is not None
    if role == "owner":
        within = re.fullmatch(r"(?:\s+\w+)?\s+(\w+)\s+", between)
        if within and within[1].lower() in _PREPOSITION:
            copula = re.search(r"\b(?:is|are|was|were)\s+$", question[: noun.start], re.I)
            return within[1].lower() != "of" and not copula
    return True


def _nouns(text: str) -> list[_Noun]:
    """Return the nouns of a text in order, each with the pronouns that agree with it."""
    found: dict[int, _Noun] = {}
    for opening in (*_TOPIC.finditer(text), *_DETERMINER.finditer(text), *_BARE.finditer(text)):
        words: list[re.Match[str]] = []
        for word in _WORD.finditer(text, opening.end()):
            small = word[0].lower()
            gap = text[words[-1].end() if words else opening.end() : word.start()]
            is_told = opening.re is _DETERMINER and opening["asked"] is None
            is_verb = small in _VERB and (words or not is_told)  # "the find", but "what happened"
            if gap.strip() or small in FUNCTION_WORDS or is_verb or len(words) == _LONGEST_NOUN:
                break
            words.append(word)
        if len(words) > (opening.re is _TOPIC):
            is_known = opening.re is _DETERMINER and opening["known"] is not None
            noun = _noun(opening.start(), words, is_known=is_known, is_topic=opening.re is _TOPIC)
            if _HOW_MANY.match(opening[0]):  # "how many sheep"
                noun = replace(noun, agrees=noun.agrees | {"several"})
            found.setdefault(words[0].start(), noun)
    for opening in _SUBJECT.finditer(text):
        subject = _WORD.match(text, opening.end())
        if subject is not None and subject[0].lower() not in FUNCTION_WORDS | _NO_NAME:
            found.setdefault(subject.start(), _bare_subject(subject))
    return [found[start] for start in sorted(found)]


def _bare_subject(word: re.Match[str]) -> _Noun:
    """Return the subject of "did ford say": what a name is, a person or a thing, nobody knows."""
    small = word[0].lower()
    if _is_plural(small):
        agrees = {"several"}
    elif is_person(small):
        agrees = {"person", "several"}
    else:
        agrees = {"thing", "several"} if _NO_PERSON.search(small) else {"thing", "several", "person"}
    return _Noun(word.start(), word.end(), small.removesuffix("'s"), frozenset(agrees), is_known=True)


def ends_in_noun(text: str) -> bool:
    """Return whether the last word of a text is one of a noun: "what happened to the dog"."""
    return any(noun.end == len(text.rstrip()) for noun in _nouns(text))


def _noun(start: int, words: list[re.Match[str]], *, is_known: bool, is_topic: bool) -> _Noun:
    small = [word[0].lower().removesuffix("'s").removesuffix("’s") for word in words]
    person = [at for at, word in enumerate(small) if _PERSON.search(_singular(word))]
    if person:
        at = person[-1]
        agrees = {"several"} if _is_plural(small[at]) else {"person", "several"}
    else:
        plain = [at for at, word in enumerate(small) if word not in _ADJECTIVE]
        at = plain[0] if plain else 0
        agrees = {"several"} if _is_plural(small[at]) else {"thing"}
        if any(_is_plural(word) or _GROUP.search(word) for word in small[at:]):
            agrees.add("several")
        if any(_PERHAPS_PERSON.search(word) for word in small[at:]):
            agrees.add("person")
    if is_topic:
        agrees.add("thing")  # the strike of the nurses
    return _Noun(start, words[at].end(), small[at], frozenset(agrees), is_known)


def _is_plural(word: str) -> bool:
    return word in _SEVERAL or (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "news", "series"))
    )


def is_person(noun: str) -> bool:
    """Return whether a noun is surely one of a person, in either number: "ministers", "nun"."""
    return _PERSON.search(_singular(noun.lower())) is not None


def _singular(word: str) -> str:
    if word.endswith("men"):
        return f"{word[:-3]}man"
    if word == "children":
        return "child"
    return word.removesuffix("s") if _is_plural(word) else word
