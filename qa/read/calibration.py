"""Evidence for the candidates of a question -> the probability that each is right.

Two small linear models, fitted on questions asked end to end over two archives
(``python -m training.calibrate``); they travel with the reader's weights. The first ranks the
candidates, by margin and agreement. The second turns the same two, the candidate's lead over the best
other answer and the setting of the winner into a probability (logistic: Platt 1999; with such features:
Kamath et al. 2020, "Selective Question Answering under Domain Shift").

The setting has no say in the ranking, and the length of the answer and its echo of the question have
none at all: all were fitted and measured. What they gained on quiz questions (1 to 2 points of F1) they
lost three- to tenfold on plain ones; what answers look like differs from one set of questions to the next.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np

from qa.errors import ModelError
from qa.read.evidence import OWN, SETTING, Evidence

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of both models, in logits per unit."""

    ranking_agreement: float  # what a unit of agreement is worth in the ranking, where a unit of margin is 1
    # confidence
    bias: float
    margin: float
    agreement: float
    lead: float  # of the lead over the best candidate with another answer
    similarity: float  # of the winner's setting, one weight for each of qa.read.evidence.SETTING
    depth: float
    question_words: float
    doubt: float
    contrast: float
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
        """The probability, 0 to 1, that each candidate answers ``(n,)``; it falls as they rank."""
        if not len(evidence.texts):
            return np.empty(0)
        scores = rank_scores(evidence, self.ranking_agreement)
        ranked = np.argsort(-scores, kind="stable")
        own = evidence.features[:, : len(OWN)] @ self._weights(OWN)
        setting = evidence.features[ranked[0], len(OWN) :] @ self._weights(SETTING)
        logits = self.bias + own + self.lead * leads(scores, evidence.texts) + setting
        # Beyond 700, exp overflows; at 50 the probability is 1 in double precision.
        sure = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
        # Nobody is as sure as who ranks before, so that the order can be told from it.
        for before, after in pairwise(ranked):
            sure[after] = min(sure[after], np.nextafter(sure[before], 0))
        return sure

    def _weights(self, names: tuple[str, ...]) -> np.ndarray:
        return np.array([getattr(self, name) for name in names])


def rank_scores(evidence: Evidence, agreement: float) -> np.ndarray:
    """The ranking's score of each candidate ``(n,)``, in logits of margin."""
    return evidence.features[:, : len(OWN)] @ np.array([1.0, agreement])


FURTHEST = 30.0  # a lead without rivals, and the longest that counts


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
