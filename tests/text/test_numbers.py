"""Answers that are numbers: their amount, their unit, and which are the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.numbers import Number, amounts_in, number_of, same_number


@pytest.mark.parametrize(
    ("text", "amount", "measure", "bound"),
    [
        ("369", "369", "", 0),
        ("369 ships", "369", "", 0),
        ("more than 3,400 people", "3400", "", 1),
        ("Nearly two million", "2000000", "", -1),
        ("up to 23 million people", "23000000", "", -1),
        ("$1.2bn", "1200000000", "dollar", 0),
        ("1.2 billion dollars", "1200000000", "dollar", 0),
        ("US$1.2 billion", "1200000000", "dollar", 0),
        ("about $209 billion in assets", "209000000000", "dollar", 0),
        ("£45m", "45000000", "pound", 0),
        ("3 billion Swiss francs", "3000000000", "franc", 0),
        ("$54.20", "54.20", "dollar", 0),
        ("$250,000 a place", "250000", "dollar", 0),
        ("54.6 per cent", "54.6", "%", 0),
        ("54.6%", "54.6", "%", 0),
        ("25 years in prison", "25", "year", 0),
        ("39.1 seconds", "39.1", "second", 0),
        ("about 1,340 kilometres", "1340", "kilometre", 0),
        ("twenty-five", "25", "", 0),
        ("a million", "1000000", "", 0),
        ("eleven hours", "11", "hour", 0),
        ("by three quarters of a percentage point", "0.75", "point", 0),
        ("more than half an hour", "0.5", "hour", 1),
        ("quarter of a percentage point", "0.25", "point", 0),
        ("2.8% from 4%", "2.8", "%", 0),
        ("97, down from the 115", "97", "", 0),
        ("half a million", None, "", 0),
        ("1.75% to 1.50%", None, "", 0),
        ("from north to south", None, "", 0),
        ("a porcelain sink", None, "", 0),
        ("4-2", None, "", 0),
        ("4:17 a.m.", None, "", 0),
        ("400m", None, "", 0),  # metres or millions
        ("25 May", "25", "", 0),
        ("Moonikin Campos", None, "", 0),
        ("13 tugs pulled on a high spring tide in the canal", None, "", 0),
        ("", None, "", 0),
    ],
)
def test_a_text_is_read_as_this_number_or_as_none(text: str, amount: str | None, measure: str, bound: int):
    assert number_of(text) == (None if amount is None else Number(Decimal(amount), measure, bound))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("$1.2bn", "1.2 billion dollars"),
        ("$1.2bn", "1,200 million US dollars"),
        ("45", "45 countries"),
        ("over 41,000", "41,000 lives"),
        ("two", "2"),
        ("2.50 euros", "€2.5"),
        ("54.6 per cent", "54.6 percent"),
        ("3 km", "three kilometers"),
        ("3,400 dead", "more than 3,400 people"),
    ],
)
def test_the_same_number_in_other_words(one: str, two: str):
    assert same_number(number_of(one), number_of(two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("5 years", "5 months"),
        ("$5", "€5"),
        ("3,400", "34,000"),
        ("1.5", "15"),
        ("more than 3,400", "fewer than 3,400"),
        ("5%", "5 percentage points"),
        ("5 million", "5 billion"),
    ],
)
def test_numbers_that_are_not_the_same(one: str, two: str):
    assert not same_number(number_of(one), number_of(two))


def test_a_range_has_two_ends():
    found = Number(Decimal("1.50"), "%", 0, Decimal("1.75"))
    assert number_of("1.50% to 1.75%") == number_of("a range of 1.50% to 1.75%") == found
    assert same_number(found, number_of("1.5 to 1.75 per cent"))
    assert not same_number(found, number_of("1.50%"))


@given(st.integers(0, 10**12))
def test_a_whole_number_is_read_with_and_without_commas(number: int):
    assert number_of(f"{number:,}") == number_of(str(number)) == Number(Decimal(number))


@given(st.integers(1, 999), st.sampled_from([("bn", "billion"), ("m", "million"), ("tn", "trillion")]))
def test_short_and_long_scales_are_the_same(number: int, scale: tuple[str, str]):
    assert same_number(number_of(f"${number}{scale[0]}"), number_of(f"{number} {scale[1]} dollars"))


@given(st.text(st.sampled_from("0123456789,.$€%km bn-atwo "), max_size=12))
def test_any_text_is_a_number_or_none(text: str):
    found = number_of(text)
    assert found is None or found.amount >= 0


ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def spelled(number: int) -> str:
    """Return the number in English words."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{ONES[number % 10]}" if number % 10 else "")
    scale, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    rest = number % scale
    joined = "" if not rest else f" and {spelled(rest)}" if rest < 100 else f" {spelled(rest)}"
    return f"{spelled(number // scale)} {name}{joined}"


@given(st.one_of(st.integers(0, 120), st.integers(0, 999_999)), st.sampled_from(["", " people", " of them"]))
def test_a_number_in_words_is_what_it_says(number: int, unit: str):
    found = number_of(spelled(number) + unit)
    assert found is not None
    assert (found.amount, found.measure) == (number, "")
    assert [amount.value for amount in amounts_in(f"They saw {spelled(number)}{unit}.")] == [number]


@pytest.mark.parametrize("text", ["Sevenoaks", "Oneida County", "tension", "Tenerife", "two one-day matches"])
def test_a_word_that_only_begins_like_a_number_is_none(text: str):
    assert number_of(text) is None
