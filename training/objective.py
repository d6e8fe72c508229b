"""A batch -> what a reader makes of it, and how far that is from what it should.

The reader is one of transformers' own; only ``null_head``, for trials, puts a layer of ours on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from transformers import AutoModelForQuestionAnswering

from qa.models.tokenizer import Tokenizer
from qa.models.torch_runtime import TorchTransformer
from qa.read.reader import ExtractiveReader
from qa.settings import AskSettings
from training.groups import Batch
from training.loss import ALONE, soft_loss, span_loss


def load_model(folder: str, *, null_head: bool = False) -> torch.nn.Module:
    """A reader in float32 whose word vectors stay as they are.

    Without dropout, which the tenth of a gain is not worth 1.6 times the time; with plain attention,
    whose backward pass is 2.4 times as fast on the CPU as the fused one at these lengths.
    """
    model = AutoModelForQuestionAnswering.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", use_safetensors=True
    )
    model.base_model.embeddings.word_embeddings.requires_grad_(False)
    model.base_model.embeddings.position_embeddings.requires_grad_(False)
    if null_head:
        model.null_head = torch.nn.Linear(model.config.hidden_size, 1)
        torch.nn.init.zeros_(model.null_head.weight)  # so that it begins as the reader that it is put on
        torch.nn.init.zeros_(model.null_head.bias)
    return model.eval()


def loss_of(
    model: torch.nn.Module,
    batch: Batch,
    device: str,
    *,
    alone: float = ALONE,
    smoothing: float = 0.0,
    teachers: Sequence[torch.nn.Module] = (),
) -> torch.Tensor:
    """The mean of the start's and the end's loss over a batch; with teachers, half of it is theirs."""
    group = torch.from_numpy(batch.group).to(device)
    with torch.no_grad():
        taught = [forward(teacher, batch, device) for teacher in teachers]
    losses = []
    ends = (batch.may_start, batch.first), (batch.may_end, batch.last)
    for end, (logits, marks) in enumerate(zip(forward(model, batch, device), ends, strict=True)):
        places, chosen = (torch.from_numpy(marked).to(device) for marked in marks)
        loss = span_loss(logits, places, chosen, group, alone=alone, smoothing=smoothing)
        if taught:
            lesson = torch.stack([both[end] for both in taught]).mean(dim=0)
            loss = (loss + soft_loss(logits, lesson, places)) / 2
        losses.append(loss)
    return (losses[0] + losses[1]) / 2


def forward(model: torch.nn.Module, batch: Batch, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Start and end logits ``(w, n)`` float32 of the windows of a batch."""
    ids, mask, types = (torch.from_numpy(a).to(device) for a in (batch.ids, batch.mask, batch.types))
    return logits_of(model, ids, mask, types)


def logits_of(
    model: torch.nn.Module,
    input_ids: torch.Tensor,
    attention_mask: torch.Tensor,
    token_type_ids: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Start and end logits ``(w, n)`` float32, reckoned in half precision as in answering."""
    has_head = hasattr(model, "null_head")
    with torch.autocast(input_ids.device.type, dtype=torch.bfloat16):
        output = model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=token_type_ids,
            output_hidden_states=has_head,
        )
        start, end = output.start_logits.float(), output.end_logits.float()
        if has_head:
            null = model.null_head(output.hidden_states[-1][:, 0]).float()
            start = torch.cat([start[:, :1] + null, start[:, 1:]], dim=1)
    return start, end


def reader_of(model: torch.nn.Module, tokenizer: Tokenizer) -> ExtractiveReader:
    """The model as the reader that answers, without a file between them; not calibrated."""
    transformer = TorchTransformer(partial(logits_of, model), pad_id=model.config.pad_token_id)
    settings = AskSettings()
    return ExtractiveReader(transformer, tokenizer, None, settings, longest=settings.window_tokens)
