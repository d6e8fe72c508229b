"""Question, sentence and the place of a quote -> why the sentence does not give the quote as the answer.

"The police did not confirm it" does not say who confirmed, and "Renn resigned" not who is mayor now. A small
rule over words near the quote: denial, end, replacement, supposition, plan, amendment. It stays silent where
the question asks for just that ("Who resigned?"). Measured on pairs written for it:
``python -m benchmarks.agreement``.
"""

# ruff: noqa: E501  A pattern that is broken over lines is harder to read than a long one.

from __future__ import annotations

import re
from typing import Literal

from qa.text.normalization import folded

Doubt = Literal["denied", "ended", "replaced", "supposed", "planned", "amended"]
_QUOTE = "\x00"  # stands for the quote in its sentence


def _near(words: int) -> str:
    """Up to so many words of one clause between a cue and the quote."""
    return rf"(?:[^\s,;:\x00]+ ){{0,{words}}}"


_APPOSED = r"(?:,[^,;]{1,60},|,)?"  # "Renn, the mayor of Elden, stepped down"
_AUXILIARY = r"(?:did|does|do|has|have|had|was|is|were|are|could|can|will|would)"
_HAS = r"(?:has |have |had |also |later |now |since |just |was |were |is |are |been )*"
_PATTERNS: tuple[tuple[Doubt, tuple[str, ...]], ...] = (
    (
        "denied",
        (
            rf"\x00{_APPOSED} (?:{_AUXILIARY} (?:not|never)|{_AUXILIARY}n['’]t|cannot|never)\b(?! only| just)",
            rf"\x00{_APPOSED} {_HAS}(?:refus\w+|declin\w+|fail\w+) to\b",
            rf"\x00{_APPOSED} {_HAS}(?:denie[sd]|deny|denying)\b",
            rf"\x00{_APPOSED} (?:had |has |plays? |took |have )?(?:nothing to do with|no (?:part|role|hand))\b",
            r"\x00[^;]{0,60}\b(?:said|insist\w*|sw[oe]r\w+|told|testif\w+)\b[^;]{0,60}\b(?:he|she|it|they) (?:had |has |did |was )?(?:never|not)\b",
            r"\x00[^;]{0,60}\b(?:untrue|unfounded|baseless|fabricat\w+|invention|invented|a hoax|a myth|no truth)\b",
            r"\b(?:not|never)(?: by| in| at| from| to| on)? (?:the |a |an )?\x00",
            r"\b(?:neither|least of all|far from) (?:the |a |an )?\x00",
            r"(?:^|[,;] )no \x00",
            rf"\b(?:denie[sd]|deny|denying|denials?|dispute[sd]?|disputing|refut\w+|rul\w+ out|disprov\w+|debunk\w+)\b {_near(8)}\x00",
            rf"\b(?:dismiss\w+|reject\w+) (?:the )?(?:idea|claim|report|rumou?r|talk|suggestion|theory|notion|allegation)s?\b {_near(8)}\x00",
            rf"\b(?:no|little) (?:evidence|proof|sign|indication|trace)\b {_near(8)}\x00",
            rf"\bnothing (?:suggests|shows|indicates|points)\b {_near(8)}\x00",
            rf"\b(?:clear(?:s|ed)|exonerat\w+|acquit\w*) (?:the |a )?\x00|\x00 {_HAS}(?:cleared|exonerated|acquitted)\b",
            rf"\b(?:false|falsely|wrong|wrongly|mistaken|mistakenly|untrue|a lie) (?:that )?{_near(5)}\x00",
            rf"\b(?:not|n['’]t|never) (?:confirm|say|comment|true that)\b {_near(8)}\x00",
        ),
    ),
    (
        "ended",
        (
            rf"\x00{_APPOSED}(?:['’]s)? {_HAS}(?:resign\w*|quit\w*|step\w* (?:down|aside|back)|st[oa]\w+ down|retire[sd]?\b|ousted|sacked|fired|dismissed|removed|deposed|stripped|impeached|voted out|forced out|left\b|leav\w+|depart\w*|died|die[sd]?\b|no longer|bowed out|withdr\w+|ended|lost (?:the|his|her|its|their)|said (?:goodbye|farewell)|gave up|g[ia]v\w+ up|relinquish\w*|vacat\w+|clos(?:ed|es)|shut|pull\w* out|walk\w* away|sold|drop\w*|axed|scrapped|abolished|cancelled|expired|dissolved|laid down)\b",
            r"\b(?:former|ousted|outgoing|departing|ex-?|one-time|deposed|sacked|late|disgraced|retired) (?:[\w'’-]+ ){0,5}\x00",
            r"\b(?:departure|resignation|dismissal|removal|death|sacking|end|fall|exit|retirement|closure) of (?:\w+ ){0,4}\x00",
            r"\x00['’]s? (?:departure|resignation|dismissal|removal|death|sacking|exit|fall|retirement|closure|tenure|reign|era|term|time)\b",
            r"\b(?:sacked|fired|ousted|dismissed|removed|deposed|parted (?:company |ways )?with|dropped|left|lost|abandoned|quit|shed|gave up|axed|scrapped|stripped|bade farewell to|said (?:goodbye|farewell) to|drops?|leaves|ends?|ended|closed|shut) (?:as )?(?:[\w'’-]+ ){0,3}\x00",
            r"\b(?:until|till)\b[^,;]{0,40}\x00|\buntil (?:\d{4}|last|this|then|recently|now)\b|\x00[^;]{0,60}\buntil\b",
            r"\b(?:is|are|was|were) over\b|\bcame to an end\b|\bdr[ae]w\w* to a close\b|\x00[^;]{0,60}\bfrom \d{4} to \d{4}",
            r"\b(?:used to|no longer|once|formerly|previously|at the time|in those days)\b",
            r"\blost [^;]{0,40}, (?:the )?\x00|\bis gone\b",
        ),
    ),
    (
        "replaced",
        (
            r"\x00[^;]{0,50}\b(?:was|were|is|are|been|be) (?:\w+ )?(?:succeeded|replaced|superseded|renamed|supplanted|relieved|overtaken|unseated)\b",
            r"\b(?:replac(?:e[sd]?|ing)|succeed(?:s|ed|ing)?|supplant\w*|supersed\w+|swap\w*|exchang\w+|renam(?:ed|es|ing)|unseat\w*|oust\w*|overt[ao]\w+|dethron\w+|reliev\w+|beat|beats|defeated|dropped) (?:(?!by\b)[\w'’-]+ ){0,4}\x00",
            r"\b(?:take[sn]?|took|taking|inherit\w*) (?:over )?(?:[\w'’-]+ ){0,7}from (?:[\w'’-]+ ){0,3}\x00",
            r"\b(?:instead of|rather than|in place of|successor (?:of|to)|in for|ahead of|after) (?:[\w'’-]+ ){0,2}\x00(?! (?:was|became|took office))",
            r"\x00[^;]{0,40}\b(?:g[ai]v\w+|m[ao][dk]\w+|yield\w*) way\b|\x00[^;]{0,30}\byield\w* to\b",
            r"\x00[^;]{0,30}\b(?:hand(?:ed|s)|pass(?:ed|es)|ceded|lost) [^;]{0,40}\bto\b",
            r"\x00['’]s? (?:successor|replacement|place|stead|shoes|post|job|seat|role|old)\b",
            r"\b(?:switch\w*|mov\w+|chang\w+|turn\w*) (?:[\w'’-]+ ){0,6}from (?:[\w'’-]+ ){0,2}\x00",
        ),
    ),
    (
        "supposed",
        (
            r"\b(?:might|could|may|would) (?:well )?(?:have |be )?(?:\w+ ){0,3}(?:by |in |at |to |on )?(?:the |a )?\x00",
            r"\x00,? (?:itself |himself |herself )?(?:might|could|may|would)\b",
            rf"\b(?:perhaps|maybe|possibly|supposedly|presumably|apparently|conceivably) {_near(6)}\x00",
            rf"\b(?:rumou?r\w*|speculat\w+|suspects?|suspected|suspicion|theory|unconfirmed|allegations?|guess\w*)\b {_near(8)}\x00",
            r"\b(?:if|whether|unless|had|were|should) (?:[\w'’-]+ ){0,3}\x00[^;]*,",
            r"\b(?:if|unless|had|were|should|with) [^;]{0,80}, [^;]{0,60}\bwould\b",
            r"\x00[^,;]{0,40}\b(?:would have|if|unless|is (?:thought|believed|rumoured|suspected|said|alleged)|was (?:thought|believed|rumoured|suspected|said|alleged))\b",
        ),
    ),
    (
        "planned",
        (
            rf"\x00{_APPOSED} (?:\w+ ){{0,4}}(?:is|are|was|were|be|been) (?:\w+ )?(?:to (?:become|be|take|have|open|host|run|replace|succeed|lead)|due|scheduled|set to|slated|expected|planned|nominated|proposed|considered|tipped|shortlisted|chosen to|picked to|lined up|favourite|in line|running for|standing for)\b",
            rf"\x00{_APPOSED} (?:\w+ )?(?:hopes?|hoped|wants?|wanted|plans?|planned|aims?|intends?|intended|bids?|has bid|applied|offered|will|seeks?)\b",
            r"\b(?:proposed|planned|nominated|would-be|prospective|future|intended|draft)\b (?:\w+ ){0,4}\x00",
            r"\b(?:plans?|planned|propos(?:es|ed|als?)|hop(?:es|ed)|want(?:s|ed)?|intend(?:s|ed)|scheduled|considering|envisages?|mulls?|due) (?:to |for |on |at |in |the |a |an |of |is |\w+ ){0,6}\x00",
            r"\b(?:was|were|is|are) to (?:have |be |become |take |open )(?:\w+ ){0,6}\x00",
        ),
    ),
    (
        "amended",
        (
            r"\b(?:from|of) (?:the |its |an? )?(?:(?:present|current|earlier|previous|old|initial) )?\x00 (?:\w+ ){0,2}to\b",
            r"\b(?:up|down|increas\w+|rais\w+|cut|lower\w*|reduc\w+|revis\w+|rose|fell|risen|fallen|went|extend\w+|shorten\w+|correct\w+|chang\w+|amend\w+|stretch\w+|mov\w+|adjust\w*|trim\w*|widen\w*)\b[^;]{0,50}\bfrom (?:the |its |an? )?(?:\w+ ){0,2}\x00",
            r"\b(?:first|initially|originally|previously|earlier|once|wrongly|mistakenly)\b[^;]{0,40}\x00",
            r"\x00[^;]*\b(?:first|initially|originally) (?:given|put|reported|said|estimated|stated|announced|thought)\b",
            r"\b(?:restat\w+|struck out|scrapp\w+|abolish\w+|repeal\w+|withdr\w+|retract\w+|correct\w+|delet\w+|overrul\w+|amend\w+|abandon\w+|replac\w+) (?:the |its |[\w'’-]+ ){0,4}\x00",
            r"\b(?:instead of|rather than|no longer|not) (?:[\w'’-]+ ){0,2}\x00",
            r"\x00[^;]{0,60}\b(?:has been|have been|was|were|is|are) (?:\w+ )?(?:rewritten|amended|repealed|revised|corrected|scrapped|abolished|overturned|retracted|superseded|replaced|changed|raised|lowered|extended)\b",
            r"\bhad (?:put|given|said|stated|reported)\b[^;]{0,30}\x00",
        ),
    ),
)
# An end comes first: "the police denied that former mayor Renn was held" says that he is mayor no more.
_ORDER: tuple[Doubt, ...] = ("ended", "replaced", "denied", "supposed", "planned", "amended")
_CUES: list[tuple[Doubt, re.Pattern[str]]] = [
    (doubt, re.compile("|".join(dict(_PATTERNS)[doubt]))) for doubt in _ORDER
]
# What a question asks for when it wants just what the doubt is about.
_ASKS: dict[Doubt, re.Pattern[str]] = {
    "denied": re.compile(
        r"\b(?:not|never|no|cannot|den(?:y|ie)\w*|refus\w*|reject\w*|dismiss\w*|rul\w+ out|without|declin\w*"
        r"|fals\w*|why|fail\w*|disput\w*|clear\w*|acquit\w*|wrong\w*|lack\w*|keep\w*)\b|n['’]t\b"
    ),
    "ended": re.compile(
        r"\b(?:was|were|did|had|former\w*|resign\w*|retire\w*|left|leave\w*|quit|end\w*|until|last|used|died|die"
        r"|lost|lose\w*|remov\w*|sack\w*|fired|oust\w*|once|when|why|late|clos\w+|ex)\b"
    ),
    "replaced": re.compile(
        r"\b(?:was|were|did|had|former\w*|replac\w*|succe\w*|before|predecess\w*|previous\w*|renam\w*|instead|why)\b"
    ),
    "supposed": re.compile(
        r"\b(?:might|could|would|may|suspect\w*|think\w*|thought|believe\w*|alleg\w*|possib\w*|likely|risk\w*|if"
        r"|why|should|can|report\w*|rumou?r\w*|predict\w*|expect\w*|accus\w*|said|say\w*|fear\w*|will|forecast)\b"
    ),
    "planned": re.compile(
        r"\b(?:will|would|plan\w*|propos\w*|going to|expect\w*|schedul\w*|next|due|want\w*|nominat\w*|hop\w+"
        r"|intend\w*|future|aim\w*|candidate\w*|consider\w*|seek\w*|to be|favou?r\w*|upcoming|why|should|agree\w*"
        r"|promis\w*|pledg\w*|running|offer\w*|bid\w*|can|may|says?|said|mean\w*|to)\b"
    ),
    "amended": re.compile(
        r"\b(?:from|before|previous\w*|initial\w*|original\w*|first|earlier|old|used|increase\w*|chang\w*"
        r"|amend\w*|revis\w*|instead|until|why|no longer|not)\b"
    ),
}
_PRESENT = re.compile(
    r"\b(?:is|are|now|current\w*|today|still|does|do)\b"
    r"|^\W*(?:who|(?:which|what|how)(?: \w+){1,2}?) (?!was\b|has\b|his\b|this\b)[a-z]{2,}s (?:the|in|for|at|to|\w+)\b"
)
_NAME = re.compile(r"(?!(?:The|An?|In|At|On|He|She|It|They|His|Her)\b)[A-Z][\w'’-]*\w(?: [A-Z][\w'’-]*\w)*\b")
_NAME_BEFORE = re.compile(r"(?:\b[A-Z][\w'’.-]*\w )+$")
_NAME_AFTER = re.compile(r"(?: [A-Z][\w'’-]*\w\b)+")
_FIGURE = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")


def asks_for_the_present(question: str) -> bool:
    """Return whether the answer may end: "Who is the mayor?", "Who runs the line?"."""
    return bool(_PRESENT.search(folded(question)))


def doubt_of(question: str, sentence: str, start: int, end: int) -> Doubt | None:
    """Return why ``sentence[start:end]`` is not what the sentence gives as the answer; None if it may be."""
    asked = folded(question)
    end -= len(sentence[start:end]) - len(sentence[start:end].rstrip(" ,;:."))
    start, end = _whole_name(sentence, start, end)
    around = folded(f"{sentence[:start]}{_QUOTE}{sentence[end:]}")
    figure = bool(_FIGURE.search(folded(sentence[start:end])))
    present = asks_for_the_present(question)
    for doubt, cue in _CUES:
        if doubt in ("ended", "replaced") and not present or doubt == "amended" and not figure:
            continue
        if not _ASKS[doubt].search(asked) and cue.search(around):
            return doubt
    return None


def _whole_name(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Borders of the name with which the quote begins, in full: "Tobias Renn" of "Tobias" or "Renn resigned"."""
    opening = _NAME.match(sentence, start, end)
    if opening is None:
        return start, end
    before = _NAME_BEFORE.search(sentence, 0, start)
    after = _NAME_AFTER.match(sentence, opening.end())
    return before.start() if before else start, after.end() if after else opening.end()
