"""Articles in, exact answers out: with the stand-ins, then with the real models."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import qa
from qa import archive, words
from qa.errors import IndexMissing, InputError
from qa.page.html import layout
from qa.read.reader import ExtractiveReader
from qa.records import Hit, Hits, Reply, UnknownName
from qa.retrieve import retriever
from qa.retrieve.query import query_of
from qa.settings import AskSettings


@pytest.fixture
def small(news, build_small, open_small, number_reader) -> qa.Archive:
    """Four articles, read by the stand-in that answers with numbers."""
    build_small(news)
    return qa.Archive(open_small(), number_reader, AskSettings(answers=2))


def test_reply_holds_the_answers_and_all_their_evidence(small: qa.Archive):
    reply = small.ask("  How many people died, officials said? ")
    assert reply.question == "How many people died, officials said?"
    assert (reply.answers[0].text, reply.answers[0].article.id) == ("3,400", "quake")
    assert (reply.answers[0].date, reply.answers[0].confidence) == (date(2023, 2, 6), None)
    assert {hit.passage.article.id for hit in reply.hits} == {"visit", "quake", "ship", "undated"}
    assert (reply.calibrated, reply.best_rejected) == (False, None)
    assert set(reply.timings) == {"retrieve", "read"}


def test_question_that_nothing_answers_keeps_hits_and_the_best_rejected(small: qa.Archive):
    reply = small.ask("Who won the yacht race yesterday?")
    assert reply.answers == ()
    assert len(reply.hits) == 4
    assert reply.best_rejected.margin <= 0


def test_passages_are_handed_over_before_they_are_read(small: qa.Archive, monkeypatch):
    events: list[object] = []
    read = small.reader.read
    monkeypatch.setattr(small.reader, "read", lambda *asked: events.append("read") or read(*asked))
    reply = small.ask("How many people died, officials said?", on_passages=events.append)
    assert events == [list(reply.hits), "read"]


def test_filters_reach_the_answers(small: qa.Archive):
    question = "How many ships were waiting in total?"
    assert small.ask(question).answers[0].text == "369"
    assert {h.passage.article.id for h in small.ask(question, source="REUTERS").hits} == {"quake", "ship"}
    assert [a.text for a in small.ask(question, since="2023").answers] == []
    assert small.ask(question, tag="egypt", until="2021").answers[0].text == "369"
    nothing = small.ask(question, tag="nowhere")
    assert (nothing.answers, nothing.hits, nothing.best_rejected) == ((), (), None)


def test_unknown_name_beside_a_known_one_is_told_with_what_the_known_one_gives(small: qa.Archive):
    question, names = "How many ships were waiting in total?", ["Reuters", "Reutars"]
    told = "This archive has no source “Reutars”. Did you mean Reuters?"
    reply = small.ask(question, source=names)
    (several,) = small.ask_many([question], source=names)
    for one in (reply, several.reply):
        assert one.answers[0].text == "369"
        assert [(name.name, name.nearest) for name in one.unknown] == [("Reutars", ("Reuters",))]
    assert small.ask(question, source=["Reuters", "REUTERS"]).unknown == ()
    assert small.ask("Articles of March 2021?", source=names).unknown == reply.unknown
    shown = [section.html for section in (*layout.unknown(reply), *layout.answered(reply))]
    assert told in shown[0] and len(shown) > 1


def test_search_and_lists_are_empty_for_an_unknown_name_and_suggest_the_nearest(small: qa.Archive):
    nearest = (UnknownName("source", "Reutars", ("Reuters",)),)
    search, listing = small.search, small.retriever.listing
    for found in (search("ships", source="Reutars"), small.retriever.search("ships", source="Reutars")):
        assert (found, found.unknown) == ([], nearest)
    assert (listing(source="Reutars").articles, listing(source="Reutars").unknown) == ((), nearest)
    assert listing(9, source="Reuters").unknown == ()  # beyond the last article, and yet a known source
    both = search("ships", source=["Reuters", "Reutars"])
    assert both == search("ships", source="Reuters") != [] and both.unknown == nearest
    (tag,) = search("ships", tag="zqxv").unknown
    assert (tag.kind, tag.nearest, tag.commonest != ()) == ("tag", (), True)
    for known in (search("ships"), search("ships", source="Reuters", since="2099")):
        assert known.unknown == ()


def test_what_a_search_finds_is_a_list_as_any_other(small: qa.Archive):
    found, plain = small.search("ships"), small.retriever.find(query_of("ships"))
    assert isinstance(found, list) and found == plain and plain == found and repr(found) == repr(plain)
    assert (found[0], found[:2], [*found], sorted(found, key=plain.index)) == (
        plain[0],
        plain[:2],
        plain,
        plain,
    )
    unknown = small.search("ships", source="Reutars")
    assert repr(unknown) == f"Hits([], unknown={unknown.unknown!r})"
    for again in (copy.copy(unknown), copy.deepcopy(unknown), pickle.loads(pickle.dumps(unknown))):
        assert (type(again), again, again.unknown) == (Hits, [], unknown.unknown)


def test_newer_generation_is_asked_after_a_refresh(small: qa.Archive, news, build_small):
    question = "How many people died, officials said?"
    news[1]["text"] = news[1]["text"].replace("3,400", "20,000")
    build_small(news)
    assert small.ask(question).answers[0].text == "3,400"
    assert small.refresh() is True
    assert small.ask(question).answers[0].text == "20,000"
    assert small.article("quake").text == news[1]["text"]


STORM = "How many people died in the storm?"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def storms(build_small, open_small, number_reader) -> Callable[..., qa.Archive]:
    """Make an archive of the same storm, reported on several days."""

    def make(*days: date) -> qa.Archive:
        text = "Officials said {} people died in the storm on the coast."
        fields = {"title": "Storm", "source": "Reuters"}
        build_small(
            [
                {"id": f"{day}", "text": text.format(10 + number), "date": f"{day}", **fields}
                for number, day in enumerate(days)
            ]
        )
        return qa.Archive(open_small(), number_reader, AskSettings())

    return make


def order(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.article.id for hit in hits]


def test_a_question_is_asked_today_unless_it_names_a_day(storms):
    old, present = date(2021, 3, 29), TODAY - timedelta(days=1)
    news = storms(old, present)
    for hits in (news.ask(STORM).hits, news.search(STORM), news.retriever.search(STORM)):
        assert order(hits) == [f"{present}", f"{old}"]
    for day in (qa.NO_DAY, "2021-03-30"):
        assert order(news.ask(STORM, as_of=day).hits) == order(news.search(STORM, as_of=day))
        assert order(news.search(STORM, as_of=day)) == [f"{old}", f"{present}"]


def test_an_archive_that_ended_long_ago_ranks_as_if_asked_on_no_day(storms):
    news = storms(date(2021, 3, 29), date(2021, 5, 2), date(2021, 8, 30))
    today, no_day = news.search(STORM), news.search(STORM, as_of=qa.NO_DAY)
    assert order(today) == order(no_day)
    assert [hit.score for hit in today] == pytest.approx([hit.score for hit in no_day], abs=1e-9)


def test_a_time_beyond_the_archive_says_where_the_archive_ends(storms):
    news = storms(date(2021, 3, 29), date(2021, 5, 2))
    for question in (
        "How many died in the storm last week?",
        "How many have died in storms since June 2021?",
    ):
        reply = news.ask(question)
        assert reply.archive_ends == date(2021, 5, 2)
        assert words.archive_end(reply) == (
            "This archive ends on 2 May 2021, before the time that the question names"
        )
    within = ("2021-05-09", "How many died in the storm last week?"), ("2026", "How many died in May 2021?")
    for as_of, question in (*within, (None, STORM), (None, "What is the latest toll of the storm?")):
        assert news.ask(question, as_of=as_of).archive_ends is None
    assert news.ask("How many died last week?", heed_time=False).archive_ends is None
    assert news.ask("How many died in April 2021?", source="Nobody").archive_ends is None


def test_the_latest_are_preferred_long_after_the_archive_has_ended(storms):
    news = storms(date(2021, 3, 29), date(2021, 8, 30))
    assert order(news.search("What is the latest toll of the storm?")) == ["2021-08-30", "2021-03-29"]


def test_search_ranks_as_ask_reads(storms):
    news = storms(date(2021, 3, 29), date(2021, 5, 2), date(2021, 8, 30))
    for question in (
        "How many died in storms in May 2021?",
        "How many have died in storms since April 2021?",
    ):
        reply = news.ask(question, as_of="2021-09-01")
        ranked = news.search(question, as_of="2021-09-01")
        assert [hit for hit in ranked if hit in reply.hits] == list(reply.hits)
        assert all(hit in reply.hits for hit in ranked if order([hit]) == ["2021-05-02"])
        assert reply.time is not None
        assert order(reply.hits)[0] != "2021-03-29"
    asked = "How many died in May 2021?"
    heeded, unheeded = (news.search(asked, as_of=qa.NO_DAY, heed_time=heed) for heed in (True, False))
    assert heeded[0].score == pytest.approx(unheeded[0].score + AskSettings().day_weight)


@pytest.mark.parametrize("question", ["", "😀", "why " * 2500])
def test_question_that_cannot_be_asked_is_refused(small: qa.Archive, question: str):
    with pytest.raises(InputError):
        small.ask(question)


def test_a_question_before_that_is_no_reply_is_refused_with_the_cure(small: qa.Archive):
    with pytest.raises(ValueError, match="after must be the Reply to the question before or None"):
        small.ask("And where?", after="Who is it?")


def test_archive_and_retriever_say_what_they_are(small: qa.Archive, tmp_path: Path):
    index = str(tmp_path / "index")
    assert repr(small.retriever) == f"Retriever({index!r}, embedder='words')"
    assert repr(small) == f"Archive({index!r}, reader={small.settings.reader!r})"


def test_reader_and_embedder_are_loaded_side_by_side(small: qa.Archive, tmp_path, embedder, monkeypatch):
    both = threading.Barrier(2, timeout=20)  # both must arrive before either goes on

    def load(model: object) -> Callable[[object], object]:
        return lambda _: (both.wait(), model)[1]

    monkeypatch.setattr(archive.ExtractiveReader, "load", load(small.reader))
    monkeypatch.setattr(retriever.SentenceEmbedder, "load", load(embedder))
    assert qa.open(tmp_path / "index").ask("How many people died, officials said?").answers[0].text == "3,400"


def test_missing_index_is_reported_before_any_model_is_loaded(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(archive.ExtractiveReader, "load", None)  # would fail otherwise
    with pytest.raises(IndexMissing, match="python -m qa build"):
        qa.open(tmp_path / "nowhere")


ANSWERED = {
    "How many ships were queuing at the Suez Canal?": "369",
    "What is the name of the asteroid that DART hit?": "Dimorphos",
    "Which canal did the Ever Given block?": "Suez Canal",
}
QUESTIONS = [
    *ANSWERED,
    "When did the first of the two earthquakes hit southern Turkey?",
    "Who became prime minister after Truss resigned?",
    "Where did Kim Jong Un meet Putin?",
]


def compared(reply: Reply) -> tuple[object, ...]:
    """Return all of a reply but its timings and the last digits of its scores."""
    answers = [(a.article.id, a.start, a.end, [s.id for s in a.support]) for a in reply.answers]
    return reply.question, answers, [(h.passage.article.id, h.passage.start) for h in reply.hits]


@pytest.mark.parametrize("question", ANSWERED)
def test_real_models_answer_from_the_sample_archive(sample_news: qa.Archive, question: str):
    (answer, *_) = sample_news.ask(question).answers
    assert answer.text == ANSWERED[question]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_an_exact_quote_of_an_article_of_the_archive(sample_news: qa.Archive, question: str):
    # Every answer, even those below the threshold and of passages that promise little.
    settings = replace(sample_news.settings, threshold=0.0, answers=20, look_ahead=False)
    reply = qa.Archive(sample_news.retriever, ExtractiveReader.load(settings), settings).ask(question)
    assert len(reply.answers) > 3
    for answer in reply.answers:
        article = sample_news.article(answer.article.id)
        quote = article.field(answer.where)[answer.start : answer.end]
        assert answer.text == quote == answer.text.strip() != ""
        assert answer.article == article
        assert any(
            hit.passage.article == article
            and (
                answer.where == "title"
                or (hit.passage.start <= answer.start and answer.end <= hit.passage.end)
            )
            for hit in reply.hits
        )


def test_real_models_find_no_answer_where_the_archive_has_none(sample_news: qa.Archive):
    reply = sample_news.ask("What is the boiling point of tungsten carbide?")
    assert reply.answers == ()
    assert reply.hits
    assert reply.best_rejected is not None


def test_eight_threads_get_the_replies_that_one_gets(sample_news: qa.Archive):
    one_by_one = [compared(sample_news.ask(question)) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(lambda question: compared(sample_news.ask(question)), [*QUESTIONS] * 2))
    assert at_once == one_by_one * 2
