"""Every path through asking, over an archive whose replies are known."""

from __future__ import annotations

import logging
import re
from datetime import UTC, date, datetime

import pytest

from qa.errors import IndexDamaged
from qa.page import article as reading
from qa.page.preferences import FILE, Preferences, save_preferences
from tests.page.conftest import FIRST, NO_FILTER, NOWHERE, QUAKE, SECOND, ask, go, html_of, press

TODAY = datetime.now(UTC).date()


def test_start_shows_examples_and_asks_nothing(page, archive):
    page.run()
    # of the newest headlines of this archive: "Death toll passes 20,000", not its near-duplicate
    assert [button.label for button in page.button if "did" in button.label] == [
        r"When did the death toll pass 20\,000\?",
        r"When did the earthquake strike southern Turkey\?",
    ]
    assert "<li>3 articles from 3 sources</li><li>6 to 9 February 2023</li>" in html_of(page)
    assert archive.asked == []


def test_question_is_answered_by_cards_with_the_quote_marked(page, archive):
    html = html_of(ask(page.run(), f"  {QUAKE} "))
    assert archive.asked == [(QUAKE, NO_FILTER)]
    assert "<mark>At least 3,400</mark> people died, officials said on Monday evening." in html
    assert "likely, 83 %" in html
    assert html.index("3,400</mark>") < html.index("20,000</mark>") < html.index("<h2>Evidence</h2>")
    assert html.index("<h2>Evidence</h2>") < html.index("<h2>Timeline</h2>") < html.index("<td>0.90</td>")


def test_agreement_and_copies_are_shown_on_the_card(page, archive):
    html = html_of(ask(page.run(), QUAKE))
    assert "<summary>2 sources agree, 7 to 9 February 2023</summary>" in html
    assert '<p>Also in: <bdi dir="auto">Harbour Post</bdi></p>' in html


def test_example_is_asked_by_a_click(page, archive):
    press(page.run(), r"When did the death toll pass 20\,000\?")
    example = "When did the death toll pass 20,000?"
    assert archive.asked == [(example, NO_FILTER)]
    assert page.text_input(key="q").value == example
    assert page.query_params == {"q": example}


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
    conditions = {"since": date(2023, 2, 7), "until": date(2023, 2, 28), "source": ("Northern Ledger",),
                  "tag": ("Turkey", "Earthquake")}  # fmt: skip
    assert archive.asked == [(QUAKE, conditions)]


def test_invalid_day_in_the_address_is_dropped(page, archive):
    page.query_params |= {"q": QUAKE, "since": "yesterday"}
    page.run()
    assert archive.asked == [(QUAKE, NO_FILTER)]
    assert not page.error


def test_unknown_source_in_the_address_gets_no_answer_but_the_nearest_names(page, archive):
    page.query_params |= {"q": QUAKE, "source": "Meridian <Wires>"}
    page.run()
    assert archive.asked == [(QUAKE, NO_FILTER | {"source": ("Meridian <Wires>",)})]
    told = "This archive has no source “Meridian &lt;Wires&gt;”. Did you mean Meridian Wire?"
    assert f"<h2>{told}</h2>" in html_of(page)
    assert dropped(page) == [r"Source\: Meridian \<Wires\>"]
    page.button(key="mean-0-Meridian Wire").click().run()
    assert archive.asked[-1] == (QUAKE, NO_FILTER | {"source": ("Meridian Wire",)})
    assert dropped(page) == [r"Source\: Meridian Wire"]


def test_unknown_sources_that_are_like_none_get_the_commonest_and_nothing_to_follow_or_save(page, archive):
    page.query_params |= {"q": QUAKE, "source": ["Zzz", "Yyy"]}
    page.run()
    assert html_of(page).count("The commonest sources of this archive:") == 1
    names = ["Harbour Post", "Meridian Wire", "Northern Ledger"]
    offered = [button.label for button in page.button if button.key and button.key.startswith("mean-")]
    assert offered == names
    assert "Follow this question" not in [button.label for button in page.button]
    assert not page.download_button
    page.button(key="mean-1-Meridian Wire").click().run()
    assert archive.asked[-1] == (QUAKE, NO_FILTER | {"source": ("Meridian Wire",)})


def test_each_unknown_source_has_the_names_that_are_like_it_below_it(page, archive):
    page.query_params |= {"q": QUAKE, "source": ["Meridian Wires", "Zzz", "Harbor Post"]}
    page.run()
    elements = [element for element in page.main if element.type in ("html", "button")]
    told = [element.label if element.type == "button" else element.proto.body for element in elements]
    begun = next(place for place, text in enumerate(told) if "This archive has no" in text)
    assert [re.sub("<.*?>", "", text).strip() for text in told[begun : begun + 9]] == [
        "This archive has no source “Meridian Wires”. Did you mean Meridian Wire?",
        "Meridian Wire",
        "This archive has no source “Zzz”.",
        "The commonest sources of this archive:",
        *("Harbour Post", "Meridian Wire", "Northern Ledger"),
        "This archive has no source “Harbor Post”. Did you mean Harbour Post?",
        "Harbour Post",
    ]


def test_names_of_the_address_are_known_in_any_case_and_with_a_number_of_articles(page, archive):
    page.query_params |= {"q": QUAKE, "source": ["meridian WIRE", "Harbour Post (17)"], "tag": "turkey"}
    page.run()
    names = NO_FILTER | {"source": ("Meridian Wire", "Harbour Post"), "tag": ("Turkey",)}
    assert archive.asked == [(QUAKE, names)]
    assert page.multiselect(key="source").value == ["Meridian Wire", "Harbour Post"]
    assert page.query_params["source"] == ["Meridian Wire", "Harbour Post"]


def test_source_chosen_takes_the_place_of_an_unknown_one_in_the_address(page, archive):
    page.query_params |= {"q": QUAKE, "source": "Meridian Wires"}
    page.run().multiselect(key="source").set_value(["Harbour Post"]).run()
    assert archive.asked[-1] == (QUAKE, NO_FILTER | {"source": ("Harbour Post",)})
    assert page.query_params["source"] in ("Harbour Post", ["Harbour Post"])


@pytest.mark.parametrize(
    ("beside", "then"),
    [("Harbour Post", ("Harbour Post", "Meridian Wire")), ("Meridian Wire", ("Meridian Wire",))],
)
def test_name_taken_for_an_unknown_source_joins_those_beside_it_once(page, archive, beside, then):
    page.query_params |= {"q": QUAKE, "source": ["Meridian Wires", beside]}
    page.run().button(key="mean-0-Meridian Wire").click().run()
    assert archive.asked[-1] == (QUAKE, NO_FILTER | {"source": then})


def test_unknown_source_is_removed_by_a_click(page, archive):
    page.query_params |= {"q": QUAKE, "source": "Nowhere"}
    page.run()
    page.button(key="drop-source").click().run()
    assert archive.asked[-1] == (QUAKE, NO_FILTER)


def test_changed_filter_asks_again_and_a_click_removes_it(page, archive):
    ask(page.run(), QUAKE)
    page.multiselect(key="source").set_value(["Meridian Wire"]).run()
    page.date_input(key="since").set_value(date(2023, 2, 6)).run()
    shown = [button.label for button in page.button if button.key and button.key.startswith("drop-")]
    assert shown == [r"From\: 6 February 2023", r"Source\: Meridian Wire"]
    page.button(key="drop-source").click().run()
    page.button(key="drop-since").click().run()
    assert [conditions for _, conditions in archive.asked] == [
        NO_FILTER,
        NO_FILTER | {"source": ("Meridian Wire",)},
        NO_FILTER | {"source": ("Meridian Wire",), "since": date(2023, 2, 6)},
        NO_FILTER | {"since": date(2023, 2, 6)},
    ]


def test_earlier_questions_of_the_tab_are_asked_again_by_a_click(page, archive):
    ask(page.run(), QUAKE)
    ask(page, NOWHERE)
    ask(page, "Who was rescued?")
    earlier = [button.label for button in page.button if button.key and button.key.startswith("earlier-")]
    assert earlier == [r"Who won the yacht race\?", r"How many people died in the earthquake\?"]
    page.button(key="earlier-1").click().run()
    assert page.text_input(key="q").value == QUAKE


def dropped(page) -> list[str]:
    return [button.label for button in page.button if button.key and button.key.startswith("drop-")]


def test_time_in_the_question_is_seen_and_a_click_removes_it(page, archive):
    ask(page.run(), "Who died last week?")
    assert dropped(page) == ["Only 6 to 12 February 2023"]
    page.button(key="drop-time").click().run()
    assert dropped(page) == []
    assert [heeded for _, heeded, _ in archive.heard] == [True, False]
    ask(page, QUAKE)
    ask(page, "Who died last week?")  # when asked again, its time counts again
    assert dropped(page) == ["Only 6 to 12 February 2023"]


def test_follow_up_leans_on_the_reply_before_until_a_click_removes_it(page, archive):
    ask(page.run(), QUAKE)
    ask(page, "And where?")
    page.run()  # after a rerun the question does not follow on itself
    assert dropped(page) == [r"From the question before\: earthquake"]
    page.button(key="drop-lean").click().run()
    assert dropped(page) == []
    assert archive.heard == [(TODAY, True, None), (TODAY, True, QUAKE), (TODAY, True, None)]


def test_follow_up_stands_in_the_address_with_the_question_before(page, archive):
    ask(page.run(), QUAKE)
    assert "after" not in page.query_params
    ask(page, "And where?")
    assert page.query_params["after"] in (QUAKE, [QUAKE])
    ask(page, NOWHERE)
    assert "after" not in page.query_params


def test_address_of_a_follow_up_asks_the_question_before_first(page, archive):
    page.query_params |= {"q": "And where?", "after": QUAKE}
    page.run()
    assert [question for question, _ in archive.asked] == [QUAKE, "And where?"]
    assert archive.heard[1] == (TODAY, True, QUAKE)
    assert dropped(page) == [r"From the question before\: earthquake"]
    page.run()
    assert len(archive.asked) == 2


def test_filters_show_how_many_articles_a_name_has_and_a_click_adds_it(page, archive):
    ask(page.run(), QUAKE)
    press(page, "Turkey 2")
    press(page, "Earthquake 1")
    press(page, "Meridian Wire 1")
    assert archive.asked[-1] == (
        QUAKE,
        NO_FILTER | {"tag": ("Turkey", "Earthquake"), "source": ("Meridian Wire",)},
    )


def test_saved_day_is_the_day_that_times_count_from(page, archive):
    save_preferences(archive.index, Preferences(as_of=date(2023, 9, 5)))
    ask(page.run(), QUAKE)
    assert archive.heard == [(date(2023, 9, 5), True, None)]


def test_refusal_shows_the_best_guess_marked_in_its_sentence_and_the_passages(page, archive):
    html = html_of(ask(page.run(), NOWHERE))
    assert "<h2>No answer that I am sure of</h2>" in html
    assert "Not found" not in html
    assert "At least 3,400 people died, <mark>officials</mark> said on Monday evening." in html
    assert "unsure, 4 %" in html
    assert html.index("unsure, 4 %") < html.index("Death toll passes 20,000")
    assert "Timeline" not in html
    page.button(key="read-guess").click().run()
    assert '<mark class="qa-focus">officials</mark>' in dialog_of(page).get("html")[0].proto.body


def test_evidence_shows_the_sentence_with_the_words_of_the_question_marked(page, archive):
    html = html_of(ask(page.run(), "Which countries promised aid?"))
    assert (
        '<mark class="qa-word">Aid</mark> was <mark class="qa-word">promised</mark> by more than forty '
        '<mark class="qa-word">countries</mark>.</p>' in html
    )


def test_clear_answer_stands_alone_and_other_readings_are_folded(page, archive):
    archive.confidences = (0.83, 0.41)
    ask(page.run(), QUAKE)
    assert [fold.label for fold in page.expander] == [r"1 other reading\: 20\,000", "Why this answer"]
    assert "<h2>Answer</h2>" in html_of(page)


def test_answers_that_are_near_each_other_are_all_shown(page, archive):
    ask(page.run(), QUAKE)
    assert [fold.label for fold in page.expander] == ["Why this answer"]
    assert "<h2>2 answers</h2>" in html_of(page)


def test_passages_are_handed_over_before_they_are_read(page, archive, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "qa.page.html.layout.found_so_far", lambda question, hits: shown.append(len(hits)) or "…"
    )
    ask(page.run(), QUAKE)
    page.run()
    assert shown == [2]


def test_uncalibrated_confidence_is_labelled(page, archive):
    archive.calibrated = False
    assert html_of(ask(page.run(), QUAKE)).count(">uncalibrated</span><span>margin 4.0</span>") == 2


def dialog_of(page):
    (dialog,) = page.get("dialog")
    return dialog


def test_reading_opens_the_whole_article_without_asking_again(page, archive):
    ask(page.run(), QUAKE)
    page.button(key="read-answer-1").click().run()
    article, script = (element.proto for element in dialog_of(page).get("html")[:2])
    assert '<p dir="auto"><mark class="qa-focus">At least 3,400</mark> people died, officials' in article.body
    assert "Aid was promised by more than forty countries." in article.body
    assert (article.unsafe_allow_javascript, script.unsafe_allow_javascript) == (False, True)
    assert len(archive.asked) == 1


def test_evidence_opens_its_article_with_the_answer_marked(page, archive):
    ask(page.run(), QUAKE)
    page.button(key="read-passage-1").click().run()
    body = dialog_of(page).get("html")[0].proto.body
    assert '<p dir="auto" class="qa-here">More than <mark>20,000</mark> people' in body


def test_open_article_shows_its_copies_and_neighbours(page, archive, monkeypatch):
    monkeypatch.setattr(reading, "LEAST_ALIKE", -1.0)  # the stand-in embedder knows no meaning
    ask(page.run(), QUAKE)
    page.button(key="read-answer-2").click().run()
    html = "".join(element.proto.body for element in dialog_of(page).get("html"))
    assert html.index("<h2>Also in</h2>") < html.index("Harbour Post") < html.index("Near in meaning")
    assert page.button(key="go-quake-3").label == r"Toll passes 20\,000"
    assert "Meridian Wire</bdi></li><li>6 February 2023</li><li>3 days earlier</li>" in html
    assert page.button(key="go-quake-1").label == FIRST.title


def test_article_that_left_the_archive_meanwhile_can_still_be_read(page, archive):
    ask(page.run(), QUAKE)
    archive.write(FIRST)
    page.button(key="read-answer-2").click().run()
    html = "".join(element.proto.body for element in dialog_of(page).get("html"))
    assert SECOND.title in html
    assert "This article is no longer in the archive." in html


def test_timeline_ranks_and_margins_are_drawn(page, archive):
    ask(page.run(), QUAKE)
    assert [fold.label for fold in page.expander] == ["Why this answer"]
    assert len(page.get("vega_lite_chart")) == 3
    ask(page, NOWHERE)
    assert [fold.label for fold in page.expander] == ["Why no answer"]


def test_same_question_and_reruns_are_answered_once(page, archive):
    ask(page.run(), QUAKE)
    page.run()
    ask(page, QUAKE)
    go(page, "archive")
    go(page, "ask")
    ask(page, QUAKE)
    assert (archive.opened, len(archive.readers), len(archive.asked)) == (1, 1, 1)


def test_new_generation_is_asked_anew_without_loading_again(page, archive):
    ask(page.run(), QUAKE)
    archive.write(FIRST)
    page.run()
    assert (archive.opened, len(archive.readers), len(archive.asked)) == (1, 1, 2)


def test_saved_settings_reach_the_reader(page, archive):
    save_preferences(archive.index, Preferences(reader="other", passages_read=3, threshold=0.25))
    ask(page.run(), QUAKE)
    (settings,) = archive.settings
    assert (settings.reader, settings.passages_read, settings.threshold) == ("other", 3, 0.25)
    assert archive.readers == ["other"]


def test_threshold_means_nothing_to_a_reader_without_calibration(page, archive):
    archive.calibrated = False
    save_preferences(archive.index, Preferences(threshold=0.25))
    ask(page.run(), QUAKE)
    assert archive.settings[0].threshold is None


def test_broken_settings_are_reported_in_one_line(page, archive):
    (archive.index / FILE).write_text("{")
    ask(page.run(), QUAKE)
    (error,) = page.error
    assert "the settings are broken" in error.value
    assert archive.asked == []


def test_reply_can_be_downloaded_in_three_forms(page, archive):
    ask(page.run(), QUAKE)
    labels = ["Download Markdown", "Download JSON", "Download CSV"]
    assert [button.label for button in page.download_button] == labels
    assert [button.proto.ignore_rerun for button in page.download_button] == [True] * 3


def test_damaged_archive_is_reported_in_one_line(page, archive):
    archive.open_error = IndexDamaged("vectors.faiss is cut short.", where="indexes/news", cure="Rebuild it.")
    page.run()
    assert [error.value for error in page.error] == [
        r"indexes\/news\: vectors\.faiss is cut short\. Rebuild it\."
    ]


def test_bad_question_is_reported_in_one_line(page, archive):
    ask(page.run(), "x" * 10_000)
    assert [error.value for error in page.error] == [
        r"The question has 10\,000 characters\, at most 1\,000 can be read\. Ask more shortly\."
    ]
    assert archive.asked == []


def test_unexpected_error_is_reported_plainly_and_its_traceback_goes_to_the_log(page, archive, caplog):
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


@pytest.mark.parametrize("view", ["ask", "archive", "settings"])
def test_every_view_says_what_is_wrong_with_the_archive(page, archive, view: str):
    archive.open_error = IndexDamaged("cut short", where="x", cure="Rebuild it.")
    page.run()
    assert [error.value for error in go(page, view).error] == [r"x\: cut short\. Rebuild it\."]


def test_page_offers_the_spelling_of_the_archive_and_asks_it_by_a_click(page, archive):
    html_of(ask(page.run(), "How many died in Turkei?"))
    page.button(key="respelled").click().run()
    assert archive.asked[-1][0] == "How many died in Turkey?"
    ask(page, QUAKE)
    assert "respelled" not in [button.key for button in page.button]
