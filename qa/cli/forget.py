"""The command ``forget``: deletes articles by id, source or date."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from qa.cli.options import DEFAULT_INDEX, NOT_FOUND, AsJson, Index
from qa.cli.output import print_result


def forget(
    index: Index = DEFAULT_INDEX,
    id_: Annotated[
        list[str] | None, typer.Option("--id", help="The article with this id; repeat for more.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Articles of this source; repeat for more.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(help="Published before: 2020-01-01, 'July 2020', 2020.")
    ] = None,
    older_than: Annotated[
        str | None, typer.Option(help="Published longer ago than: 5y, '18 months', 2w, 30d.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete articles that meet all that is said, without embedding anything; exit code 1 if none does."""
    from qa.cli.terminal import forgotten_of
    from qa.maintain.forget import forget as forget_articles

    report = forget_articles(
        index, ids=id_ or [], source=source or [], before=before, older_than=older_than, dry_run=dry_run
    )
    print_result(asdict(report) if as_json else forgotten_of(report, index))
    if not report.forgotten:
        raise typer.Exit(NOT_FOUND)
