"""The command ``brief``: a topic -> what happened, day by day, in exact sentences."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.brief.records import DAYS, MOST_DAYS
from qa.cli.options import DEFAULT_INDEX, NOT_FOUND, AsJson, AsOf, Index, Source, Tag
from qa.cli.output import print_result, say, write
from qa.cli.usage import dated
from qa.errors import InputError


def brief(
    topic: Annotated[str, typer.Argument(help='The topic, in quotes: "Titan submersible"')],
    index: Index = DEFAULT_INDEX,
    since: Annotated[
        str | None,
        typer.Option(callback=dated, help="Only days from this one on: 2023-06-01, 'June 2023', 2023."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(callback=dated, help="Only days up to this day, month or year.")
    ] = None,
    source: Source = None,
    tag: Tag = None,
    as_of: AsOf = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="At most so many days.")] = DAYS,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown with footnotes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what happened on a topic, day by day, in exact sentences; exit code 1 if nothing was found."""
    from qa import words
    from qa.brief.export import brief_to_dict, brief_to_markdown
    from qa.brief.make import make_brief
    from qa.cli.terminal import brief_of
    from qa.retrieve.retriever import Retriever

    if as_markdown and as_json:
        raise InputError("--markdown and --json contradict each other", cure="Choose one of them.")
    made = make_brief(
        Retriever.open(index),
        topic,
        since=since,
        until=until,
        source=source,
        tag=tag,
        as_of=as_of,
        days=days,
    )
    if as_markdown:
        write(brief_to_markdown(made))
    else:
        print_result(brief_to_dict(made) if as_json else brief_of(made))
    for name in made.unknown:
        say(words.unknown_and_known(name), error=as_json or as_markdown)
    if not made.days:
        raise typer.Exit(NOT_FOUND)
