"""News text -> questions whose answers are phrases of it: who somebody is, what was said, planned, why.

Rules of thumb over the commonest patterns of news English: an apposition, a quotation, a clause after
"because". They find few of the places and now and then a wrong one; a reader is trained on many.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

EACH = 2  # questions of a text, of different kinds

_OPENERS = (  # words that open a sentence and are no part of a name: "But Biden"
    "After|Although|And|As|At|Because|Before|But|By|For|From|However|If|In|On|Since|So|Then|Though|When|While|With"
)
_PRONOUNS = "He|She|It|They|We|I|You|This|That|The|A|An|There|Who"


def _name(not_opened_by: str, words_more: str) -> str:
    """Match a name of one capitalised word and so many more."""
    return (
        rf"(?<![\w’'-])(?!(?:{not_opened_by})\b)"
        r"(?P<name>[A-Z][a-z’'-]+(?: [A-Z]\.)?(?: (?:van|de|von|bin|al|el))?"
        rf"(?: [A-Z][A-Za-z’'-]+){{{words_more}}})"
    )


_NO_PHRASE = r"(?<![a-z] )"  # not after a lower-case word, as in "in the United States"
_ANY_NAME = _name(_OPENERS, "1,2")
_NAME = _NO_PHRASE + _ANY_NAME
_SURNAME = _NO_PHRASE + _name(f"{_OPENERS}|{_PRONOUNS}", "0,2")
_ROLE = (
    r"(?:president|minister|senator|governor|mayor|secretary|spokesman|spokeswoman|spokesperson|director|chairman"
    r"|chairwoman|chief|executive|officer|founder|owner|manager|coach|captain|player|actor|actress|singer|rapper|star"
    r"|author|writer|reporter|correspondent|analyst|expert|professor|scientist|economist|lawyer|attorney|judge|sheriff"
    r"|leader|candidate|activist|designer|artist|comedian|champion|pilot|astronaut|survivor|resident|billionaire)"
)
_SAID = r"(?P<verb>said|says|told \w+|wrote|announced|warned|argued|claimed|explained|tweeted|testified)"
_NOT_TOLD = r"(?!\b(?:says?|said|fear|suspect|think|told|love|hope)\b)"  # otherwise another gives it
_PLAIN = r"[^\"“”.,;:()\n]"
_PHRASE = rf"(?P<answer>{_PLAIN}{{6,100}}?)"
_END = r"(?=[.,;:](?!\d)|\n|$)"
_BEGINS = "the|a|an|he|she|it|they|there|his|her|its|their|we|more|most|many|some|[A-Z][a-z]+ [a-z]+"
_CLAUSE = rf"(?P<answer>(?:{_BEGINS}) [^\"“”;:\n]{{20,160}}?)(?=\.(?:\s|$))"
# How a text ends that was cut at the full stop of an abbreviation.
_BROKEN = re.compile(r"\b(?:[A-Z]|Gov|Sen|Rep|Dr|Mr|Mrs|Ms|St|Jr|Sr|Lt|Col|Gen|vs|No)$")
_PLANS = {
    "plans to": "What does {name} plan to do?", "planned to": "What did {name} plan to do?",
    "wants to": "What does {name} want to do?", "wanted to": "What did {name} want to do?",
    "hopes to": "What does {name} hope to do?", "agreed to": "What did {name} agree to do?",
    "vowed to": "What did {name} vow to do?", "pledged to": "What did {name} pledge to do?",
    "refused to": "What did {name} refuse to do?", "decided to": "What did {name} decide to do?",
    "promised to": "What did {name} promise to do?", "tried to": "What did {name} try to do?",
    "failed to": "What did {name} fail to do?", "is expected to": "What is {name} expected to do?",
}  # fmt: skip
_BLAME = (
    "accused of|charged with|convicted of|known for|arrested for|blamed for|suspected of|sentenced to"
    "|found guilty of"
)
_FATE = (
    "killed|arrested|shot|injured|wounded|hospitalized|released|attacked|fired|suspended|elected|evacuated|destroyed"
    "|damaged|canceled|cancelled|postponed|rescued|detained|indicted|impeached|disqualified|fined|banned"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A question and the places of its answers, half-open characters of the article's text."""

    question: str
    spans: tuple[tuple[int, int], ...]


Maker = Callable[[re.Match[str], random.Random], str]


def _who(match: re.Match[str], rng: random.Random) -> str:
    name = match["name"] if rng.random() < 0.7 else match["name"].split()[-1]
    asked = (
        "Who is {}?",
        "Who is {}?",
        "who is {}",
        "Who was {}?",
        "What position does {} hold?",
        "What is {}'s job?",
    )
    return rng.choice(asked).format(name)


def _saying(match: re.Match[str], rng: random.Random) -> str:
    name = match["name"] if rng.random() < 0.7 else match["name"].split()[-1]
    verbs = {
        "announced": "announce",
        "warned": "warn",
        "argued": "argue",
        "claimed": "claim",
        "wrote": "write",
    }
    about = re.search(
        r"\bthe ([a-z]{4,})(?=$|[,.]| (?:of|in|to|is|was|for|on|and|at|has|will)\b)", match["answer"]
    )
    if about and rng.random() < 0.5:
        return f"What did {name} say about the {about[1]}?"
    verb = match["verb"]
    if verb.startswith("told "):
        return f"What did {name} tell {verb[5:]}?"
    return f"What did {name} {verbs.get(verb, 'say')}?"


def _plan(match: re.Match[str], rng: random.Random) -> str:
    return _PLANS[match["verb"]].format(name=match["name"])


def _blame(match: re.Match[str], rng: random.Random) -> str:
    being = {"has been": "was", "have been": "were"}.get(match["be"], match["be"])
    return f"What {being} {match['name']} {match['verb']}?"


def _fate(match: re.Match[str], rng: random.Random) -> str:
    return f"What happened to {match['name']}?"


def _why(match: re.Match[str], rng: random.Random) -> str:
    subject = match["subject"]
    if re.match(r"[A-Z](?: |[a-z’'-]+(?: [^A-Z]|$))", subject):  # not a name: "The game" becomes "the game"
        subject = subject[0].lower() + subject[1:]
    return f"Why {match['be']} {subject} {match['rest']}?"


def _rules(make: Maker, *patterns: str) -> list[tuple[re.Pattern[str], Maker]]:
    return [(re.compile(pattern), make) for pattern in patterns]


MAKERS: dict[str, list[tuple[re.Pattern[str], Maker]]] = {
    "who": _rules(
        _who,
        rf"{_ANY_NAME}, (?P<answer>(?:a|an|the|one of) {_PLAIN}{{8,90}})(?=, )",
        rf"{_ANY_NAME}, (?P<answer>{_ROLE}{_PLAIN}{{4,80}})(?=, )",
        rf"(?P<answer>(?:(?:former|senior|deputy|[A-Z][\w.’'-]+) ){{1,4}}{_ROLE}) {_ANY_NAME}",
    ),
    "said": _rules(
        _saying,
        rf"{_NAME} {_SAID} (?:that )?{_CLAUSE}",
        rf"[“\"](?P<answer>[A-Z][^\"“”\n]{{25,200}}?)[,.!?][”\"],? {_NAME} {_SAID}",
        rf"[“\"](?P<answer>[A-Z][^\"“”\n]{{25,200}}?)[,.!?][”\"],? (?P<verb>said|says) {_ANY_NAME}",
    ),
    "plan": _rules(_plan, rf"{_SURNAME} (?P<verb>{'|'.join(_PLANS)}) {_PHRASE}{_END}"),
    "blame": _rules(
        _blame, rf"{_SURNAME} (?P<be>was|is|has been|were|are) (?P<verb>{_BLAME}) {_PHRASE}{_END}"
    ),
    "fate": _rules(_fate, rf"{_SURNAME} (?P<answer>(?:was|were) (?:{_FATE}){_PLAIN}{{0,60}}){_END}"),
    "why": _rules(
        _why,
        r"(?:(?<=[.!?] )|(?<=\n)|^)(?P<subject>[A-Z][\w’'-]*(?: [\w’'-]+){0,4}?)"
        rf" (?P<be>was|were|is|are|has|have|had|will) (?P<rest>(?:{_NOT_TOLD}{_PLAIN}){{8,80}}?)"
        rf" because (?:of )?{_PHRASE}{_END}",
    ),
}  # by kind


def phrases_of(text: str, rng: random.Random) -> list[Phrase]:
    """Return one question each of at most ``EACH`` kinds, drawn at random of those that the text allows."""
    kinds = rng.sample(list(MAKERS), len(MAKERS))
    found = (_phrase(kind, text, rng) for kind in kinds)
    return list(islice((phrase for phrase in found if phrase is not None), EACH))


def _phrase(kind: str, text: str, rng: random.Random) -> Phrase | None:
    """Return the phrase with all places that answer: whoever is asked about said more than one thing."""
    matches = [
        (match, maker)
        for pattern, maker in MAKERS[kind]
        for match in pattern.finditer(text)
        if not _BROKEN.search(match["answer"])
    ]
    if not matches:
        return None
    match, maker = rng.choice(matches)
    question = maker(match, rng)
    if kind == "why" or " about " in question:
        return Phrase(question, (_span(match),))
    name = match["name"].split()[-1]
    same = [
        other for other, _ in matches if other["name"].split()[-1] == name and _verb(other) == _verb(match)
    ]
    return Phrase(question, tuple(sorted({_span(other) for other in same})))


def _verb(match: re.Match[str]) -> str:
    return match["verb"] if "verb" in match.re.groupindex else ""


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.span("answer")
