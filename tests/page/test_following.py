"""Followed questions on the page: taken up, shown, asked again after a build, let go; no command anywhere."""

from __future__ import annotations

from pathlib import Path

from qa.follow.records import Change
from qa.follow.store import FILE, follow, followed
from qa.page import following
from qa.page.html import following as html
from tests.follow.test_store import AT, answer
from tests.page.conftest import FIRST, NOWHERE, QUAKE, SECOND, ask, go, html_of, press


def test_a_question_is_followed_by_a_click_with_its_answer(page, archive):
    page.run()
    ask(page, QUAKE)
    press(page, "Follow this question")
    (one,) = followed(archive.index).questions
    assert (one.question, one.answer.text) == (QUAKE, "At least 3,400")
    assert "You follow this question." in html_of(page)
    assert "Follow this question" not in [button.label for button in page.button]


def test_the_start_shows_what_is_followed_and_asks_it_by_a_click(page, archive):
    follow(archive.index, QUAKE, sources=["Meridian Wire"])
    page.run()
    assert "At least 3,400, Meridian Wire, 6 February 2023" in html_of(page)
    page.button(key="ask-followed-1").click().run()
    assert (page.text_input(key="q").value, page.multiselect(key="source").value) == (
        QUAKE,
        ["Meridian Wire"],
    )


def test_news_is_asked_after_and_the_change_is_shown_once(page, archive):
    page.run()
    ask(page, QUAKE)
    press(page, "Follow this question")
    page.text_input(key="q").set_value("")
    press(page, "Ask")
    assert "What changed" not in html_of(page)
    archive.first = "20,000"  # what the archive answers from now on
    archive.write(FIRST, SECOND)
    page.run()
    shown = html_of(page)
    assert "At least 3,400 → 20,000, Northern Ledger, 9 February 2023" in shown
    assert shown.count("What changed") == 1  # not above and below at once
    asked = len(archive.asked)
    page.run()
    assert len(archive.asked) == asked
    assert html_of(page).count("What changed") == 1


def delete(page, article_id: str) -> None:
    """Delete an article, as its button in the Archive view does."""
    go(page, "archive")
    page.button(key=f"open-{article_id}").click().run()
    press(page, "Delete from the archive")


def test_after_a_deletion_the_question_is_asked_again_and_no_change_is_told(page, archive):
    page.run()
    ask(page, QUAKE)
    press(page, "Follow this question")
    go(page, "archive")
    archive.first = "20,000"  # what the archive answers once an article is gone
    delete(page, "quake-3")
    (one,) = followed(archive.index).questions
    assert (one.answer.text, one.answer.article) == ("20,000", "quake-2")
    assert followed(archive.index).changes == ()
    assert "What changed" not in html_of(page)
    asked = len(archive.asked)
    page.run()
    assert len(archive.asked) == asked


def test_answer_from_an_article_that_is_deleted_gives_way_and_no_change_is_told(page, archive):
    page.run()
    ask(page, QUAKE)
    press(page, "Follow this question")
    go(page, "archive")
    archive.first = "20,000"
    delete(page, "quake-1")
    (one,) = followed(archive.index).questions
    assert (one.answer.text, one.answer.article) == ("20,000", "quake-2")
    assert followed(archive.index).changes == ()
    assert "What changed" not in html_of(page)


def test_news_of_another_archive_is_told_after_a_deletion_in_this_one(page, archive):
    other = archive.index.with_name("other")
    path = archive.folder / "articles.jsonl"
    archive._build([path], other)
    follow(other, QUAKE)
    page.run()
    page.selectbox(key="archive").set_value("other").run()  # asks it for the first time
    page.selectbox(key="archive").set_value("news").run()
    delete(page, "quake-3")  # where nothing is followed
    archive.first = "20,000"
    archive._build([path], other)
    page.selectbox(key="archive").set_value("other").run()
    assert "At least 3,400 → 20,000, Northern Ledger, 9 February 2023" in html_of(page)


def test_a_question_is_let_go_by_a_click(page, archive):
    follow(archive.index, NOWHERE)
    page.run()
    assert "no sure answer" in html_of(page)
    press(page, "Stop")
    assert followed(archive.index).questions == ()
    assert "Followed questions" not in html_of(page)


def test_a_broken_file_is_reported_and_the_page_goes_on(page, archive):
    (archive.index / FILE).write_text("{")
    page.run()
    assert "the followed questions are broken" in page.error[0].value.replace("\\", "")
    assert "For example" in html_of(page)


def test_hostile_words_stand_as_text():
    change = Change(1, "<script>x</script>?", answer("<b>1"), answer("2", source="<i>"), AT)
    made = html.changes([change])
    assert "<script" not in made and "<b>" not in made and "<i>" not in made
    assert "&lt;script&gt;x&lt;/script&gt;?" in made and "&lt;b&gt;1 → 2, &lt;i&gt;" in made


def test_the_page_knows_no_command():
    for path in Path(following.__file__).parent.rglob("*.py"):
        assert "qa.follow.command" not in path.read_text(encoding="utf-8"), path
