"""Weights -> a model to train; a batch -> its logits and its loss. Needs torch and transformers alone.

The reader is one of transformers' own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import torch
from transformers import AutoModelForQuestionAnswering

from training.batches import Batch
from training.loss import soft_loss, span_loss
from training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Precision:
    """How a machine computes fastest."""

    half: bool  # matrix products in bfloat16
    attention: str  # "eager" or "sdpa" (fused)

    def __str__(self) -> str:
        return f"{'bfloat16' if self.half else 'float32'}, {self.attention} attention"


CHOICES = tuple(Precision(half, attention) for half in (True, False) for attention in ("sdpa", "eager"))
TIMED = 4  # steps of each choice


def load(folder: str, recipe: Recipe, attention: str) -> torch.nn.Module:
    """Load a reader in float32; word and position vectors stay fixed unless the recipe trains them."""
    model = AutoModelForQuestionAnswering.from_pretrained(
        folder,
        dtype=torch.float32,
        attn_implementation=attention,
        use_safetensors=True,
        hidden_dropout_prob=recipe.dropout,
        attention_probs_dropout_prob=recipe.dropout,
    )
    if not recipe.embeddings:
        model.base_model.embeddings.word_embeddings.requires_grad_(False)
        model.base_model.embeddings.position_embeddings.requires_grad_(False)
    return model.train()


def forward(
    model: torch.nn.Module, batch: Batch, device: str, *, half: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return start and end logits ``(w, n)`` float32 of the windows of a batch."""
    ids, mask, types = (torch.from_numpy(a).to(device) for a in (batch.ids, batch.mask, batch.types))
    with torch.autocast(device, dtype=torch.bfloat16) if half else nullcontext():
        output = model(input_ids=ids, attention_mask=mask, token_type_ids=types)
    return output.start_logits.float(), output.end_logits.float()


def loss_of(
    model: torch.nn.Module,
    batch: Batch,
    device: str,
    *,
    half: bool,
    alone: float,
    teachers: Sequence[torch.nn.Module] = (),
) -> torch.Tensor:
    """Return the mean of the start's and the end's loss over a batch; with teachers, half of it is theirs."""
    group = torch.from_numpy(batch.group).to(device)
    with torch.no_grad():
        taught = [forward(teacher, batch, device, half=half) for teacher in teachers]
    losses = []
    ends = (batch.may_start, batch.first), (batch.may_end, batch.last)
    for end, (logits, marks) in enumerate(zip(forward(model, batch, device, half=half), ends, strict=True)):
        places, chosen = (torch.from_numpy(marked).to(device) for marked in marks)
        loss = span_loss(logits, places, chosen, group, alone=alone)
        if taught:
            lesson = torch.stack([both[end] for both in taught]).mean(dim=0)
            loss = (loss + soft_loss(logits, lesson, places)) / 2
        losses.append(loss)
    return (losses[0] + losses[1]) / 2


def fastest(recipe: Recipe, batch: Batch, device: str) -> Precision:
    """Time a few steps of each choice and return the fastest; says what each made.

    bfloat16 is emulated on processors without it and then makes a twentieth of the tokens.
    """
    tokens = float(batch.mask.sum())
    rates = {}
    for choice in CHOICES:
        model = load(recipe.start, recipe, choice.attention).to(device)
        best = float("inf")  # the least time, because other work on the machine can only make a step slower
        for step in range(1 + TIMED):
            began = _now(device)
            loss_of(model, batch, device, half=choice.half, alone=recipe.alone).backward()
            best = min(best, _now(device) - began) if step else best  # the first warms up
            if rates and _now(device) - began > 10 * tokens / max(rates.values()):
                break  # too slow to win, and one step may take a minute
        rates[choice] = tokens / best
        print(f"{choice}: {rates[choice]:,.0f} tokens a second", flush=True)
    return max(rates, key=lambda choice: rates[choice])


def _now(device: str) -> float:
    if device == "cuda":
        torch.cuda.synchronize()
    return time.monotonic()
