"""An archive and questions about it -> a calibration of its reader, beside the index, and how good it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.archive import Archive
from qa.calibrate.asked import ask_all
from qa.calibrate.fit import PARTS, cross_validated, fit, ranking_of, winners
from qa.errors import InputError
from qa.evaluate.questions import Question
from qa.evaluate.report import Trust, trust
from qa.read.calibration import Calibration
from qa.reports import Progress
from qa.retrieve.query import AsOf

LEAST = 50  # questions; fewer fit the chances of their own


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration and what it is worth."""

    calibration: Calibration
    trust: Trust  # cross-validated: each question judged by a model that has not seen it
    questions: int
    right: int  # questions whose best candidate is right
    file: Path  # where it was saved


def calibrate(
    archive: Archive,
    questions: Sequence[Question],
    *,
    where: Path,
    as_of: AsOf = None,
    progress: Callable[[Progress], None],
) -> Calibrated:
    """Fit ranking, confidence and thresholds of the archive's reader, and save them beside the index.

    :param where: the file of the questions, for messages.
    :raises InputError: if there are fewer than ``LEAST`` questions, or too few of one kind to fit on.
    """
    if len(questions) < LEAST:
        raise InputError(
            f"{len(questions)} questions are too few to calibrate on: {LEAST} are the least",
            where=where,
            cure="Write more questions, a third of them with no answer in the archive.",
        )
    asked = ask_all(archive, questions, as_of=as_of, progress=progress)
    right: Sequence[bool] = []
    if asked:
        right = winners(asked, ranking_of(asked))[1].tolist()
    for kind, many, cure in (
        ("right", int(sum(right)), "Check their answers, or take an archive that holds them."),
        (
            "wrong",
            len(right) - int(sum(right)),
            'Add some that the archive does not answer: "answers": []',
        ),
    ):
        if many < PARTS:
            raise InputError(
                f"the best answer is {kind} for {many} of {len(questions)} questions: too few to fit on",
                where=where,
                cure=cure,
            )
    calibration = fit(asked)
    measured = trust(*cross_validated(asked))
    file = archive.calibration_file
    file.parent.mkdir(parents=True, exist_ok=True)
    calibration.save(file)
    return Calibrated(calibration, measured, len(questions), int(sum(right)), file)
