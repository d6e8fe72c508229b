"""Followed questions after a build or a poll: asked again, reported, handed to a command of the user's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.output import say
from qa.errors import QAError

if TYPE_CHECKING:
    from qa.follow.command import Command
    from qa.follow.records import Change

Run = Annotated[
    str | None,
    typer.Option(
        metavar="COMMAND",
        help="Run this for each change of a followed question, with the change as JSON on its standard "
        "input; without a shell, 30 seconds at most.",
    ),
]


def command_of(run: str | None) -> Command | None:
    """Return the command that ``--run`` names; None without one.

    :raises InputError: if there is no such program.
    """
    from qa.follow.command import Command

    return None if run is None else Command.parse(run)


def after_news(index: str, command: Command | None) -> list[Change]:
    """Ask what is followed for an index again, and run the command for each change.

    A fault is one line on standard error: what brought the news is done, and stays so.
    """
    changes = _asked_again(index, news=True)
    run_all(changes, command)
    return changes


def _asked_again(index: str, *, news: bool) -> list[Change]:
    from qa.follow.store import followed

    try:
        if not followed(index).questions:
            return []
        from qa.archive import Archive  # only now: most indexes have nothing to ask, and models take a second

        return Archive.open(index).ask_followed(news=news)
    except QAError as fault:
        say(f"The followed questions were not asked: {fault}", error=True)
        return []


def after_forgetting(index: str) -> None:
    """Ask what is followed for an index again: what takes the place of an answer that is gone is no news."""
    _asked_again(index, news=False)


def run_all(changes: Sequence[Change], command: Command | None) -> None:
    """Run the command for each change; one that fails does not stop the others."""
    if command is None:
        return
    for change in changes:
        if fault := command.run(change):
            say(f"--run: {fault}", error=True)


def say_changes(changes: Sequence[Change]) -> None:
    """Print one line for each change."""
    from qa.follow.wording import change_line

    for change in changes:
        say(f"{change.question} {change_line(change)}")
