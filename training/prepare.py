"""Public data sets -> groups of windows on disk, ready to train on.

    python -m training.prepare ../shared/data/reader            # about ten minutes on two cores
    python -m training.prepare ../shared/data/reader --hold-out covid --out training/work/without-covid

What goes in, in which shares, stands at the top; the same seed gives the same file.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import track

from qa.models.tokenizer import Tokenizer
from qa.models.weights import prepare
from qa.settings import AskSettings
from training.examples import QAMR, Example, load
from training.groups import Group, Sighted, flat, group
from training.mining import MINED, mine, neighbours
from training.negatives import MAKERS, adversary, beside

SEED = 7
WORK = Path("training/work")
_SETTINGS = AskSettings()
LONGEST, STRIDE = _SETTINGS.window_tokens, _SETTINGS.stride_tokens  # as answering cuts
# Reviews and forum posts are far from news and the starting reader has seen all of them twice.
SHARES = {"shifts-amazon": 0.35, "shifts-reddit": 0.35}
TEXTBOOK = ("squad", "squad-dev", "shifts-wiki", "covid")  # written like news: whole sentences, many names
WITH_MINED = 0.3  # share of the textbook questions read together with a passage that the retriever found
ADVERSARIES = 0.7  # share of the textbook questions that also come as an unanswerable twin
ADVERSARIES_ELSEWHERE = 0.15  # questions of reviews and single sentences name little to exchange
NEIGHBOURS = 0.05  # share that also comes with the paragraph beside it
BY_PEOPLE = 4  # times that the 348 unanswerable questions written by people come in
DEV_ARTICLES = ("squad-0-", "squad-21-", "squad-43-", "squad-dev-5-", "squad-dev-20-")  # held out to watch by
DEV_QUESTIONS = 600
BESIDE, PEOPLE = "paragraph beside it", "written by people"
NEGATIVES = (*MAKERS, MINED, BESIDE, PEOPLE)  # the kinds that can be left out to see what they teach
_KINDS = ", ".join(NEGATIVES)


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    out: Annotated[Path, typer.Option(help="Where the groups go.")] = WORK / "groups",
    hold_out: Annotated[str | None, typer.Option(help="A domain that only measures.")] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help=f"A kind of negative to leave out; repeat. {_KINDS}"),
    ] = None,
    share: Annotated[float, typer.Option(help="Share of all questions; less for a quick trial.")] = 1.0,
    mined_each: Annotated[int, typer.Option(help="Mined passages read with a question, at most.")] = 1,
) -> None:
    """Write train.npz and dev.npz, and what is in them."""
    unknown = set(without or []) - set(NEGATIVES)
    if unknown:
        raise typer.BadParameter(f"no such kind: {', '.join(sorted(unknown))}", param_hint="--without")
    tokenizer = reader_tokenizer()
    examples = load(data, tokenizer, seed=SEED)
    rng = random.Random(SEED)
    held = [e for e in examples if _held(e, hold_out)]
    kept = [
        e for e in examples if not _held(e, hold_out) and rng.random() < share * SHARES.get(e.source, 1.0)
    ]
    kinds = [kind for kind in NEGATIVES if kind not in (without or [])]
    textbook = [e for e in kept if e.source in TEXTBOOK and e.spans]
    asked = rng.sample(textbook, int(WITH_MINED * len(textbook))) if MINED in kinds else []
    mined = mine(track(asked, "mining"), textbook, WORK / "mining", many=mined_each)
    train = training_sets(kept, mined, kinds, rng)
    dev = _dev(rng.sample(held, min(DEV_QUESTIONS, len(held))), rng)
    out.mkdir(parents=True, exist_ok=True)
    for name, sets in (("train", train), ("dev", dev)):
        made = list(cut(track(sets, name), tokenizer))
        save(made, out / f"{name}.npz")
        counted = Counter(f"{e.source}: {e.kind}" for examples in sets for e in examples)
        print(
            f"{name}: {len(made):,} questions, {sum(map(len, flat(made))):,} tokens",
            json.dumps(counted, indent=1),
        )


def reader_tokenizer() -> Tokenizer:
    """The tokenizer of the reader that the settings name."""
    return Tokenizer.load(prepare(AskSettings().reader, "reader").folder)


def _held(example: Example, hold_out: str | None) -> bool:
    if hold_out is not None:
        return example.source == hold_out
    return example.passage.article.id.startswith(DEV_ARTICLES)


def training_sets(
    examples: Sequence[Example],
    mined: Mapping[str, Sequence[Example]],
    kinds: Sequence[str],
    rng: random.Random,
) -> list[list[Example]]:
    """The examples of each group."""
    following = neighbours(examples)
    makers = [kind for kind in kinds if kind in MAKERS]
    sets: list[list[Example]] = []
    for example in examples:
        if not example.spans:
            sets += [[example]] * (BY_PEOPLE if PEOPLE in kinds else 0)
            continue
        sets.append([example, *mined.get(example.id, ())])
        twins = ADVERSARIES if example.source in TEXTBOOK else ADVERSARIES_ELSEWHERE
        if makers and rng.random() < twins:
            sets += [[twin] for twin in [adversary(example, rng, makers)] if twin]
        if BESIDE in kinds and example.source != QAMR and rng.random() < NEIGHBOURS:
            other = following[example.passage.article.id]
            sets += [[twin] for twin in [beside(example, other, BESIDE)] if twin]
    return sets


def _dev(examples: Iterable[Example], rng: random.Random) -> list[list[Example]]:
    """Each question as it is, and one twin of it that has no answer."""
    sets = []
    for example in examples:
        sets.append([example])
        twin = adversary(example, rng) if example.spans else None
        if twin is not None:
            sets.append([replace(twin, id=f"{twin.id}-twin")])
    return sets


def cut(sets: Iterable[Sequence[Example]], tokenizer: Tokenizer) -> Iterator[Group]:
    """The group of each set of examples, cut as answering cuts; sets that give none are left out."""
    for examples in sets:
        made = group(examples, tokenizer, longest=LONGEST, stride=STRIDE) if examples else None
        if made:
            yield made


def save(groups: Sequence[Group], path: Path) -> None:
    """Groups as one .npz of flat arrays; nothing in it is pickled."""
    held = list(flat(groups))
    np.savez(
        path,
        windows=np.array([len(g) for g in groups], dtype=np.int32),
        tokens=np.array([len(w) for w in held], dtype=np.int32),
        answers=np.array([len(w.first) for w in held], dtype=np.int32),
        ids=np.concatenate([w.ids for w in held]).astype(np.uint16),
        types=np.concatenate([w.types for w in held]),
        may=np.concatenate([w.may for w in held]),
        first=np.array([t for w in held for t in w.first], dtype=np.int16),
        last=np.array([t for w in held for t in w.last], dtype=np.int16),
    )


def load_groups(path: Path) -> list[Group]:
    """What :func:`save` wrote.

    :raises FileNotFoundError: if this module's command was not run.
    """
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    token_ends, answer_ends = np.cumsum(arrays["tokens"]), np.cumsum(arrays["answers"])
    held = []
    for end, n, answer_end, m in zip(
        token_ends, arrays["tokens"], answer_ends, arrays["answers"], strict=True
    ):
        tokens, answers = slice(end - n, end), slice(answer_end - m, answer_end)
        held.append(
            Sighted(
                arrays["ids"][tokens].astype(np.int32),
                arrays["types"][tokens],
                arrays["may"][tokens],
                tuple(arrays["first"][answers].tolist()),
                tuple(arrays["last"][answers].tolist()),
            )
        )
    ends = np.cumsum(arrays["windows"])
    return [tuple(held[end - n : end]) for end, n in zip(ends, arrays["windows"], strict=True)]


if __name__ == "__main__":
    typer.run(main)
