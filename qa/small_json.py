"""A small JSON file that anybody may have written -> a dict of plain values, within limits; else one reason.

Every file of settings, notes and manifests is read here. Deep nesting, huge integers, infinities, NaN and
repeated keys are refused before they reach a line that did not expect them.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from pathlib import Path
from typing import NoReturn, TypeGuard

from qa.disk import READING

MOST_BYTES = 1 << 20
MOST_DEPTH = 32
_LARGEST = 1 << 63  # of an integer: it fits 64 bits
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)


class BrokenJson(ValueError):
    """The file is not what a small JSON file may be: the reason is the message."""


def read_object(path: Path, *, most_bytes: int = MOST_BYTES) -> dict[str, object]:
    """Read the object that a file holds.

    :raises BrokenJson: if it is larger, deeper or other than allowed.
    :raises OSError: if it cannot be read.
    """
    value = parse(read_raw(path, most_bytes=most_bytes))
    if not isinstance(value, dict):
        raise BrokenJson("it holds no object, which would begin with {")
    return value


def read_raw(path: Path, *, most_bytes: int = MOST_BYTES) -> bytes:
    """Read what a file holds, to be given to :func:`parse`.

    :raises BrokenJson: if it is larger than allowed, or a pipe or device.
    :raises OSError: if it cannot be read.
    """
    with open(path, "rb", opener=lambda name, _: os.open(name, READING)) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise BrokenJson("it is no regular file")
        raw = stream.read(most_bytes + 1)
    if len(raw) > most_bytes:
        raise BrokenJson(f"it is larger than {most_bytes >> 10:,} kB")
    return raw


def parse(raw: bytes | str) -> object:
    """Parse JSON within the limits.

    :raises BrokenJson: if it breaks one, or is no JSON.
    """
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as fault:
        raise BrokenJson(f"byte {fault.start} is not UTF-8") from None
    if _depth(text) > MOST_DEPTH:
        raise BrokenJson(f"it is nested deeper than {MOST_DEPTH} levels")
    try:
        return json.loads(
            text,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_no_constant,
            object_pairs_hook=_without_repeats,
        )
    except BrokenJson:
        raise
    except ValueError as fault:
        raise BrokenJson(f"it is no JSON ({fault})") from None


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a finite number; true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _depth(text: str) -> int:
    """Count how deep brackets are nested outside strings, no further than the limit."""
    depth = deepest = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        sign = found[0]
        if sign in ("[", "{"):
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MOST_DEPTH:
                break
        elif sign in ("]", "}"):
            depth -= 1
    return deepest


def _integer(digits: str) -> int:
    if len(digits) > 20 or abs(int(digits)) >= _LARGEST:
        raise BrokenJson(f"the integer {digits[:20]} is too large")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BrokenJson(f"the number {digits[:20]} is too large")
    return value


def _no_constant(name: str) -> NoReturn:
    raise BrokenJson(f"{name} is no number")


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise BrokenJson("a name stands twice in one object")
    return values
