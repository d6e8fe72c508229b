"""Every path through the page, over an archive whose replies are known."""

from __future__ import annotations

import logging
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from qa.errors import IndexBusy, IndexDamaged, InputError
from qa.records import Skipped
from qa.view.cards import FIRST_START
from qa.view.examples import EXAMPLES

QUAKE = "How many people died in the earthquake?"
NOWHERE = "Who won the yacht race?"
NO_FILTER = {"since": None, "until": None, "source": [], "tag": []}


def html_of(page: AppTest) -> str:
    assert not page.exception
    return "".join(element.proto.body for element in page.html)


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    return button.click().run()


def ask(page: AppTest, question: str) -> AppTest:
    page.text_input(key="q").set_value(question)
    return press(page, "Ask")


def test_start_shows_examples_and_asks_nothing(page, archive):
    page.run()
    assert [button.label for button in page.button][1:7] == list(EXAMPLES)
    assert archive.asked == []


def test_question_is_answered_by_cards_with_the_quote_marked(page, archive):
    html = html_of(ask(page.run(), f"  {QUAKE} "))
    assert archive.asked == [(QUAKE, NO_FILTER)]
    assert "<mark>At least 3,400</mark> people died, officials said on Monday evening." in html
    assert "likely, 83 %" in html
    assert html.index("3,400</mark>") < html.index("20,000</mark>") < html.index("score 0.90")


def test_example_is_asked_by_a_click(page, archive):
    press(page.run(), EXAMPLES[1])
    assert archive.asked == [(EXAMPLES[1], NO_FILTER)]
    assert page.text_input(key="q").value == EXAMPLES[1]
    assert page.query_params == {"q": EXAMPLES[1]}


def test_blank_question_asks_nothing(page, archive):
    ask(page.run(), "   ")
    assert archive.asked == []
    assert not page.error


def test_address_asks_its_question_with_its_filters(page, archive):
    page.query_params |= {
        "q": QUAKE, "since": "2023-02-07", "until": "2023-02-28", "tag": ["Turkey", "Earthquake"],
        "source": "Northern Ledger",
    }  # fmt: skip
    page.run()
    conditions = {"since": date(2023, 2, 7), "until": date(2023, 2, 28), "source": ["Northern Ledger"],
                  "tag": ["Turkey", "Earthquake"]}  # fmt: skip
    assert archive.asked == [(QUAKE, conditions)]


def test_unknown_filter_in_the_address_is_dropped(page, archive):
    page.query_params |= {"q": QUAKE, "source": "<script>", "since": "yesterday"}
    page.run()
    assert archive.asked == [(QUAKE, NO_FILTER)]
    assert not page.error


def test_changed_filter_asks_again(page, archive):
    ask(page.run(), QUAKE)
    page.multiselect(key="source").set_value(["Meridian Wire"]).run()
    page.date_input(key="since").set_value(date(2023, 2, 6)).run()
    assert [conditions for _, conditions in archive.asked] == [
        NO_FILTER,
        NO_FILTER | {"source": ["Meridian Wire"]},
        NO_FILTER | {"source": ["Meridian Wire"], "since": date(2023, 2, 6)},
    ]


def test_sidebar_tells_what_the_archive_holds(page):
    page.run()
    html = "".join(element.proto.body for element in page.sidebar.get("html"))
    assert "<li>2 articles from 2 sources</li><li>6 February 2023 to 9 February 2023</li>" in html
    assert page.multiselect(key="tag").options == ["Turkey", "Earthquake"]


def test_not_found_shows_the_closest_passages(page):
    html = html_of(ask(page.run(), NOWHERE))
    assert "<h2>Not found in this archive</h2>" in html
    assert "<mark>" not in html
    assert "Death toll passes 20,000" in html


def test_uncalibrated_confidence_is_called_so(page, archive):
    archive.calibrated = False
    assert html_of(ask(page.run(), QUAKE)).count(">uncalibrated</span><span>margin 4.0</span>") == 2


def test_reading_opens_the_whole_article_without_asking_again(page, archive):
    ask(page.run(), QUAKE)
    page.button(key="read-answer-1").click().run()
    (dialog,) = page.get("dialog")
    article, script = (element.proto for element in dialog.get("html"))
    assert '<p dir="auto"><mark>At least 3,400</mark> people died, officials' in article.body
    assert "Aid was promised by more than forty countries." in article.body
    assert (article.unsafe_allow_javascript, script.unsafe_allow_javascript) == (False, True)
    assert len(archive.asked) == 1


def test_evidence_opens_its_article_too(page):
    ask(page.run(), QUAKE)
    page.button(key="read-passage-1").click().run()
    (dialog,) = page.get("dialog")
    assert '<p dir="auto" class="qa-here">More than 20,000' in dialog.get("html")[0].proto.body


def test_same_question_and_reruns_are_answered_once(page, archive):
    ask(page.run(), QUAKE)
    page.run()
    ask(page, QUAKE)
    assert (archive.opened, len(archive.asked)) == (1, 1)


def test_new_generation_is_asked_anew_without_loading_again(page, archive):
    ask(page.run(), QUAKE)
    archive.generation += 1
    page.run()
    assert (archive.opened, len(archive.asked)) == (1, 2)


def test_reply_can_be_downloaded_as_json_and_markdown(page):
    ask(page.run(), QUAKE)
    assert [button.label for button in page.download_button] == ["Download JSON", "Download Markdown"]
    assert [button.proto.ignore_rerun for button in page.download_button] == [True, True]


def test_first_start_builds_the_sample_archive_and_goes_on(page, archive):
    archive.exists = False
    page.query_params["q"] = QUAKE
    html = html_of(page.run())
    assert archive.built == [(["articles"], [], False)]
    assert archive.asked == [(QUAKE, NO_FILTER)]
    assert "The archive now holds 2 articles: 1 added or changed, 1 unchanged. It took 1.5 s." in html


def test_first_start_shows_its_progress(page, archive):
    archive.exists = False
    archive.build_error = IndexBusy(
        "another build holds the lock.", where="indexes/news", cure="Wait for it."
    )
    html = html_of(page.run())
    assert FIRST_START in html
    (bar,) = page.get("progress")
    assert (bar.proto.value, bar.proto.text) == (25, "Embedding passages: 1 of 4")
    assert [error.value for error in page.error] == [
        r"indexes\/news\: another build holds the lock\. Wait for it\."
    ]


def test_uploaded_articles_are_added_and_reported(page, archive):
    archive.skipped = (Skipped("/tmp/x/1/b.txt", "it is <empty>"),)
    page.run()
    page.file_uploader[0].set_value([("../a.txt", b"One.", "text/plain"), ("b.txt", b"", "text/plain")])
    html = html_of(press(page, "Add to the archive"))
    assert archive.built == [(["a.txt", "b.txt"], [b"One.", b""], True)]
    assert "1 input skipped" in html
    assert '<bdi dir="auto">b.txt</bdi></strong> <bdi dir="auto">it is &lt;empty&gt;</bdi>' in html
    assert not page.get("dialog")
    assert "1 input skipped" not in html_of(page.run())


def test_adding_nothing_builds_nothing(page, archive):
    press(page.run(), "Add to the archive")
    assert archive.built == []


@pytest.mark.parametrize("keep", [True, False])
def test_articles_folder_is_read_again_with_or_without_what_was_added(page, archive, keep: bool):
    page.run()
    page.checkbox[0].set_value(keep)
    press(page, "Read the articles folder")
    assert archive.built == [(["articles"], [], keep)]


def test_failed_build_is_told_in_one_line_and_the_archive_still_answers(page, archive):
    ask(page.run(), QUAKE)
    archive.build_error = InputError("no article could be read.", where="a_b.txt", cure="Use *UTF-8*.")
    page.file_uploader[0].set_value([("a_b.txt", b"", "text/plain")])
    press(page, "Add to the archive")
    (dialog,) = page.get("dialog")
    assert [error.value for error in dialog.error] == [
        r"a\_b\.txt\: no article could be read\. Use \*UTF\-8\*\."
    ]
    assert "<mark>At least 3,400</mark>" in html_of(page)


def test_damaged_archive_is_told_in_one_line_and_can_be_built_anew(page, archive):
    archive.open_error = IndexDamaged("vectors.faiss is cut short.", where="indexes/news", cure="Rebuild it.")
    page.run()
    assert [error.value for error in page.error] == [
        r"indexes\/news\: vectors\.faiss is cut short\. Rebuild it\."
    ]
    archive.open_error = None
    press(page, "Read the articles folder")
    assert archive.built == [(["articles"], [], True)]
    assert not page.error


def test_bad_question_is_told_in_one_line(page, archive):
    archive.ask_error = InputError("the question has 10,000 characters.", cure="Ask in 1,000 at most.")
    ask(page.run(), "x" * 10_000)
    assert [error.value for error in page.error] == [
        r"The question has 10\,000 characters\. Ask in 1\,000 at most\."
    ]


def test_unforeseen_error_is_told_plainly_and_its_traceback_goes_to_the_log(page, archive, caplog):
    archive.ask_error = ZeroDivisionError("secret detail")
    with caplog.at_level(logging.ERROR, logger="qa.page"):
        ask(page.run(), QUAKE)
    assert [error.value for error in page.error] == [
        "Something went wrong that this page did not foresee. What it was stands in the server's log."
    ]
    assert not page.exception
    assert [record.exc_info[1] for record in caplog.records] == [archive.ask_error]


def test_error_is_gone_with_the_next_question(page, archive):
    archive.ask_error = ZeroDivisionError()
    ask(page.run(), NOWHERE)
    archive.ask_error = None
    ask(page, QUAKE)
    assert not page.error
    assert "<mark>At least 3,400</mark>" in html_of(page)
