"""An answer that is a number ("$1.2bn", "over 340 people") -> its amount and unit; a text -> its amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

_BOUNDS = {  # what the words before a number say of the true one: more (1), less (-1), near it (0)
    "over": 1, "more than": 1, "above": 1, "at least": 1, "upwards of": 1, "a minimum of": 1, "just over": 1,
    "under": -1, "below": -1, "less than": -1, "fewer than": -1, "nearly": -1, "almost": -1, "up to": -1,
    "at most": -1, "close to": -1, "just under": -1, "as many as": -1, "as much as": -1,
    "about": 0, "around": 0, "roughly": 0, "approximately": 0, "some": 0, "an estimated": 0, "only": 0,
    "exactly": 0, "a total of": 0, "just": 0, "well over": 1, "by": 0,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "thousand": 10**3, "k": 10**3, "million": 10**6, "m": 10**6, "mn": 10**6, "mln": 10**6,
    "billion": 10**9, "b": 10**9, "bn": 10**9, "trillion": 10**12, "tn": 10**12, "trn": 10**12,
}  # fmt: skip
_SIGNS = {"$": "dollar", "us$": "dollar", "a$": "australian dollar", "c$": "canadian dollar", "€": "euro",
          "£": "pound", "¥": "yen", "₹": "rupee"}  # fmt: skip
_MEASURES = {  # as it is written, in the singular -> one name for it
    "dollar": "dollar", "us dollar": "dollar", "usd": "dollar", "euro": "euro", "eur": "euro",
    "pound": "pound", "yen": "yen", "rupee": "rupee", "swiss franc": "franc", "franc": "franc",
    "lira": "lira", "rouble": "rouble", "ruble": "rouble", "yuan": "yuan", "kronor": "krona",
    "swedish kronor": "krona",
    "%": "%", "per cent": "%", "percent": "%", "percentage point": "point", "basis point": "basis point",
    "second": "second", "minute": "minute", "hour": "hour", "day": "day", "week": "week", "month": "month",
    "year": "year", "decade": "decade", "century": "century",
    "metre": "metre", "meter": "metre", "kilometre": "kilometre", "kilometer": "kilometre", "km": "kilometre",
    "mile": "mile", "foot": "foot", "feet": "foot", "centimetre": "centimetre", "centimeter": "centimetre",
    "gram": "gram", "kilogram": "kilogram", "kg": "kilogram", "tonne": "tonne", "ton": "ton",
    "degree": "degree", "degrees celsius": "degree", "light-year": "light-year", "hectare": "hectare",
    "acre": "acre",
}  # fmt: skip
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: at for at, word in enumerate(_ONES)} | {word: 10 * at for at, word in enumerate(_TENS, 2)}

_BOUND = "|".join(sorted(_BOUNDS, key=len, reverse=True))
_SCALE = "hundred|thousand|million|billion|trillion|mln|bn|mn|trn|tn"
_COUNTED = rf"(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))}|{_SCALE})"
# "twenty-five", "two hundred and fifty thousand"
_IN_WORDS = rf"{_COUNTED}(?:(?:[\s-]+|(?<=hundred)\s+and\s+|(?<=thousand)\s+and\s+){_COUNTED})*"
_NUMBER = re.compile(
    rf"(?:(?P<bound>{_BOUND})\s++)?(?P<sign>us\$|[ac]\$|[$€£¥₹])?\s*"
    r"(?:(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<scales>(?:[\s-]?(?:{_SCALE})\b|[kmb]\b)*)"
    rf"|(?:an?\s+(?=(?:{_SCALE})\b)|(?!{_SCALE}))(?P<words>{_IN_WORDS})\b)"
    r"(?P<rest>.*)",
    re.DOTALL,
)
_PARTS = {
    "half": Decimal(1) / 2,
    "third": Decimal(1) / 3,
    "quarter": Decimal(1) / 4,
    "tenth": Decimal(1) / 10,
}
_PART = re.compile(
    rf"(?:(?P<bound>{_BOUND})\s+)?(?:(?P<many>an?|{'|'.join(_WORDS)})[\s-])?(?P<part>{'|'.join(_PARTS)})s?"
    r"(?: of)? an? (?P<rest>.+)"
)
_BEFORE_IT = re.compile(r",? (?:(?:up|down) )?from (?:the )?(?=[\d$€£¥₹])")  # "97, down from the 115"
_MOST_REST = 6  # words; more make a statement, not a number with its unit

_AMOUNT = re.compile(
    r"(?:(?:(?P<sign>[$€£¥₹]\s?)|(?<![^\W_]))(?P<digits>(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
    rf"(?P<scales>(?:[\s-]?(?:{_SCALE})\b)+|[kmb]\b)?"
    rf"|(?<![^\W_])(?P<words>{_IN_WORDS})\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """An amount and its unit."""

    amount: Decimal
    measure: str = ""  # "dollar", "%", "year"; "" for things that are counted
    bound: int = 0  # 1: "more than", -1: "less than", 0: neither
    up_to: Decimal | None = None  # the other end of a range: "1.50% to 1.75%"


def number_of(text: str) -> Number | None:
    """Return the number; None if the text is more than one number, or a range of two, with its unit."""
    text = _BEFORE_IT.split(text)[0]
    found = _part(text) or _single(text)
    if found is not None:
        return found
    low, to, high = re.sub(r"^(?:a range of|between)\s+", "", text.strip(), flags=re.I).partition(" to ")
    first, last = (_single(low), _single(high)) if to else (None, None)
    if first is None or last is None or first.amount >= last.amount:
        return None
    return Number(first.amount, last.measure, 0, last.amount)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it stands in a text, in digits or in words: half-open characters, and what it is worth."""

    start: int
    end: int
    value: Decimal


def amounts_in(text: str) -> list[Amount]:
    """Return every amount of a text in order, without unit: "3,400", "$1.2bn", "twenty-five", "3 million".

    Words that are only near a number ("dozens", "half", "third") are left out, and so are digits after
    letters ("G7").
    """
    found = []
    for match in _AMOUNT.finditer(text):
        if match["words"]:
            value = _worth(re.findall(r"[a-z]+", match["words"].casefold()))
            end = match.end()
        else:
            value = Decimal(re.sub(r"[,\u00a0\u202f]", "", match["digits"]))
            scales = re.findall(r"[a-z]+", (match["scales"] or "").casefold())
            # "400m" may be metres, "$400m" is money
            metres = len(scales) == 1 and scales[0] in ("k", "m", "b") and not match["sign"]
            for scale in () if metres else scales:
                value *= _SCALES[scale]
            end = match.end("digits") if metres else match.end()
        found.append(Amount(match.start(), end, value))
    return found


def _worth(words: list[str]) -> Decimal:
    """Return what number words are worth: "two hundred and fifty thousand" -> 250000."""
    total = current = Decimal(0)
    for word in words:
        if word in _WORDS:
            current += _WORDS[word]
        elif word == "hundred":
            current = (current if current else 1) * Decimal(100)
        elif word in _SCALES:
            total += (current if current else 1) * _SCALES[word]
            current = Decimal(0)
    return total + current


def _ends_a_number(word: str, following: str) -> bool:
    """Return whether the second of two words that stand together begins another number."""
    if word not in _WORDS or following not in _WORDS:
        return False
    return _WORDS[following] == 0 or not (word in _TENS and _WORDS[following] < 10)


def _part(text: str) -> Number | None:
    """Read "three quarters of a percentage point" and "half an hour"; not "half a million"."""
    found = _PART.fullmatch(" ".join(text.casefold().split()))
    measure = _measure(found["rest"]) if found else ""
    if found is None or not measure:
        return None
    many = 1 if found["many"] in (None, "a", "an") else _WORDS[found["many"]]
    return Number(many * _PARTS[found["part"]], measure, _BOUNDS[found["bound"]] if found["bound"] else 0)


def _single(text: str) -> Number | None:
    found = _NUMBER.fullmatch(" ".join(text.casefold().split()))
    if found is None:
        return None
    scales, rest = found["scales"] or "", found["rest"].strip()
    letters = re.fullmatch(r"[kmb]", scales)
    if letters and not found["sign"]:  # "400m" may be metres
        return None
    if (
        re.search(r"\d", rest)
        or len(rest.split()) > _MOST_REST
        or rest.startswith((",", ".", "/", ":", "-and"))
    ):
        return None
    words = re.findall(r"[a-z]+", found["words"] or "")
    if any(_ends_a_number(one, two) for one, two in pairwise(words)):  # "two one-day matches"
        return None
    value = _worth(words) if words else Decimal(found["digits"].replace(",", ""))
    for scale in re.findall(r"[a-z]+", scales):
        value *= _SCALES[scale]
    measure = _SIGNS[found["sign"]] if found["sign"] else _measure(rest.lstrip("- "))
    return Number(value, measure, _BOUNDS[found["bound"]] if found["bound"] else 0)


def same_number(one: Number, two: Number) -> bool:
    """Return whether both are equal: "more than 3,400" and "3,400 people", not "5 years" and "5 months"."""
    measures = {one.measure, two.measure} - {""}
    same_amounts = (one.amount, one.up_to) == (two.amount, two.up_to)
    return same_amounts and len(measures) < 2 and one.bound * two.bound >= 0


def _measure(rest: str) -> str:
    """Return the unit at the beginning of what follows the amount."""
    words = re.findall(r"%|[\w-]+", rest)
    for many in (2, 1):
        unit = " ".join(words[:many])
        for form in (unit, unit.removesuffix("s"), unit.removesuffix("ies") + "y"):
            if form in _MEASURES:
                return _MEASURES[form]
    return ""
