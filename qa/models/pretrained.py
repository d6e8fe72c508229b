"""A folder of weights -> the torch model, its forward call, its tokenizer and what must be known of it.

transformers and sentence_transformers are imported here alone.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer as RustTokenizer

from qa.errors import ModelError
from qa.models.facts import Kind, ModelFacts
from qa.shipped import install_command

if TYPE_CHECKING:
    import torch

NEEDED = ("torch", "transformers", "sentence_transformers")


@dataclass(frozen=True, slots=True)
class PretrainedModel:
    """A model as its makers saved it, in float32 and ready to run."""

    module: torch.nn.Module
    forward: Callable[..., tuple[torch.Tensor, ...]]  # of input_ids, attention_mask and token_type_ids
    tokenizer: RustTokenizer
    facts: ModelFacts


def load_pretrained(source: Path, kind: Kind) -> PretrainedModel:
    """Load a model from its folder.

    :raises ModelError: if it is of another kind or cannot be loaded, or what loads it is not installed.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ModelError(
            f"this model needs {' and '.join(missing)} to be converted, which is not installed",
            where=source,
            cure=f"Run: {install_command()}",
        )
    from transformers.utils import logging

    quiet: Any = logging  # its functions carry no types
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of settings that only matter in training
        return _embedder(source) if kind == "embedder" else _reader(source)


def _embedder(source: Path) -> PretrainedModel:
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            str(source), device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True}
        )
    except Exception as fault:
        raise ModelError(f"this is no sentence-transformers model ({fault})", where=source) from fault
    knows_types = "token_type_ids" in model.tokenizer.model_input_names

    def forward(
        input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        if knows_types:
            features["token_type_ids"] = token_type_ids
        return (model(features)["sentence_embedding"],)

    if model.max_seq_length is None:
        raise ModelError("this model says of no length that it can read", where=source)
    prompts = model.prompts
    facts = ModelFacts(
        longest=model.max_seq_length,
        pad_id=int(model.tokenizer.pad_token_id),
        query_prefix=prompts.get("query") or "",
        document_prefix=prompts.get("document", prompts.get("passage")) or "",
    )
    return PretrainedModel(model.eval(), forward, model.tokenizer.backend_tokenizer, facts)


def _reader(source: Path) -> PretrainedModel:
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    try:
        model, loading = AutoModelForQuestionAnswering.from_pretrained(
            source, dtype="float32", use_safetensors=True, trust_remote_code=False, output_loading_info=True
        )
        tokenizer = AutoTokenizer.from_pretrained(source, use_fast=True, trust_remote_code=False)
    except Exception as fault:
        raise ModelError(f"this is no extractive reader ({fault})", where=source) from fault
    untrained = sorted(name for name in loading["missing_keys"] if "qa_outputs" in name)
    if untrained:
        raise ModelError(
            f"this model has no trained span head (missing: {', '.join(untrained)})",
            where=source,
            cure="Name a model fine-tuned for extractive question answering.",
        )
    if not tokenizer.backend_tokenizer.encode("a", "b").special_tokens_mask[0]:
        raise ModelError(
            "this reader's sequences do not begin with a special token, so it has no place for 'no answer'",
            where=source,
            cure="Name a reader of the family of BERT, RoBERTa, ELECTRA or DeBERTa.",
        )
    knows_types = getattr(model.config, "type_vocab_size", 0) > 1

    def forward(
        input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        types = {"token_type_ids": token_type_ids} if knows_types else {}
        output = model(input_ids=input_ids, attention_mask=attention_mask, **types)
        return output.start_logits, output.end_logits

    # RoBERTa counts positions from pad_id + 1, so its table is longer than the longest input.
    positions = getattr(model.config, "max_position_embeddings", 512)
    table = getattr(getattr(model.base_model, "embeddings", None), "position_embeddings", None)
    padding = getattr(table, "padding_idx", None)
    if padding is not None:
        positions -= padding + 1
    facts = ModelFacts(longest=min(tokenizer.model_max_length, positions), pad_id=int(tokenizer.pad_token_id))
    return PretrainedModel(model.eval(), forward, tokenizer.backend_tokenizer, facts)
