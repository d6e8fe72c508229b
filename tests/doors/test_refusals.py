"""What a fault says to a client: nothing of a command line, nothing of this machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa
from qa.doors.http_app import http_app
from qa.doors.refusals import refusal_of, without_commands
from qa.errors import IndexBusy, IndexMissing, InputError, QAError, TooBusy, TooSlow
from qa.shipped import COMMAND, build_command, install_command
from tests.doors.conftest import problem

HOUSE = Path(qa.__file__).parent
SAID = {"COMMAND": COMMAND, "build_command": build_command("x"), "install_command": install_command("ask")}
OF_THE_COMMAND_LINE = (" --", COMMAND, "newsqa ", "pip install", "python -m")


def written(node: ast.expr | None) -> str:
    """Return the text that an expression gives, as far as it stands in the code."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return written(node.value)
    if isinstance(node, ast.Call):
        return written(node.func)
    return SAID.get(node.id, "X") if isinstance(node, ast.Name) else "X"


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    """Return every place in the package where one of these errors is made."""
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield f"{path.relative_to(HOUSE)}:{node.lineno}", node


def mistakes() -> dict[str, InputError]:
    """Return place in the code -> the error that is made there."""
    found = {}
    for place, call in calls("InputError"):
        if call.args and not isinstance(call.args[0], ast.Attribute):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            found[place] = InputError(
                written(call.args[0]), cure=written(given.get("cure", ast.Constant("")))
            )
    return found


def test_no_error_message_names_a_command_or_an_option_to_a_client():
    known = mistakes()
    assert len(known) > 100
    of_command_line = [
        fault for fault in known.values() if any(word in str(fault) for word in OF_THE_COMMAND_LINE)
    ]
    assert len(of_command_line) > 10  # so that the test below has something to check
    for place, fault in known.items():
        line = refusal_of(fault).detail
        assert line.strip(), place
        assert not [word for word in OF_THE_COMMAND_LINE if word in f" {line}"], f"{place}: {line}"


def test_no_error_message_written_in_the_doors_names_an_option():
    lines = [(place, written(call.args[1])) for place, call in calls("Refusal") if len(call.args) > 1]
    assert len(lines) > 20
    assert not [(place, line) for place, line in lines if any(w in f" {line}" for w in OF_THE_COMMAND_LINE)]


@pytest.mark.parametrize(
    ("fault", "status", "line"),
    [
        (InputError("it is empty", where="/srv/secret", cure="Ask in words: \"Who?\""), 422,
         'it is empty. Ask in words: "Who?"'),
        (InputError("it is too much", cure=f"Send parts. Or run: {COMMAND} build --add"), 422,
         "it is too much. Send parts."),
        (InputError(f"It was forgotten. {COMMAND} forget --let-back ID takes it back"), 422,
         "It was forgotten."),
        (InputError("--map is wrong"), 422, "This cannot be done."),
        (InputError("'--since 2020' is no date", cure="Write 2020."), 422,
         "'--since 2020' is no date. Write 2020."),
        (TooBusy("32 wait", retry_after=3), 429, "32 wait. Ask again in 3 s."),
        (TooSlow("it took more than 30 s"), 503, "it took more than 30 s."),
        (IndexBusy("locked", where="/srv/secret"), 503,
         "The archive is being written by another program. Try again soon."),
        (IndexMissing("none", where="/srv/secret"), 503,
         "The archive cannot be used at the moment. The server's own output says why."),
    ],
)  # fmt: skip
def test_fault_becomes_its_status_and_what_a_client_can_mend(fault: QAError, status: int, line: str):
    refusal = refusal_of(fault)
    assert (refusal.status, refusal.detail) == (status, line)


def test_clause_that_names_an_option_goes_and_the_sentence_ends():
    note = "most have no date; if a column holds it, name it with --map date=COLUMN (there are: a, b)"
    assert without_commands(note) == "most have no date."


def test_a_request_without_articles_is_refused_without_naming_a_command(serve):
    client = serve(token="a-token-of-the-tests-only", writable=True).client
    status, line = problem(client.post("/articles", json={"articles": [{"text": " "}]}))
    assert status == 422 and line.startswith("there is no article in the input")
    assert "--" not in line and COMMAND not in line


def test_description_for_programs_names_no_option(small: qa.Archive):
    from qa.doors.desk import Desk

    assert " --" not in str(http_app(Desk(small), writable=True, token=True).openapi())
