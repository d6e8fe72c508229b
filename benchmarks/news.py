"""The sample archive and questions on time, agreement, change and follow-ups -> each point on and off.

python -m benchmarks.news [--misses]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Annotated

import typer

import qa
from benchmarks.archive import ARTICLES, INDEX
from benchmarks.edits import edits
from benchmarks.news_questions import (
    AskedGold,
    ChangeGold,
    FollowUpGold,
    InArticle,
    PairGold,
    TimeGold,
    questions,
)
from benchmarks.report import QUESTIONS, console, save, table, tracked
from qa.evaluate.metrics import exact_match, f1
from qa.evaluate.questions import load_questions
from qa.ingest.copies import near_duplicates
from qa.news.claim import Claim
from qa.news.values import Saying, agree
from qa.read.calibration import Calibration
from qa.read.reader import Asked, Candidate, ExtractiveReader, Reader
from qa.records import Answer, Article, Passage, Quote, Reply
from qa.retrieve.query import query_of
from qa.retrieve.retriever import Retriever
from qa.settings import AskSettings
from qa.text.normalization import normalized

# Articles of the sample archive that a person judged to be near-duplicates of each other.
COPIES = ("Ever Given refloated", "Giant ship freed", "Suez Canal open again")
MANY = 10  # answers per question, enough to see those that changed places


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with the point on, and with it off."""

    point: str
    name: str
    on: float
    off: float | None  # None: there is nothing to switch off
    of: int


@dataclass(frozen=True, slots=True)
class Remembering:
    """A reader that reads no passage twice for a question, since on and off share most passages."""

    reader: Reader
    known: dict[tuple[str, str, int], list[Candidate]] = field(default_factory=dict)

    @property
    def calibration(self) -> Calibration | None:
        return self.reader.calibration

    def read(self, question: str, passages: Sequence[Passage]) -> list[Candidate]:
        keys = [(question, passage.article.id, passage.start) for passage in passages]
        new = [at for at, key in enumerate(keys) if key not in self.known]
        for at in new:
            self.known[keys[at]] = []
        for candidate in self.reader.read(question, [passages[at] for at in new]) if new else []:
            self.known[keys[new[candidate.passage]]].append(candidate)
        found = [replace(c, passage=at) for at, key in enumerate(keys) for c in self.known[key]]
        return sorted(found, key=lambda c: (-c.margin, c.passage, c.start, c.end))

    def read_many(self, asked: Sequence[Asked]) -> list[list[Candidate]]:
        return [self.read(one.question, one.passages) for one in asked]


def main(
    misses: Annotated[bool, typer.Option("--misses", help="Also list what went wrong.")] = False,
) -> None:
    """Build the sample archive and measure each point with the feature on and off."""
    qa.build([ARTICLES], INDEX)
    settings = AskSettings(answers=MANY)
    retriever, reader = Retriever.open(INDEX, settings=settings), ExtractiveReader.load(settings)
    news = qa.Archive(retriever, Remembering(reader), settings)
    articles = {a.title: a for a in retriever.listing(0, 1000).articles}
    wrong: list[str] = []
    figures = [
        *times(articles, wrong),
        *agreement(articles, wrong),
        *near_duplicate_pairs(list(articles.values())),
        *asked(news, wrong),
        *change(news, wrong),
        *follow_ups(news, wrong),
    ]
    rows = [(f"{f.point}: {f.name}", str(f.of), f.on, "-" if f.off is None else f.off) for f in figures]
    table("News sense", ("", "of", "on", "off"), rows)
    save("news", {"command": "python -m benchmarks.news", "figures": [_plain(f) for f in figures]})
    if misses:
        console.print("\n".join(wrong), markup=False, highlight=False)


def times(articles: dict[str, Article], wrong: list[str]) -> list[Figure]:
    """Measure relative times in articles: resolved as by hand, left alone where the date is too vague."""
    golds = questions(TimeGold)
    right = told = 0
    for gold in golds:
        article = articles[gold.article]
        at = article.text.index(gold.quote)
        start = at + gold.quote.lower().index(gold.expression.lower())
        found = [t for t in Claim(Quote(article, start, start + 1)).times if t.start <= start < t.end]
        given = (found[0].first, found[0].last) if found else (None, None)
        right += given == (gold.first, gold.last)
        told += bool(found) and gold.first is not None
        if given != (gold.first, gold.last):
            wrong.append(f"{gold.id} {gold.quote!r}: {given}, not {(gold.first, gold.last)}")
    vague = sum(gold.first is None for gold in golds)
    return [Figure("times in answers", "right", right / len(golds), vague / len(golds), len(golds))]


def agreement(articles: dict[str, Article], wrong: list[str]) -> list[Figure]:
    """Measure pairs of quotes judged as same or different; off: by their words alone."""
    golds = questions(PairGold)
    on = off = 0
    for gold in golds:
        one, two = (_saying(articles, place) for place in (gold.one, gold.two))
        right = agree(one, two) == gold.same
        on += right
        off += (normalized(gold.one.quote) == normalized(gold.two.quote)) == gold.same
        if not right:
            wrong.append(f"{gold.id} {gold.one.quote!r} and {gold.two.quote!r} are the same: {gold.same}")
    return [Figure("agreement", "pairs told right", on / len(golds), off / len(golds), len(golds))]


def near_duplicate_pairs(articles: Sequence[Article]) -> list[Figure]:
    """Measure which near-duplicates are linked, among articles and their lightly edited versions."""
    edited = edits([article.text for article in articles])
    labels = near_duplicates([edit.text for edit in edited])
    origins = [_story(articles[edit.origin]) for edit in edited]
    linked = found = true = 0
    for one, two in combinations(range(len(edited)), 2):
        same, together = origins[one] == origins[two], labels[one] == labels[two]
        linked, true, found = linked + together, true + same, found + (same and together)
    return [
        Figure("near-duplicates", "precision", found / linked, None, linked),
        Figure("near-duplicates", "recall", found / true, None, true),
    ]


def asked(news: qa.Archive, wrong: list[str]) -> list[Figure]:
    """Measure times in questions: understood, and what heeding them gains."""
    golds = questions(AskedGold)
    understood = 0
    sides: dict[bool, list[tuple[float, float, bool]]] = {True: [], False: []}
    for gold in tracked(golds, "times in questions"):
        day = qa.NO_DAY if gold.as_of is None else gold.as_of
        found = query_of(gold.question, as_of=day).time
        given = None if found is None else (found.first, found.last, found.hard)
        understood += given == (gold.first, gold.last, gold.hard)
        for heed, side in sides.items():
            reply = news.ask(gold.question, as_of=day, heed_time=heed)
            first = reply.hits[0]
            titles = {first.passage.article.title, *(copy.title for copy in first.near_duplicates)}
            side.append((*_worth(reply, gold.answers), gold.article in titles))
        if not sides[True][-1][0]:
            wrong.append(f"{gold.id} {gold.question} {gold.answers[0]!r}: {_text(reply)!r}")
    on, off = sides.values()
    names = ("exact match", "F1", "right article first")
    return [
        Figure("times in questions", "understood", understood / len(golds), None, len(golds)),
        *(
            Figure("times in questions", name, _mean(on, at), _mean(off, at), len(golds))
            for at, name in enumerate(names)
        ),
    ]


def change(news: qa.Archive, wrong: list[str]) -> list[Figure]:
    """Measure whether the right answer leads where the world moved; elsewhere nothing changes places."""
    golds = questions(ChangeGold)
    least = news.calibration.threshold
    rows, marked = [], []
    for gold in tracked(golds, "change"):
        reply = news.ask(gold.question, as_of=qa.NO_DAY)
        on, off = _leader(reply.answers), _surest(reply.answers, least)
        rows.append((exact_match(on, gold.answers), exact_match(off, gold.answers)))
        states = {answer.state for answer in reply.answers}
        marked.append((gold.state in states) if gold.state != "current" else states <= {"current"})
        if not (rows[-1][0] and marked[-1]):
            shown = [(answer.text, answer.state, str(answer.as_of)) for answer in reply.answers]
            wrong.append(f"{gold.id} {gold.question} {gold.answers[0]!r} {gold.state}: {shown}")
    unmarked = sum(gold.state == "current" for gold in golds) / len(golds)
    plain = []
    for question in tracked([q for q in load_questions(QUESTIONS) if q.golds], "questions without change"):
        answers = news.ask(question.question, as_of=qa.NO_DAY).answers
        on, off = _leader(answers), _surest(answers, least)
        plain.append((exact_match(on, question.golds), exact_match(off, question.golds)))
        if plain[-1][0] < plain[-1][1]:
            wrong.append(f"{question.id} {question.question}: {on!r} took the place of {off!r}")
    return [
        Figure("change and dispute", "right answer leads", _mean(rows, 0), _mean(rows, 1), len(rows)),
        Figure("change and dispute", "marked right", sum(marked) / len(marked), unmarked, len(marked)),
        Figure("change and dispute", "plain questions right", _mean(plain, 0), _mean(plain, 1), len(plain)),
    ]


def follow_ups(news: qa.Archive, wrong: list[str]) -> list[Figure]:
    """Measure second questions, with and without the reply before."""
    golds = questions(FollowUpGold)
    sides: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for gold in tracked(golds, "follow-ups"):
        before = news.ask(gold.before, as_of=qa.NO_DAY)
        for lean, side in sides.items():
            reply = news.ask(gold.question, as_of=qa.NO_DAY, after=before if lean else None)
            side.append(_worth(reply, gold.answers))
            if lean and not side[-1][0]:
                whole = reply.follow_up.question if reply.follow_up else gold.question
                wrong.append(f"{gold.id} {whole} {gold.answers[0]!r}: {_text(reply)!r}")
    on, off = sides.values()
    return [
        Figure("follow-ups", name, _mean(on, at), _mean(off, at), len(golds))
        for at, name in enumerate(("exact match", "F1"))
    ]


def _story(article: Article) -> str:
    return COPIES[0] if article.title.startswith(COPIES) else article.title


def _saying(articles: dict[str, Article], place: InArticle) -> Saying:
    return Claim(Quote(articles[place.article], place.start, place.start + len(place.quote))).saying


def _best(reply: Reply) -> Answer | None:
    return reply.answers[0] if reply.answers else reply.best_rejected


def _text(reply: Reply) -> str:
    best = _best(reply)
    return "" if best is None else best.text


def _worth(reply: Reply, golds: Sequence[str]) -> tuple[float, float]:
    return exact_match(_text(reply), golds), f1(_text(reply), golds)


def _surest(answers: Sequence[Answer], least: float) -> str:
    """Return what would lead if no answer were compared with others; "" if none is sure enough for itself."""
    return _leader(sorted((a for a in answers if a.confidence >= least), key=lambda a: -a.confidence))


def _leader(answers: Sequence[Answer]) -> str:
    return answers[0].text if answers else ""


def _mean(rows: Sequence[Sequence[float]], column: int) -> float:
    return sum(row[column] for row in rows) / len(rows)


def _plain(figure: Figure) -> dict[str, object]:
    return {"point": figure.point, "name": figure.name, "on": figure.on, "off": figure.off, "of": figure.of}


if __name__ == "__main__":
    typer.run(main)
