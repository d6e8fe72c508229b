"""The command ``follow``: questions that are asked again whenever news comes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from qa import words
from qa.cli.following import Run, command_of, run_all, say_changes
from qa.cli.options import DEFAULT_INDEX, NOT_FOUND, AsJson, Index, Source, Tag
from qa.cli.output import print_result, say, write
from qa.errors import InputError
from qa.shipped import COMMAND

if TYPE_CHECKING:
    from qa.archive import Archive
    from qa.follow.records import Change, Notebook

NOTHING = "No question is followed."
SHOWN_CHANGES = 10


def follow(
    question: Annotated[
        str | None, typer.Argument(help="The question to follow; without one, what is followed is shown.")
    ] = None,
    index: Index = DEFAULT_INDEX,
    source: Source = None,
    tag: Tag = None,
    remove: Annotated[
        int | None, typer.Option(min=1, metavar="NUMBER", help="Follow this question no longer.")
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask all of them now, as every build and poll with news does.")
    ] = False,
    run: Run = None,
    feed: Annotated[
        bool, typer.Option("--feed", help="Print the changes as an Atom feed; it also lies with the index.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Follow a question: every build, update or poll that brings news asks it again and says what changed."""
    from qa.cli.suggest import no_such_names
    from qa.follow.codec import change_to_dict, notebook_to_dict
    from qa.follow.feed import atom
    from qa.follow.store import followed, unfollow
    from qa.index.backends import backend_of

    _check(question, remove, ask, feed, run)
    command = command_of(run)
    overview = backend_of(index).overview()  # without an index nothing is followed and no model is loaded
    if strange := no_such_names(lambda: overview, source, tag):
        say(strange, error=True)
        raise typer.Exit(NOT_FOUND)
    if question is not None:
        _ask_all(index, lambda news: news.follow(question, source=source, tag=tag))
        _show(followed(index), as_json)
    elif remove is not None:
        say(f"No longer followed: {unfollow(index, remove).question}")
    elif ask:
        changes = _ask_all(index)
        run_all(changes, command)
        if as_json:
            print_result([change_to_dict(change) for change in changes])
        elif changes:
            say_changes(changes)
        else:
            say("Nothing changed." if followed(index).questions else NOTHING)
    elif feed:
        notebook = followed(index)
        if not (notebook.questions or notebook.changes):
            raise InputError(
                "no question is followed", where=index, cure=f'Follow one: {COMMAND} follow "..."'
            )
        write(atom(notebook))
    elif as_json:
        print_result(notebook_to_dict(followed(index)))
    else:
        _show(followed(index), as_json=False)


def _ask_all(index: str, first: Callable[[Archive], object] = lambda news: None) -> list[Change]:
    from qa.archive import Archive

    news = Archive.open(index)
    first(news)
    return news.ask_followed()


def _show(notebook: Notebook, as_json: bool) -> None:
    """Print what is followed with the answers by now, and the newest changes."""
    from qa.follow.codec import notebook_to_dict
    from qa.follow.wording import change_line, followed_line

    if as_json:
        print_result(notebook_to_dict(notebook))
        return
    if not notebook.questions:
        say(NOTHING)
    for one in notebook.questions:
        only = ", ".join((*one.sources, *one.tags))
        say(f"{one.number}. {one.question}{f' ({only})' if only else ''} {followed_line(one)}")
    for change in notebook.changes[:SHOWN_CHANGES]:
        say(f"   {words.day(change.at.date())}: {change.question} {change_line(change)}")


def _check(question: str | None, remove: int | None, ask: bool, feed: bool, run: str | None) -> None:
    """Refuse options that contradict each other.

    :raises InputError: if the options contradict each other.
    """
    named = [
        name
        for name, given in (
            ("a question", question is not None),
            ("--remove", remove is not None),
            ("--ask", ask),
            ("--feed", feed),
        )
        if given
    ]
    if len(named) > 1:
        raise InputError(f"{' and '.join(named)} are given", cure="Choose one of them.")
    if run is not None and not ask:
        raise InputError("--run belongs to --ask, build or watch", cure="Say: follow --ask --run COMMAND")
