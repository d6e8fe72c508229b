"""Pairs that teach an embedder: the negative looks like an answer and holds none."""

from __future__ import annotations

from dataclasses import replace

from qa.passages import embedded_text
from qa.records import Article, Passage
from training.examples import Example
from training.pairs import pairs


def example(number: int, question: str, text: str, answer: str) -> Example:
    article = Article(str(number), "", text)
    start = text.index(answer)
    return Example(
        str(number), question, Passage(article, 0, len(text)), ((start, start + len(answer)),), "news"
    )


LIKE = [
    example(0, "Who won the harbour race?", "Mara Quill won the harbour race on Sunday.", "Mara Quill"),
    example(1, "Who lost the race?", "The harbour race of last year was lost by Ada Lind.", "Ada Lind"),
    example(2, "Who sailed on?", "After the harbour race that she won, Mara Quill sailed on.", "Mara Quill"),
    example(3, "What burns?", "A mill burns in the valley.", "A mill"),
]


def test_the_negative_is_the_nearest_passage_without_the_answer():
    first = pairs(LIKE)[0]
    assert (first.question, first.passage) == (LIKE[0].question, embedded_text(LIKE[0].passage))
    # The third passage is nearer, but holds the answer.
    assert first.negative == embedded_text(LIKE[1].passage)


def test_no_negative_is_the_passage_itself_or_holds_the_answer():
    for pair, asked in zip(pairs(LIKE), LIKE, strict=True):
        assert pair.negative != pair.passage
        assert not any(answer in pair.negative for answer in asked.answers)


def test_a_question_whose_answer_stands_everywhere_is_left_out():
    alike = [example(n, "Who won?", f"Mara Quill won race {n}.", "Mara Quill") for n in range(3)]
    assert pairs(alike) == []


def test_negatives_of_news_are_found_in_the_archive_and_those_of_others_by_words():
    elsewhere = example(9, LIKE[0].question, "Another harbour, another race.", "Another harbour")
    textbook = replace(LIKE[3], source="squad", question="Who won in the valley?")

    first, *_, last = pairs([*LIKE[:3], textbook], lambda asked: [replace(asked, passage=elsewhere.passage)])

    assert first.negative == embedded_text(elsewhere.passage)
    assert last.negative == embedded_text(LIKE[0].passage)


def test_news_for_which_the_archive_has_no_negative_take_one_by_words():
    assert pairs(LIKE, lambda asked: []) == pairs(LIKE)
