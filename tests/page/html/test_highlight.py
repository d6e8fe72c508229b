"""The sentence and context around a quote, and marks in HTML."""

from qa.page.html import highlight
from qa.page.html.highlight import paragraphs
from qa.page.html.templates import macro
from qa.text.sentences import context_around, sentence_around

TEXT = (
    "Mr. Kim left. He met Gen. Shoigu on Tuesday at 3 p.m. in Pyongyang. They ate.\n\nNothing else is known."
)


def marked(text: str, marks: list[tuple[int, int]], *part: int) -> str:
    return macro("parts.html", "marked")(highlight.marked(text, marks, *part))


def around(text: str, quote: str) -> str:
    start = text.index(quote)
    first, last = sentence_around(text, start, start + len(quote))
    return text[first:last]


def context(text: str, quote: str) -> str:
    start = text.index(quote)
    first, last = context_around(text, start, start + len(quote))
    return text[first:last]


def test_sentence_is_not_ended_by_an_abbreviation():
    assert around(TEXT, "Shoigu") == "He met Gen. Shoigu on Tuesday at 3 p.m. in Pyongyang."


def test_paragraph_break_ends_a_sentence_without_full_stop():
    assert around("A headline\n\nThe body starts here", "headline") == "A headline"


def test_quote_over_two_sentences_brings_both():
    assert (
        around(TEXT, "Pyongyang. They") == "He met Gen. Shoigu on Tuesday at 3 p.m. in Pyongyang. They ate."
    )


def test_sentence_borders_count_characters_not_bytes():
    assert around("😀😀 안녕하세요. 반갑습니다 😀. Bye.", "반갑습니다") == "반갑습니다 😀."


def test_quote_at_both_ends_of_a_text_is_its_own_sentence():
    assert sentence_around("Yes", 0, 3) == (0, 3)


def test_short_sentence_gets_the_next_one_of_its_paragraph():
    assert context("One. Two.\n\nThree.", "One") == "One. Two."


def test_last_short_sentence_gets_the_one_before():
    assert context("One. Two.\n\nThree.", "Two") == "One. Two."


def test_long_sentence_stands_alone():
    sentence = (
        "The committee met for eleven hours and then agreed on a text that nobody had wanted at the start."
    )
    assert context(f"Before. {sentence} After.", "eleven") == sentence


def test_text_without_full_stops_is_cut_between_words_around_the_quote():
    text = "word " * 400 + "target " + "word " * 400
    cut = context(text, "target")
    assert cut == "word " * 60 + "target" + " word" * 60


def test_quote_inside_one_endless_word_is_left_alone():
    text = "x" * 5000 + "target" + "x" * 5000
    assert context(text, "target") == "target"


def test_marks_enclose_the_exact_characters():
    assert marked("a < b & c", [(4, 5)]) == "a &lt; <mark>b</mark> &amp; c"


def test_overlapping_marks_are_joined():
    assert marked("abcdef", [(1, 3), (2, 5)]) == "a<mark>bcde</mark>f"


def test_touching_marks_stay_apart():
    assert marked("abcd", [(0, 2), (2, 4)]) == "<mark>ab</mark><mark>cd</mark>"


def test_mark_over_the_border_of_a_part_is_cut_at_it():
    assert marked("abcdef", [(1, 5)], 2, 4) == "<mark>cd</mark>"


def test_mark_outside_a_part_is_not_shown():
    assert marked("abcdef", [(0, 1)], 2, 4) == "cd"


def test_closing_mark_in_the_text_is_shown_as_text():
    assert marked("a</mark>b", [(0, 9)]) == "<mark>a&lt;/mark&gt;b</mark>"


def test_paragraph_borders_leave_out_the_blank_lines():
    text = "One\nline\n\n\n\nTwo"
    assert [text[start:end] for start, end in paragraphs(text)] == ["One\nline", "Two"]


def test_word_of_the_question_is_marked_apart_and_not_inside_an_answer():
    pieces = highlight.marked("abcdef", [(0, 3)], words=[(1, 2), (4, 5)])
    assert [(piece.text, piece.mark) for piece in pieces] == [
        ("abc", "answer"),
        ("d", ""),
        ("e", "word"),
        ("f", ""),
    ]
