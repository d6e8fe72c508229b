"""The command line as a whole: every command and what it takes.

Exit codes: 0 done, 1 nothing found in this archive, 2 a mistake the user can mend.
"""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import asdict, replace
from datetime import datetime
from typing import Annotated

import typer

import qa
from qa.cli.brief import brief
from qa.cli.calibrate import calibrate
from qa.cli.evaluate import evaluate
from qa.cli.follow import follow
from qa.cli.following import Run, after_news, command_of, say_changes
from qa.cli.forget import forget
from qa.cli.logs import print_unclaimed_logs
from qa.cli.mcp import mcp
from qa.cli.options import (
    DEFAULT_INDEX,
    INTERRUPTED,
    MISTAKE,
    NOT_FOUND,
    After,
    AllowPrivate,
    AsJson,
    AsOf,
    Compose,
    EarlyExit,
    Index,
    NoDay,
    NoTime,
    Question,
    QuestionOrNone,
    Reader,
    Since,
    Source,
    Tag,
    Threshold,
    Until,
    ask_settings,
    day_of_asking,
    mapping_of,
)
from qa.cli.output import print_result, say
from qa.cli.page import page
from qa.cli.serve import serve
from qa.cli.usage import Commands, dated
from qa.cli.watch import watch
from qa.disk import cause_of, cure_of
from qa.errors import InputError, QAError
from qa.records import Reply
from qa.settings import IndexSettings
from qa.shipped import COMMAND, SAMPLE, install_command
from qa.words import count

app = typer.Typer(
    cls=Commands,
    help="Exact, dated, sourced answers from your own news archive.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"newsqa {qa.__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end."),
    ] = False,
) -> None:
    """Exact, dated, sourced answers from your own news archive."""


@app.command()
def build(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, .gz of any, feed URLs, or - for standard input."),
    ] = None,
    index: Index = DEFAULT_INDEX,
    sample: Annotated[bool, typer.Option("--sample", help="Take the sample archive that we ship.")] = False,
    add: Annotated[bool, typer.Option("--add", help="Keep what the index holds and add to it.")] = False,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="3/16", help="Write this part only; other machines write the rest. Milvus only."
        ),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="FIELD=COLUMN", help="Where a field stands, one column for each: --map body=col7"
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(callback=dated, help="The day that '3 days ago' counts from; default: each file's own."),
    ] = None,
    embedder: Annotated[
        str | None, typer.Option(help="A sentence-transformers folder or hub name; default: the bundled one.")
    ] = None,
    allow_private: AllowPrivate = False,
    run: Run = None,
    as_json: AsJson = False,
) -> None:
    """Build or update an index; only what is new or changed is embedded.

    Text, HTML, JSON, tables, feeds, mail, web archives, exports of press databases and documents are
    read; docs/formats.md has a sample of each. Afterwards the index holds just the articles named
    here, unless you say --add.
    """
    from qa.cli.terminal import BuildBar, report_of
    from qa.follow.codec import change_to_dict
    from qa.index.shards import Shard
    from qa.maintain.build import build as build_index

    named = [*(inputs or []), *([str(SAMPLE)] if sample else [])]
    if not named:
        raise InputError(
            "no articles are named", cure=f"Name files, folders or feeds, or try it: {COMMAND} build --sample"
        )
    settings = IndexSettings() if embedder is None else replace(IndexSettings(), embedder=embedder)
    part = None if shard is None else Shard.parse(shard)
    command = command_of(run)
    with BuildBar() as bar:
        report = build_index(
            named,
            index,
            mapping=mapping_of(map_ or []),
            as_of=_moment(as_of),
            add=add,
            shard=part,
            allow_private=allow_private,
            settings=settings,
            progress=bar.show,
        )
    changes = after_news(index, command) if report.added or report.removed else []
    if as_json:
        print_result(asdict(report) | {"followed": [change_to_dict(one) for one in changes]})
    else:
        print_result(report_of(report, index))
        say_changes(changes)


@app.command()
def ask(
    question: QuestionOrNone = None,
    index: Index = DEFAULT_INDEX,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    tag: Tag = None,
    as_of: AsOf = None,
    no_day: NoDay = False,
    no_time: NoTime = False,
    after: After = None,
    reader: Reader = None,
    threshold: Threshold = None,
    early_exit: EarlyExit = None,
    questions: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Ask many: a text (one a line; - is standard input), .csv or .jsonl."
        ),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the answers of many as CSV.")] = False,
    compose: Compose = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question, or a file of them, with exact quotes.

    Exit code 1 if the archive has neither an answer nor a guess, to none of several questions.
    """
    from qa.archive import Archive
    from qa.cli.many import print_answered, read_questions
    from qa.cli.suggest import no_such_names, other_spelling
    from qa.cli.terminal import answers_of
    from qa.export import reply_to_dict

    _check_asked(question, questions, after, compose, as_csv, as_json)
    if compose:
        from qa.cli.composed import named_endpoint

        named_endpoint()  # before any model: what is named wrongly is said at once
    day = day_of_asking(as_of, no_day)
    several = [] if questions is None else read_questions(questions)
    news = Archive.open(index, settings=ask_settings(reader, threshold, early_exit))
    if question is None:
        answered = news.ask_each(
            several, since=since, until=until, source=source, tag=tag, as_of=day, heed_time=not no_time
        )
        found = print_answered(answered, len(several), "csv" if as_csv else "json" if as_json else "table")
        if strange := no_such_names(news.retriever.overview, source, tag, found=found):
            say(strange, error=as_csv or as_json)
        raise typer.Exit(0 if found else NOT_FOUND)

    def asked(text: str, before: Reply | None) -> Reply:
        return news.ask(
            text,
            since=since,
            until=until,
            source=source,
            tag=tag,
            as_of=day,
            heed_time=not no_time,
            after=before,
        )

    reply = asked(question, None if after is None else asked(after, None))
    if compose:
        from qa.cli.composed import composed_aloud

        print_result(composed_aloud(reply, as_json=as_json))
    else:
        print_result(reply_to_dict(reply) if as_json else answers_of(reply))
        if not as_json and (offered := other_spelling(news.retriever, reply)):
            say(offered)
    if reply.outcome == "not found":
        raise typer.Exit(NOT_FOUND)


@app.command()
def search(
    question: Question,
    index: Index = DEFAULT_INDEX,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many passages.")] = 10,
    since: Since = None,
    until: Until = None,
    source: Source = None,
    tag: Tag = None,
    as_of: AsOf = None,
    no_day: NoDay = False,
    no_time: NoTime = False,
    as_json: AsJson = False,
) -> None:
    """Find the passages that fit a question best; exit code 1 if none passes the filters."""
    from qa import words
    from qa.cli.terminal import passages_of
    from qa.export import found_to_dict
    from qa.retrieve.retriever import Retriever

    day = day_of_asking(as_of, no_day)
    retriever = Retriever.open(index)
    hits = retriever.search(
        question, k, since=since, until=until, source=source, tag=tag, as_of=day, heed_time=not no_time
    )
    print_result(found_to_dict(hits) if as_json else passages_of(hits))
    for name in hits.unknown:
        say(words.unknown_and_known(name), error=as_json)
    raise typer.Exit(0 if hits else NOT_FOUND)


@app.command()
def show(
    index: Index = DEFAULT_INDEX,
    machine: Annotated[
        bool, typer.Option("--machine", help="Show instead what runs the models here, and how fast.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is in an index: articles, dates, sources, tags, and what was left out."""
    if machine:
        from qa.cli.machine import lines_of, models_here

        found = models_here()
        print_result(asdict(found) if as_json else lines_of(found))
        return
    from qa.cli.terminal import overview_of
    from qa.index.backends import backend_of

    facts = backend_of(index).overview()
    print_result(asdict(facts) if as_json else overview_of(facts))


@app.command()
def check(index: Index = DEFAULT_INDEX, as_json: AsJson = False) -> None:
    """Read every byte of an index and report whether it is whole."""
    from qa.index.backends import check as check_index

    found = check_index(index)
    if as_json:
        print_result({"whole": True, "generation": found.generation, "passages": found.passages})
    else:
        print_result(
            f"{index}: whole ({count(found.articles, 'article')}, {count(found.passages, 'passage')})"
        )


app.command()(brief)
app.command()(evaluate)
app.command()(calibrate)
app.command()(follow)
app.command()(forget)
app.command()(page)
app.command()(serve)
app.command()(mcp)
app.command()(watch)


def main() -> None:
    """Run a command and turn every fault into one line and an exit code."""
    print_unclaimed_logs()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # a full disk shows here, while there is somebody to say so
    except QAError as error:
        _fail(str(error))
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer has turned Ctrl-C into this
            _fail("Stopped. Nothing that was there is lost; the same command goes on.", INTERRUPTED)
        raise
    except BrokenPipeError:
        _drop_output()  # whoever read the output (head, less) has closed it
    except OSError as error:
        _fail_on_disk(error)
    except ModuleNotFoundError as error:  # in an environment that holds less than this command needs
        if (error.name or "").split(".")[0] in ("qa", "app"):
            raise
        _fail(f"{error.name} is not installed, which this command needs. Run: {install_command()}")
    except Exception as error:
        if os.environ.get("QA_DEBUG"):
            traceback.print_exc()
        _fail(
            f"an unforeseen fault ({type(error).__name__}: {error}). QA_DEBUG=1 shows where; please report it"
        )


def _fail_on_disk(error: OSError) -> None:
    """Say of a file that cannot be read or written what can be done; of anything else as of every fault."""
    code, why = cause_of(error)
    if os.environ.get("QA_DEBUG"):
        traceback.print_exc()
    if error.filename is None:
        _drop_output()
    where = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else "standard output"
    cure = cure_of(code, elsewhere="See to it that it can be written.", again="try again")
    _fail(f"{where}: cannot be read or written ({why}). {cure}")


def _drop_output() -> None:
    """Let what is still to be written go nowhere, or Python would complain at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(line: str, code: int = MISTAKE) -> None:
    say(f"qa: {' '.join(line.split())}", error=True)
    sys.exit(code)


def _check_asked(
    question: str | None,
    questions: str | None,
    after: str | None,
    compose: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Raise InputError if both or none of question and file are given, or if options contradict."""
    if question is None and questions is None:
        cure = f'Ask: {COMMAND} ask "Who bought Twitter?", or ask --questions FILE'
        raise InputError("no question is given", cure=cure)
    if question is not None and questions is not None:
        raise InputError("a question and a file of questions are given", cure="Choose one of them.")
    for option, is_given in (("--after", after is not None), ("--compose", compose)):
        if questions is not None and is_given:
            raise InputError(
                f"{option} is for one question, and --questions names many", cure="Leave one of them out."
            )
    if as_csv and as_json:
        raise InputError("--csv and --json contradict each other", cure="Choose one of them.")
    if as_csv and questions is None:
        raise InputError("--csv is for many questions", cure="Name a file with --questions, or say --json.")


def _moment(day: str | None) -> datetime | None:
    from qa.text.dates import parse_bound

    return None if day is None else parse_bound(day).first
