"""Article -> passages: whole sentences packed to a token budget, with overlap."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from qa.records import Article, Passage
from qa.settings import ChunkSettings
from qa.text.sentences import sentences

# Raise it when a text is cut otherwise, or when other text of the same article is embedded: an update then
# takes no passage over from an index that an older rule made. A test keeps both in step.
CHUNKER_VERSION = 2


def chunk(text: str, token_offsets: np.ndarray, settings: ChunkSettings) -> list[tuple[int, int]]:
    """Return half-open character spans of the passages of a text, in order; together they cover every token.

    ``token_offsets`` is ``(n, 2)``, the half-open characters of each token of the text. A passage
    holds at most ``passage_tokens``. It repeats the last whole sentences of the one before, as many
    as ``overlap_tokens`` hold, so that an answer at a border keeps its surroundings.

    :raises ValueError: if the overlap does not leave room to move forward.
    """
    budget, overlap = settings.passage_tokens, settings.overlap_tokens
    if not 0 <= overlap < budget:
        raise ValueError(f"overlap must be from 0 to under the budget of {budget} tokens, not {overlap}")
    units = _units(text, token_offsets, budget)
    passages: list[tuple[int, int]] = []
    first = 0
    while first < len(units):
        tokens = 0
        last = first
        while last < len(units) and tokens + units[last][2] <= budget:
            tokens += units[last][2]
            last += 1
        passages.append((units[first][0], units[last - 1][1]))
        if last == len(units):
            break
        first = _overlap_start(units, first, last, overlap, room=budget - units[last][2])
    return passages


def embedded_text(passage: Passage) -> str:
    """Return what embedder and BM25 see of a passage: title, date and text.

    The date is written out as people write it in questions ("5 September 2023").
    """
    return f"{header(passage.article)}\n{passage.text}"


def header(article: Article) -> str:
    """Return title and date on one line."""
    if article.published is None:
        return article.title
    day = f"{article.published.day} {article.published:%B %Y}"
    return f"{article.title} ({day})" if article.title else day


def content_id(title: str, text: str, source: str) -> str:
    """Return a stable name for an article that brings none: 32 hex digits of its content's BLAKE2b hash."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (title, text, source):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)  # lengths keep ("a", "b") from ("ab", "")
    return digest.hexdigest()


def content(article: Article) -> str:
    """Return a hash that is equal for exact repeats, whatever their ids."""
    return content_id(article.title, article.text, article.source)


def digest(article: Article) -> str:
    """Return a hash that changes whenever what is embedded of the article changes."""
    embedded = f"{header(article)}\0{article.text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(embedded, digest_size=16).hexdigest()


def _overlap_start(
    units: Sequence[tuple[int, int, int]], first: int, last: int, overlap: int, *, room: int
) -> int:
    """Return the first unit of the next passage, which must hold unit ``last`` and so move forward."""
    start = last
    repeated = 0
    while start - 1 > first and repeated + units[start - 1][2] <= min(overlap, room):
        start -= 1
        repeated += units[start][2]
    return start


def _units(text: str, token_offsets: np.ndarray, budget: int) -> list[tuple[int, int, int]]:
    """Return sentences as (start, end, tokens); one longer than the budget is cut between tokens."""
    starts = token_offsets[:, 0]
    units = []
    spans = sentences(text)
    # One search for all: each search copies the starts, so one a sentence took minutes for 5 MB.
    borders = np.searchsorted(starts, np.array(spans, dtype=np.int64).reshape(-1, 2)).tolist()
    for (start, end), (low, high) in zip(spans, borders, strict=True):
        if high - low <= budget:
            units.append((start, end, high - low))
            continue
        for cut in range(low, high, budget):
            stop = min(cut + budget, high)
            cut_start = start if cut == low else int(starts[cut])
            cut_end = end if stop == high else int(token_offsets[stop - 1, 1])
            units.append((cut_start, cut_end, stop - cut))
    return units
