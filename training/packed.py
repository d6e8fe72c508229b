"""One file with all that a run reads <-> questions and contexts as token ids; windows are cut at run time.

The file is an ``.npz`` of flat arrays inside ``.xz``. Each question and each context stands in it once, as
uint16 token ids; an edited context differs from its original by a few tokens, which the compression finds.
Reading it needs numpy alone, so a run can move to any machine that has an accelerator.
"""

from __future__ import annotations

import io
import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from training.batches import Group, LabelledWindow

LONGEST, STRIDE = 384, 128  # tokens of a window, and of the overlap of two; as qa.settings.AskSettings
DEV = "dev "  # sets whose name begins like this are only measured on


@dataclass(frozen=True)
class Packed:
    """Questions with contexts; ``g`` groups, ``c`` contexts of groups, ``s`` sequences, ``a`` answers."""

    sets: tuple[str, ...]  # names of the sets
    special: dict[str, int]  # ids of "cls", "sep" and "pad"
    continues: np.ndarray  # (vocabulary,) bool: the token continues the word before it
    tokens: np.ndarray  # uint16, all sequences one after the other
    ends: np.ndarray  # (s,) where each sequence ends in ``tokens``
    title: np.ndarray  # (s,) tokens of the title at the beginning of the sequence
    head: np.ndarray  # (s,) tokens of title and date at the beginning of the sequence
    question: np.ndarray  # (g,) the sequence that is asked
    set_of: np.ndarray  # (g,) number of its set
    contexts_end: np.ndarray  # (g,) where its contexts end in ``context``
    context: np.ndarray  # (c,) sequences; of each group the first is the one asked about
    answers_end: np.ndarray  # (c,) where the answers in a context end in ``first`` and ``last``
    first: np.ndarray  # (a,) token of the context, first of an answer
    last: np.ndarray  # (a,) last of it

    def __len__(self) -> int:
        return len(self.question)

    def of_set(self, name: str) -> np.ndarray:
        """Return the numbers of the groups of a set, in order."""
        return np.flatnonzero(self.set_of == self.sets.index(name))

    def contexts(self, group: int) -> range:
        """Return the places of a group's contexts in ``context``."""
        return range(int(self.contexts_end[group - 1]) if group else 0, int(self.contexts_end[group]))

    def answers(self, at: int) -> list[tuple[int, int]]:
        """Return the first and the last token of each answer in the context at a place."""
        own = slice(int(self.answers_end[at - 1]) if at else 0, int(self.answers_end[at]))
        return list(zip(self.first[own].tolist(), self.last[own].tolist(), strict=True))

    def size(self, group: int, contexts: Sequence[int] | None = None) -> int:
        """Return the tokens of a group's windows, nearly (where a context needs no second window)."""
        chosen = self.contexts(group) if contexts is None else contexts
        asked = self._length(int(self.question[group])) + 3
        return sum(min(LONGEST, asked + self._length(int(self.context[at]))) for at in chosen)

    def windows(self, group: int, contexts: Sequence[int] | None = None) -> Group:
        """Cut the windows of a group, or of some of its ``contexts``.

        Of a context cut into several windows those with an answer are taken, or the first.
        """
        found: list[LabelledWindow] = []
        question = self._sequence(int(self.question[group]))[: LONGEST // 3]
        for at in self.contexts(group) if contexts is None else contexts:
            cut = self._cut(question, at)
            holding = [window for window in cut if window.first]
            found += holding if holding else cut[:1]
        return tuple(found)

    def _cut(self, question: np.ndarray, at: int) -> list[LabelledWindow]:
        sequence = int(self.context[at])
        ids = self._sequence(sequence)
        continued = np.append(self.continues[ids], False)
        place = np.arange(len(ids))
        legal = (place < self.title[sequence]) | (place >= self.head[sequence])
        may = (legal & ~continued[:-1]) + 2 * (legal & ~continued[1:])
        spans = self.answers(at)
        room = LONGEST - 3 - len(question)
        return [
            self._window(question, ids, may, spans, low, min(low + room, len(ids)))
            for low in range(0, max(1, len(ids) - STRIDE), room - STRIDE)
        ]

    def _window(
        self,
        question: np.ndarray,
        ids: np.ndarray,
        may: np.ndarray,
        spans: Sequence[tuple[int, int]],
        low: int,
        high: int,
    ) -> LabelledWindow:
        cls, sep = self.special["cls"], self.special["sep"]
        before = len(question) + 2
        whole = [(first, last) for first, last in spans if low <= first and last < high]
        return LabelledWindow(
            ids=np.concatenate([[cls], question, [sep], ids[low:high], [sep]]).astype(np.int32),
            types=np.repeat([0, 1], [before, high - low + 1]).astype(np.int8),
            may=np.concatenate([np.zeros(before), may[low:high], [0]]).astype(np.int8),
            first=tuple(first - low + before for first, _ in whole),
            last=tuple(last - low + before for _, last in whole),
        )

    def _sequence(self, number: int) -> np.ndarray:
        return self.tokens[self._starts[number] : self.ends[number]].astype(np.int64)

    def _length(self, number: int) -> int:
        return int(self.ends[number] - self._starts[number])

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.concatenate([[0], self.ends[:-1]])

    def save(self, path: Path) -> int:
        """Write the file, swapped in whole, and return its bytes."""
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        about = json.dumps({"sets": self.sets, "special": self.special}).encode()
        buffer = io.BytesIO()
        np.savez(buffer, about=np.frombuffer(about, dtype=np.uint8), **arrays)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".partial")
        fresh.write_bytes(lzma.compress(buffer.getvalue(), preset=6))
        fresh.replace(path)
        return path.stat().st_size

    @classmethod
    def load(cls, path: Path) -> Packed:
        """Read what :meth:`save` wrote.

        :raises FileNotFoundError: if ``training.pack`` was not run.
        """
        with np.load(io.BytesIO(lzma.decompress(path.read_bytes())), allow_pickle=False) as file:
            arrays = dict(file)
        about = json.loads(arrays.pop("about").tobytes())
        return cls(sets=tuple(about["sets"]), special=about["special"], **arrays)


_ARRAYS = (
    "continues", "tokens", "ends", "title", "head", "question", "set_of", "contexts_end", "context",
    "answers_end", "first", "last",
)  # fmt: skip
