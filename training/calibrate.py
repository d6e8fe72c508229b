"""Questions asked end to end of three archives -> ``models/reader/calibration.json``.

    python -m training.calibrate FOLDER

A mixture that looks like use: written questions on held-out articles, asked of the whole news archive and of
Wikinews; quiz questions of 2022's odd weeks, which trained nothing, each as of its own day; and plain
questions of SQuAD's articles (``training.plain``). Half of the held-out articles calibrate, the others
measure (``python -m training.trust``). What is fitted, and how, stands in :mod:`qa.calibrate.fit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track

import qa
from benchmarks.quiz_questions import Asking
from qa.archive import Archive
from qa.calibrate.asked import judged
from qa.calibrate.fit import Asked, fit
from qa.evaluate.questions import spaced
from qa.models.weights import prepare
from qa.read.calibration import FILE
from qa.read.candidate import Candidate
from qa.records import NO_DAY, Hit
from qa.settings import AskSettings
from training import store
from training.pack import ARCHIVE, WORK
from training.plain import plain
from training.quiz import halves
from training.reserved import held_out
from training.written import NEWS, WIKINEWS, chooses

NEWS_INDEX = Path("benchmarks/work/quiz")
MOST = 500  # questions of a kind to fit, evenly spaced; a confidence of four weights learns little from more
# How much the questions of each kind count together; what people ask of a news archive counts most.
COUNTS = {"written news": 2.0, "written Wikinews": 1.0, "quiz": 1.0, "plain": 1.0}

# Options of this command, and of training.features and training.trust.
Data = Annotated[Path, typer.Argument(help="Folder of the data sets.")]
NewsIndex = Annotated[Path, typer.Option(help="Index of the news archive.")]


@dataclass(frozen=True, slots=True)
class Kind:
    """Questions of one kind, and the archive that they are asked of."""

    name: str
    questions: tuple[Asking, ...]
    index: Path


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question with what was found and read for it."""

    asking: Asking
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]


def main(data: Data, index: NewsIndex = NEWS_INDEX) -> None:
    """Fit and write the calibration of the reader that QA_READER names, by default ours."""
    folder = prepare(AskSettings().reader, "reader").source
    (folder / FILE).unlink(missing_ok=True)  # an old file would be read, and its fields may differ
    asked = [each for kind in kinds(data, index, measures=False) for each, _ in ask(kind)]
    calibration = fit(asked)
    calibration.save(folder / FILE)
    found = np.mean([each.right.any() for each in asked])
    print(f"{len(asked)} questions, a right candidate for {found:.1%}")
    print(f"{folder}: {calibration}")


def kinds(data: Path, index: Path, *, measures: bool) -> Iterator[Kind]:
    """Yield the kinds of questions that calibrate, or, of written ones, all of the half that measures."""
    most = None if measures else MOST

    def kind(name: str, questions: Iterable[Asking], of: Path) -> Kind:
        return Kind(name, tuple(spaced(list(questions), most)), of)

    yield kind("written news", _written(NEWS, data, measures=measures), index)
    yield kind("written Wikinews", _written(WIKINEWS, data, measures=measures), _wikinews(data))
    if not measures:
        _, odd = halves(data / "news-2022-2023")
        yield kind("quiz", (Asking(q.question, (q.answer,), q.day) for q in odd), index)
        yield kind("plain", plain(data / "reader"), WORK / "plain")


def _written(domain: str, data: Path, *, measures: bool) -> Iterator[Asking]:
    """Yield questions on the articles that choose between runs, as of the day on which each came out."""
    for article in store.read(domain, data / "news-2022-2023" / ARCHIVE):
        name = article.url or article.title
        if not chooses(article, domain) or held_out(f"half {name}", 2) != measures:
            continue
        day = date.fromisoformat(article.date) if len(article.date) == 10 else NO_DAY
        for question in article.questions:
            yield Asking(question.text, article.golds(question), day)


def _wikinews(data: Path) -> Path:
    """Return the index of all Wikinews articles; reserved ones are searched, nothing is learned of them."""
    index = WORK / "wikinews"
    qa.build([data / "wikinews" / ARCHIVE], index)
    return index


def ask(kind: Kind) -> Iterator[tuple[Asked, ReadQuestion]]:
    """Yield the candidates of every question; questions without any are left out."""
    archive = Archive.open(kind.index, settings=AskSettings())
    weight = COUNTS[kind.name] / len(kind.questions)
    for asking in track(kind.questions, description=kind.name):
        hits = archive.search(asking.question, archive.settings.passages_read, as_of=asking.day)
        read = judged(archive, asking.question, hits, asking.golds, weight=weight)
        if read is not None:
            yield read[0], ReadQuestion(asking, tuple(hits), read[1])


if __name__ == "__main__":
    typer.run(main)
