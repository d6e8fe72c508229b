"""Every amount of a text, in digits and in words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.numbers import amounts_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3,400 people in 2023", [("3,400", 3400), ("2023", 2023)]),
        ("3\u00a0400 and 12,34", [("3\u00a0400", 3400), ("12", 12), ("34", 34)]),
        ("$400m and US$400m", [("$400m", 4 * 10**8), ("$400m", 4 * 10**8)]),
        ("400m and 400 m", [("400", 400), ("400", 400)]),
        ("1.2bn, 2.5-million", [("1.2bn", 12 * 10**8), ("2.5-million", 2500000)]),
        ("3 hundred thousand", [("3 hundred thousand", 300000)]),
        ("twenty-five, thirty three", [("twenty-five", 25), ("thirty three", 33)]),
        ("a million", [("million", 10**6)]),
        ("two hundred and fifty thousand men", [("two hundred and fifty thousand", 250000)]),
        ("ten and six", [("ten", 10), ("six", 6)]),
        ("10:30, 1-0", [("10", 10), ("30", 30), ("1", 1), ("0", 0)]),
        ("5%, 1990s, 5th", [("5", 5), ("1990", 1990), ("5", 5)]),
        ("G7, dozens, someone, tenfold, hundreds, half", []),
    ],
)  # fmt: skip
def test_amounts_are_found_with_what_they_are_worth(text: str, found: list[tuple[str, int]]):
    assert [(text[a.start : a.end], a.value) for a in amounts_in(text)] == found


@given(st.integers(0, 10**12))
def test_digits_are_worth_themselves_with_and_without_separators(number: int):
    for text in (str(number), f"{number:,}", f"about {number:,} people."):
        assert [amount.value for amount in amounts_in(text)] == [Decimal(number)]
