"""Text exports of news databases (Nexis, Factiva, ProQuest) -> raw records; other bundles are refused.

They come as text, and the same text lies in DOCX, RTF, PDF and HTML exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.ingest.bundles.factiva import factiva
from qa.ingest.bundles.nexis import nexis
from qa.ingest.bundles.proquest import proquest
from qa.ingest.raw import Raw
from qa.reports import Skipped

_FORMS = (proquest, nexis, factiva)
# Lines that stand once in an article and many times in a bundle.
_COUNTED = re.compile(
    r"^[ \t]*(?:document|article|story|item|record) \d{1,6} ?(?:of|/) ?\d{1,6}[ \t]*$"
    r"|^[ \t]*\d{1,6} ?(?:of|/) ?\d{1,6} (?:documents?|articles?|stories|items|records)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_RULE = re.compile(r"^[ \t]*([-_=*#~])\1{9,}[ \t]*$", re.MULTILINE)
_SHORT_RULE = re.compile(r"^[ \t]*([-_=*#~])(?: ?\1){2,}[ \t]*$", re.MULTILINE)
_DATED = re.compile(
    r"^[ \t]*(?:date|published|publication date|load-date|pd):?[ \t]+\S.{3,60}$"
    r"|^[ \t]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:\d{1,2} [a-z]{3,9}|[a-z]{3,9} \d{1,2},?) \d{4}"
    r"(?: [a-z]{6,9})?[ \t]*$|^[ \t]*(?:\d{4}([-/.])\d\d\1\d\d|\d{1,2}([-/.])\d{1,2}\2\d{4})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FEWEST_COUNTED = 2
_FEWEST_RULES = 3
_FEWEST_DATES = 3
_MANY_DATES = 12
_LARGE = 100_000  # characters; articles are shorter, books have no lines of dates


def articles_of(text: str, name: str) -> Iterator[Raw | Skipped] | None:
    """Return the articles of a text export, or the refusal of another bundle; None for one article."""
    for read in _FORMS:
        parts = read(text)
        if parts:
            return _placed(parts, name)
    if (sign := _sign_of_many(text)) is not None:
        return iter(
            [
                Skipped(
                    name,
                    f"This looks like many articles in one file ({sign}), in no form that is known; "
                    "split it into files, or save it as JSONL or CSV.",
                )
            ]
        )
    return None


def _placed(parts: list[tuple[int, dict[str, object]]], name: str) -> Iterator[Raw | Skipped]:
    for line, fields in parts:
        yield Raw(f"{name}:{line}", fields)


def _sign_of_many(text: str) -> str | None:
    counted = _COUNTED.findall(text)
    if len(counted) >= _FEWEST_COUNTED:
        found = _COUNTED.search(text)
        return f"it has {len(counted):,} lines such as {found[0].strip()!r}" if found else None
    dates = sum(1 for _ in _DATED.finditer(text))
    rules = sum(1 for _ in _RULE.finditer(text))
    if rules < _FEWEST_RULES:  # "***" parts sections, too; with a date in each they are articles
        short = sum(1 for _ in _SHORT_RULE.finditer(text))
        rules = short if short <= dates else rules
    if rules >= _FEWEST_RULES and dates >= _FEWEST_DATES:
        return f"it has {rules:,} dividing lines and {dates:,} lines of dates"
    if len(text) >= _LARGE and dates >= _MANY_DATES:
        return f"it has {dates:,} lines of dates"
    return None
