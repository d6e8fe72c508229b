"""A value that a program gave -> that value, or one line: which parameter, what it must be, what it is.

The types of the public methods are checked where they come in; deep inside a wrong one would end as an
AttributeError of ours or a TypeError of NumPy, or widen a search without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_SHOWN = 60  # characters of a value


def whole_number(name: str, value: object, *, least: int, most: int | None = None) -> int:
    """Return a whole number of any library, from ``least`` to ``most``.

    :raises ValueError: if it is none; True is none.
    """
    bounds = f"from {least} on" if most is None else f"from {least} to {most}"
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise ValueError(_wrong(name, f"a whole number {bounds}", value))
    number = int(value)
    if number < least or (most is not None and number > most):
        raise ValueError(f"{name} must be {bounds}, not {number:,}")
    return number


def instance(name: str, value: object, kind: type[T], wanted: str) -> T:
    """Return a value that is of a class; ``wanted`` is what the line calls it: "an AskSettings".

    :raises ValueError: if it is not.
    """
    if not isinstance(value, kind):
        raise ValueError(_wrong(name, wanted, value))
    return value


def optional(name: str, value: object, kind: type[T], wanted: str) -> T | None:
    """Return a value that is None or of a class, as :func:`instance` does."""
    return None if value is None else instance(name, value, kind, f"{wanted} or None")


def text(name: str, value: object) -> str:
    """Return a text.

    :raises ValueError: if it is none.
    """
    return instance(name, value, str, "a text (str)")


def flag(name: str, value: object) -> bool:
    """Return True or False.

    :raises ValueError: if it is neither: "no" would count as True.
    """
    return instance(name, value, bool, "True or False")


def place(name: str, value: object) -> str | Path:
    """Return an address of an index or a path.

    :raises ValueError: if it is neither text nor a Path.
    """
    if isinstance(value, str):
        return value
    return instance(name, value, Path, "a text (str) or a Path")


def several(name: str, value: Iterable[T]) -> Iterable[T]:
    """Return what can be gone through, and is no single text.

    :raises ValueError: if it cannot, or is one text, each of whose letters would be taken.
    """
    if isinstance(value, (str, bytes)):
        raise ValueError(f"{name} must be several texts, not the one {_short(value)}")
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        raise ValueError(_wrong(name, "several values, as in a list", value))
    return value


def function(name: str, value: object) -> None:
    """Refuse a value that is neither None nor can be called.

    :raises ValueError: if the value is neither None nor can be called.
    """
    if value is not None and not callable(value):
        raise ValueError(_wrong(name, "a function or None", value))


def part(name: str, value: object, wanted: str, *attributes: str) -> None:
    """Refuse a value that lacks what a part of its kind has.

    :raises ValueError: if the value lacks what a part of its kind has.
    """
    if not all(hasattr(value, one) for one in attributes):
        raise ValueError(_wrong(name, wanted, value))


def _wrong(name: str, wanted: str, value: object) -> str:
    return f"{name} must be {wanted}, not {_short(value)} ({type(value).__name__})"


def _short(value: object) -> str:
    """Return a value as Python writes it, in one line that is not too long, whatever it is."""
    try:
        written = " ".join(repr(value).split())
    except Exception:  # of a class that cannot even be written
        written = "a value"
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"
