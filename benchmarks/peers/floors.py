"""The same passages -> what our embedding and BM25 reach beside sentence-transformers and bm25s alone.

python -m benchmarks.peers.floors ours|theirs FOLDER. "theirs" runs with an environment of
``benchmarks/peers/requirements-floors.txt``: sentence-transformers wants an older transformers beside its
OpenVINO backend than the project uses.

Settings as in their documentation: the page "Speeding up Inference" of sentence-transformers names
OpenVINO for processors; float types are those of its torch backend. Its int8 model is left out: quantising
needs a data set that is downloaded. The README of bm25s names its numba backend as the fastest.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.peers.exchange import TEXTS, Task

EMBEDDED = 400  # passages, evenly spaced
SEARCHES = 400  # at least; the questions are repeated until there are so many
ROUNDS = 2  # the faster one counts
CANDIDATES = 100  # candidates that our search takes from BM25
OURS, THEIRS = "ours", "theirs"
EMBED, SEARCH = "passages/s, ", "queries/s, "


def ours(texts: Sequence[str], searched: Sequence[str], queries: Sequence[str]) -> dict[str, float]:
    """Return rates of our embedder, as shipped and in float32, and of our BM25."""
    from benchmarks.precisions import in_numbers
    from qa.index.local.bm25 import Bm25
    from qa.index.local.postings import count_words
    from qa.models.embedder import SentenceEmbedder
    from qa.models.tokenizer import Tokenizer
    from qa.models.weights import prepare
    from qa.settings import IndexSettings

    model = prepare(IndexSettings().embedder, "embedder")
    as_shipped = SentenceEmbedder.load(model.name)
    in_float32 = SentenceEmbedder(
        in_numbers(model, "f32"),
        Tokenizer.load(model.folder),
        name=model.name,
        weights_sha256=model.weights_sha256,
        longest=model.longest,
    )
    lexical = Bm25([count_words(searched)])

    def search_all() -> None:
        for query in queries:
            lexical.search(query, CANDIDATES)

    return {
        f"{EMBED}as shipped": _rate(len(texts), lambda: as_shipped.embed_passages(texts)),
        f"{EMBED}float32": _rate(len(texts), lambda: in_float32.embed_passages(texts)),
        f"{SEARCH}one by one": _rate(len(queries), search_all),
    }


def theirs(
    texts: Sequence[str], searched: Sequence[str], queries: Sequence[str], embedder: str
) -> dict[str, float]:
    """Return rates of sentence-transformers on torch and OpenVINO, and of bm25s with numba."""
    import bm25s
    import Stemmer
    from sentence_transformers import SentenceTransformer

    models = {
        "torch float32": SentenceTransformer(embedder, device="cpu"),
        "torch bfloat16": SentenceTransformer(embedder, device="cpu", model_kwargs={"dtype": "bfloat16"}),
        "OpenVINO": SentenceTransformer(embedder, device="cpu", backend="openvino"),
        "OpenVINO float32": SentenceTransformer(
            embedder,
            device="cpu",
            backend="openvino",
            model_kwargs={"ov_config": {"INFERENCE_PRECISION_HINT": "f32"}},
        ),
    }
    rates = {}
    for name, model in models.items():
        rates[f"{EMBED}{name}"] = _rate(
            len(texts), lambda m=model: m.encode(texts, normalize_embeddings=True)
        )
    stemmer = Stemmer.Stemmer("english")
    lexical = bm25s.BM25(backend="numba")
    lexical.index(
        bm25s.tokenize(searched, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False
    )
    wanted = min(CANDIDATES, len(searched))

    def search(some: Sequence[str]) -> None:
        words = bm25s.tokenize(some, stopwords="en", stemmer=stemmer, show_progress=False)
        lexical.retrieve(words, k=wanted, show_progress=False)

    def search_all() -> None:
        for query in queries:
            search([query])

    rates[f"{SEARCH}one by one"] = _rate(len(queries), search_all)
    rates[f"{SEARCH}all at once"] = _rate(len(queries), lambda: search(queries))
    return rates


def _rate(many: int, call: Callable[[], object]) -> float:
    """Return how many a second, at the faster of the rounds after one that does not count."""
    call()
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return many / min(seconds)


def _spaced(items: Sequence[str], limit: int) -> list[str]:
    return [items[i * len(items) // limit] for i in range(limit)] if len(items) > limit else list(items)


def main() -> None:
    """Measure the side that the command line names."""
    side, folder = sys.argv[1], Path(sys.argv[2])
    task = Task.load(folder)
    searched = json.loads((folder / TEXTS).read_text(encoding="utf-8"))
    texts = _spaced(searched, EMBEDDED)
    asked = [question.question for question in task.questions()]
    queries = asked * -(-SEARCHES // len(asked))
    if side == OURS:
        rates = ours(texts, searched, queries)
    else:
        rates = theirs(texts, searched, queries, task.embedder)
    (folder / f"floors-{side}.json").write_text(json.dumps(rates), encoding="utf-8")


if __name__ == "__main__":
    main()
