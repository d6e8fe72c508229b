"""``python -m qa evaluate``: a question file and an index -> figures as tables, JSON or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import (
    DEFAULT_INDEX,
    AsJson,
    AsOf,
    EarlyExit,
    Index,
    NoDay,
    Reader,
    Threshold,
    ask_settings,
    day_of_asking,
)
from qa.cli.output import print_result
from qa.errors import InputError


def evaluate(
    questions: Annotated[
        Path, typer.Argument(help="Questions with answers: .jsonl, or SQuAD format as .json or .json.gz.")
    ],
    index: Index = DEFAULT_INDEX,
    as_of: AsOf = None,
    no_day: NoDay = False,
    reader: Reader = None,
    threshold: Threshold = None,
    early_exit: EarlyExit = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many questions, evenly spaced over the file.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw calibration and risk-coverage curves.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure an archive on questions whose answers you know.

    A line of a .jsonl file: {"question": "Who bought Twitter?", "answers": ["Elon Musk"]}, and, if you
    like, "articles" (ids, addresses or titles that hold the answer), "since", "until", "source",
    "tag", "as_of". "answers": [] says that the archive has no answer.
    """
    from qa.archive import Archive
    from qa.cli.terminal import BuildBar
    from qa.evaluate.measure import measure
    from qa.evaluate.picture import check_drawable, draw
    from qa.evaluate.questions import load_questions, spaced
    from qa.evaluate.report import to_dict
    from qa.evaluate.table import evaluation_of

    day = day_of_asking(as_of, no_day)
    asked = spaced(load_questions(questions), limit)
    if picture is not None:
        check_drawable(picture)
    news = Archive.open(index, settings=ask_settings(reader, threshold, early_exit))
    if picture is not None and news.calibration is None:
        raise InputError(
            "this reader is uncalibrated, so it has no curve to draw",
            where=news.settings.reader,
            cure="Leave --picture out.",
        )
    with BuildBar() as bar:
        result = measure(news, asked, progress=bar.show, as_of=day)
    if picture is not None and result.trust is not None:
        draw(result.trust, title=f"{questions.name} on {index}", path=picture)
    print_result(to_dict(result) if as_json else evaluation_of(result))
