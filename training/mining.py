"""Examples -> hard negatives: passages that our own retriever ranks high and that hold no answer.

The training contexts are built into an index and searched like any archive, so the reader learns
to say no to what it will really be shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import qa
from training.examples import Example
from training.negatives import beside
from training.reserved import may_train

DEPTH = 8  # hits searched; the first ones without an answer are taken
MINED = "found by the retriever"
SHORT = 4  # words; another article gives an answer so short in the same words
MOST = 3  # mined passages of other articles for a question


def mine(
    examples: Iterable[Example], contexts: Sequence[Example], folder: Path, *, many: int = 1
) -> dict[str, list[Example]]:
    """Return question id -> the question on the first ``many`` passages that do not answer it, best first.

    ``contexts`` are what is searched; their index lies in ``folder``, and only new ones are embedded.
    Questions whose first ``DEPTH`` hits all hold an answer are left out.
    """
    index = folder / "index"
    _build(contexts, folder / "contexts.jsonl", index)
    retriever = qa.Retriever.open(index)
    mined = {}
    for example in examples:
        hits = retriever.search(example.question, DEPTH, as_of=qa.NO_DAY)
        twins = (beside(example, hit.passage, MINED) for hit in hits)
        found = list(islice((twin for twin in twins if twin is not None), many))
        if found:
            mined[example.id] = found
    return mined


def other_articles(retriever: qa.Retriever) -> Callable[[Example], list[Example]]:
    """Return a search for passages of other articles that rank high for a question and do not answer it.

    Another article may tell a phrase in other words, or answer what its own article leaves open, so only
    questions with a short answer are searched for, and a passage that holds its words is left out.
    """

    def search(example: Example) -> list[Example]:
        short = example.spans and max(len(answer.split()) for answer in example.answers) <= SHORT
        if not short:
            return []
        published = example.passage.article.published
        day = qa.NO_DAY if published is None else published
        hits = retriever.search(example.question, DEPTH, as_of=day)
        others = (
            hit.passage
            for hit in hits
            if hit.passage.article.url != example.passage.article.url and may_train(hit.passage.article)
        )
        twins = (beside(example, passage, MINED) for passage in others)
        return list(islice((twin for twin in twins if twin is not None), MOST))

    return search


def _build(examples: Sequence[Example], file: Path, index: Path) -> None:
    texts: Mapping[str, str] = {e.passage.text: e.passage.article.title for e in examples}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        for number, (text, title) in enumerate(texts.items()):
            stream.write(json.dumps({"id": str(number), "title": title, "text": text}) + "\n")
    qa.build([file], index)
