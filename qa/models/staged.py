"""A reader in two stages: its lower layers read every passage, its upper ones those that are worth it.

Between the two the lower layers' heads (:mod:`qa.models.glance`) say what each passage promises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.models.facts import MOST_TOKENS
from qa.models.openvino_runtime import GRAPH, OpenVinoTransformer
from qa.models.tokenizer import Tokens

UPPER = "upper.xml"  # the graph of the upper layers, beside that of the lower ones


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """What the lower layers make of one sequence of n tokens."""

    states: np.ndarray  # (n, width) float32
    start: np.ndarray  # (n,) guess of the start logits
    end: np.ndarray  # (n,) guess of the end logits


class StagedTransformer:
    """Two graphs that are one model. Safe to share among threads."""

    def __init__(self, lower: OpenVinoTransformer, upper: OpenVinoTransformer) -> None:
        self._lower = lower
        self._upper = upper

    @classmethod
    def load(
        cls, folder: Path, *, pad_id: int, longest: int, request_tokens: int = MOST_TOKENS
    ) -> StagedTransformer:
        """Compile both graphs.

        :raises ModelError: if one is missing or broken.
        """
        lower, upper = (
            OpenVinoTransformer.load(
                folder, pad_id=pad_id, longest=longest, request_tokens=request_tokens, file=file
            )
            for file in (GRAPH, UPPER)
        )
        return cls(lower, upper)

    def run(
        self, sequences: Sequence[Tokens], *, done: Callable[[int], None] | None = None
    ) -> list[tuple[np.ndarray, ...]]:
        """Return the logits of all sequences, by all layers, as the protocol says."""
        return self.finish(self.begin(sequences), done=done)

    def begin(self, sequences: Sequence[Tokens]) -> list[Begun]:
        """Run the lower layers."""
        outputs = self._lower.run(sequences)
        return [
            Begun(*(output[: len(one)] for output in of_one))
            for one, of_one in zip(sequences, outputs, strict=True)
        ]

    def finish(
        self, begun: Sequence[Begun], *, done: Callable[[int], None] | None = None
    ) -> list[tuple[np.ndarray, ...]]:
        """Run the upper layers; return start and end logits of each sequence, padded."""

        def batch(group: list[int], width: int) -> Mapping[str, np.ndarray]:
            hidden = np.zeros((len(group), width, begun[group[0]].states.shape[1]), dtype=np.float32)
            mask = np.zeros((len(group), width), dtype=np.int64)
            for row, position in enumerate(group):
                states = begun[position].states
                hidden[row, : len(states)] = states
                mask[row, : len(states)] = 1
            return {"hidden": hidden, "attention_mask": mask}

        return self._upper.run_batches([len(one.states) for one in begun], batch, done=done)
