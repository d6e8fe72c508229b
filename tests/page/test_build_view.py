"""Building in the page: the first start, a look before building, progress, cancelling, and bounds."""

from __future__ import annotations

import gzip
import re
import threading

import pytest
from streamlit.testing.v1 import AppTest

from qa.errors import IndexBusy, InputError
from qa.page import frame, sample, uploads
from qa.page.html.cards import first_start, no_index, offer_sample
from tests.page.conftest import FIRST, NO_FILTER, QUAKE, ROOT, ask, ended, go, html_of, press

LIMIT = 30  # seconds
CSV = b"headline,story,day\nLamp falls,The lamp fell into the sea on Monday and nobody was hurt.,2023-05-04\n"


@pytest.fixture
def builder(page, archive):
    page.run()
    return go(page, "build")


@pytest.fixture
def waiting(archive):
    """Builds wait until this is set."""
    go_on = threading.Event()
    archive.go_on = lambda: go_on.wait(LIMIT)
    yield go_on
    go_on.set()


def upload(page, *files: tuple[str, bytes]) -> AppTest:
    page.file_uploader[0].set_value([(name, content, "text/plain") for name, content in files])
    return press(page, "Look at them")


def bar(page) -> tuple[int, str]:
    (found,) = page.get("progress")
    return found.proto.value, found.proto.text.split(",")[0]


# ---- the first start ----


def test_first_start_asks_before_it_builds_the_sample_archive(page, bare):
    page.query_params["q"] = QUAKE
    assert offer_sample() in html_of(page.run())
    assert bare.built == []
    press(page, "Build the sample archive")
    html = html_of(ended(page, bare.index))
    assert bare.built == [(["articles"], False, None)]
    assert bare.asked == [(QUAKE, NO_FILTER)]
    assert "The archive now holds 53 articles: 53 added or changed, 0 unchanged" in html
    assert "The archive now holds" not in html_of(page.run())


def test_named_index_that_is_missing_is_never_built_in_its_place(page, bare, monkeypatch):
    monkeypatch.setattr(frame, "NAMED", True)
    for view in ("ask", "archive", "settings"):
        html = html_of(go(page, view))
        assert no_index(str(bare.index)) in html
        assert [button.label for button in page.button if "sample" in button.label] == []
    assert bare.built == []
    assert not bare.index.exists()


def test_index_that_vanishes_while_the_page_runs_is_not_replaced(page, archive, monkeypatch):
    monkeypatch.setattr(frame, "NAMED", True)
    assert "For example" in html_of(page.run())
    archive.index.rename(archive.index.with_name("unmounted"))
    assert no_index(str(archive.index)) in html_of(page.run())
    archive.index.with_name("unmounted").rename(archive.index)
    assert "For example" in html_of(page.run())
    assert archive.built == []


def test_first_start_shows_its_progress_and_a_second_tab_sees_it_too(page, bare):
    go_on = threading.Event()
    started = threading.Event()
    bare.go_on = lambda: (started.set(), go_on.wait(LIMIT))
    press(page.run(), "Build the sample archive")
    started.wait(LIMIT)
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    for tab in (page.run(), other):
        assert first_start() in html_of(tab)
        assert bar(tab) == (25, "Embedding passages: 1 of 4")
        assert not tab.error
    go_on.set()
    ended(page, bare.index)
    assert len(bare.built) == 1


def test_failed_first_start_is_reported_and_begins_again_only_when_asked(page, bare):
    bare.build_error = IndexBusy("another build holds it.", where="indexes/news", cure="Wait for it.")
    press(page.run(), "Build the sample archive")
    ended(page, bare.index)
    page.run()
    assert [error.value for error in page.error] == [
        r"indexes\/news\: another build holds it\. Wait for it\."
    ]
    assert len(bare.built) == 1
    bare.build_error = None
    press(page, "Build the sample archive")
    assert "For example" in html_of(ended(page, bare.index))


def test_every_answer_from_the_sample_says_that_it_is_the_sample_and_no_other_does(
    page, archive, monkeypatch
):
    assert sample.NOTE not in html_of(ask(page.run(), QUAKE))
    monkeypatch.setattr(sample, "ids", lambda: frozenset({"quake-1"}))
    assert sample.NOTE in html_of(page.run())


def test_own_articles_are_not_put_into_the_sample_unless_somebody_says_so(builder, archive, monkeypatch):
    upload(builder, ("lamp.csv", CSV))
    assert builder.radio[0].value == "Add to this archive"
    assert sample.KEEP_APART not in html_of(builder)
    monkeypatch.setattr(sample, "ids", lambda: frozenset({"gone", "quake-1"}))
    assert sample.KEEP_APART in html_of(builder.run())
    assert builder.radio[0].value == "Make a new archive"
    press(builder, "Build")  # without a name
    assert archive.built == []
    builder.radio[0].set_value("Add to this archive").run()
    press(builder, "Build")
    ended(builder, archive.index)
    assert archive.built == [(["lamp.csv"], True, {})]


def test_where_no_archive_is_yet_articles_are_added(page, bare, monkeypatch):
    monkeypatch.setattr(sample, "ids", lambda: frozenset({"quake-1"}))
    upload(go(page.run(), "build"), ("lamp.csv", CSV))
    assert page.radio[0].value == "Add to this archive"


def test_sample_is_known_by_its_articles():
    assert len(sample.ids()) == 53


# ---- a look before building ----


def test_preview_shows_how_the_first_articles_are_understood(builder, archive):
    html = html_of(upload(builder, ("lamp.csv", CSV)))
    assert '<h3 dir="auto">Lamp falls</h3>' in html
    assert '<p dir="auto">The lamp fell into the sea on Monday and nobody was hurt.</p>' in html
    assert "Recognised: title from “headline”, text from “story”, published from “day”." in re.sub(
        "</?bdi.*?>", "", html
    )
    assert '<p class="qa-absent">No source was found</p>' in html
    assert archive.built == []


def test_mapping_by_hand_changes_the_preview_and_reaches_the_build(builder, archive):
    upload(builder, ("lamp.csv", CSV))
    html = html_of(builder.selectbox(key="map-published").set_value("day").run())
    assert '<time datetime="2023-05-04">4 May 2023</time>' in html
    press(builder, "Build")
    ended(builder, archive.index)
    assert archive.built == [(["lamp.csv"], True, {"published": "day"})]


def test_what_would_be_left_out_is_listed(builder):
    html = html_of(upload(builder, ("a.jsonl", b'{"title": "t"}\n{broken <b>\n')))
    assert [fold.label for fold in builder.expander][-1] == "Would be left out: 2 of what was looked at"
    assert '<bdi dir="auto">a.jsonl:2</bdi>' in html


def test_an_empty_choice_is_reported_in_one_line(builder):
    press(builder, "Look at them")
    assert [error.value for error in builder.error] == [
        r"Nothing is chosen\. Upload files\, or name a feed or a folder\."
    ]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:1/feed", "does not lie on the public internet"),
        ("http://localhost:1/feed", "does not lie on the public internet"),
        ("file:///etc/passwd", "This is no web address"),
        ("javascript:alert(1)", "This is no web address"),
    ],
)
def test_feed_of_this_machine_is_refused(builder, address: str, told: str):
    builder.text_area[0].set_value(address)
    press(builder, "Look at them")
    (error,) = builder.error
    assert told in error.value.replace("\\", "")


@pytest.mark.parametrize("folder", ["/etc", "~nobody-here", "../..", "articles/../..", "\0"])
def test_folder_outside_of_what_is_allowed_is_refused(builder, folder: str):
    [field] = [field for field in builder.text_input if field.label.startswith("Folder")]
    field.set_value(folder)
    press(builder, "Look at them")
    (error,) = builder.error
    assert "not among those that the page may read" in error.value


def test_allowed_folder_is_read(builder, archive, monkeypatch):
    monkeypatch.setenv("QA_FOLDERS", str(archive.folder))
    [field] = [field for field in builder.text_input if field.label.startswith("Folder")]
    field.set_value(str(archive.folder / "articles.jsonl"))
    assert FIRST.title in html_of(press(builder, "Look at them"))


def test_too_many_files_are_refused(builder, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    upload(builder, ("a.txt", b"one"), ("b.txt", b"two"))
    assert "2 files are more than the 1 that can be uploaded at once" in builder.error[0].value.replace(
        "\\", ""
    )


def test_gzip_bomb_is_refused_without_its_temporary_folder_in_the_message(builder, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED_BYTES", 10 * 2**20)
    upload(builder, ("a.txt.gz", gzip.compress(b"0" * 11 * 2**20)))
    (error,) = builder.error
    assert error.value.replace("\\", "").startswith("a.txt.gz: the uploaded files unpack to more than 10 MB.")


# ---- the build ----


def test_upload_is_added_and_can_be_asked_about(builder, archive):
    upload(builder, ("lamp.csv", CSV))
    press(builder, "Build")
    html = html_of(ended(builder, archive.index))
    assert archive.built == [(["lamp.csv"], True, {})]
    assert "The archive now holds 4 articles: 1 added or changed, 3 unchanged." in html
    assert [link.proto.label for link in builder.get("page_link")] == ["Ask this archive"]
    assert "4 articles from 3 sources" in html_of(go(builder, "archive"))


def test_upload_can_replace_what_the_archive_holds(builder, archive):
    upload(builder, ("lamp.csv", CSV))
    builder.radio[0].set_value("Replace what it holds")
    press(builder, "Build")
    assert "The archive now holds 1 article:" in html_of(ended(builder, archive.index))


def test_new_archive_gets_a_folder_of_its_own_and_can_be_chosen(builder, archive):
    upload(builder, ("lamp.csv", CSV))
    builder.radio[0].set_value("Make a new archive").run()
    [field] = [field for field in builder.text_input if field.label.startswith("Name")]
    field.set_value("lamps")
    press(builder, "Build")
    (link,) = ended(builder, archive.index.parent / "lamps").get("page_link")
    assert (link.proto.label, link.proto.page) == ("Ask this archive", "")
    builder.run()
    assert builder.selectbox(key="archive").options == ["news", "lamps"]
    assert builder.selectbox(key="archive").value == "lamps"  # the page opens the new archive
    # And so does everybody who opens this address.
    assert builder.query_params["archive"] in ("lamps", ["lamps"])
    assert "1 article without a source" in html_of(go(builder, "archive"))


def test_name_is_asked_for_only_where_a_new_archive_is_made(builder):
    upload(builder, ("lamp.csv", CSV))

    def names() -> list[str]:
        return [field.label for field in builder.text_input if field.label.startswith("Name")]

    assert names() == []
    builder.radio[0].set_value("Make a new archive").run()
    assert names() == ["Name of the new archive"]
    builder.radio[0].set_value("Replace what it holds").run()
    assert names() == []


def test_error_of_an_earlier_build_is_gone_once_another_one_starts(builder, archive, waiting):
    archive.build_error = InputError("no article could be read.", where="a.txt", cure="Use UTF-8.")
    upload(builder, ("lamp.csv", CSV))
    press(builder, "Build")
    waiting.set()
    assert len(ended(builder, archive.index).error) == 1
    archive.build_error = None
    waiting.clear()
    upload(builder, ("lamp.csv", CSV))
    assert not builder.error
    press(builder, "Build")
    assert not builder.run().error


def test_page_proposes_no_command_line_flag(builder):
    table = b"alpha,beta\nIt rained a lot in Oslo on Monday and the harbour was closed all day.,2023-05-04\n"
    html = html_of(upload(builder, ("odd.csv", table)))
    assert "--map" not in html and "python -m" not in html


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "a\\b", "/tmp/x", "con", "a.b", "x" * 41, "news"])
def test_name_that_leads_elsewhere_or_is_taken_builds_nothing(builder, archive, name: str):
    upload(builder, ("lamp.csv", CSV))
    builder.radio[0].set_value("Make a new archive").run()
    [field] = [field for field in builder.text_input if field.label.startswith("Name")]
    field.set_value(name)
    press(builder, "Build")
    assert len(builder.error) == 1
    assert archive.built == []
    assert [path.name for path in archive.index.parent.iterdir()] == ["news"]


def test_running_build_is_seen_in_every_tab_while_the_old_archive_answers(builder, archive, waiting):
    upload(builder, ("lamp.csv", CSV))
    press(builder, "Build")
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert "likely, 83 %" in html_of(ask(other, QUAKE))
    go(other, "build")
    for tab in (builder.run(), other):
        assert bar(tab) == (25, "Embedding passages: 1 of 4")
        assert "Look at them" not in [button.label for button in tab.button]
    waiting.set()
    assert "The archive now holds 4 articles" in html_of(ended(builder, archive.index))


def test_cancelled_build_leaves_the_archive_as_it_was(builder, archive, waiting):
    upload(builder, ("lamp.csv", CSV))
    press(builder, "Build")
    press(builder.run(), "Cancel")
    waiting.set()
    ended(builder, archive.index)
    assert [info.value for info in builder.info] == [
        "The build was cancelled. The archive is as it was before."
    ]
    assert [link.proto.label for link in builder.get("page_link")] == []
    assert "3 articles from 3 sources" in html_of(go(builder, "archive"))


def test_failed_build_is_reported_in_one_line_and_the_archive_still_answers(builder, archive):
    archive.build_error = InputError("no article could be read.", where="a_b.txt", cure="Use *UTF-8*.")
    upload(builder, ("lamp.csv", CSV))
    press(builder, "Build")
    ended(builder, archive.index)
    assert [error.value for error in builder.error] == [
        r"a\_b\.txt\: no article could be read\. Use \*UTF\-8\*\."
    ]
    go(builder, "ask")
    assert "likely, 83 %" in html_of(ask(builder, QUAKE))


def test_uploads_are_gone_from_the_disk_once_they_are_built(builder, archive, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "uploads"))
    (tmp_path / "uploads").mkdir()
    upload(builder, ("lamp.csv", CSV))
    assert len(list((tmp_path / "uploads").glob("news-qa-upload-*"))) == 1
    press(builder, "Build")
    ended(builder, archive.index)
    assert list((tmp_path / "uploads").iterdir()) == []
