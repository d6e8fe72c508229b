"""A raw record -> a clean Article, or the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from qa.ingest.boilerplate import trim
from qa.ingest.cleaning import clean_line, clean_text
from qa.ingest.fields import merge_tags, read_fields
from qa.ingest.limits import FEWEST_WORDS, MOST_RECORD_BYTES
from qa.ingest.raw import Raw
from qa.ingest.titles import host, without_site
from qa.passages import content_id
from qa.records import Article, Skipped
from qa.text.dates import parse_published

# Chinese, Japanese and Thai have no spaces between words; a character of theirs counts as a word.
_WORD = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_]+")


def _without_title(text: str, title: str) -> str:
    """Pages and scrapers repeat the title above the text; it is kept once."""
    first, gap, rest = text.partition("\n\n")
    return rest if gap and first.casefold() == title.casefold() else text


def assemble(raw: Raw, mapping: Mapping[str, str], as_of: datetime) -> Article | Skipped:
    """Pick, clean and check the fields of one article."""
    fields = read_fields(raw.fields, mapping)
    if not fields.text:
        return Skipped(
            raw.where,
            "There is no text; its fields are " + (", ".join(list(raw.fields)[:12]) or "none") + ".",
        )
    if len(fields.text) > MOST_RECORD_BYTES:
        return Skipped(raw.where, f"The text is larger than {MOST_RECORD_BYTES // 2**20} MB.")
    trimmed = trim(clean_text(fields.text))
    words = sum(1 for _, _ in zip(_WORD.finditer(trimmed.text), range(FEWEST_WORDS), strict=False))
    if words < FEWEST_WORDS:
        what = (
            f"only {words} word{'s'[: words != 1]} of text"
            if words
            else "no text once HTML and page remains are out"
        )
        return Skipped(raw.where, f"The article has {what}; {FEWEST_WORDS} are the least.")
    url = clean_line(fields.url) or raw.url
    source = clean_line(fields.source) or clean_line(raw.site) or host(url)
    title = without_site(clean_line(fields.title), source=source, url=url)
    text = _without_title(trimmed.text, title)
    published = parse_published(fields.published, as_of=as_of)
    own_id = clean_line(fields.id)
    return Article(
        id=own_id if 0 < len(own_id) <= 300 else content_id(title, text, source),
        title=title,
        text=text,
        published=published.moment if published else None,
        zone_assumed=published.zone_assumed if published else False,
        approximate_to=published.approximate_to if published else "",
        source=source,
        url=url,
        authors=tuple(name for author in fields.authors if (name := clean_line(author))),
        tags=merge_tags(clean_line(tag) for tag in (*fields.tags, *trimmed.hashtags)),
    )
