"""Of a passage the sentences nearest to the question are shown, its words marked."""

from __future__ import annotations

from qa.records import Answer, Article, Passage
from qa.retrieve.excerpt import MOST_CHARACTERS, excerpts

OPENING = "The old harbour was quiet on Monday and the ferries stayed in the port for the whole of the day."
TOLL = "At least 3,400 people died in the earthquakes, officials of the province said in the evening."
AID = "More than forty countries have promised that their aid will come within the next three days."
ARTICLE = Article("a", "T", f"{OPENING} {AID} {TOLL}")
WHOLE = Passage(ARTICLE, 0, len(ARTICLE.text))


def shown(question: str, passage: Passage = WHOLE, *quotes: Answer) -> tuple[list[str], list[str]]:
    """Return the texts of the excerpt's stretches, and the words marked in them."""
    (excerpt,) = excerpts(question, [passage], quotes)
    text = passage.article.text
    return [text[s:e] for s, e in excerpt.stretches], [text[s:e] for s, e in excerpt.words]


def test_sentence_with_the_words_of_the_question_is_shown_and_not_the_beginning():
    assert shown("How many people died in the earthquake?") == ([TOLL], ["people", "died", "earthquakes"])


def test_sentences_stand_in_their_order_and_neighbours_make_one_stretch():
    texts, words = shown("When will aid reach people of the earthquake?")
    assert texts == [f"{AID} {TOLL}"]
    assert words == ["will", "aid", "people", "earthquakes"][1:]


def test_sentences_apart_are_two_stretches():
    assert shown("Which ferries in the port heard of the earthquake?")[0] == [OPENING, TOLL]


def test_sentence_of_an_answer_comes_before_all_others():
    start = ARTICLE.text.index("Monday")
    quote = Answer(ARTICLE, start, start + 6, 0.5, 1.0)
    assert shown("How many people died though countries promised aid?", WHOLE, quote)[0][0].startswith(
        OPENING
    )


def test_quote_of_another_article_counts_for_nothing():
    other = Answer(Article("b", "T", ARTICLE.text), 100, 105, 0.5, 1.0)
    assert shown("How many people died?", WHOLE, other)[0] == [TOLL]


def test_passage_without_any_word_of_the_question_shows_its_beginning():
    assert shown("Zxqwv?") == ([OPENING], [])


def test_places_count_from_the_beginning_of_the_article():
    passage = Passage(ARTICLE, len(OPENING) + 1, len(ARTICLE.text))
    assert shown("How many people died?", passage) == ([TOLL], ["people", "died"])


def test_word_that_few_sentences_have_counts_more():
    text = (
        "The storm hit the northern coast of the island on Friday and moved on to the east at night. "
        "The storm and the storm surge were seen in Zandrak, where the mayor spoke to the people there."
    )
    rest = Article("b", "T", "The storm came. The storm went. The storm grew. The storm was seen.")
    found = excerpts("Where was the storm near Zandrak?", [Passage(Article("a", "T", text), 0, len(text)),
                                                          Passage(rest, 0, len(rest.text))])  # fmt: skip
    start, end = found[0].stretches[0]
    assert "Zandrak" in text[start:end]


def test_very_long_sentence_is_cut_around_the_words_between_words():
    text = "word " * 300 + "target " + "word " * 300
    (excerpt,) = excerpts("Where is the target?", [Passage(Article("a", "T", text), 0, len(text))])
    ((start, end),) = excerpt.stretches
    assert end - start <= MOST_CHARACTERS
    assert " target " in text[start:end]
    assert text[start - 1] == " " and text[end] == " "


def test_short_sentence_gets_the_next_one():
    text = "Nobody died. They were all taken to the hospital of the town by the evening of that day."
    assert shown("Who died?", Passage(Article("a", "T", text), 0, len(text)))[0] == [text]


def test_passage_without_a_sentence_is_shown_whole():
    article = Article("a", "T", "  ")
    assert excerpts("Who?", [Passage(article, 0, 2)])[0].stretches == ((0, 2),)
