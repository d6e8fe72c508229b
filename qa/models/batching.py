"""Sequences -> padded batches of similar length within a token budget, so that little is padded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.models.tokenizer import Tokens


def batches(lengths: Sequence[int], token_budget: int) -> list[list[int]]:
    """Group positions so that ``len(batch) * longest in batch <= token_budget``, longest first.

    Every position occurs exactly once. A sequence longer than the budget gets a batch of its own.
    Longest first, so that the batch that needs most memory fails at once rather than at the end.

    :raises ValueError: if the budget is not positive.
    """
    if token_budget < 1:
        raise ValueError(f"token_budget must be at least 1, not {token_budget}")
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    groups: list[list[int]] = []
    for position in order:
        # The first of a group is its longest, so it alone sets the padded width.
        if groups and (len(groups[-1]) + 1) * lengths[groups[-1][0]] <= token_budget:
            groups[-1].append(position)
        else:
            groups.append([position])
    return groups


def padded(sequences: Sequence[Tokens], *, pad_id: int, width: int | None = None) -> dict[str, np.ndarray]:
    """Return a batch by its inputs' usual names: ids, attention mask, token types, each ``(batch, width)``.

    ``width`` is by default that of the longest, and must not be less.
    """
    shape = (len(sequences), max(len(s) for s in sequences) if width is None else width)
    ids = np.full(shape, pad_id, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    types = np.zeros(shape, dtype=np.int64)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence.ids
        mask[row, : len(sequence)] = 1
        types[row, : len(sequence)] = sequence.types
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
