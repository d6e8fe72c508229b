"""Errors read as one line: where, what, cure."""

from __future__ import annotations

import pytest

from qa import errors
from qa.errors import IndexDamaged, InputError, QAError


def test_message_reads_where_what_and_cure():
    fault = IndexDamaged("has 3 bytes instead of 4", where="index/x.arrow", cure="Build the index again.")
    assert str(fault) == "index/x.arrow: has 3 bytes instead of 4. Build the index again."
    assert (fault.where, fault.what, fault.cure) == (
        "index/x.arrow",
        "has 3 bytes instead of 4",
        "Build the index again.",
    )


@pytest.mark.parametrize("what", ["the question is empty", "the question is empty."])
def test_message_without_place_or_cure_is_one_sentence(what: str):
    assert str(InputError(what)) == "the question is empty."


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("InputError", "QAError"),
        ("ModelError", "QAError"),
        ("IndexError_", "QAError"),
        ("IndexMissing", "IndexError_"),
        ("IndexDamaged", "IndexError_"),
        ("IndexMismatch", "IndexError_"),
        ("IndexBusy", "IndexError_"),
    ],
)
def test_the_tree_is_the_one_drawn_in_the_module(child: str, parent: str):
    assert getattr(errors, child).__bases__ == (getattr(errors, parent),)
    assert child in errors.__doc__


def test_pythons_own_index_error_is_not_caught_by_ours():
    assert not issubclass(IndexError, QAError)
