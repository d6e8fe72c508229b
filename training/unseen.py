"""Written questions on articles that trained nothing, each with its whole article read -> F1, with intervals.

    python -m training.unseen FOLDER [--reader FOLDER] [--against FOLDER]

Questions of one article are alike, so the intervals resample articles, not questions (cluster bootstrap;
Field and Welsh 2007). ``--against`` reads everything with a second reader too and gives the interval of the
difference: no reader is chosen for a difference whose interval holds 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from benchmarks.reader import measure
from benchmarks.report import save, table
from qa.evaluate.metrics import Scored, best_threshold, f1_at, figures
from qa.evaluate.squad import SquadQuestion
from qa.read.reader import ExtractiveReader
from qa.settings import AskSettings
from training import store
from training.pack import ARCHIVE
from training.written import NEWS, WIKINEWS, chooses

DOMAINS = (NEWS, WIKINEWS)
RESAMPLES = 2000
SEED = 11
SHARE = 95  # per cent of the resamples that lie in the interval


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over questions, 0 to 1, and where 95 of 100 resamples of the articles put it."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.mean:.1f} ({100 * self.low:.1f} to {100 * self.high:.1f})"


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    reader: Annotated[str | None, typer.Option(help="Folder or hub name; default: the shipped one.")] = None,
    against: Annotated[str | None, typer.Option(help="A second reader, to compare with.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many articles of a domain.")] = None,
) -> None:
    """Print a row for each domain and reader, at the best threshold and forced."""
    names = [name for name in (reader or AskSettings().reader, against) if name is not None]
    readers = [ExtractiveReader.load(replace(AskSettings(), reader=name)) for name in names]
    rows, kept = [], {}
    for domain in DOMAINS:
        articles = list(questions(domain, data))[:limit]
        asked = [question for article in articles for question in article]
        groups = np.repeat(np.arange(len(articles)), [len(article) for article in articles])
        found = []
        for name, each in zip(names, readers, strict=True):
            worth = [measured.worth for measured in measure(each, asked, with_title=True)]
            best, forced = at_best(worth), always(worth)
            found.append((best, forced))
            exact = figures(worth, best_threshold(worth))
            label = f"{domain}, {len(asked):,} questions on {len(articles)} articles"
            means = (interval(best, groups), interval(forced, groups))
            rows.append((f"{label}: {Path(name).name}", *map(str, means), f"{exact.no_answer:.3f}"))
            kept[f"{domain}, {Path(name).name}"] = {
                "questions": len(asked),
                "articles": len(articles),
                "best threshold": str(means[0]),
                "forced": str(means[1]),
                "unanswerable refused at the best threshold": exact.no_answer,
            }
        if against is not None:
            gains = [interval(one - other, groups) for one, other in zip(*found, strict=True)]
            rows.append((f"{domain}: the first less the second", *map(str, gains), ""))
    table("F1 in words (95 % interval)", ("", "best threshold", "forced", "refused"), rows)
    if limit is None and reader is None and against is None:
        save("unseen", {"command": "python -m training.unseen FOLDER", **kept})


def questions(domain: str, data: Path) -> Iterator[list[SquadQuestion]]:
    """Yield the questions of each article that is held out, on its whole text."""
    for article in store.read(domain, data / "news-2022-2023" / ARCHIVE):
        if chooses(article, domain):
            name = article.url or article.title
            yield [
                SquadQuestion(f"{name} {n}", asked.text, article.title, article.text, article.golds(asked))
                for n, asked in enumerate(article.questions)
            ]


def at_best(worth: Sequence[Scored]) -> np.ndarray:
    """Return each question's F1 where spans under the best threshold are refused; a right refusal is 1."""
    threshold = best_threshold(worth)
    return np.array([f1_at(one, threshold) for one in worth])


def always(worth: Sequence[Scored]) -> np.ndarray:
    """Return the F1 of each question's best span; NaN for an unanswerable one, which has no right span."""
    return np.array([w.f1 if w.answerable else np.nan for w in worth])


def interval(values: np.ndarray, groups: np.ndarray) -> Interval:
    """Resample whole groups with replacement; ``values`` are ``(n,)``, NaN is passed over."""
    kept = ~np.isnan(values)
    many = int(groups.max()) + 1
    sums = np.bincount(groups[kept], values[kept], minlength=many)
    counts = np.bincount(groups[kept], minlength=many)
    drawn = np.random.default_rng(SEED).integers(0, many, (RESAMPLES, many))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [(100 - SHARE) / 2, (100 + SHARE) / 2])
    return Interval(float(values[kept].mean()), float(low), float(high))


if __name__ == "__main__":
    typer.run(main)
