"""All data of the recipe -> one packed file, from which ``training.train`` runs anywhere.

    python -m training.pack FOLDER                                # without mined passages: 5 minutes
    python -m training.pack FOLDER --index benchmarks/work/quiz   # with them and quiz questions

What goes in stands in ``sets``; how often each set is seen is the recipe's (``training.recipe``). The same
seed gives the same file.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track
from tokenizers import Tokenizer as RustTokenizer

import qa
from qa.ingest.articles import read_articles
from qa.models.tokenizer import Tokenizer
from qa.models.weights import prepare
from qa.settings import AskSettings
from training import cloze, phrases, quiz, store
from training.examples import Example, auxiliary, load
from training.mining import mine, other_articles
from training.negatives import adversary
from training.packed import DEV
from training.packing import Packer
from training.written import NEWS, OPEN, SQUAD, WIKINEWS, Written, written

SEED = 7
WORK = Path("training/work")
TEXTBOOK = ("squad", "squad-dev", "shifts-wiki", "covid")  # whole sentences with many names, as news has
TWINS = 2  # edited questions or passages for each textbook question
DEV_ARTICLES = (
    "squad-0-",
    "squad-21-",
    "squad-43-",
    "squad-dev-5-",
    "squad-dev-20-",
)  # held out, to choose between runs
DEV_QUESTIONS = 600
ARCHIVE = "articles.jsonl.gz"
# Sets that anyone may use, change and share; DuoRC, RACE and newswire events are not among them.
OPEN_SETS = ("squad", "squad-dev", "shifts-wiki", "shifts-amazon", "shifts-reddit", "covid", "qamr", "nq",
             "quoref", "multispan")  # fmt: skip
MINED_TEXTBOOK = 6000  # questions that are searched for passages that rank high without the answer

Sets = Iterator[tuple[str, Sequence[Example]]]


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    only_open: Annotated[bool, typer.Option("--open", help="Openly licensed texts alone.")] = False,
    index: Annotated[Path | None, typer.Option(help="Index of the news archive, to mine in.")] = None,
    out: Annotated[Path, typer.Option(help="Where the packed file goes.")] = WORK / "packed.xz",
) -> None:
    """Write the packed file."""
    folder = prepare(AskSettings().reader, "reader").folder
    packer = Packer(RustTokenizer.from_file(str(folder / "tokenizer.json")))
    counted: Counter[str] = Counter()
    for name, examples in sets(data, Tokenizer.load(folder), index, only_open=only_open):
        counted[name if packer.add(name, examples) else f"{name}: answer across token borders"] += 1
    packed = packer.packed()
    for name, many in counted.items():
        print(f"{name:42} {many:7,}")
    size = packed.save(out)
    print(f"{out}: {len(packed):,} questions, {len(packed.tokens):,} tokens, {size / 1e6:.1f} MB")


def sets(data: Path, tokenizer: Tokenizer, index: Path | None, *, only_open: bool) -> Sets:
    """Yield the examples of each question with the name of its set."""
    textbook = load(data / "reader", tokenizer, seed=SEED)
    yield from _textbook([e for e in textbook if not only_open or e.source in OPEN_SETS], index is not None)
    for example in auxiliary(data / "reader", tokenizer, seed=SEED):
        if not only_open or example.source in OPEN_SETS:
            yield example.source, [example]
    news = data / "news-2022-2023"
    domains = (WIKINEWS, OPEN, SQUAD) if only_open else (NEWS, WIKINEWS, OPEN, SQUAD)
    asked = [
        each
        for domain in domains
        for each in written(store.read(domain, news / ARCHIVE), domain, tokenizer, seed=SEED)
    ]
    yield from _passages(asked, other_articles(qa.Retriever.open(index)) if index else None)
    if only_open:
        return
    if index is not None:
        for name, groups in (("quiz", quiz.examples(news, index)), ("cloze", cloze.examples(news, index))):
            for examples in groups:
                if examples:
                    yield name, examples
    articles = track(read_articles([news / ARCHIVE]), "phrases")
    rng = random.Random(SEED)
    made = list(phrases.examples_of(articles, tokenizer, rng))
    for examples in rng.sample(made, min(phrases.QUESTIONS, len(made))):
        yield "phrases", examples


def _textbook(examples: Sequence[Example], is_mined: bool) -> Sets:
    """Yield the public sets, with passages mined for some questions, edited twins, and articles held out."""
    rng = random.Random(SEED)
    held = [e for e in examples if e.passage.article.id.startswith(DEV_ARTICLES)]
    for example in rng.sample(held, min(DEV_QUESTIONS, len(held))):
        yield f"{DEV}squad", [example]
    kept = [e for e in examples if not e.passage.article.id.startswith(DEV_ARTICLES)]
    mined: dict[str, list[Example]] = {}
    if is_mined:
        answered = [e for e in kept if e.source in TEXTBOOK and e.spans]
        searched = rng.sample(answered, min(MINED_TEXTBOOK, len(answered)))
        mined = mine(track(searched, "mining"), answered, WORK / "mining", many=2)
    for example in kept:
        if not example.spans:
            yield "squad people", [example]
            continue
        yield example.source, [example, *mined.get(example.id, ())]
        if example.source in TEXTBOOK:
            for twin in _twins(example, rng):
                yield f"{example.source} twins", [twin]


def _twins(example: Example, rng: random.Random) -> Iterable[Example]:
    made = (adversary(example, rng) for _ in range(TWINS))
    return {(twin.question, twin.passage.text): twin for twin in made if twin is not None}.values()


def _passages(asked: Sequence[Written], search: Callable[[Example], list[Example]] | None) -> Sets:
    """Yield written questions with passages of their own article and, mined, of others."""
    for each in track(asked, "written questions"):
        mined = search(each.example) if search is not None and not each.chooses else []
        name = f"{DEV if each.chooses else ''}{each.example.source}"
        yield name, [each.example, *mined, *each.examples[1:]]


if __name__ == "__main__":
    typer.run(main)
