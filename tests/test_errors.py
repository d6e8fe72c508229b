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
        ("ArchiveError", "QAError"),
        ("IndexMissing", "ArchiveError"),
        ("IndexDamaged", "ArchiveError"),
        ("IndexMismatch", "ArchiveError"),
        ("IndexBusy", "ArchiveError"),
        ("TooBusy", "QAError"),
        ("TooSlow", "QAError"),
    ],
)
def test_the_tree_is_the_one_drawn_in_the_module(child: str, parent: str):
    assert getattr(errors, child).__bases__ == (getattr(errors, parent),)
    assert child in errors.__doc__


def test_pythons_own_index_error_is_not_caught_by_ours():
    assert not issubclass(IndexError, QAError)


def test_the_old_name_of_archive_error_still_catches_and_warns():
    with pytest.warns(DeprecationWarning, match="qa.errors.IndexError_ is now called ArchiveError"):
        old = errors.IndexError_
    assert old is errors.ArchiveError
    with pytest.raises(AttributeError, match="module 'qa.errors' has no attribute 'IndexErr'"):
        errors.IndexErr  # noqa: B018
