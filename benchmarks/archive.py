"""The sample archive and its questions -> recall, exact match, F1, refusals, latency.

python -m benchmarks.archive [--misses]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

import qa
from benchmarks.report import QUESTIONS, ROOT, WORK, Goal, console, goals, save, table, tracked
from qa.cli.terminal import BuildBar
from qa.evaluate.asking import Outcome, as_shipped, ask_all, forced, latency
from qa.evaluate.finding import Found, find, recall
from qa.evaluate.metrics import normalized
from qa.evaluate.questions import Question, load_questions

INDEX = WORK / "archive"
MISSES = WORK / "archive-misses.txt"
ARTICLES = ROOT / "articles"
DEPTHS = (1, 5, 10)
DEEPEST = 100  # the lowest rank at which the table of misses looks for the gold article


def main(
    misses: Annotated[
        bool, typer.Option("--misses", help="Also list the questions that went wrong.")
    ] = False,
) -> None:
    """Build the sample archive (what is unchanged is taken over) and ask its questions."""
    with BuildBar() as bar:
        report = qa.build([ARTICLES], INDEX, progress=bar.show)
    news = qa.open(INDEX)
    asked = load_questions(QUESTIONS)
    answerable = [q for q in asked if q.golds]
    _check_golds(answerable, news)
    found = {
        q.id: find(q, news.search(q.question, DEEPEST, as_of=qa.NO_DAY))
        for q in tracked(answerable, "searching")
    }
    outcomes = ask_all(tracked(asked, "asking"), lambda gold: news.ask(gold.question, as_of=qa.NO_DAY))
    shipped, free = as_shipped(outcomes), forced(outcomes)

    articles = [f.article for f in found.values()]
    answers = [f.answer for f in found.values()]
    rows = [(f"top {depth}", recall(articles, depth), recall(answers, depth)) for depth in DEPTHS]
    console.print(
        f"{report.articles} articles, {report.passages} passages, {len(asked)} questions, "
        f"{len(answerable)} of them answerable"
    )
    table("Among the first passages", ("", "one of the gold article", "one with an answer"), rows)
    sides = [("as shipped", shipped), ("forced", free)]
    table(
        "Answers",
        ("", "EM answerable", "F1 answerable", "unanswerable refused"),
        [(name, f.has_exact, f.has_f1, f.no_answer) for name, f in sides],
    )
    speed = latency(outcomes)
    console.print(f"ask: p50 {speed.p50:.3f} s, p95 {speed.p95:.3f} s")
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
            "ask, seconds": asdict(speed),
        },
    )
    _write_misses(outcomes, found)
    if misses:
        console.print(MISSES.read_text(encoding="utf-8"), markup=False, highlight=False)


def _check_golds(answerable: Sequence[Question], news: qa.Archive) -> None:
    """Say which golds are not to be found as they are written; such a question can never be right."""
    by_title: dict[str, list[str]] = {}
    for question in answerable:
        (title,) = question.articles
        for hit in news.search(title, DEEPEST, as_of=qa.NO_DAY):
            by_title.setdefault(normalized(hit.passage.article.title), []).append(hit.passage.article.text)
        texts = by_title.get(normalized(title), [])
        if not any(gold in text for gold in question.golds for text in texts):
            console.print(f"no gold of {question.id} is in {title!r}: {question.golds}", markup=False)


def _write_misses(outcomes: Sequence[Outcome[Question]], found: dict[str, Found]) -> None:
    """Write a block for each question that was not exactly right, worst first."""
    wrong = [o for o in outcomes if not (o.worth.exact if o.gold.golds else not o.shown) or _kept_back(o)]
    blocks = []
    for outcome in sorted(wrong, key=lambda o: o.worth.f1):
        gold, answer = outcome.gold, outcome.forced
        rank = found.get(gold.id, Found(None, None))
        sure = "-" if answer is None or answer.confidence is None else f"{answer.confidence:.2f}"
        given = "-" if answer is None else f"{answer.text!r} (margin {answer.margin:.1f}, confidence {sure})"
        source = "-" if answer is None else answer.article.title
        blocks.append(
            f"{gold.id} {gold.question}\n"
            f"  gold   {' | '.join(gold.golds) or 'UNANSWERABLE'}   in: {' '.join(gold.articles)}\n"
            f"  given  {'' if outcome.shown else 'KEPT BACK '}{given}   in: {source}\n"
            f"  F1 {outcome.worth.f1:.2f}; gold article ranks {rank.article}, with an answer {rank.answer}\n"
        )
    MISSES.write_text(f"{len(blocks)} of {len(outcomes)} questions\n\n" + "\n".join(blocks), encoding="utf-8")


def _kept_back(outcome: Outcome) -> bool:
    return bool(outcome.gold.golds) and not outcome.shown


if __name__ == "__main__":
    typer.run(main)
