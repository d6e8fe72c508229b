"""Question and passages -> candidate answers, by an extractive transformer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np

from qa.models.openvino_runtime import Transformer
from qa.models.staged import Begun, StagedTransformer
from qa.models.tokenizer import Tokenizer
from qa.models.weights import load_transformer, prepare
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate, best_first
from qa.read.leading import leading
from qa.read.spans import NULL, best_spans
from qa.read.windows import Window, windows
from qa.records import Passage, Where
from qa.settings import AskSettings

SPANS_PER_PASSAGE = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the passages in which its answer is looked for."""

    question: str
    passages: Sequence[Passage]


class Reader(Protocol):
    """What the pipeline needs of a reader; tests put a small one of their own in its place."""

    calibration: Calibration | None
    weights_sha256: str  # names the weights; a calibration fits these alone

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        """Return candidates of all passages, best margin first."""
        ...

    def read_many(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        """Return candidates of each of several questions, as :meth:`read` gives them, in the order given."""
        ...


class ExtractiveReader:
    """Any model of transformers' question-answering head, with the null at the first token."""

    def __init__(
        self,
        transformer: Transformer,
        tokenizer: Tokenizer,
        calibration: Calibration | None,
        settings: AskSettings,
        *,
        longest: int,
        weights_sha256: str = "",
    ) -> None:
        self.calibration = calibration
        self.weights_sha256 = weights_sha256
        self._transformer = transformer
        self._tokenizer = tokenizer
        self._settings = settings
        self._longest = longest

    @classmethod
    def load(cls, settings: AskSettings | None = None) -> ExtractiveReader:
        """Load the reader that the settings name: a folder or a hub name.

        :raises ModelError: if it is missing, altered or of the wrong kind.
        """
        chosen = settings if settings is not None else AskSettings()
        model = prepare(chosen.reader, "reader")
        return cls(
            load_transformer(model),
            Tokenizer.load(model.folder),
            Calibration.load(model.source),
            chosen,
            longest=min(model.longest, chosen.window_tokens),
            weights_sha256=model.weights_sha256,
        )

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        """Return candidates of all passages, best margin first; margins compare across passages."""
        return self.read_many([Asked(question, passages)])[0]

    def read_many(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        """Return candidates of each question, as :meth:`read` gives them; one run of the model for all."""
        cut = [
            windows(
                one.question,
                one.passages,
                self._tokenizer,
                longest=self._longest,
                stride=min(self._settings.stride_tokens, self._longest // 4),  # short readers exist
                with_header=self._settings.reader_sees_header,
            )
            for one in asked
        ]
        if isinstance(self._transformer, StagedTransformer) and self._settings.look_ahead:
            cut, logits = _read_the_leading(self._transformer, cut)
        else:
            logits = self._transformer.run([window.tokens for of_one in cut for window in of_one])
        outputs = iter(logits)
        return [self._candidates(of_one, list(islice(outputs, len(of_one)))) for of_one in cut]

    def _candidates(
        self, cut: Sequence[Window], outputs: Sequence[tuple[np.ndarray, ...]]
    ) -> list[Candidate]:
        found: dict[tuple[int, Where, int, int], Candidate] = {}
        for window, (start, end) in zip(cut, outputs, strict=True):
            n = len(window.tokens)
            spans = best_spans(
                start[:n],
                end[:n],
                may_start=window.may_start,
                may_end=window.may_end,
                longest=self._settings.longest_answer,
                many=SPANS_PER_PASSAGE,
                paragraphs=window.paragraphs,
            )
            null = float(start[NULL]) + float(end[NULL])
            for span in spans:
                first, last = int(window.starts[span.first]), int(window.ends[span.last])
                where: Where = "title" if window.in_title[span.first] else "text"
                candidate = Candidate(window.passage, first, last, span.margin, null, where)
                key = (window.passage, where, first, last)
                # Two windows of a long passage overlap; the higher margin of a span counts.
                if key not in found or found[key].margin < candidate.margin:
                    found[key] = candidate
        return best_first(found.values())


def _read_the_leading(
    transformer: StagedTransformer, cut: Sequence[Sequence[Window]]
) -> tuple[list[list[Window]], list[tuple[np.ndarray, ...]]]:
    """Return, of the windows of each question, those that lead, and the logits of these, all in a row."""
    begun = iter(transformer.begin([window.tokens for of_one in cut for window in of_one]))
    kept: list[list[Window]] = []
    read_on: list[Begun] = []
    for of_one in cut:
        of_its = list(islice(begun, len(of_one)))
        places = leading(of_one, of_its)
        kept.append([of_one[at] for at in places])
        read_on += [of_its[at] for at in places]
    return kept, transformer.finish(read_on)
