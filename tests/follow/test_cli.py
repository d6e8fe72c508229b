"""``follow`` as a person types it, and what builds and polls say of followed questions."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from qa.follow.store import FEED, FILE, followed
from tests.conftest import write_jsonl
from tests.maintain.test_watch import Press

QUESTION = "How many people died in the storm?"


def story(toll: str, day: int) -> dict[str, object]:
    text = f"The storm killed {toll} people on the coast, officials said. Many roads were closed for hours."
    return {
        "id": f"s{day}",
        "title": f"Storm kills {toll}",
        "text": text,
        "date": f"2023-11-{day}",
        "source": "Northern Ledger",
    }


@pytest.fixture
def index(type_in, tmp_path: Path) -> Path:
    """Build an index of one article, and follow a question in it."""
    path = tmp_path / "index"
    assert type_in("build", write_jsonl(tmp_path / "a.jsonl", [story("223", 10)]), "--index", path)[0] == 0
    code, out, err = type_in("follow", QUESTION, "--index", path)
    assert (code, out) == (0, f"1. {QUESTION} 223, Northern Ledger, 10 November 2023\n"), err
    return path


def test_question_to_a_source_that_no_article_has_is_not_followed(type_in, index: Path):
    code, out, err = type_in("follow", "Who won?", "--source", "Northern Leger", "--index", index)
    told = "This archive has no source “Northern Leger”. Did you mean Northern Ledger?\n"
    assert (code, out, err) == (1, "", told)
    assert "Who won?" not in type_in("follow", "--index", index)[1]


@pytest.fixture
def notify(tmp_path: Path) -> tuple[str, Path]:
    """Return a command that keeps what it is given, and the file where it does."""
    out = tmp_path / "changes.jsonl"
    program = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read() + b'\\n')"
    return shlex.join([sys.executable, "-c", program, str(out)]), out


def test_a_build_with_news_says_what_changed_and_runs_the_command(type_in, tmp_path, index, notify):
    command, out_file = notify
    articles = write_jsonl(tmp_path / "a.jsonl", [story("223", 10), story("227", 12)])
    code, out, err = type_in("build", articles, "--index", index, "--run", command)
    assert code == 0, err
    assert out.splitlines()[-1] == f"{QUESTION} 223 → 227, Northern Ledger, 12 November 2023"
    (line,) = out_file.read_text().splitlines()
    assert json.loads(line)["after"]["text"] == "227" and json.loads(line)["before"]["text"] == "223"
    assert "223 → 227" in (index / FEED).read_text()
    # Nothing is new, so nothing is asked.
    assert type_in("build", articles, "--index", index)[1].count("→") == 0
    code, out, _ = type_in("follow", "--index", index)
    assert code == 0 and out.splitlines()[0] == f"1. {QUESTION} 227, Northern Ledger, 12 November 2023"
    assert out.splitlines()[1].endswith("223 → 227, Northern Ledger, 12 November 2023")
    code, out, _ = type_in("follow", "--feed", "--index", index)
    assert code == 0 and out == (index / FEED).read_text()


def test_after_forgetting_the_answer_the_question_is_asked_again_and_no_change_is_told(
    type_in, tmp_path, index
):
    more = write_jsonl(tmp_path / "b.jsonl", [story("227", 12)])
    assert type_in("build", more, "--add", "--index", index)[0] == 0
    code, out, err = type_in("forget", "--id", "s12", "--index", index)
    assert (code, err) == (0, "") and "1 article forgotten" in out
    assert type_in("follow", "--index", index)[1] == f"1. {QUESTION} 223, Northern Ledger, 10 November 2023\n"
    assert type_in("follow", "--ask", "--index", index)[1] == "Nothing changed.\n"
    assert "227" not in (index / FILE).read_text() + (index / FEED).read_text()


def test_json_of_a_build_holds_the_changes(type_in, tmp_path, index):
    more = write_jsonl(tmp_path / "b.jsonl", [story("227", 12)])
    code, out, _ = type_in("build", more, "--add", "--index", index, "--json")
    (change,) = json.loads(out)["followed"]
    assert code == 0 and (change["before"]["text"], change["after"]["text"]) == ("223", "227")


def test_a_poll_with_news_asks_again(type_in, index, notify):
    press = Press()
    item = (
        "<item><guid>x</guid><title>Storm kills 227</title><pubDate>Mon, 20 Nov 2023 09:00:00 GMT</pubDate>"
        f"<description>{story('227', 12)['text']}</description></item>"
    )
    press.pages["feed"] = f"<rss><channel><title>The Post</title>{item}</channel></rss>".encode()
    command, out_file = notify
    watch = ("watch", f"{press.url}/feed", "--once", "--allow-private", "--index", index, "--run", command)
    code, out, err = type_in(*watch)
    assert code == 0, err
    assert out.splitlines()[1] == f"{QUESTION} 223 → 227, The Post, 20 November 2023"
    assert out_file.read_text().count("\n") == 1
    code, out, _ = type_in(*watch, "--json")  # unchanged: nothing is asked
    assert json.loads(out)["followed"] == [] and out_file.read_text().count("\n") == 1


def test_a_question_is_let_go_by_its_number(type_in, index):
    assert type_in("follow", "--remove", 1, "--index", index)[1] == f"No longer followed: {QUESTION}\n"
    assert type_in("follow", "--index", index)[1] == "No question is followed.\n"
    code, _, err = type_in("follow", "--remove", 1, "--index", index)
    assert code == 2 and "no followed question has the number 1" in err


def test_asking_now_says_whether_anything_changed(type_in, index):
    assert type_in("follow", "--ask", "--index", index)[:2] == (0, "Nothing changed.\n")
    assert type_in("follow", "--ask", "--json", "--index", index)[:2] == (0, "[]\n")


def test_a_broken_file_of_questions_does_not_spoil_a_build(type_in, tmp_path, index):
    (index / FILE).write_text("{")
    more = write_jsonl(tmp_path / "b.jsonl", [story("227", 12)])
    code, out, err = type_in("build", more, "--add", "--index", index)
    assert code == 0 and "2 articles" in out
    assert "The followed questions were not asked" in err and str(index / FILE) in err


@pytest.mark.parametrize("arguments", [[], ["Who won?"], ["--ask"], ["--remove", 1], ["--feed"]], ids=str)
def test_a_folder_in_the_place_of_the_questions_is_one_line_and_stays(type_in, index, arguments: list):
    (index / FILE).unlink()
    (index / FILE).mkdir()
    code, out, err = type_in("follow", *arguments, "--index", index)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "follow.json: cannot be read (Is a directory)" in err and (index / FILE).is_dir()


def test_a_command_that_fails_does_not_spoil_a_build(type_in, tmp_path, index):
    more = write_jsonl(tmp_path / "b.jsonl", [story("227", 12)])
    fails = shlex.join([sys.executable, "-c", "raise SystemExit(3)"])
    code, out, err = type_in("build", more, "--add", "--index", index, "--run", fails)
    assert code == 0 and "223 → 227" in out
    assert f"--run: {sys.executable} ended with 3" in err


def test_no_command_is_ever_kept_beside_the_index(type_in, tmp_path, index, notify):
    command, _ = notify
    assert type_in("follow", "--ask", "--run", command, "--index", index)[0] == 0
    assert all(sys.executable not in path.read_text("latin-1") for path in index.glob("follow*"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Who?", "--remove", "1"], "a question and --remove are given"),
        (["--ask", "--feed"], "--ask and --feed are given"),
        (["Who?", "--run", "true"], "--run belongs to --ask, build or watch"),
        (["--ask", "--run", "no-such-program-here"], "there is no program"),
        (["???"], "the question is empty"),
        (["--feed"], "no question is followed"),
    ],
)
def test_mistakes_are_reported_in_one_line(type_in, sample_index, arguments: list[str], told: str):
    code, out, err = type_in("follow", *arguments, "--index", sample_index)
    assert (code, out) == (2, "") and told in err and err.count("\n") == 1
    assert followed(sample_index).questions == ()


def test_where_there_is_no_index_nothing_is_followed(type_in, tmp_path):
    code, _, err = type_in("follow", "Who?", "--index", tmp_path / "nowhere")
    assert code == 2 and "python -m qa build" in err
    assert not (tmp_path / "nowhere").exists()


def test_a_build_refuses_a_command_that_is_not_there_before_it_begins(type_in, tmp_path):
    articles = write_jsonl(tmp_path / "a.jsonl", [story("223", 10)])
    code, _, err = type_in("build", articles, "--index", tmp_path / "index", "--run", "no-such-program-here")
    assert code == 2 and "there is no program" in err and not (tmp_path / "index").exists()
