"""What is in an archive, searched, browsed and read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
import streamlit as st

import qa
from qa.errors import IndexBusy
from qa.page import archive as shelves
from qa.records import Calendar, Count
from tests.page.conftest import COPY, FIRST, QUAKE, SECOND, ask, go, html_of, press


@pytest.fixture
def shelf(page, archive):
    page.run()
    return go(page, "archive")


def titles(page) -> list[str]:
    return [button.label for button in page.button if button.key and button.key.startswith("open-")]


def test_archive_lists_its_articles_newest_first(shelf):
    html = html_of(shelf)
    assert "<li>3 articles from 3 sources</li><li>6 to 9 February 2023</li>" in html
    assert [button.label for button in shelf.button if button.key.startswith("name-")] == [
        "Harbour Post 1",
        "Meridian Wire 1",
        "Northern Ledger 1",
    ]
    assert "3 articles, newest first." in html
    assert titles(shelf) == [r"Death toll passes 20\,000", r"Toll passes 20\,000", FIRST.title]
    assert len(shelf.get("vega_lite_chart")) == 1


def test_archive_says_how_fresh_it_is(shelf, archive):
    html = html_of(shelf)
    assert "<li>6 to 9 February 2023</li>" in html and "<li>Built " in html and "watched" not in html
    known = {feed: {"etag": "", "last_modified": ""} for feed in ("https://a.example", "https://b.example")}
    (archive.index / "watch.json").write_text(json.dumps(known))
    assert "<li>2 feeds watched</li>" in html_of(shelf.run())


def test_filters_of_the_list_stand_in_its_address(page, archive):
    page.run()
    page.query_params |= {"about": "Turkey", "to": "2023-02-08"}
    go(page, "archive")
    assert titles(page) == [FIRST.title]
    page.selectbox(key="of").set_value("Northern Ledger").run()
    assert titles(page) == []


def test_address_holds_the_name_of_a_filter_alone(shelf):
    shelf.selectbox(key="of").set_value("Meridian Wire").run()
    assert shelf.query_params["of"] in ("Meridian Wire", ["Meridian Wire"])
    shelf.selectbox(key="of").set_value(None).run()
    assert "of" not in shelf.query_params


def test_filter_of_an_address_survives_another_number_of_articles(page, archive):
    page.run()
    page.query_params["of"] = "Meridian Wire (7)"  # the form of addresses that people shared earlier
    go(page, "archive")
    assert page.selectbox(key="of").value == "Meridian Wire"
    assert page.selectbox(key="of").options == [
        "Harbour Post (1)",
        "Meridian Wire (1)",
        "Northern Ledger (1)",
    ]
    archive.write(FIRST, SECOND, COPY, replace(COPY, id="quake-4", source="Meridian Wire", text=FIRST.text))
    assert page.run().selectbox(key="of").value == "Meridian Wire"
    assert "Meridian Wire (2)" in page.selectbox(key="of").options
    assert page.query_params["of"] in ("Meridian Wire", ["Meridian Wire"])


def test_name_that_ends_like_a_count_is_taken_as_it_is(page, archive):
    archive.write(FIRST, replace(SECOND, source="Radio (5)"))
    page.run()
    page.query_params["of"] = "Radio (5)"
    go(page, "archive")
    assert page.selectbox(key="of").value == "Radio (5)"
    assert titles(page) == [r"Death toll passes 20\,000"]


def test_unknown_source_of_the_address_is_known_once_it_has_an_article(page, archive):
    page.query_params["of"] = "valley radio"
    go(page, "archive")
    assert "This archive has no source “valley radio”." in html_of(page)
    archive.write(FIRST, replace(SECOND, source="Valley Radio"))
    assert "1 article, newest first." in html_of(page.run())
    assert page.selectbox(key="of").value == "Valley Radio"


def test_source_whose_last_article_went_is_unknown_from_then_on(shelf, archive):
    shelf.selectbox(key="of").set_value("Meridian Wire").run()
    archive.write(SECOND, COPY)
    assert "This archive has no source “Meridian Wire”." in html_of(shelf.run())
    assert titles(shelf) == []
    press(shelf, "All")
    assert len(titles(shelf)) == 2


def test_what_was_found_is_said_to_who_hears_the_page(shelf):
    shelf.text_input(key="find").set_value("earthquake").run()
    assert '"3 articles near \\u201cearthquake\\u201d, nearest first."' in html_of(shelf)


def test_articles_are_listed_as_they_arrived_on_a_click(shelf):
    shelf.segmented_control(key="order").set_value("Newest arrivals").run()
    assert "3 articles, those that came in last first." in html_of(shelf)
    # The whole list without pages.
    assert titles(shelf) == [r"Death toll passes 20\,000", r"Toll passes 20\,000", FIRST.title]


def test_articles_are_counted_by_topic_on_a_click(shelf):
    shelf.segmented_control(key="by").set_value("By topic").run()
    assert shelf.button(key="name-0").label == "Turkey 2"
    shelf.button(key="name-0").click().run()  # a click on the name sets the filter
    assert shelf.selectbox(key="about").value == "Turkey"
    assert titles(shelf) == [r"Death toll passes 20\,000", FIRST.title]
    shelf.segmented_control(key="by").set_value("By source").run()
    press(shelf, "Meridian Wire 1")
    assert titles(shelf) == [FIRST.title]


def test_bar_of_the_chart_narrows_the_list_to_its_name_and_its_time(shelf):
    counts = Calendar("month", (Count(date(2023, 2, 1), "Meridian Wire", 1),))
    shelves._narrow("source", "Meridian Wire", date(2023, 2, 1), counts)
    assert st.session_state["of"] == "Meridian Wire"
    assert (st.session_state["from"], st.session_state["to"]) == (date(2023, 2, 1), date(2023, 2, 28))
    shelves._narrow("source", "others", date(2023, 2, 1), counts)
    assert st.session_state["of"] == "Meridian Wire"


def test_dates_narrow_the_list_and_the_search(shelf):
    shelf.date_input(key="from").set_value(date(2023, 2, 7)).run()
    assert len(titles(shelf)) == 2
    shelf.text_input(key="find").set_value("earthquake").run()
    assert FIRST.title not in titles(shelf)
    shelf.date_input(key="to").set_value(date(2023, 2, 8)).run()
    assert "No article is near “earthquake”." in html_of(shelf)


def test_search_is_ordered_by_nearness_or_by_date(shelf):
    shelf.text_input(key="find").set_value("people died in the earthquake").run()
    assert shelf.segmented_control(key="order-found").options == ["Nearest", "Newest"]
    shelf.segmented_control(key="order-found").set_value("Newest").run()
    assert titles(shelf)[-1] == FIRST.title
    assert "newest first." in html_of(shelf)


def test_phrase_in_quotation_marks_finds_only_what_holds_it(shelf):
    shelf.text_input(key="find").set_value('"more than 20,000 people"').run()
    assert set(titles(shelf)) == {r"Death toll passes 20\,000", r"Toll passes 20\,000"}
    assert '<mark class="qa-word">people</mark>' in html_of(shelf)


def test_source_and_topic_narrow_the_list(shelf):
    shelf.selectbox(key="about").set_value("Turkey").run()
    assert titles(shelf) == [r"Death toll passes 20\,000", FIRST.title]
    shelf.selectbox(key="of").set_value("Meridian Wire").run()
    assert titles(shelf) == [FIRST.title]


def test_search_lists_each_article_once_nearest_first(shelf):
    shelf.text_input(key="find").set_value("rescue teams in freezing rain").run()
    assert titles(shelf)[0] == FIRST.title
    assert len(titles(shelf)) == len(set(titles(shelf)))
    assert "near “rescue teams in freezing rain”, nearest first." in html_of(shelf)


def test_search_for_nothing_that_can_be_read_is_reported_in_one_line(shelf):
    shelf.text_input(key="find").set_value("???").run()
    assert [error.value for error in shelf.error] == [
        r"The question is empty\. Ask in words\: \"Who bought Twitter\?\""
    ]


def test_long_lists_come_in_pages(shelf, monkeypatch):
    monkeypatch.setattr(shelves, "PAGE", 2)
    shelf.run()
    assert titles(shelf) == [r"Death toll passes 20\,000", r"Toll passes 20\,000"]
    shelf.session_state["page"] = 2
    shelf.run()
    assert titles(shelf) == [FIRST.title]
    shelf.selectbox(key="of").set_value("Harbour Post").run()  # a page that is no longer there
    assert titles(shelf) == [r"Toll passes 20\,000"]


def test_article_is_read_by_a_click(shelf):
    shelf.button(key="open-quake-1").click().run()
    (dialog,) = shelf.get("dialog")
    assert FIRST.title in dialog.get("html")[0].proto.body
    assert "<mark" not in dialog.get("html")[0].proto.body


def test_article_is_deleted_by_two_clicks_and_the_rest_stays(shelf, archive):
    shelf.button(key="open-quake-1").click().run()
    press(shelf, "Delete from the archive")
    assert [told.value for told in shelf.success] == ["Deleted. The other articles stay as they are."]
    assert titles(shelf) == [r"Death toll passes 20\,000", r"Toll passes 20\,000"]
    assert not shelf.run().success


def test_deletion_that_fails_is_reported_in_one_line(shelf, monkeypatch):
    def refuse(index, ids):
        raise IndexBusy("another build is writing it", where=index, cure="Wait.")

    monkeypatch.setitem(vars(qa), "forget", refuse)
    shelf.button(key="open-quake-1").click().run()
    press(shelf, "Delete from the archive")
    assert "another build is writing it" in shelf.error[0].value
    assert len(titles(shelf)) == 3


def test_only_the_archive_lets_articles_be_deleted(page, archive):
    ask(page.run(), QUAKE)
    page.button(key="read-answer-1").click().run()
    assert "Delete from the archive" not in [button.label for button in page.button]


def test_what_the_last_build_left_out_is_listed_with_the_reason(page, archive):
    path = archive.folder / "more.jsonl"
    path.write_text('{"title": "No text"}\n{broken <b>\n')
    archive._build([path, archive.folder / "articles.jsonl"], archive.index)
    page.run()
    go(page, "archive")
    (fold,) = [fold for fold in page.expander if fold.label.startswith("Left out")]
    assert fold.label == "Left out of the last build: 2 inputs"
    assert '<strong><bdi dir="auto">more.jsonl:2</bdi></strong>' in html_of(page)


def test_archive_without_dates_and_names_says_that_it_has_none(page, bare):
    path = bare.folder / "plain.txt"
    path.write_text("Glaciers flow slowly under their own weight, and nobody sees them move.")
    bare._build([path], bare.index)
    page.run()
    assert "No article has a date and a name to count it by." in html_of(go(page, "archive"))
