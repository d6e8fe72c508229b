"""Logits of all windows of a question -> the loss that makes span scores compare across passages.

A reader is asked with the margin of a span: its logits minus the null's of its own window
(:mod:`qa.read.spans`). So the margins are what is normalised, over all windows of a question
together (shared-norm: Clark & Gardner 2018; Wang et al. 2019), with one "no answer" of margin 0:

    -log( sum of e^margin over the right places / (1 + sum of e^margin over all places) )

and e^0 = 1 above the line where no window holds an answer. For a question with one window this is
the usual cross-entropy with the null at the first token. The same loss over each window alone is
added, so that a window without the answer learns to refuse also where another window has it.
"""

from __future__ import annotations

import torch

ALONE = 0.5  # weight of the loss over single windows


def span_loss(
    logits: torch.Tensor,
    may: torch.Tensor,
    right: torch.Tensor,
    group: torch.Tensor,
    *,
    alone: float = ALONE,
    smoothing: float = 0.0,
) -> torch.Tensor:
    """Return the mean loss of one end of the spans.

    :param logits: start or end logits ``(w, n)``; token 0 is the null.
    :param may: bool ``(w, n)``: where a span may start, or end.
    :param right: bool ``(w, n)``: where an answer starts, or ends; several are all right.
    :param group: the question of each window ``(w,)``, 0 to g - 1.
    :param smoothing: share of the label that every place of a window, and its null, has alike.
    """
    logits = logits.float()
    margins = logits - logits[:, :1]
    every = _log_sum(margins, may | right)  # (w,)
    good = _log_sum(margins, right)  # (w,); -inf: no answer here
    by_window = _null_or_answer(every, good).mean()
    if smoothing:
        places = may | right
        alike = torch.where(places, margins, 0.0).sum(dim=-1) / (places.sum(dim=-1) + 1)  # null's is 0
        spread = (torch.nn.functional.softplus(every) - alike).mean()
        by_window = (1 - smoothing) * by_window + smoothing * spread
    if alone == 1:
        return by_window
    groups = int(group.max()) + 1
    member = torch.nn.functional.one_hot(group, groups).bool().T  # (g, w)
    together = _null_or_answer(
        _log_sum(every.expand(groups, -1), member), _log_sum(good.expand(groups, -1), member)
    )
    return alone * by_window + (1 - alone) * together.mean()


def soft_loss(logits: torch.Tensor, taught: torch.Tensor, may: torch.Tensor) -> torch.Tensor:
    """Return cross-entropy with another reader's probabilities of each window's places, its null among them.

    :param logits: start or end logits ``(w, n)``, and ``taught`` the other reader's.
    :param may: bool ``(w, n)``: where a span may start, or end.
    """
    places = may.clone()
    places[:, 0] = True
    own, other = (
        torch.where(places, each.float(), _NOTHING).log_softmax(dim=-1) for each in (logits, taught)
    )
    return -(other.exp() * torch.where(places, own, 0.0)).sum(dim=-1).mean()


def _null_or_answer(every: torch.Tensor, good: torch.Tensor) -> torch.Tensor:
    """Return ``log(1 + e^every) - good``, where the null, of margin 0, is right if nothing else is."""
    answered = good > _NOTHING / 2
    return torch.nn.functional.softplus(every) - torch.where(answered, good, 0.0)


_NOTHING = -1e4  # stands for -inf, whose gradient is not a number


def _log_sum(values: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """Return the log of the sum of e^value over chosen places of the last axis; ``_NOTHING`` if none."""
    return torch.where(chosen, values, _NOTHING).logsumexp(dim=-1)
