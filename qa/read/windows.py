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
_FIRST_CJK = 0x1100  # Hangul and all that follows it
# Whether each character before that joins to words; looked up, since every window asks for a thousand.
_JOINS = np.array([chr(code).isalnum() for code in range(_FIRST_CJK)])


@dataclass(frozen=True, slots=True)
class Window:
    """One sequence for the reader: question, then title and date, then a stretch of a passage.

    The title may answer as the passage may; the date may not.
    """

    passage: int  # position in the list of passages
    tokens: Tokens
    in_title: np.ndarray  # (n,) bool: token of the title; its characters count in article.title
    starts: np.ndarray  # (n,) first character of each token in article.text or title; -1 outside both
    ends: np.ndarray  # (n,) character after it; -1 outside both
    may_start: np.ndarray  # (n,) bool: first token of a word of the title or the passage
    may_end: np.ndarray  # (n,) bool: last token of a word of the title or the passage
    paragraphs: np.ndarray  # (n,) number of each token's paragraph in the passage; -1 outside the passage


def windows(
    question: str,
    passages: Sequence[Passage],
    tokenizer: Tokenizer,
    *,
    longest: int,
    stride: int,
    with_header: bool,
) -> list[Window]:
    """Return windows of every passage, in order.

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
        _window(position, encoding, passage, head)
        for position, (passage, head, encodings) in enumerate(zip(passages, heads, encoded, strict=True))
        for encoding in encodings
    ]


def title_seen(title: str, head: str) -> int:
    """Return how many characters of the title stand in a head that may be cut off: whole words alone."""
    seen = min(len(title), len(head.rstrip("\n")))
    while seen and _inside_words(title, seen, seen)[0]:
        seen -= 1
    return seen


def _window(position: int, encoding: Encoding, passage: Passage, head: str) -> Window:
    article, first = passage.article, passage.start
    in_context = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    offsets = in_context + (first - len(head))
    of_context = np.array([sequence == 1 for sequence in encoding.sequence_ids], dtype=bool)
    # Some tokenizers count the blank before a word, here the line break after the header, as part of it.
    in_passage = of_context & ((offsets[:, 0] >= first) | (offsets[:, 1] > first))
    seen = title_seen(article.title, head)
    in_title = of_context & ~in_passage & (in_context[:, 1] > 0) & (in_context[:, 1] <= seen)
    starts = np.where(in_passage, np.maximum(offsets[:, 0], first), np.where(in_title, in_context[:, 0], -1))
    ends = np.where(in_passage, offsets[:, 1], np.where(in_title, in_context[:, 1], -1))
    breaks = np.array([b.start() for b in _BREAK.finditer(article.text, first, passage.end)], dtype=np.int64)
    in_text = _inside_words(article.text, first, passage.end)
    in_head = _inside_words(article.title, 0, seen)

    def parts_a_word(at: np.ndarray) -> np.ndarray:
        parted = in_text[np.where(in_passage, at - first, 0)]
        return np.where(in_title, in_head[np.where(in_title, at, 0)], parted)

    return Window(
        passage=position,
        tokens=tokens_of(encoding),
        in_title=in_title,
        starts=starts,
        ends=ends,
        may_start=(in_passage | in_title) & ~parts_a_word(starts),
        may_end=(in_passage | in_title) & ~parts_a_word(ends),
        # By the last character, since a token may begin with the line break before it.
        paragraphs=np.where(in_passage, np.searchsorted(breaks, ends), -1),
    )


def _inside_words(text: str, first: int, end: int) -> np.ndarray:
    """Return whether a cut before each character from ``first`` to ``end`` would part a word: bool, one each.

    Decided by characters, since what a "word" is differs from tokenizer to tokenizer. Scripts that
    write without blanks or join particles to words (Chinese, Japanese, Korean) may be cut anywhere.
    """
    before = text[first - 1] if first else " "
    after = text[end] if end < len(text) else " "
    around = f"{before}{text[first:end]}{after}".encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(around, dtype="<u4")
    joins = (codes < len(_JOINS)) & _JOINS[np.minimum(codes, len(_JOINS) - 1)]
    inside: np.ndarray = joins[:-1] & joins[1:]
    return inside
