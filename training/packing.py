"""Examples -> :class:`training.packed.Packed`: token ids, each sequence once, spans as tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from tokenizers import Tokenizer

from qa.passages import header
from qa.read.windows import title_seen
from training.examples import Example
from training.packed import LONGEST, Packed

LONGEST_HEAD = LONGEST // 6  # tokens of title and date; as qa.read.windows


class Packer:
    """Takes groups of examples, one question each, and lays them down as arrays."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._numbers: dict[tuple[str, int, int], int] = {}  # (text, characters of title, of head) -> number
        self._offsets: list[list[tuple[int, int]]] = []
        self._ids: list[list[int]] = []
        self._title: list[int] = []
        self._head: list[int] = []
        self._question: list[int] = []
        self._set: list[str] = []
        self._contexts: list[list[int]] = []
        self._spans: list[list[list[tuple[int, int]]]] = []

    def add(self, name: str, examples: Sequence[Example]) -> bool:
        """Take the examples of one question into a set; False if its answers lie across token borders.

        The first example is the one asked about; the others are passages read beside it.
        """
        numbers, found = [], []
        for example in examples:
            number, shift = self._context(example)
            spans = [self._tokens(number, start + shift, end + shift) for start, end in example.spans]
            whole = [span for span in spans if span is not None]
            if example.spans and not whole:
                return False
            numbers.append(number)
            found.append(whole)
        self._question.append(self._sequence(examples[0].question, 0, 0))
        self._set.append(name)
        self._contexts.append(numbers)
        self._spans.append(found)
        return True

    def packed(self) -> Packed:
        """Write down all that was taken."""
        sets = tuple(dict.fromkeys(self._set))
        vocabulary: Mapping[str, int] = self._tokenizer.get_vocab()
        continues = np.zeros(max(vocabulary.values()) + 1, dtype=bool)
        continues[[number for token, number in vocabulary.items() if token.startswith("##")]] = True
        contexts = [number for group in self._contexts for number in group]
        spans = [of_context for of_group in self._spans for of_context in of_group]
        answers = [span for of_context in spans for span in of_context]
        return Packed(
            sets=sets,
            special={name: vocabulary[f"[{name.upper()}]"] for name in ("cls", "sep", "pad")},
            continues=continues,
            tokens=np.array([token for ids in self._ids for token in ids], dtype=np.uint16),
            ends=np.cumsum([len(ids) for ids in self._ids], dtype=np.int64),
            title=np.array(self._title, dtype=np.int16),
            head=np.array(self._head, dtype=np.int16),
            question=np.array(self._question, dtype=np.int32),
            set_of=np.array([sets.index(name) for name in self._set], dtype=np.int16),
            contexts_end=np.cumsum([len(group) for group in self._contexts], dtype=np.int64),
            context=np.array(contexts, dtype=np.int32),
            answers_end=np.cumsum([len(of_context) for of_context in spans], dtype=np.int64),
            first=np.array([first for first, _ in answers], dtype=np.int16),
            last=np.array([last for _, last in answers], dtype=np.int16),
        )

    def _context(self, example: Example) -> tuple[int, int]:
        """Return the number of a passage with its header, and what to add to characters of the article."""
        article = example.passage.article
        head = self._cut(header(article))
        head = head + "\n" if article.title or article.published else ""
        title = title_seen(article.title, head)
        number = self._sequence(head + example.passage.text, title, len(head))
        return number, len(head) - example.passage.start

    def _cut(self, head: str) -> str:
        offsets = self._tokenizer.encode(head, add_special_tokens=False).offsets
        return head if len(offsets) <= LONGEST_HEAD else head[: offsets[LONGEST_HEAD - 1][1]]

    def _sequence(self, text: str, title: int, head: int) -> int:
        key = text, title, head
        if key not in self._numbers:
            encoding = self._tokenizer.encode(text, add_special_tokens=False)
            self._numbers[key] = len(self._ids)
            self._ids.append(encoding.ids)
            self._offsets.append(encoding.offsets)
            self._title.append(sum(end <= title for _, end in encoding.offsets))
            self._head.append(sum(start < head for start, _ in encoding.offsets))
        return self._numbers[key]

    def _tokens(self, number: int, start: int, end: int) -> tuple[int, int] | None:
        """Return the tokens that begin and end where the characters do; None if there are none."""
        starts = {at[0]: token for token, at in reversed(list(enumerate(self._offsets[number])))}
        ends = {at[1]: token for token, at in enumerate(self._offsets[number])}
        if start in starts and end in ends and starts[start] <= ends[end]:
            return starts[start], ends[end]
        return None
