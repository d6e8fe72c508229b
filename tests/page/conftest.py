"""An archive whose replies are known by heart, in place of the models; the page above it is the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import qa
from qa.errors import IndexMissing
from qa.records import Answer, Article, BuildReport, Hit, Overview, Passage, Progress, Reply, Skipped

ROOT = Path(__file__).resolve().parents[2]
QUAKE = "How many people died in the earthquake?"
NOWHERE = "Who won the yacht race?"


def article(name: str, title: str, text: str, source: str, day: int, **known: object) -> Article:
    moment = datetime(2023, 2, day, 12, tzinfo=UTC)
    return Article(id=name, title=title, text=text, published=moment, source=source, **known)


FIRST = article(
    "quake-1",
    "Earthquake strikes southern Turkey",
    "A strong earthquake struck southern Turkey early on Monday.\n\nAt least 3,400 people died, officials "
    "said on Monday evening. Thousands of buildings collapsed, and rescue teams dug through the night in "
    "freezing rain.\n\nAid was promised by more than forty countries.",
    "Meridian Wire",
    6,
    url="https://example.org/quake-1",
    tags=("Turkey", "Earthquake"),
)
SECOND = article(
    "quake-2",
    "Death toll passes 20,000",
    "More than 20,000 people have died in the earthquake, the authorities said on Thursday.",
    "Northern Ledger",
    9,
    tags=("Turkey",),
)


def answer(source: Article, text: str, confidence: float | None) -> Answer:
    start = source.text.index(text)
    return Answer(source, start, start + len(text), confidence, margin=4.0)


def hit(source: Article, score: float) -> Hit:
    return Hit(Passage(source, 0, len(source.text)), score, similarity=score / 2, bm25=10 * score)


class Archive:
    """What ``qa.open`` and ``qa.build`` are to the page; remembers how it was asked and built."""

    def __init__(self) -> None:
        self.exists = True
        self.generation = 1
        self.opened = 0
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.built: list[tuple[list[str], list[bytes], bool]] = []
        self.calibrated = True
        self.open_error: Exception | None = None
        self.ask_error: Exception | None = None
        self.build_error: Exception | None = None
        self.skipped: tuple[Skipped, ...] = ()

    def open(self, index: str) -> Archive:
        if self.open_error is not None:
            raise self.open_error
        if not self.exists:
            raise IndexMissing("there is no index.", where=index, cure="Build one.")
        self.opened += 1
        return self

    def refresh(self) -> bool:
        return False

    def overview(self) -> Overview:
        return Overview(
            index="indexes/news",
            generation=f"g{self.generation}",
            built=datetime(2024, 5, 1, 9, 30, tzinfo=UTC),
            articles=2,
            passages=2,
            bytes_on_disk=1000,
            embedder="fake",
            dimension=2,
            first=FIRST.published,
            last=SECOND.published,
            undated=0,
            sources=(("Meridian Wire", 1), ("Northern Ledger", 1)),
            tags=(("Turkey", 2), ("Earthquake", 1)),
            skipped=(),
        )

    def ask(self, question: str, **conditions: object) -> Reply:
        self.asked.append((question, conditions))
        if self.ask_error is not None:
            raise self.ask_error
        hits = (hit(SECOND, 0.9), hit(FIRST, 0.7))
        if question == NOWHERE:
            return Reply(question, (), hits, best_rejected=answer(FIRST, "officials", 0.04))
        sure = (0.83, 0.61) if self.calibrated else (None, None)
        answers = (answer(FIRST, "At least 3,400", sure[0]), answer(SECOND, "20,000", sure[1]))
        return Reply(question, answers, hits, self.calibrated, timings={"retrieve": 0.02, "read": 0.4})

    def build(
        self,
        inputs: Sequence[Path],
        index: str,
        add: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> BuildReport:
        contents = [path.read_bytes() for path in inputs if path.is_file()]
        self.built.append(([path.name for path in inputs], contents, add))
        if progress is not None:
            progress(Progress("embedding", 1, 4, "passages"))
        if self.build_error is not None:
            raise self.build_error
        self.exists = True
        self.generation += 1
        return BuildReport(
            articles=2,
            passages=2,
            embedded=2,
            added=1,
            removed=0,
            duplicates=0,
            copies=0,
            skipped=self.skipped,
            seconds=1.5,
        )


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Archive:
    fake = Archive()
    for name in ("open", "build"):
        monkeypatch.setitem(vars(qa), name, getattr(fake, name))  # not setattr, which would load the models
    return fake


@pytest.fixture
def page(archive: Archive) -> Iterator[AppTest]:
    """The page over the known archive, not yet run; nothing is cached from another test."""
    st.cache_resource.clear()
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    st.cache_resource.clear()
