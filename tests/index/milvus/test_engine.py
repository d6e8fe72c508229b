"""An index in Milvus Lite answers as a folder of the same articles does, whatever is done to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import qa
from qa.errors import IndexMissing
from qa.index.local.engine import LocalEngine
from qa.index.milvus.collection import current_state
from qa.models.embedder import SentenceEmbedder
from qa.passages import embedded_text
from qa.settings import AskSettings

WORDS = ["kim", "putin", "train", "summit", "turkey", "weapon", "grain", "ship"]
SOURCES = ["CBS News", "Reuters", 'T"a\\ss', ""]
TOLERANCE = 1e-5  # of scores: float32 sums in another order


def article(n: int) -> dict[str, object]:
    """Return the nth article of random words; every seventh has no date."""
    random = np.random.default_rng(n)
    words = " ".join([*random.choice(WORDS, 1 + n % 9), "and", "so", "it", "went", "on", f"w{n}"])
    dated = {} if n % 7 == 6 else {"date": f"{1968 + n}-0{1 + n % 9}-10"}
    return {
        "id": f"{n:03}",
        "title": f"Number {n}",
        "text": words,
        "source": SOURCES[n % 4],
        "tags": [f"tag{n % 4}", 'It\'s "so"'] if n % 3 else [],
        **dated,
    }


WORLD = [article(n) for n in range(60)]


@pytest.fixture
def both(build_small, build_lite) -> None:
    build_small(WORLD)
    build_lite(WORLD)


def scores(hits: list[qa.Hit]) -> list[float]:
    return [score for hit in hits for score in (hit.score, hit.similarity, hit.bm25)]


@pytest.mark.parametrize(
    "question", ["kim summit weapon", "the ship of w7", "Turkey turkey ships", "zebra", "the"]
)
def test_search_under_every_filter_finds_what_the_folder_finds(both, open_small, open_lite, question: str):
    folder, milvus = open_small(AskSettings(candidates=1000)), open_lite(AskSettings(candidates=1000))
    sources, tags = (
        (None, "cbs NEWS", ['T"a\\ss', "reuters"], "Nobody"),
        (None, "TAG2", ["tag1", 'it\'s "SO"']),
    )
    for since, until, source, tag in product((None, "1969-02"), (None, "1990"), sources, tags):
        asked = {"since": since, "until": until, "source": source, "tag": tag}
        every = folder.search(question, 1000, **asked)
        found = milvus.search(question, 1000, **asked)
        expected = {hit.passage: (hit.score, hit.similarity, hit.bm25) for hit in every}
        assert {hit.passage for hit in found} == expected.keys()
        for hit in found:
            assert (hit.score, hit.similarity, hit.bm25) == pytest.approx(
                expected[hit.passage], abs=TOLERANCE
            )
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in every], abs=TOLERANCE)


@pytest.mark.parametrize("candidates", [1, 3, 20])
def test_few_candidates_are_the_same_few(both, open_small, open_lite, candidates: int):
    few = AskSettings(candidates=candidates)
    for question in ("kim summit weapon", "the ship of w7", "putin train"):
        (expected, *_), (found, *_) = (open_(few).search(question, 1) for open_ in (open_small, open_lite))
        assert scores([found]) == pytest.approx(scores([expected]), abs=TOLERANCE)


def test_date_bounds_are_exact_to_the_microsecond(news, build_lite, open_lite):
    moment = datetime(1965, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
    news[0]["date"] = moment.isoformat()
    build_lite(news)
    step, found = timedelta(microseconds=1), open_lite().search
    assert [hit.passage.article.id for hit in found("people", since=moment, until=moment)] == ["visit"]
    assert found("people", until=moment - step) == []
    assert "visit" not in {hit.passage.article.id for hit in found("people", since=moment + step)}
    assert "undated" not in {hit.passage.article.id for hit in found("people", until="2100")}


def test_lists_counts_and_neighbours_are_those_of_the_folder(both, open_small, open_lite):
    folder, milvus = open_small(), open_lite()
    for by in ("source", "tags"):
        assert milvus.calendar(by) == folder.calendar(by)
    asked = {"since": "1990", "tag": "tag1"}
    dates = [found.published for found in folder.listing(0, 50, **asked).articles]
    listing = milvus.listing(0, 50, **asked)
    assert [found.published for found in listing.articles] == dates
    assert milvus.listing(3, 2, **asked).articles == listing.articles[3:5]
    for within in (None, timedelta(days=800)):
        expected = folder.neighbours("010", 4, within=within)
        found = milvus.neighbours("010", 4, within=within)
        assert [n.similarity for n in found] == pytest.approx([n.similarity for n in expected], abs=TOLERANCE)
    one, other = milvus.overview(), folder.overview()
    for fact in (
        "articles",
        "passages",
        "embedder",
        "dimension",
        "first",
        "last",
        "undated",
        "sources",
        "tags",
    ):
        assert getattr(one, fact) == getattr(other, fact), fact


def test_articles_come_back_as_they_were_to_the_last_character(
    news, build_small, build_lite, open_small, open_lite
):
    news[0] |= {
        "text": '김정은은 푸틴을 만났다. 👩\u200d🚀 "Quoted" \\ back. '
        + "A very long sentence of words. " * 9000,
        "authors": ["É. Zola", 'A "B" C'],
        "url": "https://example.org/?a=1&b='2'",
    }
    build_small(news)
    build_lite(news)
    for name in ("visit", "quake", "ship", "undated"):
        assert open_lite().article(name) == open_small().article(name)
    with pytest.raises(KeyError, match="nobody"):
        open_lite().article("nobody")


def test_questions_in_any_script_are_answered(news, build_lite, open_lite):
    news[1]["text"] = "김정은 국무위원장은 화요일 평양에서 러시아 국방장관을 만났다."
    build_lite(news)
    (hit,) = open_lite(AskSettings(lexical_weight=1.0)).search("평양에서 foo_bar?", 1)
    assert hit.passage.article.id == "quake"
    assert hit.bm25 > 0


def test_top_ten_of_the_sample_archive_are_those_of_the_folder(sample_index: Path, lite: Path):
    """Every fourth of the 120 questions, for speed; all of them agreed when this was written."""
    folder = LocalEngine.open(sample_index)
    embedder = TakenOver(folder, SentenceEmbedder.load(folder.embedder))
    root = Path(__file__).resolve().parents[3]
    qa.build([root / "articles"], lite, embedder=embedder)
    local = qa.Retriever.open(sample_index, embedder=embedder)
    milvus = qa.Retriever.open(lite, embedder=embedder)
    lines = (root / "benchmarks" / "questions" / "sample.jsonl").read_text(encoding="utf-8").splitlines()
    for question in [json.loads(line)["question"] for line in lines][::4]:
        expected, found = local.search(question, 10), milvus.search(question, 10)
        assert [hit.passage for hit in found] == [hit.passage for hit in expected], question
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-6)


class TakenOver:
    """The bundled embedder, but passages that a folder holds already are not embedded again."""

    def __init__(self, folder: LocalEngine, embedder: SentenceEmbedder) -> None:
        self.name, self.weights_sha256 = embedder.name, embedder.weights_sha256
        self.embed_question, self.token_offsets = embedder.embed_question, embedder.token_offsets
        numbers = range(folder.store.passages)
        texts = [embedded_text(folder.store.passage(number)) for number in numbers]
        self._vectors = dict(zip(texts, folder.vectors.take(np.array(numbers)), strict=True))

    def embed_passages(self, texts, *, done=None) -> np.ndarray:
        return np.stack([self._vectors[text] for text in texts])


def test_an_index_whose_notes_were_taken_away_is_no_index_and_no_engine(both, open_lite, milvus):
    retriever = open_lite()
    expected = retriever.search("kim")
    milvus.delete(f"{current_state(milvus)}_articles", "article", ["state"])
    with pytest.raises(IndexMissing, match="there is no index here"):
        retriever.refresh()
    assert retriever.search("kim") == expected
