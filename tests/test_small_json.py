"""Small JSON files that anybody may have written are read within limits, or refused for one reason."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.small_json import MOST_BYTES, MOST_DEPTH, BrokenJson, is_number, parse, read_object

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_values_come_back_as_they_were_written(value: object):
    assert parse(json.dumps(value)) == value


@given(st.text() | st.text('[]{}",:\\0123456789.eE+-truefalsn '))
def test_any_text_is_read_as_the_library_does_or_refused(text: str):
    try:
        value = parse(text)
    except BrokenJson:
        return
    assert value == json.loads(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NaN", "NaN is no number"),
        ("[-Infinity]", "-Infinity is no number"),
        ("1e999", "the number 1e999 is too large"),
        ("9" * 5000, f"the integer {'9' * 20} is too large"),
        (str(2**63), f"the integer {2**63} is too large"),
        ("[" * 100_000, "it is nested deeper than 32 levels"),
        ('{"a":' * 100_000, "it is nested deeper than 32 levels"),
        ('{"a": 1, "a": 2}', "a name stands twice in one object"),
        ("", "it is no JSON (Expecting value: line 1 column 1 (char 0))"),
    ],
)
def test_what_breaks_a_limit_is_refused_with_the_reason(text: str, why: str):
    with pytest.raises(BrokenJson) as told:
        parse(text)
    assert str(told.value) == why


def test_brackets_in_strings_are_no_depth():
    value = {"a": "[" * 1000 + '\\"' + "{" * 1000}
    assert parse(json.dumps(value)) == value
    deepest = "[" * MOST_DEPTH + "]" * MOST_DEPTH
    assert parse(deepest) == json.loads(deepest)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"[1]", "it holds no object, which would begin with {"),
        (b"null", "it holds no object, which would begin with {"),
        (b"\xff", "byte 0 is not UTF-8"),
        (b"{}" + b" " * (MOST_BYTES - 1), "it is larger than 1,024 kB"),
    ],
)
def test_file_that_holds_no_small_object_is_refused(tmp_path: Path, content: bytes, why: str):
    (tmp_path / "file.json").write_bytes(content)
    with pytest.raises(BrokenJson) as told:
        read_object(tmp_path / "file.json")
    assert str(told.value) == why


def test_largest_file_is_read(tmp_path: Path):
    (tmp_path / "file.json").write_bytes(b"{}" + b" " * (MOST_BYTES - 2))
    assert read_object(tmp_path / "file.json") == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_or_device_in_the_place_of_a_file_is_refused_and_nothing_waits_for_it(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zeros.json").symlink_to("/dev/zero")
    for name in ("pipe.json", "zeros.json"):
        with pytest.raises(BrokenJson, match="it is no regular file"):
            read_object(tmp_path / name)


@pytest.mark.parametrize("value", [True, None, "1", float("nan"), float("inf"), [1]])
def test_what_is_no_finite_number(value: object):
    assert not is_number(value)
    assert is_number(1) and is_number(-0.5)
