"""Question, sentence and the place of a quote -> why the sentence does not give the quote as the answer.

"The police did not confirm it" does not say who confirmed, and "Renn resigned" not who is mayor now. A small
rule over words near the quote: denial, end, replacement, supposition, plan, amendment. It stays silent where
the question asks for just that ("Who resigned?"). Measured on pairs written for it:
``python -m benchmarks.agreement``.
"""

# ruff: noqa: E501  A pattern that is broken over lines is harder to read than a long one.

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from qa.news.cues import PATTERNS, QUOTE, Doubt
from qa.text.normalization import folded

# An end comes first: "the police denied that former mayor Renn was held" says that he is mayor no more.
_ORDER: tuple[Doubt, ...] = ("ended", "replaced", "denied", "supposed", "planned")
_OF_FIGURES: tuple[Doubt, ...] = ("amended", "ended", "denied", "supposed", "planned")
_NEVER = r"(?!)"  # matches nothing


@dataclass(frozen=True, slots=True)
class _Cues:
    """The patterns of a doubt, by the place of the quote in them: only what can match is searched."""

    quote_first: re.Pattern[str]
    quote_last: re.Pattern[str]
    elsewhere: re.Pattern[str]


@cache
def _cues_of(doubt: Doubt) -> _Cues:
    """Compile a doubt's patterns when it is first looked for: all of them take as long as numpy to import."""
    first: list[str] = []
    last: list[str] = []
    elsewhere: list[str] = []
    for cue in PATTERNS[doubt]:
        place = first if cue.startswith(r"\x00") else last if cue.endswith(r"\x00") else elsewhere
        place.append(cue)
    return _Cues(*(re.compile("|".join(cues) or _NEVER) for cues in (first, last, elsewhere)))


# What a question asks for when it wants just what the doubt is about.
_ASKS: dict[Doubt, re.Pattern[str]] = {
    "denied": re.compile(
        r"\b(?:not|never|no|cannot|den(?:y|ie)\w*|refus\w*|reject\w*|dismiss\w*|rul\w+ out|without|declin\w*"
        r"|fals\w*|why|fail\w*|disput\w*|clear\w*|acquit\w*|wrong\w*|lack\w*|keeps?|kept)\b|n['’]t\b"
    ),
    "ended": re.compile(
        r"\b(?:was|were|did|had|former\w*|resign\w*|retire\w*|left|leave\w*|quit|end(?:s|ed|ing)?|until|last|used to|died|die"
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
        r"\b(?:will|would|plan(?:s|ned|ning)?|propos\w*|going to|expect\w*|schedul\w*|next|due|want\w*|nominat\w*|hop(?:es?|ed|ing)"
        r"|intend\w*|future|aim\w*|candidate\w*|consider\w*|seek\w*|to be|favou?r\w*|upcoming|why|should|agree\w*"
        r"|might|could|think\w*|thought|believe\w*|project(?:s|ed|ing)?|forecast|predict\w*|target\w*|estimat\w*"
        r"|promis\w*|pledg\w*|running|offer\w*|bid(?:s|ding)?|can|may|says?|said|mean\w*|(?:is|are|was|were) to)\b"
        # "When does the ferry start?"
        r"|^\W*(?:and |but )?(?:on |at |from |until |till |by )?(?:when|(?:what|which) (?:time|day|date|week|month|year))\b"
        r".*\b(?:is|are|now|current\w*|today|still|does|do)\b"
    ),
    "amended": re.compile(
        r"\b(?:from|before|previous\w*|initial\w*|original\w*|first|earlier|old|used to|increase\w*|chang\w*"
        r"|amend\w*|revis\w*|instead|until|why|no longer|not)\b"
    ),
}
_PRESENT = re.compile(
    r"\b(?:is|are|now|current\w*|today|still|does|do)\b"
    r"|^\W*(?:who|(?:which|what|how)(?: \w+){1,2}?) (?!was\b|has\b|his\b|this\b)[a-z]{2,}s (?:the|in|for|at|to|\w+)\b"
)
_NAME = re.compile(r"(?!(?:The|An?|In|At|On|He|She|It|They|His|Her)\b)[A-Z][\w'’-]*\w(?: [A-Z][\w'’-]*\w)*\b")
_NAME_INSIDE = re.compile(r"(?<=\s)[A-Z][\w'’-]*")  # of a question: "Late Lamp" asks for nothing that is late
# The head of what is asked for: the mayor, the chief executive.
_HEAD = re.compile(
    r"^\W*(?:who|which \w+)(?:['’]s| is| are) (?:now |currently )?(?:the |an? )?(?:\w+ ){0,3}?(\w{3,})(?=\s+(?:of|in|at|for|to|now|today)\b|\s*\W*$)"
)
# The rover, of "the name of Vikram's rover" and "the rover called".
_NAMED = re.compile(
    r"\bname of (?:[\w'’-]+ ){0,4}?(\w{3,})(?=\s+(?:of|in|at|for|on|to|now|today)\b|\s*\W*$|\s*\()"
    r"|\b(\w{3,}) (?:called|named)\s*\W*$"
)
_UNLIKE = re.compile(
    r"\b(?:not|never|no|would-be|\w+-elect|\w+-designate|candidates?|nominees?|next|future|proposed|alleged|suspected|likely"
    r"|possible|potential|hopefuls?|contenders?|favourites?|front-?runners?|bid\w*|run\w* for|wants?|hopes?|as if|if)\b"
)
_TURN = re.compile(r"(?:until|till|before|only|just|but|except)\s+", re.IGNORECASE)  # "not before 2025"
_NAME_BEFORE = re.compile(r"(?:\b[A-Z][\w'’.-]{0,40}\w ){1,8}$")
_NAME_AFTER = re.compile(r"(?: [A-Z][\w'’-]*\w\b)+")
_FIGURE = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks for, worked out once for its fifty candidates."""

    doubts: frozenset[Doubt]  # that the question wants to hear of, so that they are none
    present: bool  # the answer may end
    bears: re.Pattern[str] | None  # how a sentence gives a name to the office or thing asked for


def asks_for_the_present(question: str) -> bool:
    """Return whether the answer may end: "Who is the mayor?", "Who runs the line?"."""
    return _asked_by(question).present


def doubt_of(question: str, sentence: str, start: int, end: int) -> Doubt | None:
    """Return why ``sentence[start:end]`` is not what the sentence gives as the answer; None if it may be."""
    asked = _asked_by(question)
    end -= len(sentence[start:end]) - len(sentence[start:end].rstrip(" ,;:."))
    start, end = _whole_name(sentence, start, end)
    turned = _TURN.match(sentence, start, end)
    start = start if turned is None else turned.end()
    around = folded(f"{sentence[:start]}{QUOTE}{sentence[end:]}")
    figure = bool(_FIGURE.search(folded(sentence[start:end])))
    titled = sentence[start:end][:1].isupper() and _bears(asked.bears, around)
    for doubt in _OF_FIGURES if figure else _ORDER:
        if doubt in ("ended", "replaced") and not asked.present:
            continue
        if titled and doubt in ("denied", "supposed", "planned"):
            # Something else is planned or denied: "Ines Calder, the mayor, will open the depot", "The mayor,
            # Ines Calder, denied it", "A rover named Pragyan is to examine the soil".
            continue
        if doubt not in asked.doubts and _is_raised(doubt, around):
            return doubt
    return None


def _is_raised(doubt: Doubt, around: str) -> bool:
    """Return whether a cue of the doubt stands in a folded sentence with the quote's mark."""
    at, cues = around.index(QUOTE), _cues_of(doubt)
    if cues.quote_first.match(around, at) or cues.quote_last.search(around, 0, at + 1):
        return True
    return cues.elsewhere.search(around) is not None


@lru_cache(maxsize=256)
def _asked_by(question: str) -> _Asked:
    said = folded(question)
    plain = folded(_NAME_INSIDE.sub("", question))
    head = _HEAD.search(said)
    named = _NAMED.search(said)
    return _Asked(
        frozenset(doubt for doubt, asks in _ASKS.items() if asks.search(plain)),
        bool(_PRESENT.search(said)),
        _bearing(head[1]) if head else _naming(named[1] or named[2]) if named else None,
    )


def _bearing(head: str) -> re.Pattern[str]:
    """Return a pattern for "the mayor of Oslo, Ann Moe" and "Ann Moe, its mayor": the quote bears the office."""
    office = rf"{re.escape(head)}\b"
    return re.compile(
        rf"[^,;]{{0,40}}\b{office}(?: (?:of|in|at|to|for) [^,;\x00]{{1,40}})?,? {QUOTE}"
        rf"|{QUOTE},? (?:who is |who has been |the |its |their |an? )+(?:[\w'’-]+ ){{0,4}}{office}"
        rf"|{QUOTE}, who (?:leads|heads|runs|chairs|has (?:led|headed|run|chaired))\b"
    )


def _naming(thing: str) -> re.Pattern[str]:
    """Return a pattern for "a rover named Pragyan": the quote is the name of the thing."""
    return re.compile(
        rf"[^,;]{{0,40}}\b{re.escape(thing)},? (?:named|called|dubbed|nicknamed|christened|known as) {QUOTE}"
    )


def _bears(pattern: re.Pattern[str] | None, around: str) -> bool:
    """Return whether the name is that of the office or thing asked for, whatever else the sentence says."""
    borne = pattern.search(around) if pattern else None
    return borne is not None and _UNLIKE.search(borne[0]) is None


def _whole_name(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders of the name with which the quote begins, in full: "Tobias Renn" of "Tobias"."""
    opening = _NAME.match(sentence, start, end)
    if opening is None:
        return start, end
    before = _NAME_BEFORE.search(sentence, 0, start)
    after = _NAME_AFTER.match(sentence, opening.end())
    return before.start() if before else start, after.end() if after else opening.end()
