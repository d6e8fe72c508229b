"""Options that several commands take, with help, defaults and environment variables; the exit codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from qa.cli.usage import dated
from qa.errors import InputError, mapped_twice
from qa.records import NO_DAY
from qa.records import NoDay as NoDayType
from qa.settings import AskSettings
from qa.shipped import default_index

DEFAULT_INDEX = default_index()
NOT_FOUND = 1
MISTAKE = 2
INTERRUPTED = 130  # as shells count it

Index = Annotated[
    str,
    typer.Option(
        "--index",
        envvar="QA_INDEX",
        help="Folder of the index, milvus://host:19530/news, or a Milvus Lite file: news.db",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
_QUESTION = typer.Argument(help='The question, in quotes: "Who bought Twitter?"')
Question = Annotated[str, _QUESTION]
QuestionOrNone = Annotated[str | None, _QUESTION]
Since = Annotated[
    str | None,
    typer.Option(callback=dated, help="Published on or after: 2023-07-01, 'July 2023', 2023."),
]
Until = Annotated[
    str | None, typer.Option(callback=dated, help="Published on or before that day, month or year.")
]
Source = Annotated[list[str] | None, typer.Option(help="Only this source; repeat for more.")]
Tag = Annotated[list[str] | None, typer.Option(help="Only this tag; repeat for more.")]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Also fetch feeds on this machine and in its network.")
]
Reader = Annotated[str | None, typer.Option(help="An extractive reader, folder or hub name; default: ours.")]
Threshold = Annotated[float | None, typer.Option(min=0, max=1, help="Least confidence of a shown answer.")]
EarlyExit = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="Stop reading at an answer of this confidence; default: read all passages."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        callback=dated, help="The day of asking, from which 'last week' and 'now' count; default: today."
    ),
]
NoDay = Annotated[
    bool,
    typer.Option(
        "--no-day", help="Ask on no day: no article is preferred for its day; 'last week' says nothing."
    ),
]
NoTime = Annotated[bool, typer.Option("--no-time", help="Heed no time that the question names.")]
Compose = Annotated[
    bool,
    typer.Option(
        "--compose",
        help="Send question and passages to the language model QA_LLM_MODEL at QA_LLM_URL, and show what it "
        "composes of them where it passes a check. Without this option nothing is sent.",
    ),
]
After = Annotated[str | None, typer.Option(help="The question before, if this one leans on it.")]


def day_of_asking(as_of: str | None, no_day: bool) -> str | NoDayType | None:
    """Return what ``as_of`` takes; None is today.

    :raises InputError: if both options are given.
    """
    if as_of is not None and no_day:
        raise InputError("--as-of and --no-day contradict each other", cure="Choose one of them.")
    return NO_DAY if no_day else as_of


def ask_settings(reader: str | None, threshold: float | None, early_exit: float | None) -> AskSettings:
    """Return the settings with the options of the command line."""
    settings = replace(AskSettings(), threshold=threshold, early_exit=early_exit)
    return settings if reader is None else replace(settings, reader=reader)


def mapping_of(pairs: list[str]) -> dict[str, str]:
    """Return field -> column of what follows each ``--map``.

    :raises InputError: if one is not of the form field=column, or a field is mapped twice.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not (sign and field.strip() and column.strip()):
            raise InputError(f"--map {pair!r} is not of the form field=column", cure="Write --map body=col7")
        field = field.strip()
        if field in mapping:
            raise mapped_twice(pair, field, mapping[field])
        mapping[field] = column.strip()
    return mapping
