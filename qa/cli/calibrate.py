"""``python -m qa calibrate``: questions about an archive -> confidences that fit it, beside its index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import DEFAULT_INDEX, AsJson, AsOf, Index, NoDay, Reader, ask_settings, day_of_asking
from qa.cli.output import print_result


def calibrate(
    questions: Annotated[
        Path, typer.Argument(help="At least 50 questions with answers, in the form that evaluate takes.")
    ],
    index: Index = DEFAULT_INDEX,
    as_of: AsOf = None,
    no_day: NoDay = False,
    reader: Reader = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE.png", help="Draw calibration and risk-coverage curves.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fit how sure a reader is, on your own questions about your own archive.

    Any reader may be named, one from a hub too. What is fitted lies beside the index, holds for this
    reader alone, and comes before what the reader brings along; to be rid of it, remove the file.
    About a third of the questions should have no answer in the archive: "answers": [].
    """
    from qa.archive import Archive
    from qa.calibrate.calibrate import calibrate as fit_to
    from qa.calibrate.report import calibrated_of, calibrated_to_dict
    from qa.cli.terminal import BuildBar
    from qa.evaluate.picture import check_drawable, draw
    from qa.evaluate.questions import load_questions

    day = day_of_asking(as_of, no_day)
    asked = load_questions(questions)
    if picture is not None:
        check_drawable(picture)
    archive = Archive.open(index, settings=ask_settings(reader, None, None))
    with BuildBar() as bar:
        found = fit_to(archive, asked, where=questions, as_of=day, progress=bar.show)
    if picture is not None:
        draw(found.trust, title=f"{questions.name} on {index}, cross-validated", path=picture)
    if as_json:
        print_result(calibrated_to_dict(found))
    else:
        print_result(calibrated_of(found))
