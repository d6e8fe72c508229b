"""An error is one line; what nobody foresaw is told without detail, and logged with all of it."""

import logging

import pytest

from qa.errors import InputError
from qa.page import uploads
from qa.page.errors import UNFORESEEN, message_of
from qa.page.html.escaping import label


def test_error_with_a_place_is_shown_unchanged():
    assert message_of(InputError("it is *empty*.", where="a.txt", cure="Fill it.")) == (
        r"a\.txt\: it is \*empty\*\. Fill it\."
    )


def test_error_without_a_place_begins_as_a_sentence():
    assert message_of(InputError("the question is empty.", cure="Ask.")) == r"The question is empty\. Ask\."


def test_error_about_an_upload_names_the_file_only():
    path = f"/tmp/{uploads.PREFIX}x_1/0/a.txt"
    assert message_of(InputError("it is empty.", where=path)) == label("a.txt: it is empty.")


def test_unexpected_error_goes_to_the_log_only(caplog: pytest.LogCaptureFixture):
    error = ZeroDivisionError("secret detail")
    with caplog.at_level(logging.ERROR, logger="qa.page"):
        assert message_of(error) == UNFORESEEN
    assert [record.exc_info[1] for record in caplog.records] == [error]
