"""11,841 real articles and their quiz questions -> recall, exact match, F1, refusals; 2022 and 2023 apart.

python -m benchmarks.quiz FOLDER/news-2022-2023 [--retrieval-only] [--sweep] [--show 50]
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

import qa
from benchmarks.plots import recall_by_weight
from benchmarks.quiz_kinds import fates
from benchmarks.quiz_questions import TUNED_ON, QuizQuestion, questions
from benchmarks.ranking import DEPTHS, Candidates, Scorer, Weighing, recalls, same_as_shipped, shipped
from benchmarks.report import RESULTS, WORK, Goal, console, goals, percent, save, table, tracked
from qa.cli.terminal import BuildBar
from qa.evaluate.asking import Outcome, as_shipped, ask_all, forced, latency
from qa.evaluate.metrics import RIGHT, f1
from qa.evaluate.picture import draw
from qa.evaluate.questions import spaced
from qa.evaluate.report import ACCURACY, trust

INDEX = WORK / "quiz"
GOALS = dict(zip(DEPTHS, (0.60, 0.82, 0.88, 0.92), strict=True))
WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
DAY_WEIGHTS, DAY_SCALES = (0.0, 0.1, 0.2, 0.3), (7.0, 20.0, 60.0)
CHECKED = 20  # questions on which sweep and retriever are compared
SEED = 2


def main(
    folder: Annotated[Path, typer.Argument(help="Folder with articles.jsonl.gz and questions.jsonl.")],
    limit: Annotated[int | None, typer.Option(help="At most so many questions, evenly spaced.")] = None,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Do not read.")] = False,
    sweep: Annotated[bool, typer.Option("--sweep", help=f"Sweep the fusion on {TUNED_ON} only.")] = False,
    show: Annotated[int, typer.Option(help="Print so many answers, drawn by a fixed seed; no figures.")] = 0,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build even if there is an index.")] = False,
) -> None:
    """Build the real archive once (resumable) and ask its quiz questions."""
    if rebuild or not (INDEX / "manifest.json").is_file():
        with BuildBar() as bar:
            console.print(qa.build([folder / "articles.jsonl.gz"], INDEX, progress=bar.show))
    asked = questions(folder)
    answerable = spaced([q for q in asked if q.answerable], limit)
    if show:
        _show(random.Random(SEED).sample(answerable, min(show, len(answerable))))
        return
    if sweep:
        _sweep([q for q in answerable if q.year == TUNED_ON])
        return
    _retrieval(answerable, keep=limit is None)
    if not retrieval_only:
        _answers(answerable + spaced([q for q in asked if not q.answerable], limit), keep=limit is None)


def _scored(asked: Sequence[QuizQuestion]) -> list[Candidates]:
    scorer = Scorer.open(INDEX)
    scored = [scorer.candidates(question) for question in tracked(asked, "searching")]
    if not same_as_shipped(qa.Retriever.open(INDEX), asked[:CHECKED], scored[:CHECKED]):
        raise SystemExit("benchmarks/ranking.py no longer ranks as qa.Retriever does; mend it first")
    return scored


def _retrieval(asked: Sequence[QuizQuestion], *, keep: bool) -> None:
    """Measure the recall of BM25, dense and the shipped fusion."""
    scored = _scored(asked)
    ship = shipped()
    methods = {
        "BM25 alone": Weighing(1.0, ship.candidates),
        "dense alone": Weighing(0.0, ship.candidates),
        "both, without the day": replace(ship, day_weight=0.0),
        f"shipped ({ship.lexical_weight:g} BM25)": ship,
    }
    kept: dict[str, dict[str, dict[str, float]]] = {}
    for year in ("2022", "2023", "both"):
        of_year = [c for q, c in zip(asked, scored, strict=True) if year in (q.year, "both")]
        rows = []
        for name, weighing in methods.items():
            for whole, how in ((True, "whole words"), (False, "parts of words too")):
                shares = recalls(of_year, weighing, whole_words=whole)
                rows.append((f"{name}, {how}", *shares))
                key = "shipped" if weighing is ship else name
                kept.setdefault(year, {})[f"{key}, {how}"] = dict(zip(map(str, DEPTHS), shares, strict=True))
        titles = ("", *(f"top {depth}" for depth in DEPTHS))
        table(f"A passage with the answer, {year} ({len(of_year)} questions)", titles, rows)
    for whole, how in ((True, "whole words"), (False, "parts of words too")):
        final = zip(DEPTHS, recalls(scored, ship, whole_words=whole), strict=True)
        goals(
            f"Goals (both years, {how})",
            [Goal(f"top {depth}", share, GOALS[depth]) for depth, share in final],
        )
    if keep:
        figures = {"settings": asdict(ship), "recall": kept}
        save("quiz-retrieval", {"command": "python -m benchmarks.quiz FOLDER --retrieval-only", **figures})


def _sweep(asked: Sequence[QuizQuestion]) -> None:
    """Measure the recall for every weight and several numbers of candidates; draw the weights."""
    scored = _scored(asked)
    ship = shipped()
    by_weight = {w: recalls(scored, replace(ship, lexical_weight=w)) for w in WEIGHTS}
    by_count = {c: recalls(scored, replace(ship, candidates=c)) for c in (20, 50, 100, 200)}
    by_day = {
        (weight, scale): recalls(scored, replace(ship, day_weight=weight, day_scale=scale))
        for weight in DAY_WEIGHTS
        for scale in DAY_SCALES
    }
    titles = ("", *(f"top {depth}" for depth in DEPTHS))
    heading = f"{TUNED_ON}, {len(asked)} questions, whole words"
    table(f"Share of BM25 ({heading})", titles, [(f"{w:.2f}", *r) for w, r in by_weight.items()])
    table(f"Candidates of each method ({heading})", titles, [(str(c), *r) for c, r in by_count.items()])
    days = [(f"{weight:g}, {scale:g} days", *r) for (weight, scale), r in by_day.items()]
    table(f"Gain of the question's day ({heading})", titles, days)
    best = max(by_weight, key=lambda w: sum(by_weight[w]))
    console.print(f"best sum over the four depths: weight {best}, shipped {ship.lexical_weight}")
    recall_by_weight(
        WEIGHTS,
        {depth: [by_weight[w][i] for w in WEIGHTS] for i, depth in enumerate(DEPTHS)},
        shipped=ship.lexical_weight,
        title=f"{len(asked)} real questions of {TUNED_ON}, 11,841 articles",
        path=RESULTS / "quiz-sweep.png",
    )
    figures = {
        "weights": by_weight,
        "candidates": by_count,
        "days": {f"{weight:g}, {scale:g} days": shares for (weight, scale), shares in by_day.items()},
        "depths": DEPTHS,
        "settings": asdict(ship),
    }
    save("quiz-sweep", {"command": "python -m benchmarks.quiz FOLDER --sweep", **figures})


def _outcomes(asked: Sequence[QuizQuestion]) -> list[Outcome[QuizQuestion]]:
    news = qa.open(INDEX)
    return ask_all(tracked(asked, "asking"), lambda gold: news.ask(gold.question, as_of=gold.day))


def _answers(asked: Sequence[QuizQuestion], *, keep: bool) -> None:
    """Measure exact match, F1 and refusals of the whole road."""
    outcomes = _outcomes(asked)
    kept: dict[str, object] = {}
    rows = []
    for year in ("2022", "2023", "both"):
        of_year = [o for o in outcomes if year in (o.gold.year, "both")]
        for how, figures in (("as shipped", as_shipped(of_year)), ("forced", forced(of_year))):
            rows.append((f"{year}, {how}", figures.has_exact, figures.has_f1, figures.no_answer))
            kept[f"{year}, {how}"] = {
                "questions": figures.questions,
                "answerable": figures.answerable,
                "exact": figures.has_exact,
                "f1": figures.has_f1,
                "others refused": figures.no_answer,
            }
    table("Answers", ("", "EM answerable", "F1 answerable", "others refused"), rows)
    of_measured_year = fates([o for o in outcomes if o.gold.year != TUNED_ON])
    table(
        "What becomes of the answerable questions of 2023",
        ("asked for", "questions", "F1 forced", "not read", "misread", "right, kept back", "right, shown"),
        [
            (f.kind, str(f.questions), f.f1, f.not_read, f.misread, f.kept_back, f.shown)
            for f in of_measured_year
        ],
    )
    trusted = _trust([o for o in outcomes if o.gold.year != TUNED_ON], draw_it=keep)
    speed = latency(outcomes)
    console.print(f"ask: p50 {speed.p50:.3f} s, p95 {speed.p95:.3f} s")
    _write_answers(outcomes)
    if keep:
        kinds = [asdict(fate) for fate in of_measured_year]
        figures = {
            "answers": kept,
            "kinds, 2023": kinds,
            "confidence, 2023": trusted,
            "ask, seconds": asdict(speed),
        }
        save("quiz", {"command": "python -m benchmarks.quiz FOLDER", **figures})


def _trust(outcomes: Sequence[Outcome[QuizQuestion]], *, draw_it: bool) -> dict[str, float]:
    """Return how far confidences can be trusted in the year that fitted nothing; every question counts.

    Of questions whose answer string is in no article too: a quote that has its words is right all the same.
    """
    given = [o.forced for o in outcomes]
    if any(best is not None and best.confidence is None for best in given):
        return {}
    confidences = np.array([0.0 if best is None else best.confidence for best in given])
    pairs = zip(given, outcomes, strict=True)
    right = np.array([best is not None and f1(best.text, [o.gold.answer]) >= RIGHT for best, o in pairs])
    found = trust(confidences, right)
    console.print(
        f"2023: calibration error {percent(found.error)}, "
        f"{percent(ACCURACY)} right at {percent(found.coverage)} coverage"
    )
    if draw_it:
        draw(found, title=f"{len(outcomes):,} quiz questions of 2023", path=RESULTS / "quiz-trust.png")
    return {"error": found.error, "right": float(right.mean()), "coverage at 80 %": found.coverage}


def _write_answers(outcomes: Sequence[Outcome[QuizQuestion]]) -> None:
    """Write every answer, one JSON line each, for whoever looks for what goes wrong."""
    with (WORK / "quiz-answers.jsonl").open("w", encoding="utf-8") as stream:
        for o in outcomes:
            best = o.forced
            line = {
                "id": o.gold.id,
                "question": o.gold.question,
                "gold": o.gold.answer,
                "answerable": o.gold.answerable,
                "shown": o.shown,
                "given": None if best is None else best.text,
                "margin": None if best is None else round(best.margin, 3),
                "confidence": None if best is None else best.confidence,
                "exact": o.worth.exact,
                "f1": o.worth.f1,
                "hits": [[h.passage.article.id, h.passage.start, h.passage.end] for h in o.reply.hits],
                "seconds": round(o.seconds, 3),
            }
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def _show(asked: Sequence[QuizQuestion]) -> None:
    """Print answers in their sentences, to be looked at by eye."""
    for outcome in _outcomes(asked):
        answer, worth = outcome.forced, outcome.worth
        console.rule(outcome.gold.id)
        lines = [outcome.gold.question, f"gold    {outcome.gold.answer}"]
        if answer is not None:
            text = answer.article.text
            before, after = (
                text[max(0, answer.start - 120) : answer.start],
                text[answer.end : answer.end + 120],
            )
            lines += [
                f"given   {answer.text}  ({'shown' if outcome.shown else 'kept back'}, "
                f"margin {answer.margin:.1f}, F1 {percent(worth.f1)})",
                f"in      {answer.article.title} ({answer.article.source}, {answer.date})",
                f"        …{before}[[{answer.text}]]{after}…".replace("\n", " "),
            ]
        console.print("\n".join(lines), markup=False, highlight=False)


if __name__ == "__main__":
    typer.run(main)
