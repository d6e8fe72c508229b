"""Text and the place of a time in it -> whether its clause speaks of the past or of what is to come."""

from __future__ import annotations

import re
from typing import Literal

Tense = Literal["past", "future", ""]

_AHEAD = re.compile(
    r"""\b(?:will|shall|should|would|must|might|won't|possible|hopes?|intends?|plans|expects?|aims?|wants?
    | begins|opens|arrives|approaches|expires|departs|convenes|resumes|takes\s+place
    | (?:is|are|was|were|be)\s+(?:now\s+|also\s+|still\s+|provisionally\s+)?
      (?:to|due|expected|scheduled|planned|set|likely|supposed|projected)
    | (?:are|is)\s+(?:on|in)|meets?|next|no\s+(?:later|earlier|sooner)\s+than|upcoming)\b
    | (?-i:\bmay\b)""",
    re.IGNORECASE | re.VERBOSE,
)
# Only right before the time itself: "killed by a shell" is no deadline.
_LIMIT_BEFORE = re.compile(
    r"\b(?:by|until|till|through)\s+(?:(?:late|early|the\s+end\s+of)\s+)?$", re.IGNORECASE
)
_SINCE_BEFORE = re.compile(r"\bsince\s+(?:late\s+|early\s+|the\s+(?:start|end)\s+of\s+)?$", re.IGNORECASE)
_PAST_VERB = re.compile(
    r"\b(?:was|were|had|did|lost|ran|stood|held|went|came|took|said|told|kept|rose|fell|\w{3,}ed)\b",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r"[.;:!?\n,()—–]|\b(?:that|which|who|whom|whose|when|where|while|whereupon|after|before|because|although"
    r"|though|but)\b",
    re.IGNORECASE,
)
# What may stand before a time at the head of its clause.
_HEAD = re.compile(
    r"\W*(?:(?:and|or|on|in|at|late|early|by|the|of|from|since|then|already|only|earlier|later|also|it|is)\W*)*",
    re.IGNORECASE,
)

_LONGEST_CLAUSE = 500  # characters looked at on each side; each of many times in a text has its own look


def tense_of(text: str, start: int, end: int) -> Tense:
    """Return the tense of the clause in which ``text[start:end]``, a time, stands; "" if it does not show.

    The words before the time show it or, at the head of a clause, the words after it.
    """
    if _SINCE_BEFORE.search(text, max(0, start - 24), start):
        return "past"  # whatever the clause says: "it will be a year since May"
    first, last = max(0, start - _LONGEST_CLAUSE), min(len(text), end + _LONGEST_CLAUSE)
    borders = [found.end() for found in _BORDER.finditer(text, first, start)]
    before = text[borders[-1] if borders else first : start]
    border = _BORDER.search(text, end, last)
    after = text[end : border.start() if border else last]
    shown_by = after if _HEAD.fullmatch(before) else before
    if _AHEAD.search(shown_by):
        return "future"
    if _PAST_VERB.search(shown_by):
        return "past"
    return "future" if _LIMIT_BEFORE.search(before) else ""
