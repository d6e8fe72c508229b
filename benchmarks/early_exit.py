"""Questions over an index -> what is lost and saved when reading stops at a sure answer, for several bars.

python -m benchmarks.early_exit benchmarks/questions/sample.jsonl --index benchmarks/work/archive
python -m benchmarks.early_exit FOLDER/news-2022-2023 --index benchmarks/work/quiz --limit 150

All passages of a question are read once; every bar is then replayed on what was read, by the code that stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

import qa
from benchmarks.quiz_questions import TUNED_ON, Asking, askings
from benchmarks.quiz_questions import questions as quiz_questions
from benchmarks.report import save, table, tracked
from qa.evaluate.asking import Outcome, as_shipped, forced
from qa.evaluate.questions import spaced
from qa.read.calibration import Calibration
from qa.read.candidate import Candidate
from qa.read.reader import Asked
from qa.read.reading import Reading, read_hits
from qa.records import Hit, Passage, Reply, TimeCondition
from qa.retrieve.query import query_of

BARS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Read:
    """All that the reader found in the passages of a question; a reader that gives it out again."""

    asked: Asking
    time: TimeCondition | None
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    calibration: Calibration

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        """Return the candidates of these passages, as :meth:`qa.read.reader.Reader.read`."""
        place = {id(passage): at for at, passage in enumerate(passages)}
        of = [place.get(id(hit.passage)) for hit in self.hits]
        return [replace(c, passage=of[c.passage]) for c in self.candidates if of[c.passage] is not None]

    def read_many(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        """Return the same again: a question is not read once more without its time, with any bar."""
        return [self.read(one.question, one.passages) for one in asked]


@dataclass(frozen=True, slots=True)
class Loss:
    """What a bar costs and saves, beside reading all."""

    bar: float
    forced: float  # points of F1 of the answerable questions, each forced to its best span
    shipped: float  # points of F1 of all questions, as shipped
    stopped: float  # share of the questions
    read: float  # share of the passages
    overtaken: float | None  # share of the stopped questions whose answer changes when all is read
    sources: float | None  # mean number of independent sources that stopping takes from the first answer


def main(
    questions: Annotated[Path, typer.Argument(help="A question file, or the folder of the quizzes.")],
    index: Annotated[Path, typer.Option(help="Where the index is; nothing is written there.")],
    limit: Annotated[int | None, typer.Option(help="At most so many questions, evenly spaced.")] = None,
    name: Annotated[str | None, typer.Option(help="Keep the figures as early-exit-NAME.json.")] = None,
) -> None:
    """Read, replay, and show what each bar brings."""
    news = qa.open(index)
    asked = spaced(_asked(questions), limit)
    read = [_read(news, one) for one in tracked(asked, "reading")]
    losses = [loss(read, bar, news.settings) for bar in BARS]
    rows = [
        (
            f"{one.bar:g}",
            f"{one.forced:+.2f}",
            f"{one.shipped:+.2f}",
            one.stopped,
            one.read,
            one.overtaken,
            "" if one.sources is None else f"{one.sources:.2f}",
        )
        for one in losses
    ]
    titles = ("bar", "F1 forced", "F1 as shipped", "stopped", "read", "overtaken", "sources lost")
    table(f"{len(read)} questions", titles, rows)
    if name is not None:
        figures = {"questions": len(read), "bars": [asdict(one) for one in losses]}
        command = f"python -m benchmarks.early_exit QUESTIONS --index INDEX --limit {len(read)}"
        save(f"early-exit-{name}", {"command": command, **figures})


def loss(read: Sequence[Read], bar: float, settings: qa.AskSettings) -> Loss:
    """Return what stopping at ``bar`` makes of questions that were read."""
    whole = [_seen(one, None, settings) for one in read]
    early = [_seen(one, bar, settings) for one in read]
    before, after = (
        [Outcome(one.asked, _reply(one, reading), 0.0) for one, reading in zip(read, seen, strict=True)]
        for seen in (whole, early)
    )
    pairs = [
        (all_.judged.answers, some.judged.answers[0])
        for one, all_, some in zip(read, whole, early, strict=True)
        if some.passages < len(one.hits)
    ]
    lost = [max((a.sources for a in answers[:1]), default=0) - first.sources for answers, first in pairs]
    other = [not answers or answers[0].text != first.text for answers, first in pairs]
    return Loss(
        bar,
        forced=100 * (_or_nothing(forced(after).has_f1) - _or_nothing(forced(before).has_f1)),
        shipped=100 * (_or_nothing(as_shipped(after).f1) - _or_nothing(as_shipped(before).f1)),
        stopped=len(pairs) / len(read),
        read=sum(s.passages for s in early) / max(1, sum(s.passages for s in whole)),
        overtaken=sum(other) / len(other) if other else None,
        sources=sum(lost) / len(lost) if lost else None,
    )


def _asked(questions: Path) -> list[Asking]:
    """Return the quizzes of the year on which settings are chosen."""
    if questions.is_dir():
        quiz = [q for q in quiz_questions(questions) if q.year == TUNED_ON]
        return [Asking(q.question, q.golds, q.day) for q in quiz]
    return askings(questions)


def _read(news: qa.Archive, asked: Asking) -> Read:
    query = query_of(asked.question, as_of=asked.day)
    hits = news.retriever.find(query, news.settings.passages_read)
    candidates = news.reader.read(asked.question, [hit.passage for hit in hits])
    return Read(asked, query.time, tuple(hits), tuple(candidates), news.calibration)


def _seen(read: Read, bar: float | None, settings: qa.AskSettings) -> Reading:
    return read_hits(
        read.asked.question,
        read.hits,
        read,
        read.calibration,
        early_exit=bar,
        threshold=settings.threshold,
        many=settings.answers,
        time=read.time,
    )


def _reply(read: Read, seen: Reading) -> Reply:
    judged = seen.judged
    return Reply(read.asked.question, judged.answers, read.hits, best_rejected=judged.best_rejected)


def _or_nothing(figure: float | None) -> float:
    return 0.0 if figure is None else figure


if __name__ == "__main__":
    typer.run(main)
