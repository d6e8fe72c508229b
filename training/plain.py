"""SQuAD's articles as an archive, and plain questions about it -> questions to calibrate on.

Quiz questions are oblique, and a confidence fitted on them alone is too modest on plain ones. So
questions of the articles that no training has seen (``training.prepare`` holds them out to watch
by) are asked too, end to end over an archive of all articles; and questions whose article is left
out of the archive, so that every answer to them is wrong.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

import qa
from benchmarks.quiz_questions import Asking
from training.examples import SOURCES
from training.pack import DEV_ARTICLES, WORK

FILES = {source.name: source.file for source in SOURCES if source.titled}
LEFT_OUT = ("squad-17-", "squad-dev-16-")  # two articles with many questions, left out of the archive
TOLD, UNTOLD = 500, 250  # questions with an answer in the archive, and without
SEED = 7


def plain(data: Path, index: Path = WORK / "plain") -> list[Asking]:
    """Build the archive in ``index`` and draw the questions; the same for the same data."""
    documents = list(_documents(data))
    kept = [document for document in documents if not document[0].startswith(LEFT_OUT)]
    archive = index.with_suffix(".jsonl")
    archive.parent.mkdir(parents=True, exist_ok=True)
    archive.write_text("".join(_line(*document) for document in kept), encoding="utf-8")
    qa.build([archive], index)
    rng = random.Random(SEED)
    told = [a for name, d in documents if name.startswith(DEV_ARTICLES) for a in _askings(d, answered=True)]
    untold = [a for name, d in documents if name.startswith(LEFT_OUT) for a in _askings(d, answered=False)]
    return rng.sample(told, min(TOLD, len(told))) + rng.sample(untold, min(UNTOLD, len(untold)))


def _documents(data: Path) -> Iterator[tuple[str, dict]]:
    """Yield every article with the beginning of the names that ``training.examples`` gives its paragraphs."""
    for name, file in FILES.items():
        for number, document in enumerate(json.loads(gzip.decompress((data / file).read_bytes()))["data"]):
            yield f"{name}-{number}-", document


def _line(name: str, document: dict) -> str:
    text = "\n\n".join(paragraph["context"] for paragraph in document["paragraphs"])
    fields = {"id": name, "title": document["title"].replace("_", " "), "text": text}
    return json.dumps(fields) + "\n"


def _askings(document: dict, *, answered: bool) -> Iterator[Asking]:
    for paragraph in document["paragraphs"]:
        for question in paragraph["qas"]:
            golds = tuple(answer["text"] for answer in question["answers"])
            if golds and not question.get("is_impossible"):
                yield Asking(" ".join(question["question"].split()), golds if answered else ())
