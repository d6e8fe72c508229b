"""The command line as a person types it: output, exit codes, and one clear line for each mistake."""

import json
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import typer

from qa.cli.app import app
from qa.settings import BUNDLED_READER

QUESTION = "When did Kim Jong Un meet Putin?"


def test_answer_is_an_exact_quote_with_its_place(type_in, sample_index, sample_news):
    question = "Which canal did the Ever Given block?"
    code, out, _ = type_in("ask", question, "--index", sample_index, "--threshold", "0", "--json")
    reply = json.loads(out)
    assert (code, reply["question"], reply["found"]) == (0, question, True)
    first = reply["answers"][0]
    assert first["text"] == "Suez Canal"
    field = sample_news.article(first["article"]["id"]).field(first["where"])
    assert field[first["start"] : first["end"]] == first["text"]


def test_answer_for_people_stands_in_its_sentence_with_source_and_date(type_in, sample_index):
    question = "Where was the Artemis I rocket launched?"
    code, out, _ = type_in("ask", question, "--index", sample_index, "--threshold", "0")
    assert code == 0
    assert "Artemis I" in out
    assert "Meridian Wire · 16 November 2022 · https://meridian-wire.example/2022/11/" in out


def test_search_ranks_by_the_day_of_asking_and_by_the_time_in_the_question(type_in, tmp_path):
    articles = tmp_path / "articles.jsonl"
    with articles.open("w", encoding="utf-8") as stream:
        for day in ("2021-03-29", "2021-05-02"):
            text = "Officials said 14 people died in the storm on the coast."
            stream.write(json.dumps({"title": "Storm", "text": text, "date": day, "source": day}) + "\n")
    index = tmp_path / "index"
    assert type_in("build", articles, "--index", index)[0] == 0

    def first(question: str, *options: str) -> str:
        code, out, _ = type_in("search", question, "--index", index, "--json", *options)
        assert code == 0
        return json.loads(out)["passages"][0]["article"]["source"]

    storm = "Who died in the storm?"
    assert first(storm, "--as-of", "2021-05-03") == "2021-05-02"
    assert first(storm, "--as-of", "2021-03-30") == "2021-03-29"
    assert first(storm) == first(storm, "--no-day")  # today is far from both
    named = "Who died in the storm yesterday?"
    assert first(named, "--as-of", "2021-05-03") == "2021-05-02"
    plain = first(storm, "--no-day")
    other = {"2021-05-02": "2021-03-29", "2021-03-29": "2021-05-02"}[plain]
    told = f"Who died in the storm of {'2 May' if other == '2021-05-02' else '29 March'} 2021?"
    assert first(told, "--no-day") == other
    with_words_alone = first(told, "--no-day", "--no-time")
    assert with_words_alone in other


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_day_and_no_day_contradict_each_other(type_in, sample_index, command: str):
    code, out, err = type_in(command, QUESTION, "--index", sample_index, "--as-of", "2023", "--no-day")
    assert (code, out) == (2, "")
    assert err == "qa: --as-of and --no-day contradict each other. Choose one of them.\n"


def test_a_time_after_the_archive_says_where_it_ends(type_in, sample_index):
    code, out, _ = type_in(
        "ask", "Who met Putin last week?", "--index", sample_index, "--as-of", "2031-05-02"
    )
    assert code in (0, 1)
    ends = json.loads(type_in("show", "--index", sample_index, "--json")[1])["last"][:10]
    day = datetime.fromisoformat(ends)
    assert (
        f"This archive ends on {day.day} {day:%B} {day.year}, before the time that the question names." in out
    )


@pytest.fixture
def uncalibrated(tmp_path):
    """Copy the bundled reader as a user would bring it: without a calibration."""
    return shutil.copytree(
        Path(BUNDLED_READER), tmp_path / "reader", ignore=shutil.ignore_patterns("calibration.json")
    )


def test_reader_without_calibration_says_so_instead_of_a_probability(type_in, sample_index, uncalibrated):
    asked = ("ask", QUESTION, "--index", sample_index, "--reader", uncalibrated)
    code, out, _ = type_in(*asked)
    assert code == 0
    assert "  uncalibrated, margin " in out
    assert "%" not in out
    code, out, _ = type_in(*asked, "--json")
    reply = json.loads(out)
    assert (code, reply["calibrated"]) == (0, False)
    assert {answer["confidence"] for answer in reply["answers"]} == {None}


@pytest.mark.parametrize(
    ("option", "named"), [("--threshold", "a threshold"), ("--early-exit", "an early exit")]
)
def test_probabilities_mean_nothing_to_a_reader_without_calibration(
    type_in, sample_index, uncalibrated, option: str, named: str
):
    asked = ("ask", QUESTION, "--index", sample_index, "--reader", uncalibrated)
    code, out, err = type_in(*asked, option, "0.5")
    assert (code, out) == (2, "")
    assert err == (
        f"qa: {uncalibrated}: this reader has no calibration, so {named} means nothing to it. "
        f"Leave {option} out.\n"
    )


def test_early_exit_says_how_much_was_read(type_in, sample_index):
    question = "When did ChatGPT go online as a free preview?"
    asked = ("ask", question, "--index", sample_index, "--early-exit")
    code, out, _ = type_in(*asked, "0.5")
    assert (code, out.splitlines()[-1]) == (0, "Sure after 4 of 10 passages, the others were not read")
    assert json.loads(type_in(*asked, "0.5", "--json")[1])["passages_read"] == 4
    assert json.loads(type_in(*asked, "1", "--json")[1])["passages_read"] is None


def test_nothing_sure_shows_the_best_guess_and_near_sentences(type_in, sample_index):
    code, out, _ = type_in("ask", QUESTION, "--index", sample_index, "--threshold", "1")
    assert code == 0
    assert out.startswith("No answer that I am sure of.\n\nPerhaps:\n")
    guess, passages = out.split("\nThe closest passages:\n")
    assert "%" in guess.splitlines()[3]
    assert passages.startswith("1. Kim Jong Un meets Putin")
    assert "\n2. " in passages and "\n3. " in passages and "\n4. " not in passages
    assert len(passages.split()) < 400  # sentences, not whole passages


def test_nothing_found_has_exit_code_1_and_shows_near_sentences(type_in, sample_index):
    code, out, _ = type_in("ask", "What is the boiling point of tungsten carbide?", "--index", sample_index)
    assert code == 1
    assert out.startswith("Not found in this archive.\n\nThe closest passages:\n1. ")


def test_a_follow_up_is_asked_after_the_question_before(type_in, sample_index):
    index = ("--index", sample_index)
    before = "Which bank did California regulators close?"
    code, out, _ = type_in("ask", "And who was its chief executive?", *index, "--after", before)
    assert code == 0
    assert out.startswith(
        "From the question before: Silicon Valley Bank, California\n"
        "Who was Silicon Valley Bank's chief executive (California)?\n\nGreg Becker  "
    )


def test_a_time_in_the_question_is_reported_and_can_be_ignored(type_in, sample_index):
    asked = ("ask", "Which bank did California regulators close last week?", "--index", sample_index)
    code, out, _ = type_in(*asked, "--as-of", "2023-03-14")
    assert (code, out.split("\n")[0]) == (0, "Only 6 to 12 March 2023 ('last week')")
    code, out, _ = type_in(*asked, "--as-of", "2023-03-14", "--no-time")
    assert (code, out[:20]) == (0, "Silicon Valley Bank ")


def test_day_of_asking_that_is_no_date_is_a_mistake(type_in, sample_index):
    code, out, err = type_in("ask", QUESTION, "--index", sample_index, "--as-of", "soon")
    assert (code, out) == (2, "")
    assert err == "qa: --as-of: 'soon' is not a date. Write it like 2023-07-01, July 2023 or 2023.\n"


def test_filter_that_nothing_passes_has_exit_code_1(type_in, sample_index):
    code, out, _ = type_in("search", QUESTION, "--index", sample_index, "--source", "Nobody")
    told = (
        "No article passes the filters.\nThis archive has no source “Nobody”. It has Meridian Wire, "
        "Northern Ledger, Civic Record, Harbour Post, Orbit Weekly and The Lantern.\n"
    )
    assert (code, out) == (1, told)


@pytest.mark.parametrize(
    "command",
    [
        ["ask", "Which canal did the Ever Given block?"],
        ["search", "Suez"],
        ["brief", "Suez Canal"],
    ],
    ids=lambda words: words[0],
)
def test_unknown_source_beside_a_known_one_is_told_with_what_that_gives(type_in, sample_index, command):
    sources = ["--source", "Meridian Wire", "--source", "Meridian Wires"]
    code, out, _ = type_in(*command, *sources, "--index", sample_index)
    assert code == 0 and "Suez" in out
    assert out.count("This archive has no source “Meridian Wires”. Did you mean Meridian Wire?") == 1


def test_json_of_a_search_names_an_unknown_source_with_the_nearest(type_in, sample_index):
    for command in (["search", "Suez"], ["brief", "Suez Canal"]):
        code, out, err = type_in(*command, "--source", "Meridian Wires", "--json", "--index", sample_index)
        (name,) = json.loads(out)["unknown"]
        assert (code, name["name"], name["nearest"]) == (1, "Meridian Wires", ["Meridian Wire"])
        assert err == "This archive has no source “Meridian Wires”. Did you mean Meridian Wire?\n"


def test_search_gives_as_many_passages_as_asked(type_in, sample_index):
    code, out, _ = type_in("search", QUESTION, "--index", sample_index, "-k", "3", "--json")
    hits = json.loads(out)["passages"]
    assert (code, len(hits)) == (0, 3)
    assert hits[0]["article"]["title"] == "Kim Jong Un meets Putin at Russian spaceport and pledges support"
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_show_counts_what_the_index_holds(type_in, sample_index):
    code, out, _ = type_in("show", "--index", sample_index, "--json")
    facts = json.loads(out)
    assert (code, facts["articles"], facts["undated"]) == (0, 53, 0)
    assert facts["sources"][0] == ["Meridian Wire", 14]
    assert facts["first"] == "2019-04-16T19:15:00+00:00"


def test_check_says_that_an_index_is_whole(type_in, sample_index):
    code, out, _ = type_in("check", "--index", sample_index)
    assert code == 0
    assert out.startswith(f"{sample_index}: whole (53 articles, ")


def test_build_reports_what_it_took_and_what_it_left_out(type_in, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text("A title\n\nA text that has more than five words.", "utf-8")
    (tmp_path / "in" / "empty.txt").write_text("", "utf-8")
    code, out, err = type_in("build", tmp_path / "in", "--index", tmp_path / "index")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == f"{tmp_path / 'index'}: 1 article, 1 passage"
    assert lines[1].startswith("1 new or changed, 0 removed, 1 passage embedded, ")
    assert lines[2:] == [
        "note: 1 of 1 articles lack a date.",
        "note: 1 of 1 articles lack a source.",
        "1 input left out:",
        f"  {tmp_path}/in/empty.txt: The file is empty.",
    ]
    assert "embedding" in err  # the bar does not mix with the output


def test_mapped_columns_and_as_of_reach_the_build(type_in, tmp_path):
    (tmp_path / "a.csv").write_text(
        "title,col7,date\nOne,A text of more than five words.,2 days ago\n", "utf-8"
    )
    index = tmp_path / "index"
    code, _, _ = type_in(
        "build", tmp_path / "a.csv", "--index", index, "--map", "body=col7", "--as-of", "2023-05-03"
    )
    assert code == 0
    _, out, _ = type_in("show", "--index", index, "--json")
    assert json.loads(out)["first"] == "2023-05-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ask", "Who?", "--index", "/nowhere"], "qa: /nowhere: there is no index here. Build it: "),
        (["ask", "  "], 'qa: the question is empty. Ask in words: "Who bought Twitter?"'),
        (["ask", "😀😀"], "qa: the question is empty."),
        (["ask", "x" * 10_000], "qa: the question has 10,000 characters, at most 1,000 can be read."),
        (["ask", "Who?", "--since", "someday"], "qa: "),
        (
            ["ask", "Who?", "--since", "2024", "--until", "2023"],
            "qa: no day lies between since 2024 and until 2023.",
        ),
        (["ask", "Who?", "--reader", "/no/model"], "qa: there is no model '/no/model'."),
        (["build", "/no/such/file"], "qa: /no/such/file: "),
        (["build", "articles", "--map", "body"], "qa: --map 'body' is not of the form field=column."),
        (
            ["build", "articles", "--map", "source=Blatt", "--map", "source=org"],
            "qa: --map source=org: source is mapped twice, it stands in 'Blatt' already. "
            "Map one of the two, and build the file that has the other with --add.",
        ),
        (["build", "articles", "--map", "nonsense=x"], "qa: --map nonsense=x: "),
        (["build", "articles", "--embedder", "./nothing"], "qa: there is no model './nothing'."),
        (["check", "--index", "/nowhere"], "qa: /nowhere: there is no index here."),
        (["show", "--index", "/nowhere"], "qa: /nowhere: there is no index here."),
    ],
)
def test_mistake_gives_one_line_and_exit_code_2(type_in, sample_index, tmp_path, arguments, line):
    if "--index" not in arguments:
        target = tmp_path / "index" if arguments[0] == "build" else sample_index
        arguments = [*arguments, "--index", target]
    code, out, err = type_in(*arguments)
    assert (code, out) == (2, "")
    told = [text for text in err.splitlines() if text.startswith("qa: ")]
    assert len(told) == 1
    assert told[0].startswith(line)
    assert "Traceback" not in err


def test_unexpected_error_shows_no_traceback(type_in, sample_index, monkeypatch):
    def broken(index):
        raise RuntimeError("boom")

    monkeypatch.setattr("qa.index.backends.check", broken)
    code, _, err = type_in("check", "--index", sample_index)
    assert code == 2
    assert err == ("qa: an unforeseen fault (RuntimeError: boom). QA_DEBUG=1 shows where; please report it\n")


def test_interrupt_says_that_nothing_is_lost(type_in, sample_index, monkeypatch):
    def interrupted(index):
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.index.backends.check", interrupted)
    code, _, err = type_in("check", "--index", sample_index)
    assert (code, err) == (130, "qa: Stopped. Nothing that was there is lost; the same command goes on.\n")


def test_help_names_every_command(type_in):
    code, out, _ = type_in("--help")
    assert code == 0
    commands = ["build", "ask", "search", "show", "check", "evaluate", "forget", "watch"]
    assert [word for word in commands if f"  {word} " in out] == commands


def test_forget_lists_what_goes_and_deletes_it_once(type_in, tmp_path, news, build_small):
    build_small(news)
    index = tmp_path / "index"
    code, out, _ = type_in("forget", "--source", "Reuters", "--dry-run", "--index", index)
    assert (code, out.splitlines()) == (
        0,
        [
            f"{index}: 2 articles would be forgotten, 2 left (2 passages)",
            "  Earthquake strikes Turkey · Reuters · 6 February 2023 · quake",
            "  Ship freed in Suez · reuters · 29 March 2021 · ship",
        ],
    )
    code, out, _ = type_in("forget", "--source", "Reuters", "--index", index, "--json")
    assert (code, [one["id"] for one in json.loads(out)["forgotten"]]) == (0, ["quake", "ship"])
    code, out, _ = type_in("forget", "--source", "Reuters", "--index", index)
    told = f"{index}: no article is meant; nothing was deleted\nThis archive has no source “Reuters”."
    assert (code, out.startswith(told)) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "qa: nothing says which articles to forget. Name --id"),
        (["--older-than", "6m"], "qa: '6m' is not an age. Write it like 5y, 18 months, 2w or 30d."),
        (["--before", "someday"], "qa: --before: 'someday' is not a date."),
    ],
)
def test_forget_refuses_what_it_cannot_read_in_one_line(type_in, tmp_path, arguments, line):
    code, out, err = type_in("forget", *arguments, "--index", tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith(line) and len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["articles/"], "qa: articles/: This is no web address."),
        (["http://127.0.0.1:9/feed", "--every", "soon"], "qa: --every 'soon' is not a time span."),
        (["http://127.0.0.1:9/feed", "--every", "10s"], "qa: --every '10s' would bother the servers."),
        (["http://127.0.0.1:9/feed", "--once"], "qa: no feed could be had. The lines above say why."),
    ],
)
def test_watch_refuses_what_it_cannot_do(type_in, tmp_path, arguments, line):
    code, _, err = type_in("watch", *arguments, "--index", tmp_path / "index")
    assert code == 2
    assert err.splitlines()[-1].startswith(line)
    assert "Traceback" not in err


WITHOUT = """
import sys
sys.modules["pyarrow"] = None  # as if pyarrow were not installed
from qa.cli.app import main
sys.argv = ["qa", "show", "--index", sys.argv[1]]
try:
    main()
except SystemExit as end:
    print(end.code)
"""


def test_what_is_not_installed_is_named_with_the_command_that_installs_it(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(tmp_path / "index")], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "2"
    assert done.stderr.strip().splitlines()[-1] == (
        "qa: pyarrow is not installed, which this command needs. Run: pip install -r requirements.txt"
    )


def _wrong_values() -> list[tuple[str, str, str]]:
    """Return every number and day that a command takes, with what it cannot be."""
    wrong: list[tuple[str, str, str]] = []
    for name, command in typer.main.get_command(app).commands.items():
        for param in command.params:
            low, high = getattr(param, "min", None), getattr(param, "max", None)
            if low is not None:
                wrong += [(name, param.opts[-1], value) for value in ("abc", "", str(low - 1), "nan")]
            if high is not None:
                wrong.append((name, param.opts[-1], str(high + 1)))
            if param.name in ("since", "until", "as_of", "before"):
                wrong += [(name, param.opts[-1], value) for value in ("someday", "2023-13-45", "")]
    return wrong


@pytest.mark.parametrize(("command", "option", "value"), _wrong_values())
def test_wrong_value_of_an_option_gives_one_line_that_names_it(type_in, command, option, value):
    code, out, err = type_in(command, "x", option, value)
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith(f"qa: {option}: {value!r} is not a ")
    assert f" See python -m qa {command} --help." in line or " Write it like 2023-07-01" in line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["ask", "x", "--soruce", "y"],
            "qa: No such option: --soruce (Possible options: --since, --source). See python",
        ),
        (["aks", "x"], "qa: No such command 'aks'. Did you mean 'ask'? See python -m qa --help."),
        (["search"], "qa: QUESTION is missing. See python -m qa search --help."),
        (["ask", "x", "--source"], "qa: Option '--source' requires an argument. See python -m qa --help."),
        (
            ["show", "x"],
            "qa: Got unexpected extra argument(s) (x). Put quotes around what has blanks in it. ",
        ),
    ],
)
def test_command_line_that_cannot_be_read_gives_one_line(type_in, arguments, line):
    code, out, err = type_in(*arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith(line)


def test_help_is_shown_where_no_command_is_named(type_in):
    code, _, err = type_in()
    assert code == 2 and "Usage:" in err and "forget" in err
