"""A raw record -> a clean Article, or the reason why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from qa.ingest.boilerplate import trim
from qa.ingest.cleaning import clean_line, clean_text
from qa.ingest.datecolumns import date_in_address, day_in_name, in_order, read_date
from qa.ingest.fields import merge_tags
from qa.ingest.layout import Layout
from qa.ingest.limits import (
    FEWEST_HEADLINE_WORDS,
    FEWEST_WORDS,
    MOST_LINE_CHARACTERS,
    MOST_TEXT_CHARACTERS,
    MOST_TITLE_CHARACTERS,
    MOST_URL_CHARACTERS,
)
from qa.ingest.raw import Raw
from qa.ingest.titles import host, without_site
from qa.ingest.withheld import why_withheld
from qa.passages import content_id
from qa.records import Article
from qa.reports import Skipped
from qa.text.dates import Published

# Chinese, Japanese and Thai have no spaces between words; a character of theirs counts as a word.
_WORD = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_MOST_ID_CHARACTERS = 300
_MOST_LEADING_LINES = 3  # lines above the text that may only repeat address and title


def assemble(
    raw: Raw, layout: Layout, as_of: datetime, aside: Callable[[str, str], None] | None = None
) -> Article | Skipped:
    """Pick, clean and check the fields of one article.

    :param aside: is called with each date that is set aside, as it stands, and the reason.
    """
    if reason := why_withheld(raw.fields, as_of):
        return Skipped(raw.where, reason)
    fields = layout.fields(raw)
    written = fields.text
    if not written and layout.headlines:
        written = fields.title[:MOST_TITLE_CHARACTERS]
    if not written:
        return Skipped(
            raw.where,
            "There is no text; its fields are " + (", ".join(list(raw.fields)[:12]) or "none") + ".",
        )
    if len(written) > MOST_TEXT_CHARACTERS:
        return Skipped(raw.where, f"The text is larger than {MOST_TEXT_CHARACTERS // 2**20} MB.")
    trimmed = trim(clean_text(written))
    fewest = FEWEST_HEADLINE_WORDS if layout.headlines else FEWEST_WORDS
    # A description of two words stands below a headline that says what it is about.
    counted = f"{trimmed.text}\n{fields.title}" if layout.headlines and fields.text else trimmed.text
    words = sum(1 for _, _ in zip(_WORD.finditer(counted), range(fewest), strict=False))
    if words < fewest:
        what = (
            f"only {words} word{'s'[: words != 1]} of text"
            if words
            else "no text once HTML and page remains are out"
        )
        return Skipped(raw.where, f"The article has {what}; {fewest} are the least.")
    url = _line(fields.url, MOST_URL_CHARACTERS, cut=False) or raw.url
    source = _line(fields.source).removeprefix("www.")
    source = (host(source) if _ADDRESS.fullmatch(source) else source) or _line(raw.site) or host(url)
    title = without_site(_line(fields.title, MOST_TITLE_CHARACTERS), source=source, url=url)
    text = _without_head(trimmed.text, title)
    published = _published(fields.published, url, raw.path, layout, as_of, aside)
    own_id = _line(fields.id, _MOST_ID_CHARACTERS, cut=False)
    authors = tuple(name for author in fields.authors if (name := _line(author)))
    named = {name.casefold() for name in authors}  # an API lists contributors among the tags
    return Article(
        id=own_id if own_id else content_id(title, text, source),
        title=title,
        text=text,
        published=published.moment if published else None,
        zone_assumed=published.zone_assumed if published else False,
        approximate_to=published.approximate_to if published else "",
        source=source,
        url=url,
        authors=authors,
        tags=tuple(
            tag
            for tag in merge_tags(_line(tag) for tag in (*fields.tags, *trimmed.hashtags))
            if tag.casefold() not in named
        ),
    )


def _line(value: str, most: int = MOST_LINE_CHARACTERS, *, cut: bool = True) -> str:
    """Return a value as one clean line, cut at a word if it is too long; "" if nothing is left."""
    if len(value) <= most:
        return clean_line(value)
    if not cut:
        return ""
    blank = value.rfind(" ", most // 2, most)
    return clean_line(value[: blank if blank > 0 else most]).rstrip() + " …"


def _without_head(text: str, title: str) -> str:
    """Drop address and title above the text, where pages and scrapers repeat them."""
    for _ in range(_MOST_LEADING_LINES):
        first, gap, rest = text.partition("\n\n")
        repeats = first.casefold() == title.casefold() or _ADDRESS.fullmatch(first) is not None
        if not gap or not repeats:
            break
        text = rest
    return text


def _published(
    value: object,
    url: str,
    path: str,
    layout: Layout,
    as_of: datetime,
    aside: Callable[[str, str], None] | None,
) -> Published | None:
    """Return the record's own date, else the one that its address names, else the one of its file's name."""
    now = datetime.now(UTC)
    published, reason = read_date(in_order(value, layout.order), as_of=as_of, now=now)
    if reason and aside is not None:
        aside(str(value)[:60], reason)
    if published is not None:
        return published
    named = date_in_address(url) if url else None
    if named is not None and named.moment <= now:
        return named
    return read_date(day_in_name(path), as_of=as_of, now=now)[0]
