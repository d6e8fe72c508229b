"""Many questions go in as a file, and their answers come out as one table."""

from __future__ import annotations

from datetime import date

from tests.page.conftest import NOWHERE, QUAKE, html_of, press


def upload(page, name: str, text: str):
    return page.file_uploader[0].set_value((name, text.encode(), "text/plain")).run()


def test_page_asks_a_file_of_questions_and_shows_and_offers_the_table(page, archive):
    page.run()
    upload(page, "many.txt", f"{QUAKE}\n{NOWHERE}\n")
    press(page, "Ask them all")
    assert [question for question, _ in archive.asked] == [QUAKE, NOWHERE]
    html = html_of(page)
    assert "1 question of 2 has an answer." in html
    row, guess = html[html.index("<tbody>") : html.index("</tbody>")].split("</tr><tr>")
    assert '<a href="./?q=How+many+people+died+in+the+earthquake%3F" target="_self">' in row
    assert '<strong dir="auto">At least 3,400</strong> <span>likely, 83 %</span>' in row
    assert "<mark>At least 3,400</mark> people died, officials said on Monday evening." in row
    assert "Earthquake strikes southern Turkey" in row and "6 February 2023" in row
    assert 'Perhaps: <strong dir="auto">officials</strong> <span>unsure, 4 %</span>' in guess
    assert archive.heard[0][1:] == (True, None)  # its time counts, and it follows on no other question
    assert [button.label for button in page.download_button] == ["Download the answers"]


def test_a_bad_question_of_a_file_is_reported_beside_the_answers(page, archive):
    page.run()
    upload(page, "many.csv", f"question\n{QUAKE}\n???\n")
    press(page, "Ask them all")
    assert "1 question of 2 has an answer." in html_of(page)
    assert "<td>Not asked: the question is empty</td>" in html_of(page)
    assert [button.label for button in page.download_button] == ["Download the answers"]


def test_answers_stay_until_another_file_or_condition_takes_their_place(page, archive):
    page.run()
    upload(page, "many.txt", f"{QUAKE}\n")
    press(page, "Ask them all")
    assert "1 question of 1 has an answer." in html_of(page.run())
    page.date_input(key="since").set_value(date(2023, 2, 1)).run()
    assert "has an answer" not in html_of(page) and not page.download_button
    press(page, "Ask them all")
    assert "./?q=How+many+people+died+in+the+earthquake%3F&amp;since=2023-02-01" in html_of(page)
    upload(page, "other.txt", f"{NOWHERE}\n")
    assert "has an answer" not in html_of(page)


def test_file_without_a_question_is_reported_in_one_line_and_the_page_goes_on(page, archive):
    page.run()
    upload(page, "many.txt", "\n \n")
    press(page, "Ask them all")
    (error,) = page.error
    assert error.value.replace("\\", "") == "many.txt: there is no question in it. Write one question a line."
    assert archive.asked == []
