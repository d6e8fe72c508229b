"""Evidence for the candidates of a question -> the probability that each is right.

Two small linear models, fitted on questions asked end to end over an archive
(``python -m training.calibrate``); they travel with the reader's weights. The first ranks the
candidates. The second turns a candidate's rank score, its lead over the best other answer and the
setting of the winner into a probability (logistic: Platt 1999; with such features: Kamath et al. 2020,
"Selective Question Answering under Domain Shift").

The setting has no say in the ranking, and the length of the answer and its echo of the question have
none at all: all were fitted and measured. What they gained on quiz questions (1 to 2 points of F1) they
lost three- to tenfold on plain ones; what answers look like differs from one set of questions to the next.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from qa.errors import ModelError
from qa.read.evidence import RANKING, SETTING, Evidence

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of both models, in logits per unit."""

    # ranking: one weight for each of qa.read.evidence.RANKING
    margin: float
    agreement: float
    # confidence
    bias: float
    rank: float  # of the rank score
    lead: float  # of the lead over the best candidate with another answer
    similarity: float  # of the winner's setting, one weight for each of qa.read.evidence.SETTING
    depth: float
    question_words: float
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

    def confidences(self, evidence: Evidence) -> np.ndarray:
        """The probability, 0 to 1, that each candidate answers the question ``(n,)``."""
        if not len(evidence.texts):
            return np.empty(0)
        scores = evidence.features[:, : len(RANKING)] @ self._weights(RANKING)
        setting = evidence.features[np.argmax(scores), len(RANKING) :] @ self._weights(SETTING)
        logits = self.bias + self.rank * scores + self.lead * leads(scores, evidence.texts) + setting
        # Beyond 700, exp overflows; at 50 the probability is 1 in double precision.
        return 1 / (1 + np.exp(-np.clip(logits, -50, 50)))

    def _weights(self, names: tuple[str, ...]) -> np.ndarray:
        return np.array([getattr(self, name) for name in names])


FURTHEST = 10.0  # a lead without rivals, and the longest that counts


def leads(scores: np.ndarray, texts: tuple[str, ...]) -> np.ndarray:
    """How far each score ``(n,)`` is above the best one of another answer, 0 to ``FURTHEST``.

    Nothing but winners was fitted. The others count as if they were level with the winner: an older
    death toll is not wrong because a newer one is surer.
    """
    best: dict[str, float] = {}
    for text, score in zip(texts, scores.tolist(), strict=True):
        best[text] = max(best.get(text, -np.inf), score)
    first, second, *_ = [*sorted(best.items(), key=lambda item: -item[1]), ("", -np.inf), ("", -np.inf)]
    rivals = np.array([second[1] if text == first[0] else first[1] for text in texts])
    return np.clip(scores - rivals, 0, FURTHEST)
