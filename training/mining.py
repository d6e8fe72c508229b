"""Examples -> hard negatives: passages that our own retriever ranks high and that hold no answer.

The training contexts are built into an index and searched like any archive, so the reader learns
to say no to what it will really be shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

import qa
from qa.records import Passage
from training.examples import Example
from training.negatives import beside

DEPTH = 8  # hits looked at; the first that hold no answer are taken
MINED = "found by the retriever"


def mine(
    examples: Iterable[Example], contexts: Sequence[Example], folder: Path, *, many: int = 1
) -> dict[str, list[Example]]:
    """Question id -> the question on the first ``many`` passages that do not answer it, best first.

    ``contexts`` are what is searched; their index lies in ``folder``, and only new ones are embedded.
    Questions whose first ``DEPTH`` hits all hold an answer are left out.
    """
    index = folder / "index"
    _build(contexts, folder / "contexts.jsonl", index)
    retriever = qa.Retriever.open(index)
    mined = {}
    for example in examples:
        hits = retriever.search(example.question, DEPTH)
        twins = (beside(example, hit.passage, MINED) for hit in hits)
        found = list(islice((twin for twin in twins if twin is not None), many))
        if found:
            mined[example.id] = found
    return mined


def neighbours(examples: Sequence[Example]) -> dict[str, Passage]:
    """Article id -> a passage of the next article, which in SQuAD is the next paragraph of the same text."""
    articles = list({e.passage.article.id: e.passage for e in examples}.items())
    following = articles[1:] + articles[:1]
    return {name: passage for (name, _), (_, passage) in zip(articles, following, strict=True)}


def _build(examples: Sequence[Example], file: Path, index: Path) -> None:
    texts: Mapping[str, str] = {e.passage.text: e.passage.article.title for e in examples}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as stream:
        for number, (text, title) in enumerate(texts.items()):
            stream.write(json.dumps({"id": str(number), "title": title, "text": text}) + "\n")
    qa.build([file], index)
