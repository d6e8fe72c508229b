"""The reader's weights and questions with what is found for them -> heads that look ahead, glance.json.

    python -m training.glance FOLDER

Two linear heads on the hidden states of layer 4 are fitted to the start and end logits of the last layer, by
weighted least squares over all tokens of ten passages for each question: half of the weight is shared by all
tokens of a window, the rest lies where the reader looks for an answer. The questions are those that fit the
confidence. ``python -m training.trust`` says what it costs; ``AskSettings(look_ahead=False)`` is without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import typer
from rich.progress import track

from qa.archive import Archive
from qa.models.bert import WEIGHTS, Bert, read_bert
from qa.models.bert_graph import stages_of
from qa.models.glance import FILE, Glance
from qa.models.openvino_runtime import OpenVinoTransformer
from qa.models.staged import Begun, StagedTransformer
from qa.models.tokenizer import Tokenizer, Tokens
from qa.models.weights import prepare
from qa.read.spans import NULL
from qa.read.windows import windows
from qa.settings import AskSettings
from training.calibrate import NEWS_INDEX, Data, Kind, NewsIndex, kinds

LAYER = 4  # of 6; the heads of layer 3 hardly know what the last layer will say (correlation 0.24, here 0.77)
POINTED = 5.0  # weight of the tokens that the reader points at, beside 1 for all tokens of a window
RIDGE = 1e-5  # of the mean of the squares
PASSAGES = 10


def main(data: Data, index: NewsIndex = NEWS_INDEX, limit: int = 200) -> None:
    """Fit the heads on so many questions of each kind and write them beside the reader's weights."""
    model = prepare(AskSettings().reader, "reader")
    bert = read_bert(model.source, "reader")
    if bert is None:
        raise typer.BadParameter(f"{model.source} is no BERT, and others are read in one piece.")
    width = len(bert.weights["embeddings.LayerNorm.bias"])
    tokenizer = Tokenizer.load(model.folder)
    transformer = _staged(bert, Glance(LAYER, np.zeros((2, width), np.float32), np.zeros(2, np.float32)))
    fit = Fit(width)
    for kind in kinds(data, index, measures=False):
        for sequences in _windows(kind, tokenizer, limit):
            begun = transformer.begin(sequences)
            for one, logits in zip(begun, transformer.finish(begun), strict=True):
                fit.add(one, logits)
    fit.heads(LAYER).save(model.source, model.source / WEIGHTS)
    print(f"{model.source / FILE}: fitted on {fit.tokens:,} tokens")


class Fit:
    """Weighted least squares from hidden states to logits, token by token."""

    def __init__(self, width: int) -> None:
        self.tokens = 0
        self._squares = np.zeros((width + 1, width + 1))
        self._products = np.zeros((width + 1, 2))

    def add(self, begun: Begun, logits: Sequence[np.ndarray]) -> None:
        """Add the tokens of one window with the logits that the last layer gives them."""
        n = len(begun.states)
        states = np.concatenate([begun.states, np.ones((n, 1), np.float32)], axis=1).astype(np.float64)
        wanted = np.stack([each[:n] for each in logits], axis=1).astype(np.float64)
        pointed = np.exp(wanted - wanted.max(axis=0))
        weights = 1 / n + POINTED * (pointed / pointed.sum(axis=0)).sum(axis=1)
        weights[NULL] += POINTED  # every margin is measured against it
        weighted = (states * weights[:, None]).T
        self._squares += weighted @ states
        self._products += weighted @ wanted
        self.tokens += n

    def heads(self, layer: int) -> Glance:
        """Return the heads that fit best."""
        size = len(self._squares)
        ridge = RIDGE * np.trace(self._squares) / size * np.eye(size)
        found = np.linalg.solve(self._squares + ridge, self._products).T.astype(np.float32)
        return Glance(layer, found[:, :-1], found[:, -1])


def _staged(bert: Bert, glance: Glance) -> StagedTransformer:
    facts = bert.facts
    lower, upper = (
        OpenVinoTransformer.of(graph, pad_id=facts.pad_id, longest=facts.longest)
        for graph in stages_of(bert, glance, integers=False)
    )
    return StagedTransformer(lower, upper)


def _windows(kind: Kind, tokenizer: Tokenizer, limit: int) -> Iterator[list[Tokens]]:
    """Yield the windows of the first passages that are found for each question."""
    archive = Archive.open(kind.index)
    settings = archive.settings
    for asking in track(kind.questions[:limit], description=kind.name):
        hits = archive.search(asking.question, PASSAGES, as_of=asking.day)
        cut = windows(
            asking.question,
            [hit.passage for hit in hits],
            tokenizer,
            longest=settings.window_tokens,
            stride=settings.stride_tokens,
            with_header=settings.reader_sees_header,
        )
        yield [window.tokens for window in cut]


if __name__ == "__main__":
    typer.run(main)
