"""One torch module: token ids -> arrays, on the processor or a GPU; for where OpenVINO does not run.

In float32 its outputs are those of the OpenVINO graph within 1e-4 (``tests/test_torch_runtime.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch

from qa.errors import ModelError
from qa.models.batching import batches, padded
from qa.models.tokenizer import Tokens

if TYPE_CHECKING:
    from qa.models.pretrained import PretrainedModel

T = TypeVar("T")

# Padded tokens in one batch. torch shares a batch out among the cores, so it is larger than a request of
# OpenVINO's; a GPU is idle with so few, and 16 times as many still take little of its memory with the small
# models that this program is for.
TOKEN_BUDGET = {"cpu": 4096, "cuda": 65536}


class TorchTransformer:
    """A torch module as :class:`qa.models.openvino_runtime.Transformer`. Safe to share among threads."""

    def __init__(
        self, forward: Callable[..., tuple[torch.Tensor, ...]], *, pad_id: int, device: str = "cpu"
    ) -> None:
        self._forward = forward
        self._pad_id = pad_id
        self._device = device

    @classmethod
    def load(cls, original: PretrainedModel, *, pad_id: int, device: str) -> TorchTransformer:
        """Move a model to its device."""
        original.module.to(device)
        return cls(original.forward, pad_id=pad_id, device=device)

    def run(
        self,
        sequences: Sequence[Tokens],
        *,
        token_budget: int | None = None,
        done: Callable[[int], None] | None = None,
    ) -> list[tuple[np.ndarray, ...]]:
        """Run as the protocol says; ``token_budget`` is by default what suits the device."""
        budget = TOKEN_BUDGET[self._device] if token_budget is None else token_budget
        results: list[tuple[np.ndarray, ...]] = [()] * len(sequences)
        for group in batches([len(sequence) for sequence in sequences], budget):
            inputs = padded([sequences[i] for i in group], pad_id=self._pad_id)
            with torch.inference_mode():
                tensors = {name: torch.from_numpy(array).to(self._device) for name, array in inputs.items()}
                outputs = [output.float().cpu().numpy() for output in self._forward(**tensors)]
            for row, position in enumerate(group):
                results[position] = tuple(output[row] for output in outputs)
            if done is not None:
                done(len(group))
        return results


def traced(original: PretrainedModel, convert: Callable[..., T]) -> T:
    """Return what ``convert(module, example_input=...)`` makes of a model."""

    class Traced(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.module = original.module

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
        ) -> tuple[torch.Tensor, ...]:
            return original.forward(input_ids, attention_mask, token_type_ids)

    example = torch.ones((2, 8), dtype=torch.long)
    # Types 0 and 1 would not trace differently, and a model may know only type 0.
    inputs = (example, example, torch.zeros_like(example))
    with torch.inference_mode():
        return convert(Traced().eval(), example_input=inputs)


def require_cuda() -> None:
    """Look whether torch finds a CUDA device.

    :raises ModelError: if torch finds no CUDA device.
    """
    if torch.cuda.is_available():
        return
    why = "this torch is built without CUDA" if torch.version.cuda is None else "no driver or no card answers"
    raise ModelError(
        f"QA_DEVICE is cuda, but torch {torch.__version__} finds no CUDA device ({why})",
        cure="Set QA_DEVICE=cpu, or install torch for your card.",
    )
