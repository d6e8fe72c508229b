"""Topics with the days that matter -> how many of them the briefs find: date F1, as timelines are measured.

python -m benchmarks.briefs [--index benchmarks/work/quiz] [--misses] [--sentences FILE]

``questions/topics.jsonl`` lists the days of 20 topics, written from the articles by someone who had not seen
the code: 12 of the sample archive, 8 of the news of 2022 and 2023, which only ``--index`` can measure. Each
brief may have as many days as its list (Martschat and Markert 2018), so precision and recall differ only
where a brief finds fewer. ``--sentences`` writes all briefs to a file, for a reader who judges them.

``questions/topics-judged.jsonl`` holds what a reader said of each sentence: "on" its topic, "off" or
"doubtful". It names sentences by a part of their SHA-256, since most are of articles that are not ours.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

import qa
from benchmarks.archive import ARTICLES, INDEX
from benchmarks.report import ROOT, Goal, console, goals, save, table
from qa.brief.make import make_brief
from qa.brief.records import Brief
from qa.retrieve.retriever import Retriever

TOPICS = ROOT / "benchmarks" / "questions" / "topics.jsonl"
JUDGED = ROOT / "benchmarks" / "questions" / "topics-judged.jsonl"
GOAL = 0.6
ON_TOPIC_GOAL = 0.9  # of the sentences that were judged


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and the days that matter in it."""

    topic: str
    archive: str
    days: frozenset[date]
    since: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A topic and what came of it."""

    topic: Topic
    brief: Brief

    @property
    def f1(self) -> float:
        """Of the days, 0 to 1."""
        return date_f1(self.topic.days, [day.day for day in self.brief.days])


@dataclass(frozen=True, slots=True)
class Sentences:
    """How many sentences of the briefs a reader called what."""

    on: int
    off: int
    doubtful: int
    not_judged: int

    @property
    def on_topic(self) -> float:
        """Share of those judged that are on their topic beyond doubt, 0 to 1."""
        judged = self.on + self.off + self.doubtful
        return self.on / judged if judged else 0.0


def main(
    index: Annotated[Path | None, typer.Option(help="An index of the news of 2022 and 2023.")] = None,
    misses: Annotated[bool, typer.Option("--misses", help="Also list the days missed and made up.")] = False,
    sentences: Annotated[Path | None, typer.Option(help="Write all briefs there.")] = None,
) -> None:
    """Make a brief of each topic and compare its days."""
    qa.build([ARTICLES], INDEX)
    archives = {"sample": INDEX} if index is None else {"sample": INDEX, "news-2022-2023": index}
    topics = load(TOPICS)
    measured: dict[str, list[Measured]] = {}
    for name, address in archives.items():
        retriever = Retriever.open(address)
        measured[name] = [measure(retriever, topic) for topic in topics if topic.archive == name]
    every = [one for ones in measured.values() for one in ones]
    table(
        "Briefs", ("", "days", "F1"), [(m.topic.topic, str(len(m.topic.days)), f"{m.f1:.2f}") for m in every]
    )
    means = {name: fmean(one.f1 for one in ones) for name, ones in measured.items()}
    goals(
        "Date F1", [Goal(f"{name}, {len(measured[name])} topics", mean, GOAL) for name, mean in means.items()]
    )
    read = judged_sentences(every, load_judged(JUDGED))
    goals("Sentences, as a reader judged them", [Goal("on their topic", read.on_topic, ON_TOPIC_GOAL)])
    console.print(f"{read.on} on, {read.off} off, {read.doubtful} doubtful, {read.not_judged} not judged")
    if misses:
        for one in every:
            console.print(_misses(one), markup=False, highlight=False)
    if sentences is not None:
        sentences.write_text("\n\n".join(map(_text, every)) + "\n", encoding="utf-8")
    figures = {
        "date_f1": means,
        "sentences": asdict(read),
        "topics": {one.topic.topic: round(one.f1, 3) for one in every},
    }
    save(
        "briefs", {"command": "python -m benchmarks.briefs" + (" --index INDEX" if index else ""), **figures}
    )


def load(path: Path) -> list[Topic]:
    """Read the topics, in the order of the file."""
    topics = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        days = frozenset(map(date.fromisoformat, row["days"]))
        topics.append(Topic(row["topic"], row["archive"], days, row.get("since")))
    return topics


def load_judged(path: Path) -> dict[tuple[str, str], str]:
    """Read what a reader said of sentences: topic and part of the SHA-256 -> verdict."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(row["topic"], row["sentence"]): row["verdict"] for row in rows}


def judged_sentences(measured: Sequence[Measured], judged: Mapping[tuple[str, str], str]) -> Sentences:
    """Count the sentences of briefs by what the reader said of them."""
    said = Counter(
        judged.get((one.topic.topic, part_of_digest(event.quote.text)), "not judged")
        for one in measured
        for day in one.brief.days
        for event in day.events
    )
    return Sentences(said["on"], said["off"], said["doubtful"], said["not judged"])


def part_of_digest(sentence: str) -> str:
    """Return the first 16 hex digits of a sentence's SHA-256."""
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


def measure(retriever: Retriever, topic: Topic) -> Measured:
    """Make a brief of at most as many days as the list has."""
    return Measured(
        topic, make_brief(retriever, topic.topic, since=topic.since, as_of=qa.NO_DAY, days=len(topic.days))
    )


def date_f1(golds: frozenset[date], found: Sequence[date]) -> float:
    """Return the harmonic mean of precision and recall of the days found, 0 to 1."""
    right = len(golds.intersection(found))
    return 2 * right / (len(golds) + len(set(found))) if right else 0.0


def _misses(one: Measured) -> str:
    found = {day.day for day in one.brief.days}
    missed = ", ".join(map(str, sorted(one.topic.days - found)))
    made_up = ", ".join(map(str, sorted(found - one.topic.days)))
    return (
        f"{one.topic.topic} ({one.brief.articles} articles)\n  missed: {missed}\n  not on the list: {made_up}"
    )


def _text(one: Measured) -> str:
    lines = [f"# {one.topic.topic}"]
    for day in one.brief.days:
        for event in day.events:
            lines.append(f"{day.day} [{event.sources}] {event.quote.text} | {event.quote.article.title}")
    return "\n".join(lines)


if __name__ == "__main__":
    typer.run(main)
