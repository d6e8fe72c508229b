"""A page -> the text of its article, by trafilatura, from a page that was made ready for it.

Ready: what nobody sees is out, tables that only lay the page out are taken apart, and an article in several
containers is in one.
"""

from __future__ import annotations

import copy
import logging
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:tooltip|tool-tip|popover|sr-only|visually-hidden|visuallyhidden|screen-reader"
    r"|screenreader|assistive-text|a11y|offscreen)",
    re.IGNORECASE,
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_UNSEEN = 0.2  # share of a page's words; more is an article that waits for its script
_LAID_OUT = ("p", "div", "h1", "h2", "h3", "table", "article", "section")
_CELL_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
_MOST_TABLES = 8  # in each other; every one is looked through
_FEWEST_CELL_WORDS = 30  # of prose in one cell of a table that lays out a page
_FEWEST_WORDS = 12  # of a paragraph that marks a container of the article
_MOST_LINKED = 0.35  # share of a container's words that are links
_FEWEST_LISTED = 3  # links in a list of other articles
_ALL_LINKED = 0.9  # share of an item's words that are a link
_LEAST_SHARE = 0.5  # of the text that was found lies in containers of one kind
_LEAST_GAIN = 1.05
_MOST_LOST = 0.1  # share of the former text that may be missing from a longer one
_SHORT_PAGE = 160  # words; pages of consent, login and errors have fewer
_NO_ARTICLE = re.compile(
    r"(?:error )?404\b|page (?:can(?:'|no)t be|was not|could not be|not) found|not found$|access denied"
    r"|403 forbidden|forbidden$|just a moment|attention required|are you (?:a robot|human)"
    r"|verify you are human|security check"
    r"|checking your browser|enable (?:javascript|cookies)|javascript is (?:disabled|required)"
    r"|before you continue|your privacy (?:choices|settings)|we value your privacy"
    r"|cookie (?:consent|settings)|privacy (?:gate|consent)"
    r"|(?:sign|log) in(?: to .{1,40}| \| .{1,40})?$|login$|(?:please )?(?:sign|log) in to"
    r"|create (?:a free|an) account|subscribe to (?:continue|read)"
    r"|this (?:page|content|site) is (?:not|no longer) available|something went wrong|service unavailable"
    r"|internal server error|bad gateway|too many requests|site maintenance"
    r"|seite nicht gefunden|page introuvable|página no encontrada|pagina non trovata",
    re.IGNORECASE,
)


def main_text(text: str, tree: Any, url: str) -> str:
    """Return the paragraphs of a page's article, one blank line between them; "" without an article."""
    ready = copy.deepcopy(tree)
    _without_unseen(ready)
    _without_layout_tables(ready)
    _without_link_lists(ready)
    found = _extracted(ready, url)
    if found and _in_one_container(ready, found):
        whole = _extracted(ready, url)
        if len(whole) >= _LEAST_GAIN * len(found) and _lost(found, whole) <= _MOST_LOST:
            return whole
    return found


def why_no_article(tree: Any, body: str, title: str) -> str:
    """Return why a page holds no article, as a sentence; "" if it does."""
    if not body.strip():
        return "No article's text was found on the page."
    words = body.split()
    page_title = " ".join(" ".join(tree.xpath("//title/text()")[:1]).split())[:300]
    if len(words) < _SHORT_PAGE:
        headings = [" ".join("".join(found.itertext()).split())[:300] for found in tree.xpath("//h1")[:3]]
        for shown in (title[:300], page_title, body[:120].split("\n")[0], *headings):
            if _NO_ARTICLE.match(shown.strip()):
                shown = shown.strip()[:60]
                return f"This is no article but a page of an error, a login or a consent ({shown!r})."
    return ""


def _extracted(tree: Any, url: str) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it misses is reported as Skipped
    try:
        page = trafilatura.bare_extraction(
            copy.deepcopy(tree), url=url or None, with_metadata=False, include_comments=False
        )
    except Exception:  # it looks through pages of any kind, and may trip over some
        return ""
    text = getattr(page, "text", None)  # a document, or None
    return text if isinstance(text, str) else ""


def _without_unseen(tree: Any) -> None:
    """Drop what browsers do not show, unless it is most of the page."""
    words = _word_counts(tree)
    total = words[tree]
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "head", "article", "main"):
            continue
        is_unseen = (
            "hidden" in element.attrib
            or element.get("role") == "tooltip"
            or _NOT_SHOWN.search((element.get("style") or "")[:500]) is not None
            or _UNSEEN.search((element.get("class") or "")[:500]) is not None
        )
        if is_unseen and element.getparent() is not None and words[element] <= _MOST_UNSEEN * total:
            _drop(element)


def _drop(element: Any) -> None:
    """Take an element out and leave what follows it."""
    parent, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _without_layout_tables(tree: Any) -> None:
    """Make blocks of tables whose cells hold paragraphs: they arrange a page, they hold no data."""
    words = _word_counts(tree)
    for table in list(tree.iter("table")):
        if sum(1 for _ in islice(table.iterancestors("table"), _MOST_TABLES)) == _MOST_TABLES:
            continue
        own = [part for part in table.iter(*_CELL_PARTS) if _table_of(part) is table]
        cells = [part for part in own if part.tag in ("td", "th")]
        holding = [
            cell
            for cell in cells
            if words[cell] >= _FEWEST_CELL_WORDS and any(True for _ in cell.iter(*_LAID_OUT))
        ]
        if holding and (len(cells) == 1 or any(_has_paragraphs(cell) for cell in holding)):
            for part in own:
                part.tag = "div"


def _has_paragraphs(cell: Any) -> bool:
    return sum(1 for _ in islice(cell.iter("p", "h1", "h2"), 2)) == 2


def _without_link_lists(tree: Any) -> None:
    """Drop lists whose every item is a link and little else: listings of other articles."""
    for found in list(tree.iter("ul", "ol")):
        items = [item for item in found if item.tag == "li"]
        if len(items) < _FEWEST_LISTED or found.getparent() is None:
            continue
        if all(_words_in(item) >= 3 and _linked_share(item) >= _ALL_LINKED for item in items):
            _drop(found)


def _table_of(element: Any) -> Any:
    if element.tag == "table":
        return element
    return next(element.iterancestors("table"), element)


def _in_one_container(tree: Any, found: str) -> bool:
    """Move what lies in containers of the article's kind into the first; False if there is nothing."""
    held = _squash(found)
    kinds: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for paragraph in _paragraphs(tree):
        kind = _kind(paragraph.getparent())
        text = _squash("".join(paragraph.itertext()))
        (kinds if text[:200] in held else missed)[kind] += len(text)
    if not kinds:
        return False
    kind, size = kinds.most_common(1)[0]
    if not kind[1] or not missed[kind] or size < _LEAST_SHARE * kinds.total():
        return False
    containers = list(dict.fromkeys(p.getparent() for p in _paragraphs(tree) if _kind(p.getparent()) == kind))
    containers = [one for one in containers if _linked_share(one) <= _MOST_LINKED]
    if len(containers) < 2 or any(one in two.iterancestors() for one in containers for two in containers):
        return False
    first = containers[0]
    for other in containers[1:]:
        for child in list(other):
            first.append(child)
    return True


def _paragraphs(tree: Any) -> Iterator[Any]:
    for paragraph in tree.iter("p"):
        if paragraph.getparent() is not None and _words_in(paragraph) >= _FEWEST_WORDS:
            yield paragraph


def _kind(element: Any) -> tuple[str, str]:
    """Return what makes containers alike: tag and classes."""
    return str(element.tag), " ".join(sorted((element.get("class") or "").split()))[:300]


def _word_counts(tree: Any) -> dict[Any, int]:
    """Count the words in every element in one walk; asking each for its own would take depth * depth."""
    counts: dict[Any, int] = {}
    for element in reversed(list(tree.iter())):
        inner = sum(counts[child] + len((child.tail or "").split()) for child in element)
        own = len((element.text or "").split()) if isinstance(element.tag, str) else 0
        counts[element] = own + inner
    return counts


def _words_in(element: Any) -> int:
    return sum(len(text.split()) for text in element.itertext() if isinstance(text, str))


def _linked_share(element: Any) -> float:
    words = _words_in(element)
    return sum(_words_in(link) for link in element.iter("a")) / words if words else 1.0


def _lost(before: str, after: str) -> float:
    held = _squash(after)
    lines = [line for line in before.split("\n") if line.strip()]
    missing = sum(len(line) for line in lines if _squash(line)[:200] not in held)
    return missing / max(1, len(before))


def _squash(text: str) -> str:
    return re.sub(r"\W+", "", text)
