"""The bundled reader, against a hand call of the torch model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from qa.models.bert import WEIGHTS
from qa.models.glance import Glance
from qa.read.candidate import Candidate
from qa.read.reader import Asked, ExtractiveReader
from qa.records import Article, Passage
from qa.settings import BUNDLED_READER, AskSettings
from tests.tiny_readers import WORDS, save_tiny_reader

TOLERANCE = 0.3  # logits; bfloat16 keeps 8 bits, and a margin is made of four logits of up to 7

PAIRS = {
    "Who visited North Korea?": (
        "Sergei Shoigu visited North Korea with 30 officers in July. He met Kim Jong Un in Pyongyang.",
        "Sergei Shoigu",
    ),
    "How many people died?": (
        "A strong earthquake struck southern Turkey. At least 3,400 people died, officials said.",
        "3,400",
    ),
    "When was the ship freed?": (
        "Salvage crews freed the ship on Monday after it had blocked the canal. A total of 369 ships waited.",
        "Monday",
    ),
}


def article(text: str) -> Article:
    return Article("1", "News", text)


@pytest.fixture(scope="module")
def reader() -> ExtractiveReader:
    return ExtractiveReader.load(replace(AskSettings(), reader=BUNDLED_READER))


@pytest.fixture(scope="module")
def torch_model():
    model = transformers.AutoModelForQuestionAnswering.from_pretrained(BUNDLED_READER, dtype=torch.float32)
    return model.eval(), transformers.AutoTokenizer.from_pretrained(BUNDLED_READER)


def scores_by_hand(torch_model, question: str, context: str, start: int, end: int) -> tuple[float, float]:
    """Start and end logit of the span's first and last token, and those of [CLS]."""
    model, tokenizer = torch_model
    inputs = tokenizer(question, context, return_tensors="pt", return_offsets_mapping=True)
    offsets = inputs.pop("offset_mapping")[0].tolist()
    context_tokens = [i for i, sequence in enumerate(inputs.sequence_ids(0)) if sequence == 1]
    first = next(i for i in context_tokens if offsets[i][0] == start)
    last = next(i for i in context_tokens if offsets[i][1] == end)
    with torch.inference_mode():
        output = model(**inputs)
    starts, ends = output.start_logits[0], output.end_logits[0]
    return float(starts[first] + ends[last]), float(starts[0] + ends[0])


@pytest.mark.parametrize("question", PAIRS)
def test_best_span_and_its_margin_are_those_of_the_torch_model(reader, torch_model, question: str):
    text, expected = PAIRS[question]
    candidates = reader.read(question, [Passage(article(text), 0, len(text))])
    best = candidates[0]
    assert expected in text[best.start : best.end]
    # Without a date the header is the title and a line break.
    score, null = scores_by_hand(torch_model, question, f"News\n{text}", best.start + 5, best.end + 5)
    assert best.margin == pytest.approx(score - null, abs=TOLERANCE)
    assert best.null == pytest.approx(null, abs=TOLERANCE)
    assert [c.margin for c in candidates] == sorted((c.margin for c in candidates), reverse=True)


def test_passages_read_together_get_the_margins_they_get_alone(reader):
    question = "How many people died?"
    passages = [Passage(article(text), 0, len(text)) for text, _ in PAIRS.values()]
    together = reader.read(question, passages)
    for position, passage in enumerate(passages):
        (alone, *_) = reader.read(question, [passage])
        (best, *_) = [c for c in together if c.passage == position]
        assert best.margin == pytest.approx(alone.margin, abs=TOLERANCE)
    assert together[0].passage == 1


def test_offsets_are_those_of_the_article_also_from_the_middle_and_beyond_one_window(reader):
    before = "Nothing else of note happened in the town that week. "
    sentence = "The prize was won by Ada Lindqvist of Uppsala."
    text = before * 80 + sentence + " " + before * 40
    (passage_start, passage_end) = len(before) * 3, len(text)
    best = reader.read("Who won the prize?", [Passage(article(text), passage_start, passage_end)])[0]
    assert "Ada Lindqvist" in text[best.start : best.end]
    assert len(before) * 80 <= best.start < best.end <= len(before) * 80 + len(sentence)


def test_no_span_is_longer_than_the_limit_nor_outside_its_passage(reader):
    text = PAIRS["Who visited North Korea?"][0]
    passage = Passage(article(text), 14, 59)
    for candidate in reader.read("Who visited North Korea?", [passage]):
        if candidate.where == "text":
            assert 14 <= candidate.start < candidate.end <= 59
        else:
            assert 0 <= candidate.start < candidate.end <= len(passage.article.title)


def test_no_passages_give_no_candidates(reader):
    assert reader.read("Who left?", []) == []


@pytest.mark.parametrize(
    "question", ["7" * 1000, "김정은은 누구를 만났나?", "من التقى ببوتين؟", "👩\u200d🚀 x"]
)
def test_any_question_can_be_read(reader, question: str):
    text = "김정은 met بوتين 👍🏽 in Vladivostok."
    for candidate in reader.read(question, [Passage(article(text), 0, len(text))]):
        assert 0 <= candidate.start < candidate.end <= len(text)


@pytest.fixture
def reader_with_heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Save a reader whose heads expect as much of every passage, so that the first ones lead."""
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    folder = save_tiny_reader("Bert", tmp_path / "reader", layers=3)
    Glance(2, np.zeros((2, 16), np.float32), np.zeros(2, np.float32)).save(folder, folder / WEIGHTS)
    return folder


def test_reader_with_heads_reads_leading_passages_to_the_end_and_quotes_no_others(reader_with_heads: Path):
    passages = [Passage(Article(str(n), "", WORDS[n % 2]), 0, len(WORDS[n % 2])) for n in range(8)]
    asked = [Asked("Who visited North Korea?", passages), Asked("When did he return?", passages[1:])]
    ahead = ExtractiveReader.load(AskSettings(reader=str(reader_with_heads))).read_many(asked)
    whole = ExtractiveReader.load(AskSettings(reader=str(reader_with_heads), look_ahead=False)).read_many(
        asked
    )
    for led, every, many in zip(ahead, whole, (8, 7), strict=True):
        assert {candidate.passage for candidate in every} == set(range(many))
        assert {candidate.passage for candidate in led} == {0, 1, 2, 3, 4}
        of_leading = {place(each): each.margin for each in every if each.passage < 5}
        assert {place(each) for each in led} == set(of_leading)
        most = max(map(abs, of_leading.values()))  # the processor may compute in bfloat16
        assert all(each.margin == pytest.approx(of_leading[place(each)], abs=0.1 * most) for each in led)


def place(candidate: Candidate) -> tuple[int, str, int, int]:
    return candidate.passage, candidate.where, candidate.start, candidate.end
