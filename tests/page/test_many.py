"""Many questions go in as a file, and their answers come out as one table."""

from __future__ import annotations

from tests.page.conftest import NOWHERE, QUAKE, html_of, press


def test_page_asks_a_file_of_questions_and_offers_the_table(page, archive):
    page.run()
    page.file_uploader[0].set_value(("many.txt", f"{QUAKE}\n{NOWHERE}\n".encode(), "text/plain")).run()
    press(page, "Ask them all")
    assert [question for question, _ in archive.asked] == [QUAKE, NOWHERE]
    assert "1 question of 2 have an answer." in html_of(page)
    assert archive.heard[0][1:] == (True, None)  # its time heeded, leaning on no other
    assert [button.label for button in page.download_button] == ["Download the answers"]


def test_a_bad_question_of_a_file_is_told_beside_the_answers(page, archive):
    page.run()
    page.file_uploader[0].set_value(("many.csv", f"question\n{QUAKE}\n???\n".encode(), "text/csv")).run()
    press(page, "Ask them all")
    assert "1 question of 2 have an answer." in html_of(page)
    assert "???: the question is empty" in html_of(page)
    assert [button.label for button in page.download_button] == ["Download the answers"]
