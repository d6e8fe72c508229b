"""Asked again after news: what counts as a change, and what does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import qa
from qa.follow.again import ask_again, remember, same_answer
from qa.follow.records import Change
from qa.follow.store import follow, followed, unfollow
from qa.follow.wording import change_line, followed_line
from qa.records import Answer, Answered, Article, Reply
from qa.settings import AskSettings

TOLL = "How many people died?"


def reply(text: str, day: int, article: str = "", *, state: str = "current", known: str = "") -> Reply:
    """Return a sure answer of an article of that day of November 2023."""
    whole = known if known else f"At least {text} people died, officials said."
    moment = datetime(2023, 11, day, tzinfo=UTC)
    source = Article(article if article else f"a{day}", "Toll", whole, moment, source="Northern Ledger")
    start = whole.index(text)
    return Reply(TOLL, (Answer(source, start, start + len(text), 0.8, 4.0, state=state),), ())


NONE = Reply(TOLL, (), ())


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., list[Change]]:
    """Ask again: each question gets the reply or an error; ``gone`` are articles that no longer exist."""
    index = tmp_path / "index"

    def again(given: Reply | None, *, gone: tuple[str, ...] = ()) -> list[Change]:
        def answered(questions: Iterable[str], sources: object, tags: object) -> list[Answered]:
            return [Answered(one, given, "" if given else "a fault") for one in questions]

        return ask_again(index, "g", answered, lambda article: article not in gone)

    follow(index, TOLL)
    return again


def lines(changes: list[Change]) -> list[str]:
    return [change_line(one) for one in changes]


def test_what_takes_the_place_of_a_forgotten_answer_is_no_change(tmp_path):
    index = tmp_path / "index"
    follow(index, TOLL)

    def ask(given: Reply, *, news: bool = True) -> list[Change]:
        def answered(questions: Iterable[str], sources: object, tags: object) -> list[Answered]:
            return [Answered(one, given) for one in questions]

        return ask_again(index, "g", answered, lambda article: True, news=news)

    ask(reply("227", 12))
    assert ask(reply("230", 13), news=False) == []
    kept = followed(index)
    assert kept.changes == () and kept.questions[0].answer.text == "230"
    assert lines(ask(reply("240", 14))) == ["230 → 240, Northern Ledger, 14 November 2023"]


def test_the_first_answer_is_no_change_and_the_next_one_is(ask, tmp_path):
    assert ask(reply("223", 10)) == []
    changes = ask(reply("227", 12))
    assert lines(changes) == ["223 → 227, Northern Ledger, 12 November 2023"]
    kept = followed(tmp_path / "index")
    assert kept.changes == tuple(changes) and kept.generation == "g"
    assert followed_line(kept.questions[0]) == "227, Northern Ledger, 12 November 2023"
    assert ask(reply("227", 13)) == []


def test_newest_changes_come_first(ask, tmp_path):
    for day, toll in ((10, "223"), (11, "227"), (12, "231")):
        ask(reply(toll, day))
    assert [one.after.text for one in followed(tmp_path / "index").changes] == ["231", "227"]


def test_other_words_for_the_same_are_no_change(ask):
    ask(reply("12 November", 12, known="He resigned on 12 November 2023, she said."))
    assert ask(reply("Sunday", 13, known="He resigned on Sunday, officials said.")) == []
    assert len(ask(reply("Monday", 14, known="He resigned on Monday, officials said."))) == 1


def test_less_sure_is_no_change_while_the_article_is_there(ask):
    ask(reply("223", 10))
    assert ask(NONE) == []
    assert lines(ask(NONE, gone=("a10",))) == ["223 → no sure answer"]
    assert lines(ask(reply("227", 12))) == ["no sure answer → 227, Northern Ledger, 12 November 2023"]


def test_older_news_do_not_replace_newer_ones_unless_those_are_gone(ask):
    ask(reply("227", 12))
    assert ask(reply("223", 10)) == []
    assert lines(ask(reply("223", 10), gone=("a12",))) == ["227 → 223, Northern Ledger, 10 November 2023"]


def test_a_disputed_answer_is_labelled(ask):
    ask(reply("223", 10))
    assert lines(ask(reply("240", 12, state="disputed"))) == [
        "223 → 240 (disputed), Northern Ledger, 12 November 2023"
    ]


def test_a_question_that_cannot_be_asked_keeps_what_it_had(ask, tmp_path):
    ask(reply("223", 10))
    before = followed(tmp_path / "index").questions
    assert ask(None) == [] and followed(tmp_path / "index").questions == before


def test_what_was_found_on_the_page_is_what_a_change_is_measured_by(ask, tmp_path):
    index = tmp_path / "index"
    remember(index, 1, reply("223", 10))
    remember(index, 1, reply("1", 1))  # replies after the first are not counted
    assert len(ask(reply("227", 12))) == 1


def test_a_question_removed_while_it_is_asked_stays_removed(tmp_path):
    index = tmp_path / "index"
    follow(index, TOLL)
    follow(index, "Who?")

    def answered(questions: list[str], sources: object, tags: object) -> list[Answered]:
        unfollow(index, 1)
        return [Answered(one, reply("223", 10)) for one in questions]

    ask_again(index, "g", answered, lambda article: True)
    assert [one.question for one in followed(index).questions] == ["Who?"]


def test_each_question_is_asked_under_its_own_conditions(tmp_path):
    index = tmp_path / "index"
    asked = []
    for question, source in (("A?", []), ("B?", ["Reuters"]), ("C?", []), ("D?", ["Reuters"])):
        follow(index, question, sources=source)

    def answered(questions: list[str], sources: object, tags: object) -> list[Answered]:
        asked.append((tuple(questions), sources, tags))
        return [Answered(one, NONE) for one in questions]

    ask_again(index, "g", answered, lambda article: True)
    assert sorted(asked) == [(("A?", "C?"), (), ()), (("B?", "D?"), ("Reuters",), ())]


def test_nothing_followed_asks_nothing(tmp_path):
    assert ask_again(tmp_path / "index", "g", None, None) == []


def test_equal_absence_is_the_same():
    assert same_answer(None, None)


def test_archive_asks_again_after_an_update(build_small, open_small, number_reader, news, tmp_path):
    build_small(news)
    archive = qa.Archive(open_small(), number_reader, AskSettings())
    archive.follow("How many people died, officials said?", source="Reuters")
    assert archive.ask_followed() == []
    news.append(
        news[1] | {"id": "later", "date": "2023-02-09", "text": news[1]["text"].replace("3,400", "20,000")}
    )
    news[-1]["title"] = "Toll rises"
    build_small(news)
    archive.refresh()
    (change,) = archive.ask_followed()
    assert change_line(change) == "3,400 → 20,000, Reuters, 9 February 2023"
    assert archive.ask_followed() == []
