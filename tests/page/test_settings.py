"""The few settings: saved for an archive, checked before they are saved."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

import qa
from qa.errors import ModelError
from qa.page import frame
from qa.page.preferences import FILE, Preferences, load_preferences, save_preferences
from tests.page.conftest import go, press


@pytest.fixture
def settings(page, archive):
    page.run()
    return go(page, "settings")


def test_settings_are_saved_beside_the_index_and_shown_again(settings, archive):
    settings.text_input[0].set_value(" deepset/x ")
    settings.slider[0].set_value(20)
    assert settings.slider[1].disabled
    settings.checkbox[0].set_value(False).run()
    assert not settings.slider[1].disabled
    settings.slider[1].set_value(35)
    settings.date_input[0].set_value(date(2023, 9, 5))
    press(settings, "Save")
    assert [success.value for success in settings.success] == ["Saved."]
    assert load_preferences(archive.index) == Preferences("deepset/x", 20, 0.35, date(2023, 9, 5))
    assert archive.readers == ["deepset/x"]
    go(settings, "ask")
    go(settings, "settings")
    assert (settings.text_input[0].value, settings.slider[0].value) == ("deepset/x", 20)
    assert (settings.slider[1].value, settings.date_input[0].value) == (35, date(2023, 9, 5))


def test_defaults_come_back(settings, archive):
    save_preferences(archive.index, Preferences(passages_read=20))
    press(settings.run(), "Back to the defaults")
    assert load_preferences(archive.index) == Preferences()


def test_reader_that_cannot_be_loaded_is_reported_and_not_saved(settings, archive, monkeypatch):
    def refuse(settings):
        raise ModelError("there is no such model.", where=settings.reader, cure="Check the name.")

    monkeypatch.setattr("qa.read.reader.ExtractiveReader.load", refuse)
    settings.text_input[0].set_value("no/such")
    press(settings, "Save")
    assert [error.value for error in settings.error] == [
        r"no\/such\: there is no such model\. Check the name\."
    ]
    assert load_preferences(archive.index) == Preferences()


def test_threshold_of_a_reader_without_calibration_is_said_to_mean_nothing(settings, archive):
    archive.calibrated = False
    settings.checkbox[0].set_value(False).run()
    press(settings, "Save")
    assert len(settings.warning) == 1
    assert load_preferences(archive.index).threshold == 0.5


def test_broken_settings_are_reported_and_can_be_put_right(settings, archive):
    (archive.index / FILE).write_text('{"passages_read": 0}')
    settings.run()
    assert "passages_read must be from 1 to 50, not 0" in settings.error[0].value.replace("\\", "")
    press(settings, "Back to the defaults")
    assert load_preferences(archive.index) == Preferences()


def test_settings_of_an_index_on_a_server_are_said_not_to_last(page, archive, monkeypatch):
    monkeypatch.setattr(frame, "DEFAULT", "milvus://nowhere:19530/news")
    opened = archive.open
    monkeypatch.setattr(archive, "open", lambda index: opened(str(archive.index)))
    monkeypatch.setitem(vars(qa), "Retriever", SimpleNamespace(open=archive.open))
    page.run()
    press(go(page, "settings"), "Save")
    (error,) = page.error
    assert "milvus" in error.value and "the settings cannot be saved" in error.value
