"""Whatever strangers write, no hidden character reaches a terminal: one door prints everything."""

from __future__ import annotations

import ast
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

import qa
from qa.cli.output import console, json_text, print_result, say, write
from qa.errors import InputError
from qa.text.display import HIDDEN

ROOT = Path(__file__).resolve().parent.parent
EVIL = "a\x1b]0;owned\x07b\x1b[2Jc\u202e001\u2066d\x9be\x00f\ud800g\x7f"


def hidden(text: str) -> set[str]:
    return {sign for sign in text if ord(sign) in HIDDEN}


@given(st.recursive(st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=8))
def test_json_means_the_same_and_hides_nothing(value: object):
    assert json.loads(json_text({"x": value})) == {"x": value}
    assert hidden(json_text({"x": [value, EVIL]})) == set()


def test_rich_text_tables_lines_and_json_hide_nothing(capsys: pytest.CaptureFixture[str]):
    table = Table(EVIL)
    table.add_row(Text(EVIL))
    for content in (EVIL, Text(EVIL, style="bold"), table, {EVIL: EVIL}):
        print_result(content)
    say(EVIL)
    say(EVIL, error=True)
    console(stderr=True).print(Text(EVIL))
    captured = capsys.readouterr()
    assert "a]0;ownedb[2Jc001de" in captured.out
    assert hidden(captured.out + captured.err) == set()


def test_what_grows_piece_by_piece_hides_nothing(capsys: pytest.CaptureFixture[str]):
    write("a\x1b]0;x\x07\u202e,b\n")
    assert capsys.readouterr().out == "a]0;x,b\n"


def test_every_command_prints_through_the_door():
    for path in (ROOT / "qa" / "cli").glob("*.py"):
        if path.name == "output.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            printing = (
                "print",
                "Console",
                "typer.echo",
                "click.echo",
                "sys.stdout.write",
                "sys.stderr.write",
            )
            assert called not in printing, f"{path.name}:{node.lineno}"


def test_column_names_file_names_and_titles_reach_the_terminal_without_their_escapes(type_in, tmp_path: Path):
    name = tmp_path / "a\x1b[2J\u202eb.jsonl"
    name.write_text(json.dumps({"k\x1b[2J\u202e": "x", "title": EVIL[:9], "text": "Word"}) + "\n")
    for arguments in (
        ["build", name, "--map", "body=no\x1b[2J\u202ebody", "--index", tmp_path / "i"],
        ["build", name, "--index", tmp_path / "i"],
        ["build", tmp_path / "no\x1b[2J\u202efile", "--index", tmp_path / "i"],
        ["show", "--index", tmp_path / "no\x1b[2J\u202eindex"],
    ):
        code, out, err = type_in(*arguments)
        assert (code, hidden(out + err)) == (qa.cli.options.MISTAKE, set())


def test_what_a_library_logs_of_a_stranger_reaches_no_terminal_as_it_stands(type_in, monkeypatch):
    def check(index: str) -> None:
        logging.getLogger("somebody.elses").warning("odd address http://e.example/\x1b[2J\u202e%s", index)
        raise InputError("no")

    monkeypatch.setattr("qa.index.backends.check", check)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in a real run, where no handler is set
    monkeypatch.setattr(logging, "lastResort", logging.lastResort)  # monkeypatch restores it after the test
    code, _, err = type_in("check", "--index", "x")
    assert code == 2
    assert err.startswith("warning: odd address http://e.example/")
    assert "\x1b" not in err and "\u202e" not in err
