"""What the parent gives a system, and what comes back: plain files, for environments that share no package.

Nothing but the standard library may be imported here: the peers' environments do not have ours.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

TASK, ARTICLES, QUESTIONS, TEXTS = "task.json", "articles.jsonl", "questions.jsonl", "texts.json"
FIRST_PASSAGES = 5  # first passages in which the answer is looked for
READ = 10  # passages that each system is asked to read, where no curve is measured


@dataclass(frozen=True, slots=True)
class Source:
    """An article as every system gets it: read and cleaned already."""

    id: str
    title: str
    text: str
    published: str | None  # ISO, as News QA reads it
    date: str  # as people write it, "5 September 2023"; empty if there is none


@dataclass(frozen=True, slots=True)
class Asked:
    """A question; its golds stay with the parent."""

    question: str
    day: str | None  # the day of asking; no peer uses it


@dataclass(frozen=True, slots=True)
class Task:
    """Where everything lies."""

    folder: Path  # articles and questions; each system writes below it
    embedder: str  # folders of the weights, both in float32; News QA takes its own, which are the same
    reader: str

    @classmethod
    def load(cls, folder: Path) -> Task:
        facts = json.loads((folder / TASK).read_text(encoding="utf-8"))
        return cls(folder, facts["embedder"], facts["reader"])

    def write(self, articles: Sequence[Source], questions: Sequence[Asked]) -> None:
        """Lay out the folder for the systems."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _write_lines(self.folder / ARTICLES, [asdict(article) for article in articles])
        _write_lines(self.folder / QUESTIONS, [asdict(question) for question in questions])
        facts = {"embedder": self.embedder, "reader": self.reader}
        (self.folder / TASK).write_text(json.dumps(facts), encoding="utf-8")

    def articles(self) -> list[Source]:
        return [Source(**line) for line in _lines(self.folder / ARTICLES)]

    def questions(self) -> list[Asked]:
        return [Asked(**line) for line in _lines(self.folder / QUESTIONS)]


@dataclass(frozen=True, slots=True)
class Given:
    """What a question got."""

    text: str | None  # None: refused
    forced: str | None  # the best span, even if refused; equal to the text for a system that does not give it
    passages: list[str] = field(default_factory=list)  # the passages found first, best first


@dataclass(frozen=True, slots=True)
class Built:
    """A finished index, on disk wherever the system can keep it there."""

    articles: int
    passages: int
    words: int  # of all passages; words that two passages share count twice
    seconds: float  # of the build, with the models already loaded
    megabytes: float  # most memory the process held


@dataclass(frozen=True, slots=True)
class Replied:
    """All questions asked one after the other, then at once."""

    given: list[Given]
    seconds: list[float]
    batch_seconds: float | None  # None: the system cannot take many questions at once
    megabytes: float
    variants: dict[str, list[Given]]  # another setup -> its replies to the same questions


def words_in(passages: Sequence[str]) -> int:
    return sum(len(passage.split()) for passage in passages)


def peak_megabytes() -> float:
    """Return the most memory that this process held since it began."""
    status = Path("/proc/self/status")
    if status.is_file():  # unlike getrusage, this does not count the memory of the parent before exec
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def write_built(path: Path, built: dict[str, Built]) -> None:
    """Write indexes by the name of their system."""
    path.write_text(json.dumps({name: asdict(one) for name, one in built.items()}), encoding="utf-8")


def read_built(path: Path) -> dict[str, Built]:
    facts = json.loads(path.read_text(encoding="utf-8"))
    return {name: Built(**one) for name, one in facts.items()}


def write_replied(path: Path, replied: Replied) -> None:
    path.write_text(json.dumps(asdict(replied), ensure_ascii=False), encoding="utf-8")


def read_replied(path: Path) -> Replied:
    facts = json.loads(path.read_text(encoding="utf-8"))
    return Replied(
        given=[Given(**one) for one in facts["given"]],
        seconds=facts["seconds"],
        batch_seconds=facts["batch_seconds"],
        megabytes=facts["megabytes"],
        variants={name: [Given(**one) for one in many] for name, many in facts["variants"].items()},
    )


def _write_lines(path: Path, records: Sequence[dict]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")


def _lines(path: Path) -> list[dict]:
    # Not splitlines(): JSON may hold other line breaks.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
