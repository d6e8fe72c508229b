"""The async face: the same replies, and an event loop that goes on meanwhile."""

from __future__ import annotations

import asyncio
import inspect

import pytest

import qa
from qa.errors import InputError, TooBusy
from qa.settings import DoorSettings
from tests.doors.conftest import QUESTION, Slow


def test_it_gives_what_the_archive_gives(small: qa.Archive):
    async def main() -> None:
        async with qa.AsyncArchive(small) as news:
            reply = await news.ask(QUESTION, since="2023", source="Reuters")
            told = small.ask(QUESTION, since="2023", source="Reuters")
            assert (reply.answers, reply.hits) == (told.answers, told.hits)
            assert await news.search(QUESTION, 3, tag="turkey") == small.search(QUESTION, 3, tag="turkey")
            assert await news.article("quake") == small.article("quake")
            assert await news.overview() == small.overview()
            assert await news.brief("earthquake in Turkey") == small.brief("earthquake in Turkey")
            assert await news.refresh() is False
            with pytest.raises(KeyError):
                await news.article("nobody")
            with pytest.raises(InputError, match="the question is empty"):
                await news.ask("?")

    asyncio.run(main())


def test_many_questions_come_back_in_their_order_with_the_faults_of_each(small: qa.Archive):
    questions = [QUESTION, "?", *(f"How many ships were waiting on day {n}?" for n in range(20))]

    async def main() -> None:
        async with qa.AsyncArchive(small, DoorSettings(workers=1, waiting=0)) as news:
            got = [one async for one in news.ask_each(questions, tag="turkey")]
        told = small.ask_many(questions, tag="turkey")
        assert [one.question for one in got] == questions
        for ours, theirs in zip(got, told, strict=True):
            assert str(ours.fault) == str(theirs.fault)
            if theirs.reply is not None:
                assert (ours.reply.answers, ours.reply.hits) == (theirs.reply.answers, theirs.reply.hits)
        assert got[1].reply is None

    asyncio.run(main())


def parameters_of(method: object) -> dict[str, object]:
    return {name: each.default for name, each in inspect.signature(method).parameters.items()}


def test_its_methods_are_those_of_an_archive_and_take_the_same():
    parts = {"over", "reply_to", "calibration_file"}  # only for code that builds an Archive from parts
    own = {name for name in vars(qa.Archive) if not name.startswith("_")} - parts
    for name in own:
        theirs = getattr(qa.AsyncArchive, name)
        if name == "open":
            assert set(parameters_of(theirs)) - {"limits"} == set(parameters_of(getattr(qa.Archive, name)))
        else:
            assert parameters_of(theirs) == parameters_of(getattr(qa.Archive, name)), name
        assert inspect.iscoroutinefunction(theirs) or inspect.isasyncgenfunction(theirs), name
    assert set(vars(qa.AsyncArchive)) - own >= {"close"}
    assert len(own) >= 10


def test_followed_questions_are_kept_asked_again_and_refused_as_in_an_archive(small: qa.Archive):
    async def main() -> None:
        async with qa.AsyncArchive(small) as news:
            assert (await news.follow(QUESTION, tag="turkey")).question == QUESTION
            assert [change.question for change in await news.ask_followed()] in ([], [QUESTION])
            with pytest.raises(InputError, match="This archive has no source “Nobody”"):
                await news.follow(QUESTION, source="Nobody")
            assert [one.question for one in await news.ask_many([QUESTION, "?"])] == [QUESTION, "?"]

    asyncio.run(main())


def test_follow_up_takes_the_reply_before_or_the_question_before(small: qa.Archive):
    async def main() -> None:
        async with qa.AsyncArchive(small) as news:
            before = "Who visited Pyongyang with Shoigu?"
            after = "And who did he meet there?"
            by_reply = await news.ask(after, after=await news.ask(before))
            by_question = await news.ask(after, after=before)
            assert by_reply.follow_up == by_question.follow_up and by_reply.follow_up.before == before

    asyncio.run(main())


def test_event_loop_runs_on_while_a_question_is_read_and_passages_come_first(small: qa.Archive, slow: Slow):
    async def main() -> None:
        seen: list[str] = []
        async with qa.AsyncArchive(small) as news:
            asked = asyncio.create_task(
                news.ask(QUESTION, on_passages=lambda hits: seen.append(f"{len(hits)} passages"))
            )
            async with asyncio.timeout(20):
                while not slow.read_:  # only a loop that is not blocked gets here
                    await asyncio.sleep(0.001)
            assert seen == ["4 passages"] and not asked.done()
            slow.go.set()
            assert (await asked).answers[0].text == "3,400"

    asyncio.run(main())


def test_question_beyond_the_limits_is_refused(small: qa.Archive, slow: Slow):
    async def main() -> None:
        async with qa.AsyncArchive(small, DoorSettings(workers=1, waiting=0)) as news:
            asked = asyncio.create_task(news.ask(QUESTION))
            async with asyncio.timeout(20):
                while not slow.read_:
                    await asyncio.sleep(0.001)
            with pytest.raises(TooBusy, match="Ask again in 1 s"):
                await news.ask(QUESTION)
            slow.go.set()
            await asked

    asyncio.run(main())


def test_it_opens_an_index_by_itself(sample_index):
    async def main() -> None:
        async with await qa.AsyncArchive.open(sample_index) as news:
            reply = await news.ask("Which canal did the Ever Given block?")
            assert reply.answers[0].text == "Suez Canal"

    asyncio.run(main())
