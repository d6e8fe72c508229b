"""The sample archive and its questions -> recall, exact match, F1, refusals, latency.

python -m benchmarks.archive [--misses]
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

import qa
from benchmarks.asking import Outcome, as_shipped, ask_all, forced, latency
from benchmarks.report import ROOT, WORK, Goal, console, goals, save, table, tracked
from qa.metrics import contains, normalized
from qa.records import Hit
from qa.view.terminal import BuildBar

INDEX = WORK / "archive"
MISSES = WORK / "archive-misses.txt"
ARTICLES = ROOT / "articles"
DEPTHS = (1, 5, 10)
DEEPEST = 100  # how far the gold article is looked for in the table of misses


@dataclass(frozen=True, slots=True)
class ArchiveQuestion:
    """One line of articles/questions.jsonl."""

    id: str
    question: str
    golds: tuple[str, ...]  # none: unanswerable
    article: str | None  # title of the article that holds the answer
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where the gold stands in the ranking, from 1; None if it is not among the deepest."""

    article: int | None  # first passage of the gold article or a copy of it
    answer: int | None  # first such passage that holds an answer


def questions() -> list[ArchiveQuestion]:
    """All questions of the sample archive."""
    whole = ARTICLES / "questions.jsonl"
    paths = [whole] if whole.is_file() else sorted(ARTICLES.glob("questions-*.jsonl"))
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        ArchiveQuestion(q["id"], q["question"], tuple(q["answers"]), q["article"], q["kind"])
        for q in map(json.loads, lines)
    ]


def find(question: ArchiveQuestion, hits: Sequence[Hit]) -> Found:
    """Where the gold article ranks among the hits."""
    article = answer = None
    for rank, hit in enumerate(hits, start=1):
        titles = {normalized(a.title) for a in (hit.passage.article, *hit.copies)}
        if normalized(question.article) not in titles:
            continue
        article = article or rank
        if any(contains(hit.passage.text, gold) for gold in question.golds):
            answer = rank
            break
    return Found(article, answer)


def recall(ranks: Sequence[int | None], depth: int) -> float:
    """The share of ranks that are not beyond the depth."""
    return sum(rank is not None and rank <= depth for rank in ranks) / len(ranks)


def main(
    misses: Annotated[
        bool, typer.Option("--misses", help="Also list the questions that went wrong.")
    ] = False,
) -> None:
    """Build the sample archive (what is unchanged is taken over) and ask its questions."""
    with BuildBar() as bar:
        report = qa.build([ARTICLES], INDEX, progress=bar.show)
    news = qa.open(INDEX)
    asked = questions()
    answerable = [q for q in asked if q.golds]
    _check_golds(answerable, news)
    found = {q.id: find(q, news.search(q.question, DEEPEST)) for q in tracked(answerable, "searching")}
    outcomes = ask_all(news, asked)
    shipped, free = as_shipped(outcomes), forced(outcomes)

    articles = [f.article for f in found.values()]
    answers = [f.answer for f in found.values()]
    rows = [(f"top {depth}", recall(articles, depth), recall(answers, depth)) for depth in DEPTHS]
    console.print(
        f"{report.articles} articles, {report.passages} passages, {len(asked)} questions, "
        f"{len(answerable)} of them answerable"
    )
    table("A passage of the gold article", ("", "any", "with an answer"), rows)
    sides = [("as shipped", shipped), ("forced", free)]
    table(
        "Answers",
        ("", "EM answerable", "F1 answerable", "unanswerable refused"),
        [(name, f.has_exact, f.has_f1, f.no_answer) for name, f in sides],
    )
    speed = latency(outcomes)
    console.print(f"ask: p50 {speed['p50']:.3f} s, p95 {speed['p95']:.3f} s")
    goals(
        "Goals (as shipped)",
        [
            Goal("recall@5", recall(articles, 5), 0.97),
            Goal("exact match", shipped.has_exact, 0.65),
            Goal("F1", shipped.has_f1, 0.78),
            Goal("unanswerable refused", shipped.no_answer, 0.70),
        ],
    )
    save(
        "archive",
        {
            "command": "python -m benchmarks.archive",
            "recall": {
                f"@{d}": {"article": recall(articles, d), "answer": recall(answers, d)} for d in DEPTHS
            },
            "as shipped": asdict(shipped),
            "forced": asdict(free) | {"threshold": None},
            "ask, seconds": speed,
        },
    )
    _write_misses(outcomes, found)
    if misses:
        console.print(MISSES.read_text(encoding="utf-8"), markup=False, highlight=False)


def _check_golds(answerable: Sequence[ArchiveQuestion], news: qa.NewsQA) -> None:
    """Say which golds are not to be found as they are written; such a question can never be right."""
    by_title: dict[str, list[str]] = {}
    for question in answerable:
        for hit in news.search(question.article, DEEPEST):
            by_title.setdefault(normalized(hit.passage.article.title), []).append(hit.passage.article.text)
        texts = by_title.get(normalized(question.article), [])
        if not any(gold in text for gold in question.golds for text in texts):
            console.print(
                f"no gold of {question.id} is in {question.article!r}: {question.golds}", markup=False
            )


def _write_misses(outcomes: Sequence[Outcome], found: dict[str, Found]) -> None:
    """A block for each question that was not exactly right, worst first."""
    wrong = [o for o in outcomes if not (o.worth.exact if o.gold.golds else not o.shown) or _kept_back(o)]
    blocks = []
    for outcome in sorted(wrong, key=lambda o: o.worth.f1):
        gold, answer = outcome.gold, outcome.forced
        rank = found.get(gold.id, Found(None, None))
        sure = "-" if answer is None or answer.confidence is None else f"{answer.confidence:.2f}"
        given = "-" if answer is None else f"{answer.text!r} (margin {answer.margin:.1f}, confidence {sure})"
        source = "-" if answer is None else answer.article.title
        blocks.append(
            f"{gold.id} [{gold.kind}] {gold.question}\n"
            f"  gold   {' | '.join(gold.golds) or 'UNANSWERABLE'}   in: {gold.article}\n"
            f"  given  {'' if outcome.shown else 'KEPT BACK '}{given}   in: {source}\n"
            f"  F1 {outcome.worth.f1:.2f}; gold article ranks {rank.article}, with an answer {rank.answer}\n"
        )
    MISSES.write_text(f"{len(blocks)} of {len(outcomes)} questions\n\n" + "\n".join(blocks), encoding="utf-8")


def _kept_back(outcome: Outcome) -> bool:
    return bool(outcome.gold.golds) and not outcome.shown


if __name__ == "__main__":
    typer.run(main)
