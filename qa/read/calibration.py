"""Evidence for the candidates of a question -> the probability that each is right.

Two small linear models, fitted on questions asked end to end over two archives
(``python -m training.calibrate``), lie beside the reader's weights. A user's own, fitted on questions about
one archive (``python -m qa calibrate``), lies beside its index and comes first.

The first model ranks the candidates by margin, agreement and depth: how far down the retrieval the passage
came, which a reader of one passage cannot know. The second turns margin, lead over the best other answer,
depth and doubt into a probability; it is fitted on winners (logistic: Platt 1999; with such features:
Kamath et al. 2020, "Selective Question Answering under Domain Shift").

More features of questions and archives were fitted and measured. They made the confidence err more on
archives that were not learned (``python -m training.features``).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np

from qa.disk import translating, write_whole
from qa.errors import InputError, ModelError
from qa.read.evidence import OWN, SETTING, Evidence
from qa.settings import AskSettings
from qa.shipped import COMMAND
from qa.small_json import is_number, read_object

FILE = "calibration.json"
_CURE = "Restore it: git checkout models/reader; one of your own fit anew: training/README.md"
_HEAVIEST = 1e6  # no weight that was fitted comes near it; larger ones would overflow


@dataclass(frozen=True, slots=True)
class Ranking:
    """What ranks candidates beside their margin, in logits of margin per unit."""

    agreement: float  # gained
    depth: float  # lost

    @property
    def weights(self) -> tuple[float, ...]:
        """The weights of :data:`qa.read.evidence.OWN`, in its order."""
        return 1.0, self.agreement, -self.depth


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of both models, in logits per unit."""

    ranking_agreement: float  # what a unit of agreement is worth in the ranking, where a unit of margin is 1
    ranking_depth: float  # and what a unit of depth costs there
    # confidence
    bias: float
    margin: float
    lead: float  # of the lead over the best candidate with another answer, by the ranking's scores
    depth: float  # one weight for each of qa.read.evidence.SETTING
    doubt: float
    threshold: float  # an answer of at least this confidence is sure
    guess: float  # the best answer below that is a guess, down to this confidence; below, nothing was found

    @classmethod
    def load(cls, folder: Path) -> Calibration | None:
        """Return None if the reader was never calibrated.

        :raises ModelError: if the file is broken.
        """
        return cls.read(folder / FILE, cure=_CURE)

    @classmethod
    def own(cls, file: Path) -> Calibration | None:
        """Read one that was fitted on questions about one archive (:func:`file_name`); None without.

        :raises ModelError: if the file is broken.
        """
        return cls.read(file, cure=f"Remove the file, or fit anew: {COMMAND} calibrate QUESTIONS")

    @classmethod
    def read(cls, path: Path, *, cure: str) -> Calibration | None:
        """Return None if there is no such file.

        :raises ModelError: if the file is broken.
        """
        if not path.is_file():
            return None
        try:
            values = {"ranking_depth": 0.0} | read_object(path)  # those of before ranked without depth
            strange = sorted(set(values) - {field.name for field in fields(cls)})
            if strange:  # those that are left were fitted beside them
                raise ValueError(f"of another version: it has {', '.join(strange)}")
            known = {field.name: _weight(field.name, values[field.name]) for field in fields(cls)}
            for name in ("threshold", "guess"):
                if not 0 <= known[name] <= 1:
                    raise ValueError(f"the {name} {known[name]:g} is not from 0 to 1")
            return cls(**known)
        except OSError as fault:
            raise ModelError(f"cannot be read ({fault.strerror})", where=path, cure=cure) from fault
        except (ValueError, KeyError) as fault:
            why = f"{fault} is missing" if isinstance(fault, KeyError) else fault
            raise ModelError(f"the calibration is broken: {why}", where=path, cure=cure) from fault

    def save(self, path: Path) -> None:
        """Write the file, swapped in whole.

        :raises ModelError: if it cannot be written.
        """
        with translating(
            "the calibration cannot be kept",
            path,
            error=ModelError,
            elsewhere="See to it that its folder can be written.",
        ):
            write_whole(path, json.dumps(asdict(self), indent=1) + "\n")

    @property
    def ranking(self) -> Ranking:
        """The weights of the first model."""
        return Ranking(self.ranking_agreement, self.ranking_depth)

    def confidences(self, evidence: Evidence) -> np.ndarray:
        """Return the probability, 0 to 1, that each candidate answers ``(n,)``; it falls as they rank."""
        if not len(evidence.texts):
            return np.empty(0)
        scores = rank_scores(evidence, self.ranking)
        ranked = np.argsort(-scores, kind="stable")
        margins = evidence.features[:, OWN.index("margin")]
        setting = evidence.features[:, -len(SETTING) :] @ [getattr(self, name) for name in SETTING]
        logits = self.bias + self.margin * margins + self.lead * leads(scores, evidence.texts) + setting
        # Beyond 700, exp overflows; at 50 the probability is 1 in double precision.
        sure: np.ndarray = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
        # Each is a hair less sure than the one before it, so that sorting by confidence keeps the ranking.
        for before, after in pairwise(ranked):
            sure[after] = min(sure[after], np.nextafter(sure[before], 0))
        return sure


def _weight(name: str, value: object) -> float:
    """Return a weight as a float.

    :raises ValueError: if it is no number that a weight can be.
    """
    if not is_number(value) or abs(float(value)) > _HEAVIEST:
        raise ValueError(f"{name} is {str(value)[:40]!r} and no number up to {_HEAVIEST:,.0f}")
    return float(value)


def rank_scores(evidence: Evidence, ranking: Ranking) -> np.ndarray:
    """Return the ranking's score of each candidate ``(n,)``, in logits of margin."""
    scores: np.ndarray = evidence.features[:, : len(OWN)] @ ranking.weights
    return scores


def file_name(reader_sha256: str) -> str:
    """Return the name of the file with a reader's calibration to one archive.

    Each reader has a file of its own, so none is ever read with another's weights.
    """
    return f"calibration-{reader_sha256[:16]}.json"


FURTHEST = 30.0  # a lead without rivals, and the longest that counts


def leads(scores: np.ndarray, texts: tuple[str, ...]) -> np.ndarray:
    """Return how far each score ``(n,)`` is above the best score of any other answer, 0 to ``FURTHEST``.

    There is at least one score. The model was fitted on winners only. A candidate that trails the winner
    gets a lead of 0, as if both were level: an older death toll is not wrong because the reader is surer of a
    newer one.
    """
    best: dict[str, float] = {}  # answer -> its highest score
    for text, score in zip(texts, scores.tolist(), strict=True):
        best[text] = max(best.get(text, -np.inf), score)
    winner, *others = sorted(best, key=lambda text: -best[text])
    runner_up = best[others[0]] if others else -np.inf
    rivals = np.array([runner_up if text == winner else best[winner] for text in texts])
    ahead: np.ndarray = np.clip(scores - rivals, 0, FURTHEST)
    return ahead


def refuse_probabilities(settings: AskSettings) -> None:
    """Refuse settings that name a probability, which no reader gives without a calibration.

    :raises InputError: if the settings name a probability, which no reader gives without a calibration.
    """
    named = {
        "a threshold": ("--threshold", settings.threshold),
        "an early exit": ("--early-exit", settings.early_exit),
    }
    for what, (option, value) in named.items():
        if value is not None:
            raise InputError(
                f"this reader has no calibration, so {what} means nothing to it",
                where=settings.reader,
                cure=f"Leave {option} out.",
            )
