"""Question and passages -> windows: what the reader sees, and where each token stands in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding

from qa.models.tokenizer import Tokenizer, Tokens, tokens_of
from qa.passages import header
from qa.records import Passage

_BREAK = re.compile("\n")
_FIRST_CJK = "\u1100"  # Hangul and all that follows it


@dataclass(frozen=True, slots=True)
class Window:
    """One sequence for the reader: question, then title and date, then a stretch of a passage."""

    passage: int  # position in the list of passages
    tokens: Tokens
    starts: np.ndarray  # (n,) first character of each token in article.text; -1 outside the passage
    ends: np.ndarray  # (n,) character after it; -1 outside the passage
    may_start: np.ndarray  # (n,) bool: first token of a word of the passage
    may_end: np.ndarray  # (n,) bool: last token of a word of the passage
    paragraphs: (
        np.ndarray
    )  # (n,) number of each token's paragraph in the article; of no use outside the passage


def windows(
    question: str,
    passages: Sequence[Passage],
    tokenizer: Tokenizer,
    *,
    longest: int,
    stride: int,
    with_header: bool,
) -> list[Window]:
    """Windows of every passage, in order.

    A passage too long for one window gets several that overlap by ``stride`` tokens. A question
    that would leave no room is cut to a third of ``longest``, its beginning kept.
    """
    question = tokenizer.truncate(question, longest=longest // 3)
    # A title of many tokens would push the passage out of the window.
    heads = [
        tokenizer.truncate(header(p.article), longest=longest // 6) + "\n" if with_header else ""
        for p in passages
    ]
    contexts = [head + passage.text for head, passage in zip(heads, passages, strict=True)]
    encoded = tokenizer.encode_pairs(question, contexts, longest=longest, stride=stride)
    return [
        _window(position, encoding, passage, shift=passage.start - len(head))
        for position, (passage, head, encodings) in enumerate(zip(passages, heads, encoded, strict=True))
        for encoding in encodings
    ]


def _window(position: int, encoding: Encoding, passage: Passage, *, shift: int) -> Window:
    text, first = passage.article.text, passage.start
    offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2) + shift
    of_context = np.array([sequence == 1 for sequence in encoding.sequence_ids], dtype=bool)
    # Some tokenizers count the blank before a word, here the line break after the header, as part of it.
    in_passage = of_context & ((offsets[:, 0] >= first) | (offsets[:, 1] > first))
    starts = np.where(in_passage, np.maximum(offsets[:, 0], first), -1)
    ends = np.where(in_passage, offsets[:, 1], -1)
    breaks = np.array([found.start() for found in _BREAK.finditer(text)], dtype=np.int64)
    parting = _inside_words(text, first, passage.end)
    return Window(
        passage=position,
        tokens=tokens_of(encoding),
        starts=starts,
        ends=ends,
        may_start=in_passage & ~parting[np.where(in_passage, starts - first, 0)],
        may_end=in_passage & ~parting[np.where(in_passage, ends - first, 0)],
        # By the last character, since a token may begin with the line break before it.
        paragraphs=np.searchsorted(breaks, ends),
    )


def _inside_words(text: str, first: int, end: int) -> np.ndarray:
    """Whether a cut before character ``first``, the next ... or ``end`` would part a word: bool, one each.

    Told by characters, since what a "word" is differs from tokenizer to tokenizer. Scripts that
    write without blanks or join particles to words (Chinese, Japanese, Korean) may be cut anywhere.
    """
    before = text[first - 1] if first else " "
    after = text[end] if end < len(text) else " "
    joins = np.array([c.isalnum() and c < _FIRST_CJK for c in f"{before}{text[first:end]}{after}"])
    return joins[:-1] & joins[1:]
