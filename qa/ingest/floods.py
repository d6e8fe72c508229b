"""Markup -> its tags of more attributes than any page has; parsers compare each attribute with all before it.

A tag of 32,000 attributes, 450 kB, kept the parser of HTML busy for 35 seconds. They are found in one pass
that reads tags, quotes, comments and scripts as the parsers do, and so is not misled by what only looks like
a tag in a script, or by a tag that is hidden in what only looks like a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_ATTRIBUTES = 500  # of a tag; pages have up to some dozens
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_FEW = re.compile(rf"(?:{_ATTRIBUTE}){{0,{MOST_ATTRIBUTES}}}+")
_REST = re.compile(rf"(?:{_ATTRIBUTE})*+")
_TAIL = re.compile(r"[\s/]*+")
_OPENS_HTML = re.compile(r"<!--|<([A-Za-z][^\s/>]*+)")
_OPENS_XML = re.compile(r"<!--|<!\[CDATA\[|<\?|<([^\s!?/>]++)")
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
# What these hold is no markup: for every parser, and for some.
_RAW = ("script", "style")
_SOMETIMES_RAW = (*_RAW, "title", "textarea", "iframe", "xmp", "noembed", "noframes", "noscript", "plaintext")


def without_floods(text: str) -> str:
    """Return HTML without its tags of too many attributes; what stands between tags stays."""
    if len(text) < 2 * MOST_ATTRIBUTES:
        return text
    for raw in (_RAW, _SOMETIMES_RAW):
        pieces: list[str] = []
        at = 0
        for start, stop in _floods(text, _OPENS_HTML, raw):
            pieces += [text[at:start], " "]
            at = stop + (text[stop : stop + 1] == ">")
        text = "".join([*pieces, text[at:]]) if pieces else text
    return text


def has_flood(xml: str) -> bool:
    """Return whether an element of XML has too many attributes."""
    return any(True for _ in _floods(xml, _OPENS_XML, ()))


def _floods(text: str, opens: re.Pattern[str], raw: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield where such tags begin and end."""
    lower = text.lower() if raw else text
    lower = lower if len(lower) == len(text) else text  # "İ" becomes two letters
    ends = [*_ENDS.values(), *(f"</{name}" for name in raw)]
    last = {end: lower.rfind(end) for end in ends}  # or each that never ends would be looked for to the end
    at = 0
    while (found := opens.search(text, at)) is not None:
        name = found[1]
        if name is None:
            end = _ENDS[found[0]]
            at = found.start() + 2  # "<!-->" is a whole comment for some
            at = lower.find(end, at) + len(end) if last[end] >= at else found.end()
            continue
        few = _after(_FEW, text, found.end())
        rest = _after(_REST, text, few)
        at = _after(_TAIL, text, rest)
        if rest > few:
            yield found.start(), at
        elif (
            name.lower() in raw and "/" not in text[rest - 1 : at] and last[end := f"</{name.lower()}"] >= at
        ):
            at = lower.find(end, at)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()
