"""Small deterministic stand-ins for the two models, and helpers that write articles and build indexes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

# No test needs the network, so a model hub must refuse at once.
os.environ["HF_HUB_OFFLINE"] = "1"
for variable in ("QA_READER", "QA_EMBEDDER", "QA_DEVICE"):
    os.environ.pop(variable, None)

import hypothesis  # noqa: E402
import numpy as np  # noqa: E402
import pytest  # noqa: E402
from tokenizers import Tokenizer as RustTokenizer  # noqa: E402
from tokenizers import models, pre_tokenizers, processors  # noqa: E402

import qa  # noqa: E402
from qa.__main__ import main  # noqa: E402
from qa.index.milvus.address import MilvusAddress  # noqa: E402
from qa.index.shards import Shard  # noqa: E402
from qa.models.openvino_runtime import openvino_library  # noqa: E402
from qa.models.tokenizer import Tokenizer  # noqa: E402
from qa.read.candidate import Candidate  # noqa: E402
from qa.read.reader import Asked  # noqa: E402
from qa.records import Answer, Article, Hit, Passage, Quote, Reply  # noqa: E402
from qa.settings import AskSettings, IndexSettings, MilvusSettings  # noqa: E402

if TYPE_CHECKING:
    from qa.index.milvus.client import Milvus

# No time limits, because the machine may be slow.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent


class WordEmbedder:
    """Texts as bags of hashed words on the unit sphere; remembers what it was asked to embed."""

    def __init__(self, name: str = "words", weights_sha256: str = "0" * 64, dimension: int = 16) -> None:
        self.name = name
        self.weights_sha256 = weights_sha256
        self.embedded: list[str] = []
        self._dimension = dimension

    def embed_passages(
        self, texts: Sequence[str], *, done: Callable[[int], None] | None = None
    ) -> np.ndarray:
        self.embedded.extend(texts)
        if done is not None:
            done(len(texts))
        return np.stack([self._vector(text) for text in texts])

    def embed_question(self, question: str) -> np.ndarray:
        return self._vector(question)

    def token_offsets(self, texts: Sequence[str]) -> list[np.ndarray]:
        return [
            np.array([m.span() for m in re.finditer(r"\w+", text)], dtype=np.int32).reshape(-1, 2)
            for text in texts
        ]

    def _vector(self, text: str) -> np.ndarray:
        vector = np.full(self._dimension, 0.01, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            hashed = zlib.crc32(word.encode())
            vector[hashed % self._dimension] += 1 if hashed >> 16 & 1 else -1
        return vector / np.linalg.norm(vector)


class NumberReader:
    """Answers with every number of a passage; its margin is the passage's share of the question's words."""

    calibration = None
    weights_sha256 = "1" * 64

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        asked = set(re.findall(r"\w+", question.lower()))
        found = []
        for position, passage in enumerate(passages):
            shared = asked & set(re.findall(r"\w+", passage.text.lower()))
            margin = len(shared) / len(asked) - 0.5
            for number in re.finditer(r"\d[\d,]*", passage.text):
                start = passage.start + number.start()
                found.append(Candidate(position, start, start + len(number[0]), margin))
        return sorted(found, key=lambda c: (-c.margin, c.passage, c.start))

    def read_many(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        return [self.read(one.question, one.passages) for one in asked]


NEWS = [
    {
        "id": "visit",
        "title": "Shoigu visits North Korea",
        "text": "Sergei Shoigu visited North Korea with 30 officers. He met Kim Jong Un in Pyongyang.",
        "date": "2023-07-25",
        "source": "CBS News",
        "tags": ["Russia", "North Korea"],
    },
    {
        "id": "quake",
        "title": "Earthquake strikes Turkey",
        "text": "A strong earthquake struck southern Turkey. At least 3,400 people died, officials said.",
        "date": "2023-02-06",
        "source": "Reuters",
        "tags": ["Turkey"],
    },
    {
        "id": "ship",
        "title": "Ship freed in Suez",
        "text": "Salvage crews freed the ship that had blocked the canal. A total of 369 ships were waiting.",
        "date": "2021-03-29",
        "source": "reuters",
        "tags": ["Egypt", "turkey"],
    },
    {
        "id": "undated",
        "title": "How glaciers move",
        "text": "Glaciers flow slowly under their own weight. Some of them move 40 metres in a single day.",
    },
]


def write_jsonl(path: Path, articles: Sequence[dict[str, object]]) -> Path:
    """One article a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return path


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Syncing takes half the time of a small build, and only a power cut would show it, which no test makes.

    What cannot be synced is refused as ever. Tests that count syncs, or let them fail, put their own over it.
    """

    def looked_at(file: int) -> None:
        os.fstat(file)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", looked_at)
        yield


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def other_embedder() -> WordEmbedder:
    return WordEmbedder("other words", "1" * 64)


@pytest.fixture
def number_reader() -> NumberReader:
    return NumberReader()


@pytest.fixture
def word_tokenizer() -> Tokenizer:
    """Words and marks are tokens, all of them unknown but "kim" (3); pairs look as BERT's."""
    rust = RustTokenizer(
        models.WordLevel({"[PAD]": 0, "[CLS]": 1, "[SEP]": 2, "kim": 3, "[UNK]": 4}, "[UNK]")
    )
    rust.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    rust.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    return Tokenizer(rust)


@pytest.fixture
def news() -> list[dict[str, object]]:
    """Four articles, as they stand in a file; each test may change its own."""
    return [dict(article) for article in NEWS]


@pytest.fixture
def build_small(tmp_path: Path, embedder: WordEmbedder) -> Callable[..., qa.BuildReport]:
    """Writes articles to a file and builds ``tmp_path/"index"`` of them with the stand-in embedder."""

    def build(
        articles: Sequence[dict[str, object]], *, passage_tokens: int = 20, add: bool = False
    ) -> qa.BuildReport:
        settings = IndexSettings(embedder="words", passage_tokens=passage_tokens, overlap_tokens=0)
        path = write_jsonl(tmp_path / "articles.jsonl", articles)
        return qa.build([path], tmp_path / "index", settings=settings, embedder=embedder, add=add)

    return build


@pytest.fixture
def open_small(tmp_path: Path, embedder: WordEmbedder) -> Callable[..., qa.Retriever]:
    """Opens ``tmp_path/"index"`` with the stand-in embedder."""

    def open_(settings: AskSettings | None = None) -> qa.Retriever:
        return qa.Retriever.open(tmp_path / "index", settings=settings, embedder=embedder)

    return open_


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Path]:
    """Return the path of a Milvus Lite file that is not there yet."""
    # Takes half a second, and few tests need it.
    from milvus_lite.server_manager import server_manager_instance

    file = tmp_path / "news.db"
    yield file
    server_manager_instance.release_server(str(file))


@pytest.fixture
def build_lite(tmp_path: Path, lite: Path, embedder) -> Callable[..., qa.BuildReport]:
    """Writes articles to a file and builds the index in Milvus Lite of them, by the stand-in embedder."""

    def build(
        articles: Sequence[dict[str, object]],
        *,
        passage_tokens: int = 20,
        add: bool = False,
        shard: Shard | None = None,
        embedder=embedder,
        progress=None,
    ) -> qa.BuildReport:
        settings = IndexSettings(embedder="words", passage_tokens=passage_tokens, overlap_tokens=0)
        path = write_jsonl(tmp_path / "for-milvus.jsonl", articles)
        return qa.build(
            [path], lite, settings=settings, embedder=embedder, add=add, shard=shard, progress=progress
        )

    return build


@pytest.fixture
def open_lite(lite: Path, embedder) -> Callable[..., qa.Retriever]:
    """Opens that index with the stand-in embedder."""

    def open_(settings: AskSettings | None = None) -> qa.Retriever:
        return qa.Retriever.open(lite, settings=settings, embedder=embedder)

    return open_


@pytest.fixture
def milvus(lite: Path) -> Milvus:
    """Open the file beside the index, to look at its rows and to alter them."""
    from qa.index.milvus.client import Milvus

    return Milvus.connect(MilvusAddress.parse(str(lite)), MilvusSettings(), patience=1)


@pytest.fixture
def rows(milvus: Milvus) -> Callable[[], list[dict[str, object]]]:
    """Return every row of the present state: of its articles, then of its passages."""
    from qa.index.milvus.collection import CollectionPair, current_state

    def read() -> list[dict[str, object]]:
        articles, passages = CollectionPair.open(milvus, current_state(milvus)).every_row()
        return [*articles, *passages]

    return read


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Runs a program in a fresh interpreter and gives back what it printed."""

    def run(program: str, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def type_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs ``python -m qa`` in this process: (exit code, standard output, standard error)."""

    def run(*arguments: object, terminal_width: str = "200") -> tuple[int, str, str]:
        monkeypatch.setenv("COLUMNS", terminal_width)
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return ended.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute in float32 instead of bfloat16 and integers, so that differences are not rounding."""
    openvino = openvino_library()  # here, so that a machine without it can run the other tests
    monkeypatch.setattr("qa.models.weights._is_bundled", lambda name, source: False)
    compile_model = openvino.Core.compile_model

    def exact(self: object, model: object, device: str, options: dict[str, str]) -> object:
        return compile_model(self, model, device, options | {"INFERENCE_PRECISION_HINT": "f32"})

    monkeypatch.setattr(openvino.Core, "compile_model", exact)


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sample archive with the bundled embedder."""
    index = tmp_path_factory.mktemp("sample") / "index"
    qa.build([ROOT / "articles"], index)
    return index


@pytest.fixture(scope="session")
def sample_news(sample_index: Path) -> qa.Archive:
    """Return the sample archive with both bundled models."""
    return qa.open(sample_index)


# ---- a reply so small that every result can be worked out by hand ----

VISIT = (
    "Sergei Shoigu flew to Pyongyang on Tuesday.\n\n"
    'He stayed from "25 to 27 July", the ministry said in a statement that was published on its web site '
    "late on Thursday evening. He inspected missiles."
)


def answer_in(article: Article, text: str, confidence: float, **known: object) -> Answer:
    start = article.text.index(text)
    return Answer(article, start, start + len(text), confidence, 5.25, **known)


@pytest.fixture
def article() -> Article:
    return Article(
        id="a1",
        title="Shoigu in Pyongyang",
        text=VISIT,
        published=datetime(2023, 7, 27, 18, tzinfo=UTC),
        zone_assumed=True,
        source="CBS News",
        url="https://example.org/a?x=1&y=2",
        authors=("Ann Lee",),
        tags=("Russia", "North Korea"),
    )


@pytest.fixture
def copy() -> Article:
    return Article(id="a2", title="Shoigu visits", text=VISIT, source="Reuters")


@pytest.fixture
def reply(article: Article, copy: Article) -> Reply:
    start = VISIT.index("25 to 27 July")
    hit = Hit(Passage(article, 0, 43), score=0.75, similarity=0.5, bm25=12.25, near_duplicates=(copy,))
    return Reply(
        question="When did Shoigu visit North Korea?",
        answers=(answer_in(article, "25 to 27 July", 0.83, agreeing=(Quote(copy, start, start + 13),)),),
        hits=(hit,),
        timings={"retrieve": 0.02, "read": 0.5},
    )


@pytest.fixture
def not_found(article: Article) -> Reply:
    hit = Hit(Passage(article, 0, 43), score=0.1, similarity=0.1, bm25=0.0)
    rejected = answer_in(article, "missiles", 0.06)
    return Reply("Who won?", (), (hit,), best_rejected=rejected, guess=rejected)
