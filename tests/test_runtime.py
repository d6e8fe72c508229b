"""Compiled models give what the torch models give, whatever is batched with what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
import torch
import transformers
from tokenizers import Regex, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers import Tokenizer as RustTokenizer

from qa.errors import ModelError
from qa.index.embedding import SentenceEmbedder
from qa.models import prepare
from qa.read.reader import ExtractiveReader
from qa.records import Article, Passage
from qa.runtime import GRAPH, Transformer
from qa.settings import BUNDLED_EMBEDDER, AskSettings
from qa.tokenizer import Tokenizer

TEXTS = [
    "Shoigu visits North Korea (25 July 2023)\nHe met Kim Jong Un in Pyongyang.",
    "Yes.",
    "김정은 👍🏽 سلام",
    "The negotiators met again in the capital on Tuesday. " * 60,  # longer than the embedder reads
]
QUESTION = "Who visited North Korea?"
PASSAGE = (
    "Sergei Shoigu visited North Korea on 25 July 2023, officials said.\nKim Jong Un met him in Pyongyang. "
) * 4


@pytest.fixture
def full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """float32 also where the processor has bfloat16, so that differences are not rounding."""
    compile_model = openvino.Core.compile_model

    def exact(self: openvino.Core, model: object, device: str, options: dict[str, str]) -> object:
        return compile_model(self, model, device, options | {"INFERENCE_PRECISION_HINT": "f32"})

    monkeypatch.setattr(openvino.Core, "compile_model", exact)


@pytest.fixture(scope="module")
def torch_vectors() -> np.ndarray:
    """Mean of the last hidden states, as the embedder's model card has it."""
    source = prepare(BUNDLED_EMBEDDER, "embedder").source
    tokenizer = transformers.AutoTokenizer.from_pretrained(source)
    model = transformers.AutoModel.from_pretrained(source, dtype=torch.float32).eval()
    inputs = tokenizer(TEXTS, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.inference_mode():
        hidden = model(**inputs).last_hidden_state
    mask = inputs["attention_mask"][:, :, None]
    mean = (hidden * mask).sum(1) / mask.sum(1)
    return (mean / mean.norm(dim=1, keepdim=True)).numpy()


def test_embedder_as_shipped_agrees_with_torch_to_a_cosine_of_0_999(torch_vectors: np.ndarray):
    vectors = SentenceEmbedder.load(BUNDLED_EMBEDDER).embed_passages(TEXTS)
    assert ((vectors * torch_vectors).sum(axis=1) >= 0.999).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-6)


def test_embedder_in_float32_agrees_with_torch_to_the_fifth_digit(full_precision, torch_vectors: np.ndarray):
    embedder = SentenceEmbedder.load(BUNDLED_EMBEDDER)
    assert np.abs(embedder.embed_passages(TEXTS) - torch_vectors).max() < 1e-5
    assert np.abs(embedder.embed_question(TEXTS[0]) - torch_vectors[0]).max() < 1e-5


def test_neither_batches_nor_padding_nor_order_change_an_output(full_precision):
    model = prepare(BUNDLED_EMBEDDER, "embedder")
    transformer = Transformer.load(model.folder, pad_id=model.pad_id)
    texts = [" ".join(["word", "kim", "ship"][: 1 + n % 3] * (1 + n * 7 % 23)) for n in range(40)]
    sequences = Tokenizer.load(model.folder).encode(texts, longest=64)
    alone = [transformer.run([sequence])[0][0] for sequence in sequences]
    told: list[int] = []
    for budget in (1, 100, 4096):
        together = transformer.run(sequences, token_budget=budget, done=told.append)
        assert max(np.abs(a - b[0]).max() for a, b in zip(alone, together, strict=True)) < 1e-5
    assert sum(told) == 3 * 40
    assert transformer.run([]) == []


# Drops the model at once after its run, over and over: whoever lets OpenVINO's threads call back into
# Python waits for ever here, three times in four. A graph that repeats its input is made in no time.
DROPPING = """
import numpy as np, openvino
from openvino import opset13
from qa.runtime import Transformer
from qa.tokenizer import Tokens
ids = opset13.parameter([-1, -1], np.int64, name="input_ids")
ids.output(0).get_tensor().set_names({"input_ids"})
graph = openvino.Model([opset13.convert(ids, "f32")], [ids], "echo")
one = Tokens(np.arange(8), np.zeros(8, dtype=np.int64))
for _ in range(300):
    compiled = openvino.Core().compile_model(graph, "CPU", {"PERFORMANCE_HINT": "THROUGHPUT"})
    transformer = Transformer(compiled, pad_id=0)
    del compiled
    results = transformer.run([one] * 3)
    del transformer
print([result[0].tolist() for result in results] == [list(range(8))] * 3)
"""


def test_model_may_be_dropped_at_once_after_its_run(run_python):
    assert run_python(DROPPING) == "True"


@pytest.mark.parametrize("content", [None, "", "<net>"])
def test_missing_or_broken_graph_is_told_with_the_cure(tmp_path: Path, content: str | None):
    if content is not None:
        (tmp_path / GRAPH).write_text(content)
    with pytest.raises(ModelError) as told:
        Transformer.load(tmp_path, pad_id=0)
    assert told.value.what == "the compiled model cannot be read"
    assert told.value.cure == "Delete this folder; it is made anew."


SPECIAL = ["[CLS]", "[PAD]", "[SEP]", "[UNK]"]
PAIR = processors.TemplateProcessing(
    single="[CLS] $A [SEP]",
    pair="[CLS] $A [SEP] $B:1 [SEP]:1",
    special_tokens=[("[CLS]", 0), ("[SEP]", 2)],
)


def word_pieces() -> RustTokenizer:
    rust = RustTokenizer(models.WordPiece(unk_token="[UNK]"))
    rust.normalizer = normalizers.BertNormalizer()
    rust.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    rust.train_from_iterator([PASSAGE, QUESTION], trainers.WordPieceTrainer(special_tokens=SPECIAL))
    rust.post_processor = PAIR
    return rust


def byte_pairs() -> RustTokenizer:
    """RoBERTa's: every byte has a token, pairs are [CLS] a [SEP] [SEP] b [SEP], all of type 0."""
    rust = RustTokenizer(models.BPE())
    rust.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=SPECIAL, initial_alphabet=alphabet)
    rust.train_from_iterator([PASSAGE, QUESTION], trainer)
    rust.post_processor = processors.RobertaProcessing(("[SEP]", 2), ("[CLS]", 0))
    return rust


def unigrams() -> RustTokenizer:
    """DeBERTa's: a token holds the blank before its word."""
    rust = RustTokenizer(models.Unigram())
    rust.normalizer = normalizers.Replace(Regex(r"\s"), " ")
    rust.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=120, special_tokens=SPECIAL, unk_token="[UNK]")
    rust.train_from_iterator([PASSAGE, QUESTION], trainer)
    rust.post_processor = PAIR
    return rust


SIZES = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
SHARED = {"pad_token_id": 1, "initializer_range": 0.5}  # large, so that types and positions matter
RELATIVE = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "position_buckets": 8}
ARCHITECTURES = {
    "Bert": (word_pieces, SIZES | {"max_position_embeddings": 64, "type_vocab_size": 2}),
    "Electra": (word_pieces, SIZES | {"max_position_embeddings": 64, "embedding_size": 8}),
    "DistilBert": (word_pieces, {"dim": 16, "n_layers": 1, "n_heads": 2, "max_position_embeddings": 64}),
    # Positions count from pad_token_id + 1, so 66 places hold 64 tokens.
    "Roberta": (byte_pairs, SIZES | {"max_position_embeddings": 66, "type_vocab_size": 1}),
    "DebertaV2": (unigrams, SIZES | RELATIVE | {"max_position_embeddings": 64, "type_vocab_size": 0}),
    "DebertaV2 with types": (
        unigrams,
        SIZES | RELATIVE | {"max_position_embeddings": 64, "type_vocab_size": 2},
    ),
}


def made(name: str, folder: Path) -> tuple[torch.nn.Module, RustTokenizer]:
    """A small model with random weights, saved as a user has it."""
    tokenizer, sizes = ARCHITECTURES[name]
    rust = tokenizer()
    family = name.split()[0]
    config = getattr(transformers, f"{family}Config")(vocab_size=rust.get_vocab_size(), **sizes, **SHARED)
    torch.manual_seed(0)
    model = getattr(transformers, f"{family}ForQuestionAnswering")(config).eval()
    model.save_pretrained(folder)
    names = {"cls_token": "[CLS]", "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}
    transformers.PreTrainedTokenizerFast(tokenizer_object=rust, **names).save_pretrained(folder)
    return model, rust


def margins_by_hand(
    model: torch.nn.Module, rust: RustTokenizer, longest_answer: int
) -> dict[tuple[int, int], list[float]]:
    """Every span of the passage, up to the limit, with its margin in each window of 64 tokens."""
    rust.no_padding()
    rust.enable_truncation(64, stride=8, strategy="only_second")
    encoding = rust.encode(QUESTION, PASSAGE)
    margins: dict[tuple[int, int], list[float]] = {}
    for window in [encoding, *encoding.overflowing]:
        inputs = {
            "input_ids": torch.tensor([window.ids]),
            "attention_mask": torch.tensor([window.attention_mask]),
        }
        if getattr(model.config, "type_vocab_size", 0) > 1:
            inputs["token_type_ids"] = torch.tensor([window.type_ids])
        with torch.inference_mode():
            output = model(**inputs)
        start, end = output.start_logits[0].tolist(), output.end_logits[0].tolist()
        passage = [i for i, sequence in enumerate(window.sequence_ids) if sequence == 1]
        for first in passage:
            for last in passage[passage.index(first) :][:longest_answer]:
                span = (window.offsets[first][0], window.offsets[last][1])
                margin = start[first] + end[last] - start[0] - end[0]
                margins.setdefault(span, []).append(margin)
    return margins


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_any_span_head_is_loaded_and_agrees_with_a_hand_call(
    name: str, tmp_path: Path, full_precision, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    model, rust = made(name, tmp_path / "model")
    settings = replace(
        AskSettings(),
        reader=str(tmp_path / "model"),
        stride_tokens=8,
        longest_answer=4,
        reader_sees_header=False,
    )
    reader = ExtractiveReader.load(settings)
    article = Article("1", "", PASSAGE)
    candidates = reader.read(QUESTION, [Passage(article, 0, len(PASSAGE))])

    by_hand = margins_by_hand(model, rust, longest_answer=4)
    assert len(candidates) > 5
    for candidate in candidates:
        seen = by_hand[candidate.start, candidate.end]
        assert any(candidate.margin == pytest.approx(margin, abs=1e-3) for margin in seen)
    between_blanks = [
        max(margins)
        for (start, end), margins in by_hand.items()
        if PASSAGE[start:end].strip() == PASSAGE[start:end]
        and f" {PASSAGE} "[start : start + 1].isspace()
        and f" {PASSAGE} "[end + 1 : end + 2].isspace()
    ]
    assert candidates[0].margin >= max(between_blanks) - 1e-3
