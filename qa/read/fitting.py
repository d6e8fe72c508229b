"""Question and candidates -> those that can be its answer: of the kind asked for, and said by their sentence.

A reader may prefer "20771934" of an address to no date at all, and "negative" to "tested positive". What can
be seen to be wrong by its form is dropped before candidates are weighed against each other; what its sentence
takes back is dropped after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from qa.news.claim import Claim
from qa.news.cues import Doubt
from qa.news.events import counts_something_else, is_of_another_event
from qa.news.standing import is_of_another_time
from qa.news.support import asks_for_the_present
from qa.news.values import agree
from qa.read.candidate import Candidate
from qa.records import Hit, Quote
from qa.text.names import is_bare_title
from qa.text.normalization import folded
from qa.text.numbers import number_of
from qa.text.sentences import sentence_around

_WHEN = re.compile(r"^\W*(?:and |but )?(?:since |until )?when\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"^\W*(?:and |but )?how\s+many\b", re.IGNORECASE)
_WHO = re.compile(r"^\W*(?:and |but )?who(?:m|se)?\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"^\W*(?:and |but )?(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)\b"
    r"(?!.*\bor\b)",
    re.IGNORECASE,
)
_FORMS = {"when": _WHEN, "how many": _HOW_MANY, "who": _WHO, "yes or no": _YES_OR_NO}
_ASKS_FOR_AN_ADDRESS = re.compile(r"\b(?:web|site|website|address|url|link|domain|page)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"://|^www\.|^[\w.-]+\.(?:com|org|net)/|\.(?:html?|php)\b")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_SPANS_OF_TIME = {"second", "minute", "hour", "day", "week", "month", "year", "decade", "century"}
_FROM_A_DAY = re.compile(r"\b(?:ago|after|later|before|earlier|since|from|into|in|within|during|of|at)\b")
_AGE = re.compile(r"aged?\s+[\w-]+|[\w-]+[\s-]years?[\s-]old")
_NO_AMOUNT = re.compile(
    r"\W*(?:(?:the|a|an|total|large|small|number|amount|figure|count|toll|of|people|many)\b\W*)+"
)
_OPPOSITES = {
    word: other
    for one, two in (
        ("positive", "negative"), ("guilty", "innocent"), ("alive", "dead"), ("open", "closed"),
        ("won", "lost"), ("win", "lose"), ("true", "false"), ("legal", "illegal"), ("safe", "unsafe"),
        ("yes", "no"), ("higher", "lower"), ("more", "less"), ("up", "down"), ("for", "against"),
        ("approve", "reject"), ("approved", "rejected"), ("accepted", "refused"), ("passed", "failed"),
    )
    for word, other in ((one, two), (two, one))
}  # fmt: skip
_OVER: frozenset[Doubt] = frozenset({"ended", "replaced"})  # found for questions about the present alone


def of_the_kind(
    question: str, candidates: Sequence[Candidate], hits: Sequence[Hit]
) -> list[tuple[Candidate, Claim]]:
    """Return the candidates of the kind that is asked for, each with its claim, in the order given.

    The newest version of an article answers: what it says, too, is quoted from it, and what it no longer
    says was corrected, and is dropped as well.
    """
    claims = [(candidate, claim_of(candidate, hits[candidate.passage])) for candidate in candidates]
    fit = [
        (candidate, claim)
        for candidate, claim in claims
        if is_of_the_kind(question, claim)
        and not is_of_another_event(question, claim)
        and not counts_something_else(question, claim)
        and not is_of_another_time(question, claim)
    ]
    newest = [(candidate, _of_the_newest(claim, hits[candidate.passage])) for candidate, claim in fit]
    return [(candidate, claim) for candidate, claim in newest if claim is not None]


def _of_the_newest(claim: Claim, hit: Hit) -> Claim | None:
    """Return the claim as the newest version of its article makes it; None if that took it back."""
    newer, where = hit.newer_version, claim.quote.where
    if newer is None:
        return claim
    first = newer.field(where).find(claim.sentence)
    if first < 0:
        return None
    start, end = (first + place - claim.place[0] for place in (claim.quote.start, claim.quote.end))
    return replace(claim, quote=Quote(newer, start, end, where))


def given(question: str, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that their sentences give as the answer, in order: not denied, over or yet to come.

    No two of ``claims`` share characters. They were weighed beside the others before: a name that is left
    over is no surer for it.
    """
    ended = [claim for claim in claims if claim.doubt(question) in _OVER and not _is_of_several(claim)]
    kept: list[Claim] = []
    taken_back: list[Claim] = []
    for claim in claims:
        stands = _is_given(question, claim) and not _is_over(claim, ended)
        (kept if stands else taken_back).append(claim)
    denied = [c.confidence for c in taken_back if c.confidence is not None and c.doubt(question) == "denied"]
    if not denied:
        return kept
    # Where what was meant is denied, other readings share what is left: "a spokeswoman" confirmed nothing.
    left = 1 - max(denied)
    return [
        claim if claim.confidence is None else claim.with_confidence(min(claim.confidence, left))
        for claim in kept
    ]


def _is_of_several(claim: Claim) -> bool:
    """Return whether a quote runs on into another sentence: "Renn resigned. His deputy Calder"."""
    start, end = claim.quote.start, claim.quote.end
    return sentence_around(claim.article.field(claim.quote.where), start, start + 1)[1] < end


def _is_over(claim: Claim, ended: Sequence[Claim]) -> bool:
    """Return whether an article of the same day or later says that it is no longer so."""
    return any(
        agree(claim.saying, end.saying) and (not claim.days or not end.days or end.days[-1] >= claim.days[0])
        for end in ended
    )


def claim_of(candidate: Candidate, hit: Hit) -> Claim:
    """Return what a candidate says, without the blanks that some tokenizers count as part of a word."""
    article = hit.passage.article
    quote = article.field(candidate.where)[candidate.start : candidate.end]
    start = candidate.start + len(quote) - len(quote.lstrip())
    end = candidate.end - (len(quote) - len(quote.rstrip()))
    return Claim(Quote(article, start, end, candidate.where), candidate.margin, candidate.null)


def _is_given(question: str, claim: Claim) -> bool:
    """Return whether the sentence neither denies the quote nor says that it is over or yet to come."""
    doubt = claim.doubt(question)
    if doubt is None:
        return True
    return doubt not in (*_OVER, "denied") and not (doubt == "planned" and asks_for_the_present(question))


def is_supported(question: str, claim: Claim) -> bool:
    """Return whether the sentence gives the quote as the answer, so that it may agree with another."""
    return claim.doubt(question) is None


def is_of_the_kind(question: str, claim: Claim) -> bool:
    """Return whether the form of the quote fits the word that the question begins with."""
    quote = claim.quote.text
    if _is_in_an_address(claim) and not _ASKS_FOR_AN_ADDRESS.search(question):
        return False
    match _form_of(question):
        case "when":
            return _may_be_a_time(quote)
        case "how many":
            return not _NO_AMOUNT.fullmatch(folded(quote))
        case "who":
            return not is_bare_title(quote)
        case "yes or no":
            return not _is_taken_back(question, claim)
    return True


@lru_cache(maxsize=256)
def _form_of(question: str) -> str | None:
    """Return by which word a question asks, worked out once for its fifty candidates."""
    return next((form for form, opening in _FORMS.items() if opening.search(question)), None)


def _may_be_a_time(quote: str) -> bool:
    """Return whether a quote may say when: a year, but no other bare number, no age, no length of time."""
    if quote.isdecimal():
        return bool(_YEAR.fullmatch(quote))
    said = folded(quote)
    if _AGE.fullmatch(said):
        return False
    number = number_of(said)
    return number is None or number.measure not in _SPANS_OF_TIME or bool(_FROM_A_DAY.search(said))


def _is_in_an_address(claim: Claim) -> bool:
    text = claim.article.field(claim.quote.where)
    start, end = claim.quote.start, claim.quote.end
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return any(_ADDRESS.search(word) for word in text[start:end].split())


def _is_taken_back(question: str, claim: Claim) -> bool:
    """Return whether the quote says the opposite of its sentence, which uses the question's words."""
    asked, said, around = (_words(text) for text in (question, claim.quote.text, claim.sentence))
    opposites = {_OPPOSITES[word] for word in said if word in _OPPOSITES}
    return bool(opposites & asked & around - said)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", folded(text)))
