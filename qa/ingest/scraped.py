"""Plain or scraped text -> the fields of one article: title, topics, date line, body, hashtags.

Title of the article | Topic | Another topic
  • 8 months ago
First paragraph ...

#Hashtag #AnotherOne
Recommended
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from qa.ingest.cleaning import clean_line, mend_characters
from qa.ingest.datecolumns import read_date
from qa.ingest.titles import names_a_paper, split_title
from qa.text.dates import parse_published

_LONGEST_TITLE = 200  # characters; a first line beyond that is a paragraph
_LONGEST_OUTLET = 60
_NAMES_A_DAY = re.compile(r"\d\D|\D\d|[a-z]{5}")  # "1999" above a title may be anything
_LONGEST_DATELINE = 80
_MOST_HEAD_LINES = 6  # lines below the title that may hold date, author and the like
_BULLETS = " \t•·∙‣◦▪●○*–—|»›►-"
_PARTS = re.compile(r"\s*[•·∙‣◦▪●|]\s*|\s+[–—/-]\s+")
_BYLINE = re.compile(
    r"(?:(?:written|posted|published|reported|words|story|text) )?by:? (.{2,80})", re.IGNORECASE
)
_BEFORE_A_DAY = re.compile(r",| on |\((?=[^()]{4,40}\)$)")
_PERSON = r"[A-Z][\w'’.-]*(?: (?:(?:de|da|di|del|der|van|von|den|bin|al|la|le) ){0,2}[A-Z][\w'’.-]*){1,3}"
# "Eva Rot", "Eva Rot and Per Quist": names of people, where a day stands beside them.
_PEOPLE = re.compile(rf"{_PERSON}(?:(?:, | and | & |, and ){_PERSON}){{0,4}}")
_NAMED = re.compile(
    r"(title|headline|source|publisher|outlet|authors?|date|published|updated|url|link|tags|keywords): *(.+)",
    re.IGNORECASE,
)
_LABELS = {"headline": "title", "publisher": "source", "outlet": "source", "author": "authors",
           "date": "published", "updated": "published", "link": "url", "keywords": "tags"}  # fmt: skip
_COUNTER = re.compile(
    r"(?:\d+[\d.,]*[km]?\+? ?(?:views?|comments?|shares?|likes?|reads?)|\d+[ -]min(?:ute)?s?(?: read| video)?"
    r"|(?:listen|watch|video|live|breaking|exclusive|share|save)|\d+:\d\d)",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD_OF_A_NAME = r"(?:[A-Z0-9][\w.'’&-]*|of|the|and|for|de|la)"
_OUTLET = re.compile(rf"{_WORD_OF_A_NAME}(?: {_WORD_OF_A_NAME}){{0,5}}")  # "The Lindmark Courier"
_DATELINE = re.compile(  # "NORRBY, 3 May 2024 - "
    r"[^\W\d_][^,.\n]{0,40},\s*([^,.\n–—-]{0,20}\b(?:19|20)\d\d)\s*(?:[–—:-]\s|$)"
)


def read_text(text: str, *, name: str, as_of: datetime) -> Mapping[str, object]:
    """Return the fields of one article; ``name`` is its title if the text has no title."""
    lines = mend_characters(text).split("\n")
    lines = [line.strip() for line in lines]
    lines = lines[next((at for at, line in enumerate(lines) if line), len(lines)) :]
    fields: dict[str, object] = {}
    if lines and _NAMED.fullmatch(lines[0]):
        lines = _read_head(lines, fields, as_of)
    if "title" in fields:
        return fields | {"text": "\n".join(lines)}
    fields["title"] = name
    if (day := _day_above_the_title(lines, as_of)) is not None:
        fields["published"] = day
        lines = lines[next(at for at, line in enumerate(lines) if at and line) :]
    if lines and len(lines[0]) <= _LONGEST_TITLE and any(lines[1:]):
        title = split_title(clean_line(lines.pop(0).lstrip("#").strip()))
        fields = {"source": title.site, "tags": list(title.topics)} | fields | {"title": title.text}
    lines = _read_head(lines, fields, as_of)
    return fields | {"text": "\n".join(lines)}


def _day_above_the_title(lines: list[str], as_of: datetime) -> str | None:
    """Return the first line if it is a day, and a title and a text stand below it."""
    above = list(islice(filter(None, lines), 3))
    if len(above) < 3 or len(above[0]) > _LONGEST_DATELINE or len(above[1]) > _LONGEST_TITLE:
        return None
    day = above[0].strip(_BULLETS)
    return day if _NAMES_A_DAY.search(day) and read_date(day, as_of=as_of, now=as_of)[0] is not None else None


def _read_head(lines: list[str], fields: dict[str, Any], as_of: datetime) -> list[str]:
    """Take date, author and source from the lines below the title; what is left is the body."""
    at = 0
    for _ in range(_MOST_HEAD_LINES):
        while at < len(lines) and not lines[at]:
            at += 1
        if at == len(lines):
            break
        if (found := _fields_of(lines[at], as_of)) is None:
            if not _is_outlet(lines, at, as_of):
                break
            found = {"source": lines[at]}
        if "title" in found and "title" in fields:  # it has one, so this is said in the text
            break
        for field, value in found.items():
            if field == "tags":
                fields["tags"] = [
                    *fields.get("tags", []),
                    *(part.strip() for part in re.split(r"[,;|]", value)),
                ]
            elif field != "published" or field not in fields:  # the first date that is given counts
                fields[field] = value
        at += 1
    opening = _DATELINE.match(lines[at][:_LONGEST_DATELINE]) if at < len(lines) else None
    if "published" not in fields and opening and parse_published(opening[1].strip(), as_of=as_of) is not None:
        fields["published"] = opening[1].strip()  # and the line stays, for it opens the text
    return lines[at:]


def _is_outlet(lines: list[str], at: int, as_of: datetime) -> bool:
    """Return whether a line is a name with capitals, and the next one a date."""
    if len(lines[at]) > _LONGEST_OUTLET or not _OUTLET.fullmatch(lines[at]):
        return False
    following = next(filter(None, islice(lines, at + 1, None)), "").strip(_BULLETS)
    return len(following) <= _LONGEST_DATELINE and parse_published(following, as_of=as_of) is not None


def _fields_of(line: str, as_of: datetime) -> dict[str, str] | None:
    """Return the fields that a line below the title gives; None if any of it belongs to the body."""
    line = line.strip(_BULLETS)
    if len(line) > 160:
        return None
    if named := _NAMED.fullmatch(line):
        return _named_field(named[1].lower(), named[2].strip(), as_of)
    if parse_published(line, as_of=as_of) is not None:
        return {"published": line}
    found: dict[str, str] = {}
    names: list[str] = []  # what may be people or the paper, if a day stands beside it
    for part in _PARTS.split(line):
        if not part or _COUNTER.fullmatch(part):
            continue
        if parse_published(part, as_of=as_of) is not None:
            found.setdefault("published", part)
        elif byline := _BYLINE.fullmatch(part):
            found |= _dated_byline(byline[1], as_of)
        elif _URL.fullmatch(part):
            found["url"] = part
        elif part.endswith(")") and "published" in (dated := _dated_byline(part, as_of)):
            names.append(dated["authors"])
            found.setdefault("published", dated["published"])
        else:
            names.append(part)
    if not names:
        return found
    if len(names) == 1 and "published" not in found and "," in names[0]:
        # "Eva Rot, Elden Courier, 7 April 2024"; without a paper it may name a place.
        dated = _dated_byline(names[0], as_of)
        names = [name.strip() for name in dated["authors"].split(",")]
        if "published" in dated and any(map(names_a_paper, names)):
            found["published"] = dated["published"]
    if "published" not in found or (beside := _people_and_paper(names)) is None:
        return None
    return found | beside


def _people_and_paper(names: list[str]) -> dict[str, str] | None:
    """Return who and which paper stand beside a day: "Eva Rot - Elden Courier"; None of a text."""
    found: dict[str, str] = {}
    for name in names:
        if len(name) > _LONGEST_OUTLET or not (_PEOPLE.fullmatch(name) or _OUTLET.fullmatch(name)):
            return None
        field = "source" if names_a_paper(name) or not _PEOPLE.fullmatch(name) else "authors"
        if field in found:
            return None
        found[field] = name
    return found


def _dated_byline(names: str, as_of: datetime) -> dict[str, str]:
    """Split a byline into authors and the day behind: "Ann Lee, 7 April 2024", "Ann Lee (7 April 2024)"."""
    for mark in _BEFORE_A_DAY.finditer(names):
        day = names[mark.end() :].strip(" )")
        if parse_published(day, as_of=as_of) is not None:
            return {"authors": names[: mark.start()].strip(), "published": day}
    return {"authors": names}


def _named_field(label: str, value: str, as_of: datetime) -> dict[str, str] | None:
    field = _LABELS.get(label, label)
    if field == "published" and parse_published(value, as_of=as_of) is None:
        return None
    return {field: value} if len(value) <= (_LONGEST_TITLE if field == "title" else 120) else None
