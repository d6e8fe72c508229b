"""A folder with a BERT -> its weights and what must be known of it, without torch.

Both bundled models and most small embedders and readers are BERTs (Devlin et al. 2019). Such a folder is
read here and drawn as a graph in ``bert_graph``; every other model goes the way through torch, and so does
a BERT with anything that is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer as RustTokenizer

from qa.models.facts import Kind, ModelFacts
from qa.models.glance import Glance
from qa.small_json import BrokenJson, parse, read_object, read_raw

Output = Literal["spans", "mean", "first"]  # logits of start and end; mean of all tokens; the first token

WEIGHTS = "model.safetensors"
SPANS = "qa_outputs"
# Tensors of a layer, each with a bias; shapes in widths of the model ("d") and of its inner layer ("i").
_LAYER = {
    "attention.self.query": "dd",
    "attention.self.key": "dd",
    "attention.self.value": "dd",
    "attention.output.dense": "dd",
    "attention.output.LayerNorm": "d",
    "intermediate.dense": "id",
    "output.dense": "di",
    "output.LayerNorm": "d",
}
_UNUSED = ("pooler.dense.weight", "pooler.dense.bias", "embeddings.position_ids")
_POOLING: dict[str, Output] = {"mean": "mean", "mean_tokens": "mean", "cls": "first", "cls_token": "first"}
# What sentence-transformers may say of its first module without changing what it computes.
_FORWARD = {
    "transformer_task": "feature-extraction",
    "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}},
    "module_output_name": "token_embeddings",
    "do_lower_case": False,
}
_MOST_TOKENIZER_BYTES = 16 << 20  # of its settings, which may list a word each that was added
_WITHOUT_LIMIT = b"1000000000000000019884624838656"  # what transformers writes where a tokenizer has no limit


@dataclass(frozen=True, slots=True)
class Bert:
    """A BERT as its makers saved it."""

    weights: Mapping[str, np.ndarray]  # float16 or float32, by their names without "bert."
    layers: int
    heads: int
    epsilon: float  # of layer normalisation
    output: Output
    facts: ModelFacts
    tokenizer: RustTokenizer
    glance: Glance | None = None  # of a reader, where it is known which passages need all layers


def read_bert(source: Path, kind: Kind) -> Bert | None:
    """Read a folder that :func:`qa.models.inspection.refuse_unsafe` has let through.

    :returns: None if it is no BERT, or one with something that is not known here.
    :raises ModelError: if heads that look ahead lie there and do not fit.
    """
    try:
        config = read_object(source / "config.json")
        tokenizer_config = _tokenizer_config(source / "tokenizer_config.json")
        output = "spans" if kind == "reader" else _pooling(source)
        facts = _facts(source, kind, config, tokenizer_config)
        if output is None or facts is None or not _is_plain(config):
            return None
        tokenizer = RustTokenizer.from_file(str(source / "tokenizer.json"))
        raw = load_file(str(source / WEIGHTS))
    except Exception:  # the Rust side of the tokenizer raises bare Exception
        return None
    named = {name.removeprefix("bert."): tensor for name, tensor in raw.items()}
    weights = {name: tensor for name, tensor in named.items() if name not in _UNUSED}
    if {name: tensor.shape for name, tensor in weights.items()} != _shapes(config, output):
        return None
    if any(tensor.dtype not in (np.float16, np.float32) for tensor in weights.values()):
        return None
    pad = tokenizer.token_to_id(str(tokenizer_config.get("pad_token", "[PAD]")))
    if pad is None or not tokenizer.encode("a", "b").special_tokens_mask[0]:
        return None
    layers, width = _number(config, "num_hidden_layers"), _number(config, "hidden_size")
    return Bert(
        weights=weights,
        layers=layers,
        heads=_number(config, "num_attention_heads"),
        epsilon=float(str(config.get("layer_norm_eps", 1e-12))),
        output=output,
        facts=replace(facts, pad_id=pad),
        tokenizer=tokenizer,
        glance=Glance.load(source, source / WEIGHTS, layers=layers, width=width)
        if kind == "reader"
        else None,
    )


def _is_plain(config: Mapping[str, object]) -> bool:
    """Return whether its layers are those of the paper: absolute positions, exact GELU, no decoder."""
    heads, width = _number(config, "num_attention_heads"), _number(config, "hidden_size")
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder")
        and not config.get("add_cross_attention")
        and heads > 0
        and width % heads == 0
    )


def _pooling(source: Path) -> Output | None:
    """Return how a sentence-transformers model pools its tokens; None if in a way that is not known here."""
    modules = parse(read_raw(source / "modules.json"))
    if not isinstance(modules, list) or not all(isinstance(module, dict) for module in modules):
        return None
    names = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return None
    if modules[0].get("path"):
        return None
    settings = read_object(source / str(modules[1].get("path")) / "config.json")
    named = settings.get("pooling_mode")
    flags = [
        n.removeprefix("pooling_mode_") for n, on in settings.items() if n.startswith("pooling_mode_") and on
    ]
    modes = [named, *flags] if named is not None else flags
    if len(modes) != 1 or not settings.get("include_prompt", True):
        return None
    return _POOLING.get(str(modes[0]))


def _tokenizer_config(path: Path) -> Mapping[str, object]:
    values = parse(read_raw(path, most_bytes=_MOST_TOKENIZER_BYTES).replace(_WITHOUT_LIMIT, b"null"))
    if not isinstance(values, dict):
        raise BrokenJson("it holds no object")
    return values


def _facts(
    source: Path, kind: Kind, config: Mapping[str, object], tokenizer_config: Mapping[str, object]
) -> ModelFacts | None:
    """Return the limits and prefixes; the padding is not known yet."""
    places = _number(config, "max_position_embeddings")
    most = tokenizer_config.get("model_max_length")
    longest = most if type(most) is int else places
    query = document = ""
    if kind == "embedder":
        sentences = read_object(source / "sentence_bert_config.json")
        longest = _number(sentences, "max_seq_length") or longest
        if any(value != _FORWARD.get(name) for name, value in sentences.items() if name != "max_seq_length"):
            return None
        about = source / "config_sentence_transformers.json"
        settings = read_object(about) if about.is_file() else {}
        prompts = settings.get("prompts") or {}
        if not isinstance(prompts, dict) or settings.get("default_prompt_name"):
            return None
        query = str(prompts.get("query") or "")
        document = str(prompts.get("document", prompts.get("passage")) or "")
        if longest > places:
            return None
    return ModelFacts(min(longest, places), 0, query, document) if longest > 2 else None


def _shapes(config: Mapping[str, object], output: Output) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor that such a model has."""
    sizes = {"d": _number(config, "hidden_size"), "i": _number(config, "intermediate_size")}
    d = sizes["d"]
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (_number(config, "vocab_size"), d),
        "embeddings.position_embeddings.weight": (_number(config, "max_position_embeddings"), d),
        "embeddings.token_type_embeddings.weight": (_number(config, "type_vocab_size"), d),
        "embeddings.LayerNorm.weight": (d,),
        "embeddings.LayerNorm.bias": (d,),
    }
    for layer in range(_number(config, "num_hidden_layers")):
        for name, letters in _LAYER.items():
            shape = tuple(sizes[letter] for letter in letters)
            shapes[f"encoder.layer.{layer}.{name}.weight"] = shape
            shapes[f"encoder.layer.{layer}.{name}.bias"] = shape[:1]
    if output == "spans":
        shapes |= {f"{SPANS}.weight": (2, d), f"{SPANS}.bias": (2,)}
    return shapes


def _number(config: Mapping[str, object], name: str) -> int:
    value = config.get(name)
    return value if type(value) is int else 0
