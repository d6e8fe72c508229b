"""Readers of every family see what a plain Hugging Face call sees, and choose the span that it chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from tokenizers import Tokenizer as RustTokenizer
from tokenizers import processors

from qa.errors import ModelError
from qa.models.tokenizer import Tokens
from qa.read.reader import ExtractiveReader
from qa.records import Article, Passage, Where
from qa.settings import AskSettings
from tests.tiny_readers import FAMILIES, LONGEST, save_tiny_reader

QUESTION = "Who visited North Korea?"
TITLE = "Visit"  # with no date, the reader sees the title and a line break before the passage
LONG = "Sergei Shoigu visited North Korea on 25 July 2023, officials said. Kim met him in Pyongyang. " * 3
SHORT = "Un showed drones to him, too."
STRIDE = 8  # tokens
LONGEST_ANSWER = 4  # tokens


@dataclass(frozen=True)
class Seen:
    """One window: what went into a model and what came out."""

    ids: list[int]
    types: list[int] | None  # None: the family has none
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class Best:
    """The best span of a passage, or of the title before it."""

    where: Where
    start: int  # characters of the passage or the title
    end: int
    margin: float


def by_hand(folder: Path, passage: str) -> tuple[list[Seen], Best]:
    """Windows, logits and the best span as the library's own tokenizer and model give them."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).eval()
    head = len(TITLE) + 1
    inputs = tokenizer(
        QUESTION,
        f"{TITLE}\n{passage}",
        truncation="only_second",
        max_length=LONGEST,
        stride=STRIDE,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding=True,
        return_tensors="pt",
    )
    offsets = inputs.pop("offset_mapping").tolist()
    inputs.pop("overflow_to_sample_mapping")
    with torch.inference_mode():
        output = model(**inputs)
    knows_types = "token_type_ids" in inputs and getattr(model.config, "type_vocab_size", 0) > 1
    windows: list[Seen] = []
    spans: list[Best] = []
    for row, mask in enumerate(inputs["attention_mask"].bool()):
        start, end = output.start_logits[row][mask].numpy(), output.end_logits[row][mask].numpy()
        types = inputs["token_type_ids"][row][mask].tolist() if knows_types else None
        windows.append(Seen(inputs["input_ids"][row][mask].tolist(), types, start, end))
        for where, field, first_of_field in (("title", TITLE, 0), ("text", passage, head)):
            last_of_field = first_of_field + len(field)
            of_field = [
                token
                for token, sequence in enumerate(inputs.sequence_ids(row))
                if sequence == 1 and first_of_field < offsets[row][token][1] <= last_of_field
            ]
            for position, first in enumerate(of_field):
                for last in of_field[position : position + LONGEST_ANSWER]:
                    # A token may begin with the line break of the header.
                    begins = max(offsets[row][first][0] - first_of_field, 0)
                    ends = offsets[row][last][1] - first_of_field
                    margin = float(start[first] + end[last] - start[0] - end[0])
                    if not any(parts_a_word(field, at) for at in (begins, ends)):
                        spans.append(Best(where, begins, ends, margin))
    return windows, max(spans, key=lambda span: span.margin)


def parts_a_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep nothing that is converted here."""
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def folder(family: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_reader(family, tmp_path_factory.mktemp("tiny") / family)


@pytest.fixture
def reader(folder: Path, full_precision, monkeypatch: pytest.MonkeyPatch) -> ExtractiveReader:
    """Return a tiny reader of the family, converted once for all tests of it."""
    monkeypatch.setenv("QA_CACHE", str(folder.parent / "cache"))
    return loaded(folder)


def loaded(folder: Path) -> ExtractiveReader:
    settings = replace(AskSettings(), reader=str(folder), stride_tokens=STRIDE, longest_answer=LONGEST_ANSWER)
    return ExtractiveReader.load(settings)


@pytest.fixture
def seen(reader: ExtractiveReader, monkeypatch: pytest.MonkeyPatch) -> list[Seen]:
    """Record what passes the transformer's seam, window by window."""
    windows: list[Seen] = []
    run = reader._transformer.run

    def watched(sequences: Sequence[Tokens]) -> list[tuple[np.ndarray, ...]]:
        outputs = run(sequences)
        for tokens, (start, end) in zip(sequences, outputs, strict=True):
            n = len(tokens)
            windows.append(Seen(tokens.ids.tolist(), tokens.types.tolist(), start[:n], end[:n]))
        return outputs

    monkeypatch.setattr(reader._transformer, "run", watched)
    return windows


def test_windows_logits_and_best_span_are_those_of_a_plain_call(
    folder: Path, reader: ExtractiveReader, seen: list[Seen]
):
    passages = [Passage(Article(text[:3], TITLE, text), 0, len(text)) for text in (LONG, SHORT)]
    candidates = reader.read(QUESTION, passages)

    expected = [by_hand(folder, text) for text in (LONG, SHORT)]
    windows = [window for of_passage, _ in expected for window in of_passage]
    assert len(windows) > 2
    assert [window.ids for window in seen] == [window.ids for window in windows]
    for ours, theirs in zip(seen, windows, strict=True):
        if theirs.types is not None:
            assert ours.types == theirs.types
        assert ours.start == pytest.approx(theirs.start, abs=1e-4)
        assert ours.end == pytest.approx(theirs.end, abs=1e-4)
    for number, (_, best) in enumerate(expected):
        ours = next(c for c in candidates if c.passage == number)
        assert (ours.where, ours.start, ours.end) == (best.where, best.start, best.end)
        assert ours.margin == pytest.approx(best.margin, abs=1e-3)


def test_types_matter_only_to_families_that_have_them(family: str, reader: ExtractiveReader):
    """Guards the test above: where types are dropped or invented, its logits would differ."""
    ids = np.arange(6, 16)
    zeros, ones = np.zeros(10, dtype=np.int64), np.ones(10, dtype=np.int64)
    (without, _), (with_types, _) = reader._transformer.run([Tokens(ids, zeros), Tokens(ids, ones)])
    differ = np.abs(without - with_types).max() > 0.01
    assert differ == (family in ("Bert", "Electra", "DebertaV2"))


def test_reader_whose_sequences_do_not_begin_with_a_special_token_is_refused(tmp_path: Path, own_cache):
    folder = save_tiny_reader("Bert", tmp_path / "model")
    rust = RustTokenizer.from_file(str(folder / "tokenizer.json"))
    # XLNet's layout: its "no answer" stands at the end.
    rust.post_processor = processors.TemplateProcessing(
        single="$A [SEP] [CLS]",
        pair="$A [SEP] $B:1 [SEP]:1 [CLS]:2",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = {"cls_token": "[CLS]", "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}
    transformers.PreTrainedTokenizerFast(tokenizer_object=rust, **names).save_pretrained(folder)
    with pytest.raises(ModelError) as told:
        loaded(folder)
    assert told.value.what == (
        "this reader's sequences do not begin with a special token, so it has no place for 'no answer'"
    )
    assert told.value.cure == "Name a reader of the family of BERT, RoBERTa, ELECTRA or DeBERTa."
