"""A text that may hold HTML -> plain text with its paragraphs; "a < b" stays as it is."""

from __future__ import annotations

import html
import re

from qa.ingest.floods import without_floods

_BLOCKS = (
    "address|article|aside|blockquote|body|br|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure"
    "|footer|form|h1|h2|h3|h4|h5|h6|header|hr|html|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot"
    "|th|thead|title|tr|ul"
)
_DROPPED = (  # with what is in them
    "audio|button|canvas|embed|head|iframe|input|math|noscript|object|script|select|style|svg|template"
    "|textarea|video"
)
_INLINE = (
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|link|mark|meta|param"
    "|picture|q|rp|rt|ruby|s|samp|small|source|span|strike|strong|sub|sup|time|track|tt|u|var|wbr"
)
_BLOCK_NAMES, _DROPPED_NAMES = frozenset(_BLOCKS.split("|")), frozenset(_DROPPED.split("|"))
_NAMES = f"(?:{_BLOCKS}|{_DROPPED}|{_INLINE})"
_ATTRIBUTES = (
    r"""(?:\s++[^\s"'<>/=]++\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>]++)"""
    r"|\s++(?:async|defer|hidden|controls|download))*+"
)
# A tag of a known name whose attributes all have values: `<b>`, `</p>`, `<a href="x">`, not `x <b and c> y`.
_TAG = re.compile(rf"<(?:/{_NAMES}\s*+|{_NAMES}{_ATTRIBUTES}\s*+/?)>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS})\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<!\[CDATA\[|\]\]>|<!doctype[^<>]*>|<\?[a-z][^<>]*>", re.IGNORECASE)
# Names with a dash or colon are the page's own elements: <amp-img>, <o:p>.
_STRAY = re.compile(rf"<(?!/?(?:{_NAMES}|[a-z]+[-:][a-z-]+)(?:[\s/>]|$))", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_STRAY_AMPERSAND = re.compile(rf"&(?!{_ENTITY.pattern[1:]})")
_ENCODED_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+")
_MOST_ROUNDS = 4  # of taking out what the last one has made; who cleans a text comes back for the rest
_DROPPED_TAG = re.compile(rf"<({_DROPPED})(?=[\s/>])[^<>]*>", re.IGNORECASE)


def plain(text: str) -> str:
    """Take tags out and entities back, until nothing is left to do; blocks become paragraphs.

    What scripts and styles hold is dropped. A stray "<" or "&" stays.
    """
    # Exports escape HTML twice and more. Each round shortens the text, but one that is made for it by no more
    # than an entity or a tag ("&#5&#5;;", "<<b>b>"), and 240 kB of such would take three minutes.
    for _ in range(_MOST_ROUNDS):
        before = text
        if "&" in text:
            text = _ENTITY.sub(lambda found: html.unescape(found[0]), _ENCODED_AMPERSANDS.sub("&", text))
        if "<" in text and (_TAG.search(text) or _DECLARATION.search(text) or "<!--" in text):
            text = _without_tags(text)
        if len(text) >= len(before):
            break
    return text


def _without_tags(text: str) -> str:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # compiled, without types

    text = _without_unclosed(_DECLARATION.sub(" ", without_stretches(text)))
    if _BLOCK_TAG.search(text):  # the tags say where paragraphs end, so line ends are only spaces
        text = text.replace("\n", " ")
    # Unknown "<" are escaped first, or the parser would take "5 <six" for a tag.
    source = _STRAY_AMPERSAND.sub("&amp;", _STRAY.sub("&lt;", without_floods(text)))
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<html><body><div>{source}</div></body></html>", parser)
    if any(fault.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for fault in parser.error_log):
        return _TAG.sub("\n\n", text)  # nested 2048 deep, where the parser drops the rest
    pieces: list[str] = []
    dropping = 0  # how many dropped elements are open
    for event, element in etree.iterwalk(root, events=("start", "end")):
        begins = event == "start"
        if element.tag in _DROPPED_NAMES:
            dropping += 1 if begins else -1
        if dropping:
            continue
        pieces.append(_gap(element.tag, begins))
        words = element.text if begins else element.tail
        if words is not None:
            pieces.append(words)
    return re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip()


def without_stretches(text: str, begins: str = "<!--", ends: str = "-->") -> str:
    """Return the text without what stands between two marks, and without these; by default comments."""
    pieces: list[str] = []
    at = 0
    # Not by a pattern: "<!--.*?-->" would search to the end from every comment that never closes.
    while (begin := text.find(begins, at)) >= 0 and (end := text.find(ends, begin)) >= 0:
        pieces.append(text[at:begin])
        at = end + len(ends)
    return " ".join([*pieces, text[at:]])


def _without_unclosed(text: str) -> str:
    """Disarm elements that never end, or the parser would drop the rest of the article with them.

    An unclosed script or style goes with its line; of others only the tag goes.
    """
    lower = text.lower()
    closed_at = {name: lower.rfind(f"</{name}") for name in _DROPPED_NAMES if f"<{name}" in lower}
    pieces: list[str] = []
    at = 0
    for found in _DROPPED_TAG.finditer(text):
        name = found[1].lower()
        if found.start() < at or closed_at.get(name, -1) > found.start() or found[0].endswith("/>"):
            continue
        pieces.append(text[at : found.start()])
        line_end = text.find("\n", found.end())
        at = (line_end if line_end >= 0 else len(text)) if name in ("script", "style") else found.end()
    return "".join([*pieces, text[at:]])


def _gap(name: str, begins: bool) -> str:
    if name == "br":
        return "\n" if begins else ""
    if name in ("td", "th"):
        return " "
    return "\n\n" if name in _BLOCK_NAMES else ""
