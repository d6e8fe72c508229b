"""A calibration and what it is worth -> a table for a terminal, or JSON."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from qa.calibrate.calibrate import Calibrated
from qa.evaluate.table import percent, trust_of


def calibrated_of(found: Calibrated) -> RenderableType:
    """Return how good it is, what it will show, and where it lies."""
    fitted = found.calibration
    return Group(
        Text(f"{found.questions:,} questions, the best answer right for {found.right:,}", style="bold"),
        Text("Below, each question is judged by a calibration that has not seen it."),
        *trust_of(found.trust),
        Text(f"From {percent(fitted.threshold)} on an answer is sure, from {percent(fitted.guess)} a guess."),
        Text(f"Kept in {found.file}"),
    )


def calibrated_to_dict(found: Calibrated) -> dict[str, object]:
    """Return the same for other programs."""
    return {
        "file": str(found.file),
        "questions": found.questions,
        "right": found.right,
        "error": found.trust.error,
        "coverage": found.trust.coverage,
        "threshold": found.calibration.threshold,
        "guess": found.calibration.guess,
    }
