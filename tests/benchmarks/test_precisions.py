"""What is measured beside the shipped models is those models without rounding."""

from __future__ import annotations

import numpy as np
import torch

from benchmarks.precisions import in_numbers
from qa.models.pretrained import load_pretrained
from qa.models.tokenizer import Tokenizer
from qa.models.weights import prepare
from qa.settings import BUNDLED_READER


def test_float32_gives_the_logits_of_torch():
    model = prepare(BUNDLED_READER, "reader")
    tokens, *_ = Tokenizer.load(model.folder).encode(["Kim met Putin in Vladivostok."], longest=64)
    (found,) = in_numbers(model, "f32").run([tokens])
    ids = torch.tensor(tokens.ids)[None]
    with torch.inference_mode():
        expected = load_pretrained(model.source, "reader").forward(
            ids, torch.ones_like(ids), torch.zeros_like(ids)
        )
    for logits, wanted in zip(found, expected, strict=True):
        assert np.abs(logits[: len(tokens)] - wanted[0].numpy()).max() < 1e-3
