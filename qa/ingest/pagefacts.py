"""A page's tree -> what it says of its article: title, date, source, authors, tags, address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from qa.ingest.datecolumns import date_in_address, read_date
from qa.ingest.limits import MOST_TAGS, MOST_TITLE_CHARACTERS, MOST_URL_CHARACTERS
from qa.ingest.titles import host
from qa.ingest.values import as_text

_NOT_OF_ANOTHER = "[not(ancestor::*[@itemprop='itemReviewed'])]"  # a claim that is checked has a date, too
_DATE_PATHS = (
    "//meta[@property='article:published_time' or @property='og:article:published_time'"
    " or @property='og:pubdate' or @itemprop='datePublished']/@content",
    f"//*[@itemprop='datePublished']{_NOT_OF_ANOTHER}/@content"
    f" | //*[@itemprop='datePublished']{_NOT_OF_ANOTHER}/@datetime",
    "//meta[@name='article:published_time' or @name='pubdate' or @name='publishdate' or @name='publish-date'"
    " or @name='parsely-pub-date' or @name='sailthru.date' or @name='DC.date.issued' or @name='dc.date'"
    " or @name='date' or @name='publication_date' or @name='dcterms.date' or @name='article.published'"
    " or @name='cXenseParse:recs:publishtime' or @name='citation_publication_date']/@content",
    "//time[@pubdate]/@datetime | //article//time/@datetime",
    "//time/@datetime",
)
_TITLE_PATHS = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content")
_BANNER = "//header[not(ancestor::article) and not(ancestor::main)]//h1 | //h1[a[@href='/']]"
_MOST_SITE_WORDS = 4
_FEWEST_TITLE_WORDS = 3
_ARTICLE = re.compile(r"Article|Posting|Report(?!er)|ClaimReview")
_MOST_SCRIPT = 2_000_000  # characters of JSON-LD


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says of its article."""

    title: str = ""
    published: str = ""
    url: str = ""
    site: str = ""
    authors: object = None
    tags: tuple[str, ...] = ()


def facts_of(tree: Any, url: str) -> Facts:
    """Read metadata of every kind; the first of a kind that makes sense counts."""
    linked = _linked_data(tree)
    address = _first(tree, "//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
    address = address if address.startswith(("http://", "https://")) else url
    publisher = as_text(linked.get("publisher")) or as_text(linked.get("sourceOrganization"))
    site = _first(
        tree, "//meta[@property='og:site_name']/@content", "//meta[@name='application-name']/@content"
    )
    site = site or publisher or _site_in_title(tree)
    names = [site, publisher, host(address or url)]
    return Facts(
        title=_title(tree, linked, [name for name in names if name], address or url),
        published=_published([as_text(linked.get(of)) for of in ("datePublished", "dateCreated")], tree)
        or _modified(linked, address),
        url=address[:MOST_URL_CHARACTERS],
        site=site,
        authors=linked.get("author") or _all(tree, "//meta[@name='author' or @property='author']/@content")
        or _all(tree, "//*[@itemprop='author']//*[@itemprop='name']/text() | //a[@rel='author']/text()")[:4],
        tags=tuple(_tags(tree, linked))[:MOST_TAGS],
    )  # fmt: skip


def _title(tree: Any, linked: Mapping[str, object], sites: list[str], address: str) -> str:
    """Return the first title that is more than the name of the site."""
    own = {_squash(name) for name in (*sites, *host(address).split("."))}
    page_title = _first(tree, "//head/title/text()", "//title/text()")
    headings = _texts(tree, "//h1 | //h2 | //h3", 40)
    given = [*(_first(tree, path) for path in _TITLE_PATHS), as_text(linked.get("headline"))]
    firsts = _texts(tree, "//h1", 6)
    above = _above_the_text(tree)
    if _is_a_sites(page_title, firsts, above and page_title in _texts(tree, _BANNER, 4)):
        own.add(_squash(page_title))
    for title in (
        *given,
        *_in_title(firsts, page_title),
        *_in_title(headings, page_title),
        page_title,
        *firsts,
        *above,
        *(heading for heading in headings if len(heading.split()) >= _FEWEST_TITLE_WORDS),
        _in_address(address),
    ):
        title = " ".join(title.split())[:MOST_TITLE_CHARACTERS]
        if title and _squash(title) not in own and not _is_end_of(title, page_title):
            return title
    return ""


def _is_a_sites(page_title: str, firsts: list[str], is_banner: object) -> bool:
    """Return whether a short page title is in the banner, or a name that the one heading does not share."""
    words = page_title.split()
    if len(words) > _MOST_SITE_WORDS:
        return False
    is_name = all(word[0].isupper() for word in words)
    alone = len(firsts) == 1 and len(firsts[0].split()) > _MOST_SITE_WORDS and is_name
    return bool(is_banner) or alone and not set(words) & set(firsts[0].split())


def _above_the_text(tree: Any) -> list[str]:
    """Return the headings with which an article opens, above its first paragraph."""
    found: list[str] = []
    for part in tree.xpath("//article | //main")[:4]:
        for element in part.iter("p", "h1", "h2"):
            if element.tag == "p":
                break
            found.append(" ".join(" ".join(element.itertext()).split()))
    return [text for text in found[:6] if text]


def _texts(tree: Any, path: str, most: int) -> list[str]:
    texts = (" ".join(" ".join(found.itertext()).split()) for found in tree.xpath(path)[:most])
    return [text for text in texts if text]


def _in_address(address: str) -> str:
    """Return "Ferry terminal opens" of "https://e.example/04/ferry-terminal-opens.html"; "" of no words."""
    slug = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    words = re.sub(r"\.\w{2,5}$", "", slug).replace("_", "-").split("-")
    words = [word for word in words if word and not word.isdecimal()]
    is_title = len(words) >= _FEWEST_TITLE_WORDS and all(word.isalnum() for word in words)
    return " ".join(words).capitalize() if is_title else ""


def _in_title(headings: Iterable[str], page_title: str) -> Iterator[str]:
    """Yield headings with which the page's title begins: those of the article, not of the site."""
    squashed = _squash(page_title)
    for heading in headings:
        begin = _squash(heading)
        if len(begin) >= 8 and squashed.startswith(begin):
            yield heading


def _is_end_of(title: str, page_title: str) -> bool:
    """Return whether a title is what stands behind the dash of the page's: "Lamp falls - The Post"."""
    return bool(end := _end(page_title)) and _squash(end) == _squash(title)


def _end(page_title: str) -> str:
    found = re.search(r"\s[|–—-]\s(?P<end>[^|–—]{2,60})$", page_title[-400:])
    return found["end"].strip() if found is not None else ""


def _site_in_title(tree: Any) -> str:
    """Return the end of the page's title, if a heading or link of the page is just that: its banner."""
    end = _end(" ".join(_first(tree, "//head/title/text()", "//title/text()").split()))
    banners = ("".join(found.itertext()) for found in tree.xpath("//h1 | //header//a")[:20])
    return end if end and _squash(end) in {_squash(text[:200]) for text in banners} else ""


def _published(linked: list[str], tree: Any) -> str:
    """Return the first date that can be one; what is useless ("0001", "TBD") does not shadow it."""
    return _first_date((*linked, *(value for path in _DATE_PATHS for value in _all(tree, path)[:5])))


def _modified(linked: Mapping[str, object], address: str) -> str:
    """Return the day of the last change, if neither the page nor its address says when it was published."""
    is_dated = date_in_address(address) is not None
    return "" if is_dated else _first_date([as_text(linked.get("dateModified"))])


def _first_date(values: Iterable[str]) -> str:
    now = datetime.now(UTC)
    for value in values:
        if read_date(value, as_of=now, now=now)[0] is not None:
            return value
    return ""


def _tags(tree: Any, linked: Mapping[str, object]) -> Iterator[str]:
    yield from _all(tree, "//meta[@property='article:tag']/@content")
    named = linked.get("keywords")
    for value in named if isinstance(named, list) else [named]:
        yield from _split(as_text(value))
    for value in _all(tree, "//meta[@name='keywords' or @name='news_keywords']/@content"):
        yield from _split(value)


def _split(value: str) -> list[str]:
    mark = ";" if ";" in value else ","
    return [part.strip() for part in value[:20_000].split(mark) if part.strip()]


def _linked_data(tree: Any) -> Mapping[str, object]:
    """Return what JSON-LD says of the article, its publisher from wherever the page names it."""
    parts: list[Mapping[str, object]] = []
    for script in _all(tree, "//script[@type='application/ld+json']/text()"):
        try:
            found = json.loads(script, strict=False) if len(script) <= _MOST_SCRIPT else None
        except (ValueError, RecursionError):
            continue
        items = found if isinstance(found, list) else [found]
        for item in items:
            if isinstance(item, dict):
                graph = item.get("@graph")
                parts += [
                    item,
                    *([each for each in graph if isinstance(each, dict)] if isinstance(graph, list) else []),
                ]
    by_id = {part["@id"]: part for part in parts if isinstance(part.get("@id"), str)}
    for part in parts:
        if _ARTICLE.search(str(part.get("@type"))) and "itemReviewed" not in part:
            return {name: _resolved(value, by_id) for name, value in part.items()}
    for part in parts:
        if _ARTICLE.search(str(part.get("@type"))):
            return {name: _resolved(value, by_id) for name, value in part.items()}
    return {}


def _resolved(value: object, by_id: Mapping[object, Mapping[str, object]]) -> object:
    """Resolve {"@id": "#org"} to the part of that name."""
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return [_resolved(item, by_id) for item in value] if isinstance(value, list) else value


def _all(tree: Any, path: str) -> list[str]:
    return [text for found in tree.xpath(path) if (text := str(found).strip())]


def _first(tree: Any, *paths: str) -> str:
    return next((text for path in paths for text in _all(tree, path)), "")


def _squash(name: str) -> str:
    name = urlsplit(name).hostname or name if "://" in name else name
    return re.sub(r"[\W_]+", "", name.casefold().removeprefix("www."))
