"""The command ``forget``: deletes articles by id, source or date."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from qa.cli.following import after_forgetting
from qa.cli.options import DEFAULT_INDEX, NOT_FOUND, AsJson, Index
from qa.cli.output import print_result, say
from qa.cli.usage import dated
from qa.errors import InputError


def forget(
    index: Index = DEFAULT_INDEX,
    id_: Annotated[
        list[str] | None, typer.Option("--id", help="The article with this id; repeat for more.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Articles of this source; repeat for more.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(callback=dated, help="Published before: 2020-01-01, 'July 2020', 2020.")
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(help="Published longer ago than: 5y, '18 months', 2w, 30d.")
    ] = None,
    let_back: Annotated[
        list[str] | None,
        typer.Option(help="Let later builds take in this forgotten id again; repeat for more."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete articles that meet all that is said, without embedding anything; exit code 1 if none does.

    Their text is gone from the index's files when the command ends, and later builds leave them out.
    Followed questions are then asked again; what they find counts as no change.
    """
    from qa.cli.suggest import no_such_names
    from qa.cli.terminal import forgotten_of
    from qa.index.backends import backend_of
    from qa.maintain.forget import forget as forget_articles
    from qa.maintain.forget import let_back as let_back_articles

    if let_back:
        if id_ or source or before or older_than:
            raise InputError("--let-back goes with no other choice", cure="Run two commands.")
        known = let_back_articles(index, let_back)
        unknown = [one for one in let_back if one not in known]
        if as_json:
            print_result({"let_back": list(known), "unknown": unknown})
        else:
            print_result(f"{index}: {len(known):,} of {len(let_back):,} ids are forgotten no more")
        if not known:
            raise typer.Exit(NOT_FOUND)
        return
    report = forget_articles(
        index, ids=id_ or [], source=source or [], before=before, older_than=older_than, dry_run=dry_run
    )
    print_result(asdict(report) if as_json else forgotten_of(report, index))
    if not report.forgotten:
        if strange := no_such_names(backend_of(index).overview, source, None):
            say(strange, error=as_json)
        raise typer.Exit(NOT_FOUND)
    if not dry_run:
        after_forgetting(index)
