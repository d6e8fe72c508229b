"""Everything that a run depends on, beside the packed data and the weights it begins with."""

from __future__ import annotations

from dataclasses import dataclass, field

from training.loss import ALONE

# How often an epoch reads each question of a set. A set that is not named is not read.
# A part of the textbook questions is enough: they share their words with the answer's sentence, and the
# starting readers have seen them all. The written questions are like those that people ask.
MIX = {
    "news": 1.0,
    "wikinews": 1.0,
    "open news": 1.0,
    "nq": 0.7,
    "squad people": 0.7,  # unanswerable, written by people
    "squad": 0.3,
    "squad-dev": 0.3,
    "squad twins": 0.15,
    "squad-dev twins": 0.15,
    "shifts-wiki": 0.3,
    "shifts-wiki twins": 0.15,
    "shifts-amazon": 0.05,
    "shifts-reddit": 0.05,
    "covid": 0.2,
    "covid twins": 0.1,
    "mrqa": 0.5,
    "qamr": 0.2,
    "quoref": 0.7,
    "multispan": 0.7,
    "ester": 0.3,
    "quiz": 0.7,
    "cloze": 0.4,
    "phrases": 0.3,
}
# Share of questions that are read with 0, 1, 2 ... passages beside the one asked about.
BESIDE = (0.25, 0.5, 0.25)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of one run, each with its reason."""

    start: str = "models/reader"  # weights to begin with
    seed: int = 7
    minutes: float = 90.0  # the rate falls to 0 at their end
    epoch_tokens: int = 10_000_000  # at most; the mix is thinned to it
    token_budget: int = 4096  # padded tokens in a step, about 16 passages; larger was no faster on two cores
    peak_rate: float = 1e-4  # less than the 1.5e-4 that made the starting reader from the bare encoder
    layer_decay: float = 1.0  # rate of each layer, beside that of the one above (Clark et al. 2020)
    warmup: int = 60  # steps, for Adam's second moments
    decay: float = 0.4  # share of the time at the end over which the rate falls to 0 (Hu et al. 2024)
    weight_decay: float = 0.01
    clip: float = 1.0  # norm of the gradient
    alone: float = ALONE  # weight of the loss over single windows (training.loss)
    average: float = 0.995  # of the weights, step to step; what is measured and saved
    dropout: float = 0.0  # 0.1 was not worth 1.6 times the time on two cores
    embeddings: bool = False  # whether word and position vectors are trained, too
    teachers: tuple[str, ...] = ()  # readers whose probabilities make half of the loss (Hinton et al. 2015)
    mix: dict[str, float] = field(default_factory=lambda: dict(MIX))
