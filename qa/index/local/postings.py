"""Texts -> which words stand in which passages how often: the counts that BM25 weighs when it is asked.

Counts, not scores, are kept: every score depends on how many passages there are, so a single new
article would change all of them. Words are split and stemmed by bm25s and PyStemmer; those of a question
without bm25s, which brings scipy along: a sixth of a second of every first question.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import Stemmer

from qa.index.local.columns import numpy_of
from qa.index.local.guard import NO_GUARD, Guard
from qa.index.local.tables import LENGTH, POSTING, WORD, read_table, write_table

pc: Any = pyarrow.compute  # its functions are made when it is imported, where no checker sees them
WORDS, POSTINGS, LENGTHS = "words.arrow", "postings.arrow", "lengths.arrow"
_MOST_COUNTED = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Postings:
    """The words of a segment's passages. Passages count from 0 within the segment."""

    words: pa.LargeBinaryArray  # sorted by their bytes, each once
    first: np.ndarray  # int64 (words + 1,): where each word's postings begin; at the end their number
    passages: np.ndarray  # int32 (postings,): ascending within a word
    counts: np.ndarray  # uint16 (postings,): how often the word stands there
    lengths: np.ndarray  # int32 (passages,): words in each passage
    guard: Guard = NO_GUARD  # looks at a word's postings before they are read

    @classmethod
    def open(cls, folder: Path, guard: Guard = NO_GUARD) -> Postings:
        """Open the counts of a segment.

        :raises IndexDamaged: if a file cannot be read.
        """
        words = read_table(folder / WORDS, WORD, mapped=guard.map).combine_chunks()
        postings = read_table(folder / POSTINGS, POSTING, mapped=guard.map)
        for column in postings.columns:
            if column.num_chunks > 1:  # we write one; several are copied together below, so read now
                for chunk in column.chunks:
                    guard.need(chunk.buffers()[1].address, chunk.buffers()[1].size)
        lengths = read_table(folder / LENGTHS, LENGTH, mapped=guard.map)
        first = np.concatenate([[0], np.cumsum(numpy_of(words["postings"]))])
        spelled = words["word"].chunk(0) if len(words) else pa.array([], pa.large_binary())
        return cls(
            spelled,
            first,
            numpy_of(postings["passage"]),
            numpy_of(postings["count"]),
            numpy_of(lengths["words"]),
            guard,
        )

    def write(self, folder: Path) -> None:
        """Write the counts into a segment's folder.

        :raises OSError: if the disk is full or the folder cannot be written.
        """
        tables = {
            WORDS: (WORD, [self.words, np.diff(self.first)]),
            POSTINGS: (POSTING, [self.passages, self.counts]),
            LENGTHS: (LENGTH, [self.lengths]),
        }
        for name, (schema, columns) in tables.items():
            write_table([pa.table(columns, schema=schema)], schema, folder / name)

    def of(self, word: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the passages that hold a word, ascending, and how often each does.

        :raises IndexDamaged: if they are not as they were written.
        """
        wanted = _bytes(word)
        at = self._place(wanted)
        if at == len(self.words) or self.words[at].as_py() != wanted:
            return self.passages[:0], self.counts[:0]
        part = slice(int(self.first[at]), int(self.first[at + 1]))
        passages, counts = self.passages[part], self.counts[part]
        self.guard.need_array(passages)
        self.guard.need_array(counts)
        return passages, counts

    def _place(self, wanted: bytes) -> int:
        """Return how many words come before this one."""
        if not len(self.words):
            return 0
        # Straight from the buffers: a question takes a thousand steps, and Arrow makes two objects at each.
        _, starts, letters = self.words.buffers()
        starts = memoryview(starts).cast("q")[self.words.offset :]
        letters = memoryview(letters)
        return bisect_left(
            range(len(self.words)), wanted, key=lambda at: bytes(letters[starts[at] : starts[at + 1]])
        )


def count_words(texts: Sequence[str]) -> Postings:
    """Count the words of passages."""
    import bm25s

    tokenized: Any = bm25s.tokenize(
        list(texts), stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False
    )
    # A text without words gets the empty word from bm25s; it is none.
    known = sorted((_bytes(word), id_) for word, id_ in tokenized.vocab.items() if word)
    place = np.full(max(tokenized.vocab.values(), default=-1) + 1, -1, dtype=np.int64)
    place[[id_ for _, id_ in known]] = np.arange(len(known))
    sizes = np.fromiter((len(ids) for ids in tokenized.ids), dtype=np.int64, count=len(texts))
    words = place[np.fromiter(chain.from_iterable(tokenized.ids), dtype=np.int64, count=int(sizes.sum()))]
    passages = np.repeat(np.arange(len(texts)), sizes)[words >= 0]
    keys, counts = np.unique(words[words >= 0] * len(texts) + passages, return_counts=True)
    return _sorted(
        pa.array([word for word, _ in known], pa.large_binary()),
        keys // max(1, len(texts)),
        (keys % max(1, len(texts))).astype(np.int32),
        np.minimum(counts, _MOST_COUNTED).astype(np.uint16),
        np.bincount(passages, minlength=len(texts)).astype(np.int32),
    )


def joined(parts: Sequence[tuple[Postings, np.ndarray]]) -> Postings:
    """Join several Postings; a boolean mask for each says which of its passages are kept, in their order."""
    words = pc.unique(pa.chunked_array([part.words for part, _ in parts], pa.large_binary()))
    words = words.take(pc.sort_indices(words))
    columns: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    lengths = []
    kept = 0
    for part, keep in parts:
        number = np.cumsum(keep, dtype=np.int32) - 1 + kept
        stays = keep[part.passages]
        place = pc.index_in(part.words, value_set=words).to_numpy(zero_copy_only=False).astype(np.int32)
        word = np.repeat(place, np.diff(part.first))[stays]
        columns.append((word, number[part.passages[stays]], part.counts[stays]))
        lengths.append(part.lengths[keep])
        kept += int(np.count_nonzero(keep))
    word, passages, counts = (np.concatenate(column) for column in zip(*columns, strict=True))
    # Each part comes word by word, and its passages follow those of the part before.
    order = np.argsort(word, kind="stable")
    return _sorted(words, word[order], passages[order], counts[order], np.concatenate(lengths))


def _sorted(
    words: pa.LargeBinaryArray,
    word: np.ndarray,
    passages: np.ndarray,
    counts: np.ndarray,
    lengths: np.ndarray,
) -> Postings:
    """Make Postings of columns that are sorted by word; a word without postings is dropped."""
    sizes = np.bincount(word, minlength=len(words))
    words = words.filter(pa.array(sizes > 0)) if len(words) else words
    first = np.concatenate([[0], np.cumsum(sizes[sizes > 0])])
    return Postings(words, first, passages, counts, lengths)


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")
