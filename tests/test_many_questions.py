"""Many questions in one call: each gets what it gets alone, and no bad one ends the run."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import qa
from qa import many as batches
from qa.cli.many import print_answered
from qa.cli.terminal import BuildBar, pace
from qa.errors import ArchiveError, InputError
from qa.export import answered_to_csv
from qa.read.candidate import Candidate
from qa.read.reader import Asked
from qa.records import Answered
from qa.reports import Progress
from qa.settings import AskSettings
from tests.conftest import NumberReader
from tests.read.test_reading import PLAIN

DIED = "How many people died, officials said?"
SHIPS = "How many ships were waiting?"
OFFICERS = "How many officers came with Shoigu?"
MANY = [DIED, SHIPS, OFFICERS, "How fast do glaciers move in a day?"] * 5


class CountingReader(NumberReader):
    """Remembers how many questions each run was for; fails at a question with "fail" in it."""

    def __init__(self) -> None:
        self.runs: list[int] = []

    def read_many(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        self.runs.append(len(asked))
        if any("fail" in one.question for one in asked):
            raise RuntimeError("two\nlines")
        return super().read_many(asked)


@pytest.fixture
def small(build_small, open_small, news) -> qa.Archive:
    build_small(news)
    return qa.Archive(open_small(), CountingReader(), AskSettings())


def without_times(answered: Answered) -> object:
    return None if answered.reply is None else replace(answered.reply, timings={})


@pytest.mark.parametrize("questions", [SHIPS, SHIPS.encode()])
def test_one_text_is_refused_where_several_are_wanted_or_its_letters_would_be_asked(
    small: qa.Archive, questions: object
):
    with pytest.raises(ValueError, match="must be several texts, not the one"):
        small.ask_many(questions)
    assert small.reader.runs == []


def test_question_that_is_no_text_has_a_plain_fault_and_the_others_go_on(small: qa.Archive):
    found = small.ask_many([None, SHIPS])
    assert [one.fault for one in found] == ["the question is no text but NoneType. Give a str.", ""]


def test_question_that_gets_a_list_is_not_read_and_those_beside_it_keep_their_replies(small: qa.Archive):
    times = "What happened in July 2023?"
    (alone,) = small.ask_many([SHIPS])
    small.reader.runs.clear()
    before, listed, after = small.ask_many([SHIPS, times, SHIPS])
    assert small.reader.runs == [2]
    assert listed.reply is not None and listed.reply.outcome == "listed"
    assert without_times(before) == without_times(after) == without_times(alone)


def test_each_question_gets_the_reply_that_it_gets_alone(small: qa.Archive):
    how = {"since": "2021", "until": "2023-03", "source": "Reuters", "as_of": "2023-02-07"}
    many = small.ask_many(MANY, **how)
    assert [one.question for one in many] == MANY
    assert [without_times(one) for one in many] == [replace(small.ask(q, **how), timings={}) for q in MANY]
    assert {one.reply.answers[0].text for one in many[:2]} == {"3,400", "369"}
    assert {tuple(one.reply.timings) for one in many} == {("retrieve", "read")}
    assert small.reader.runs == [batches.TOGETHER, len(MANY) - batches.TOGETHER]


def test_a_time_in_a_question_is_heeded_or_not_as_it_is_for_one(small: qa.Archive):
    asked = "How many people died in February 2023?"
    (heeded,), (unheeded,) = small.ask_many([asked]), small.ask_many([asked], heed_time=False)
    assert heeded.reply.time.words == "February 2023" and unheeded.reply.time is None


def test_an_early_exit_is_each_questions_own(small: qa.Archive):
    small.calibration = PLAIN
    small.settings = replace(small.settings, early_exit=0.0)
    many = small.ask_many(MANY[:4])
    assert [without_times(one) for one in many] == [replace(small.ask(q), timings={}) for q in MANY[:4]]
    assert small.reader.runs == []


def test_a_question_that_cannot_be_asked_or_read_does_not_stop_the_others(small: qa.Archive):
    many = small.ask_many([DIED, "???", "why " * 400, "Did it fail?", SHIPS])
    assert [one.fault for one in many] == [
        "",
        'the question is empty. Ask in words: "Who bought Twitter?"',
        "the question has 1,599 characters, at most 1,000 can be read. Ask more shortly.",
        "an unforeseen fault (RuntimeError: two lines)",
        "",
    ]
    assert [one.reply is None for one in many] == [False, True, True, True, False]
    assert (many[0].reply.answers[0].text, many[4].reply.answers[0].text) == ("3,400", "369")
    assert small.reader.runs == [3, 1, 1, 1]  # first all together, then one by one


def test_an_index_that_fails_for_one_question_answers_the_next(small: qa.Archive, monkeypatch):
    find = small.retriever.find

    def failing(query, k):
        if query.text == SHIPS:
            raise ArchiveError("the server is away", where="milvus", cure="Start it.")
        return find(query, k)

    monkeypatch.setattr(small.retriever, "find", failing)
    many = small.ask_many([DIED, SHIPS, OFFICERS])
    assert [one.fault for one in many] == ["", "milvus: the server is away. Start it.", ""]


def test_conditions_that_cannot_be_read_are_refused_before_anything_is_asked(small: qa.Archive):
    with pytest.raises(InputError):
        small.ask_each([DIED], since="no day")
    with pytest.raises(InputError):
        small.ask_many([], as_of="no day")


def test_questions_are_taken_as_they_are_wanted_and_a_run_may_be_left(small: qa.Archive):
    taken = []

    def endless() -> Iterator[str]:
        while True:
            taken.append(DIED)
            yield DIED

    answered = small.ask_each(endless())
    assert next(answered).reply.answers[0].text == "3,400"
    answered.close()
    assert len(taken) == 2 * batches.TOGETHER


def test_no_question_is_no_answer(small: qa.Archive):
    assert small.ask_many([]) == []


def test_table_has_a_row_for_every_question_whatever_became_of_it(reply, not_found):
    many = [
        Answered(reply.question, reply),
        Answered("=1+1?", replace(not_found, guess=None)),
        Answered(not_found.question, not_found),
        Answered("???", None, "the question is empty"),
    ]
    text = answered_to_csv(many)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["question"], row["kind"], row["text"], row["fault"]) for row in rows] == [
        (reply.question, "answer", "25 to 27 July", ""),
        ("'=1+1?", "no answer", "", ""),
        ("Who won?", "guess", "missiles", ""),
        ("???", "fault", "", "the question is empty"),
    ]
    parts = answered_to_csv(many[:1]) + "".join(answered_to_csv([one], header=False) for one in many[1:])
    assert parts == text


# ---- the command, on the sample archive ----

ASKED = "question\nWhich canal did the Ever Given block?\n???\nWho won the yacht race on Mars?\n"
CANAL = "Which canal did the Ever Given block?"


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "asked.csv"
    path.write_text(ASKED)
    return path


def test_command_writes_csv_with_quotes_sources_and_confidence(type_in, sample_index, asked: Path):
    code, out, err = type_in("ask", "--questions", asked, "--csv", "--index", sample_index)
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert code == 0, err
    first = rows[0]
    assert (first["question"], first["kind"], first["text"]) == (CANAL, "answer", "Suez Canal")
    assert "Suez Canal" in first["sentence"] and 0.5 < float(first["confidence"]) <= 1
    assert first["source"] and first["url"].startswith("https://") and int(first["sources"]) >= 1
    assert ["???", "fault"] in [[row["question"], row["kind"]] for row in rows]
    assert "the question is empty" in next(row["fault"] for row in rows if row["kind"] == "fault")


def test_command_writes_json_in_the_shape_of_one_question(type_in, sample_index, asked: Path):
    code, out, _ = type_in("ask", "--questions", asked, "--json", "--index", sample_index)
    canal, empty, _ = json.loads(out)
    one = json.loads(type_in("ask", CANAL, "--json", "--index", sample_index)[1])
    assert code == 0 and canal.keys() == one.keys()
    assert canal["answers"][0]["text"] == one["answers"][0]["text"] == "Suez Canal"
    assert empty == {
        "question": "???",
        "outcome": "fault",
        "fault": 'the question is empty. Ask in words: "Who bought Twitter?"',
    }


def test_command_shows_a_table_to_people(type_in, sample_index, asked: Path):
    code, out, _ = type_in("ask", "--questions", asked, "--index", sample_index)
    assert code == 0
    rows = _cells(out)
    canal = next(row for row in rows if row[0] == CANAL)
    assert re.fullmatch(r"Suez Canal (very likely|likely|possible), \d\d %", canal[1])
    assert "Suez Canal" in canal[2] and " · " in canal[2]
    empty = next(row for row in rows if row[0] == "???")
    assert empty[1:] == ["not asked", 'the question is empty. Ask in words: "Who bought Twitter?"']


def _cells(table: str) -> list[list[str]]:
    """Return the rows of a table of the terminal, the lines of each cell put together."""
    rows: list[list[str]] = [[]]
    for line in table.splitlines():
        if line.startswith("│"):
            parts = [part.strip() for part in line.strip("│").split("│")]
            rows[-1] = [
                f"{so_far} {part}".strip() for so_far, part in zip(rows[-1] or [""] * 3, parts, strict=True)
            ]
        elif rows[-1]:
            rows.append([])
    return [row for row in rows if row]


@pytest.mark.parametrize("columns", [80, 120])
def test_table_breaks_no_word_of_a_question_or_an_answer(
    reply, not_found, columns: int, monkeypatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COLUMNS", str(columns))
    many = [
        Answered("Which spaceport did Kim Jong Un visit in September?", reply),
        Answered("Who won the championship?", not_found),
        Answered("Who nominated whom?", None, "the question is empty"),
    ]
    print_answered(iter(many), len(many), "table")
    out = capsys.readouterr().out
    widths = [len(part) for part in out.splitlines()[0].strip("┏┓").split("┳")]
    assert sum(widths) == columns - 4 and min(widths) >= 16
    assert [row[0] for row in _cells(out)] == [one.question for one in many]
    assert _cells(out)[1][1] == "perhaps: missiles unsure, 6 %"


@pytest.mark.parametrize("form", [[], ["--csv"], ["--json"]])
def test_unknown_source_of_many_questions_is_told_once(type_in, sample_index, asked: Path, form):
    code, out, err = type_in(
        "ask", "--questions", asked, "--source", "Meridian Wires", *form, "--index", sample_index
    )
    told = "This archive has no source “Meridian Wires”. Did you mean Meridian Wire?"
    assert (code, (err if form else out).count(told)) == (1, 1)


def test_questions_come_from_standard_input_and_none_answered_is_not_found(
    type_in, sample_index, monkeypatch
):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"???\n")))
    code, out, _ = type_in("ask", "--questions", "-", "--json", "--index", sample_index)
    assert (code, [one["outcome"] for one in json.loads(out)]) == (1, ["fault"])


@pytest.mark.parametrize("form", ["--csv", "--json", None])
def test_a_run_that_is_stopped_keeps_what_was_answered(type_in, sample_index, asked, monkeypatch, form):
    each = qa.Archive.ask_each

    def stopped(self: qa.Archive, questions: list[str], **how: object) -> Iterator[Answered]:
        yield next(each(self, questions, **how))
        raise KeyboardInterrupt

    monkeypatch.setattr(qa.Archive, "ask_each", stopped)
    options = [] if form is None else [form]
    code, out, err = type_in("ask", "--questions", asked, *options, "--index", sample_index)
    assert code == 130 and "Stopped." in err
    assert "Suez Canal" in out
    if form == "--json":
        assert len(json.loads(out)) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no question is given"),
        (["Who?", "--questions", "q.txt"], "a question and a file of questions are given"),
        (["--questions", "q.txt", "--after", "Who?"], "--after is for one question"),
        (["--questions", "q.txt", "--compose"], "--compose is for one question"),
        (["--questions", "q.txt", "--csv", "--json"], "--csv and --json contradict each other"),
        (["Who?", "--csv"], "--csv is for many questions"),
        (["--questions", "no/such/file.txt"], "no/such/file.txt: the questions cannot be read (No such file"),
        (["--questions", "."], "the questions cannot be read (Is a directory)"),
    ],
)
def test_mistakes_are_reported_in_one_line(type_in, arguments: list[str], told: str):
    code, out, err = type_in("ask", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("qa: ") and told in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("done", "left", "seconds", "told"),
    [
        (5, 95, 1.9, ""),  # one batch alone gives no rate
        (0, 95, 1.9, ""),
        (0, 95, 60.0, "60 s so far"),
        (50, 100, 2.0, "25/s, 4.0 s left"),
        (5, 495, 10.0, "0.5/s, 16 min left"),
        (500, 0, 10.0, "50/s"),
    ],
)
def test_pace_is_of_the_whole_stage_and_not_of_its_first_moments(
    done: float, left: float, seconds: float, told: str
):
    assert pace(done, left, seconds) == told


def test_bar_of_a_single_thing_shows_seconds_and_no_count(capsys: pytest.CaptureFixture[str]):
    now = [100.0]
    with BuildBar() as bar:
        bar._bar.get_time = lambda: now[0]
        bar.show(Progress("loading the embedder", 0, 1, "model"))
        now[0] = 114.0
        assert rendered(bar) == "14 s so far"
        bar.show(Progress("loading the embedder", 1, 1, "model"))
        assert rendered(bar) == "14 s"
    assert "of 1" not in capsys.readouterr().err


def rendered(bar: BuildBar) -> str:
    """Return count and pace of the last stage."""
    task = bar._bar.tasks[-1]
    return " ".join(str(column.render(task)) for column in bar._bar.columns[2:]).strip()


def test_bar_shows_no_rate_of_questions_that_were_answered_at_once(capsys: pytest.CaptureFixture[str]):
    with BuildBar() as bar:
        for done in range(6):
            bar.show(Progress("asking", done, 5, "questions"))
    told = capsys.readouterr().err
    assert "5 of 5 questions" in told and "/s" not in told
