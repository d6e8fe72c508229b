"""Dense and BM25 scores of the candidates -> one fused score."""

from __future__ import annotations

import numpy as np


def fuse(cosines: np.ndarray, bm25: np.ndarray, *, lexical_weight: float) -> np.ndarray:
    """Fused scores ``(n,)`` in 0 to 1, higher is better.

    A convex combination of normalised scores, which beats rank fusion where scores mean something
    (Bruch et al. 2022, "An Analysis of Fusion Functions for Hybrid Retrieval"). BM25 is divided
    by the best among the candidates. Cosines are scaled from the worst to the best candidate,
    since those of one model crowd together in a narrow band.

    :raises ValueError: if the weight is outside 0 to 1 or the shapes differ.
    """
    if not 0.0 <= lexical_weight <= 1.0:
        raise ValueError(f"lexical_weight must be from 0 to 1, not {lexical_weight}")
    if cosines.shape != bm25.shape:
        raise ValueError(f"{cosines.shape} cosines for {bm25.shape} BM25 scores")
    if not len(cosines):
        return np.empty(0)
    spread = cosines.max() - cosines.min()
    dense = (cosines - cosines.min()) / spread if spread > 0 else np.ones_like(cosines)
    highest = bm25.max()
    lexical = bm25 / highest if highest > 0 else np.zeros_like(bm25)
    return lexical_weight * lexical + (1 - lexical_weight) * dense
