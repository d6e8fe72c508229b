"""Evidence for a span -> the probability that it is right, and the least that is worth showing.

A logistic model over the reader's margin and the retrieval scores, fitted on questions asked end
to end over an archive (``python -m training.calibrate``); it travels with the reader's weights.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from qa.errors import ModelError
from qa.records import Hit

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the logistic model; all in logits per unit of the feature."""

    bias: float
    margin: float  # reader: span score minus null score
    similarity: float  # retrieval: cosine of question and passage
    score: float  # retrieval: fused, 0 to 1
    threshold: float  # answers of less confidence are not shown

    @classmethod
    def load(cls, folder: Path) -> Calibration | None:
        """None if the reader was never calibrated.

        :raises ModelError: if the file is broken.
        """
        path = folder / FILE
        if not path.is_file():
            return None
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{field.name: float(values[field.name]) for field in fields(cls)})
        except (ValueError, KeyError, TypeError) as fault:
            raise ModelError(
                f"the calibration is broken ({fault!r})",
                where=path,
                cure="Restore it: git checkout models/reader",
            ) from fault

    def save(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def confidence(self, margin: float, hit: Hit) -> float:
        """The probability, 0 to 1, that the span answers the question."""
        logit = self.bias + self.margin * margin + self.similarity * hit.similarity + self.score * hit.score
        # Beyond 700, exp overflows; at 50 the probability is 1 in double precision.
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
