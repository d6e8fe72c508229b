"""What the records show of themselves: enough to recognise them, and never a whole article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from qa.records import Answer, Article, Hit, Passage, Reply

TEXT = "Sergei Shoigu flew to Pyongyang on Tuesday. " + "He inspected missiles. " * 500
ARTICLE = Article("a1", "Shoigu in Pyongyang", TEXT, datetime(2023, 7, 27, tzinfo=UTC), source="CBS News")
PASSAGE = Passage(ARTICLE, 0, 43)
HIT = Hit(PASSAGE, score=0.75, similarity=0.5, bm25=12.25, near_duplicates=(replace(ARTICLE, id="a2"),))
ANSWER = Answer(ARTICLE, 0, 13, confidence=0.83, margin=5.25)


def test_article_shows_the_beginning_of_its_text_and_how_long_it_is():
    assert repr(ARTICLE) == (
        "Article(id='a1', title='Shoigu in Pyongyang', source='CBS News', "
        "published='2023-07-27T00:00:00+00:00', "
        "text='Sergei Shoigu flew to Pyongyang on Tuesday. He inspected mis… (11,544 characters)')"
    )


def test_hit_shows_its_passage_and_scores():
    assert repr(HIT) == (
        "Hit(score=0.750, similarity=0.500, bm25=12.25, title='Shoigu in Pyongyang', "
        "passage=Passage(text='Sergei Shoigu flew to Pyongyang on Tuesday.', article='a1', start=0, end=43), "
        "near_duplicates=1)"
    )


def test_answer_shows_its_quote_and_where_it_stands():
    assert repr(ANSWER) == (
        "Answer(text='Sergei Shoigu', confidence=0.830, margin=5.25, state='current', sources=1, "
        "title='Shoigu in Pyongyang', published='2023-07-27T00:00:00+00:00', article='a1', "
        "where='text', start=0, end=13)"
    )
    assert "confidence=None" in repr(replace(ANSWER, confidence=None))
    assert "published=None" in repr(replace(ANSWER, article=replace(ARTICLE, published=None)))


def test_reply_shows_its_answers_and_counts_its_evidence():
    reply = Reply("Who flew?", (ANSWER,), (HIT,) * 10)
    assert repr(reply) == f"Reply(question='Who flew?', answers=[{ANSWER!r}], best_rejected=None, hits=10)"


def test_no_record_shows_more_than_a_few_lines_of_a_long_article():
    long = replace(ARTICLE, title="Missiles " * 1000)
    hit = replace(HIT, passage=Passage(long, 0, len(TEXT)))
    answer = replace(ANSWER, article=long, agreeing=(PASSAGE,) * 9)
    for record in (long, hit, answer, Reply("Who?", (), (hit,) * 50, best_rejected=answer)):
        assert len(repr(record)) < 500, record
