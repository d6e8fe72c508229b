"""Quiz questions of 2022 and the news archive -> groups to train on, by distant supervision.

    python -m training.quiz ../shared/data/news-2022-2023 --index benchmarks/work/quiz
    python -m training.train --groups training/work/quiz --start training/work/run/model \\
        --out training/work/final --epochs 2 --rate 3e-5 --alone 0.2

Nobody has marked where the answers stand; a passage that our retriever finds and that holds the
answer's words is taken for evidence (Mintz et al. 2009). Much of it is none. Therefore all places of
all passages of a question are right together, and the reader may choose among them (Clark & Gardner
2018), and the loss over single windows counts little. The even weeks train and the odd ones are left to
the calibration, or, with ``--odd``, the other way round. Groups of the public data sets are mixed in, or
their lessons would fade.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

import qa
from benchmarks.quiz_questions import QuizQuestion, questions
from qa.evaluate.metrics import contains
from qa.records import Article, Hit
from training.examples import Example
from training.groups import flat
from training.mining import MINED
from training.prepare import WORK, cut, load_groups, reader_tokenizer, save

YEAR = "2022"  # later years only measure
DEPTH = 20  # hits looked at
HOLDING, OTHERS = 3, 3  # passages with the answer's words, and without, at most
OFTEN = 4  # a passage that names the answer more often tells less about where it answers
REPLAY = 2  # groups of the public data sets for each question of the quiz
SEED = 7


def old_articles(found: Iterable[object]) -> Iterator[Article]:
    """What was read, without the articles left out, undated or of the years that only measure."""
    for article in found:
        if isinstance(article, Article) and article.published and article.published.year <= int(YEAR):
            yield article


def halves(folder: Path) -> tuple[list[QuizQuestion], list[QuizQuestion]]:
    """The questions of 2022: those of the even weeks and those of the odd ones."""
    asked = [question for question in questions(folder) if question.year == YEAR]
    even = [q for q in asked if q.day.isocalendar().week % 2 == 0]
    return even, [q for q in asked if q not in even]


def main(
    data: Annotated[Path, typer.Argument(help="Folder with questions.jsonl.")],
    index: Annotated[Path, typer.Option(help="Index of the archive.")] = Path("benchmarks/work/quiz"),
    groups: Annotated[Path, typer.Option(help="What training.prepare wrote.")] = WORK / "groups",
    out: Annotated[Path, typer.Option(help="Where the groups go.")] = WORK / "quiz",
    odd: Annotated[bool, typer.Option("--odd", help="The odd weeks train and the even ones wait.")] = False,
    replay: Annotated[int, typer.Option(help="Public groups mixed in for each question.")] = REPLAY,
) -> None:
    """Write train.npz and, of the other weeks, dev.npz."""
    tokenizer = reader_tokenizer()
    retriever = qa.Retriever.open(index)

    def examples_of(asked: Sequence[QuizQuestion]) -> Iterator[list[Example]]:
        for question in track(asked, "searching"):
            yield distant(question, retriever.search(question.question, DEPTH, as_of=question.day))

    train, dev = (list(cut(examples_of(asked), tokenizer)) for asked in halves(data)[:: -1 if odd else 1])
    train += random.Random(SEED).sample(load_groups(groups / "train.npz"), replay * len(train))
    out.mkdir(parents=True, exist_ok=True)
    for name, held in (("train", train), ("dev", dev)):
        save(held, out / f"{name}.npz")
        print(f"{name}: {len(held):,} questions, {sum(map(len, flat(held))):,} tokens")


def distant(
    question: QuizQuestion, hits: Sequence[Hit], *, holding: int = HOLDING, others: int = OTHERS
) -> list[Example]:
    """The passages of a question that are taken for evidence and those beside them; none without evidence.

    Titles do not count: the reader points into the text.
    """
    evidence, beside = [], []
    words = re.compile(rf"(?<!\w){re.escape(question.answer)}(?!\w)", re.IGNORECASE)
    for hit in hits:
        passage = hit.passage
        found = words.finditer(passage.article.text, passage.start, passage.end)
        spans = tuple(match.span() for match in found)
        if 0 < len(spans) <= OFTEN and len(evidence) < holding:
            evidence.append(Example(question.id, question.question, passage, spans, "quiz"))
        elif not spans and not contains(passage.text, question.answer) and len(beside) < others:
            beside.append(Example(question.id, question.question, passage, (), "quiz", MINED))
    return evidence + beside if evidence else []


if __name__ == "__main__":
    typer.run(main)
