"""Short runs that leave something out: what each kind of negative teaches of refusing, and each domain.

    mkdir -p training/work/start && cp models/reader/*.json training/work/start/
    git show e3d8c2a:models/reader/model.safetensors > training/work/start/model.safetensors   # run 0
    python -m training.ablate ../shared/data/reader ../shared/data/squad2-dev-half.json \\
        --start training/work/start

All runs begin with the same weights, take the same number of steps and see as many groups. Kinds are
judged by themselves: a run has the answerable questions and one kind of negative, beside a run without any
and one with all. Domains are left out in turn and judged by questions of their own that no run
has seen. So short a run shows a direction, not what an epoch would come to.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from benchmarks.reader import FORCED
from benchmarks.reader import measure as read_all
from qa.evaluate.questions import spaced
from qa.evaluate.squad import SquadQuestion, load_squad
from qa.metrics import best_threshold, figures
from qa.models import prepare
from qa.read.reader import ExtractiveReader
from qa.settings import AskSettings
from qa.tokenizer import Tokenizer
from training import train
from training.examples import QAMR, SOURCES, Example, load
from training.groups import Group
from training.mining import MINED, mine
from training.prepare import (
    NEGATIVES,
    SEED,
    TEXTBOOK,
    WITH_MINED,
    WORK,
    cut,
    save,
    training_sets,
)

STEPS = 100
OWN = 200  # questions of each domain that no run sees
GROUPS_A_STEP = 20  # about as many as fit
QAMR_KEPT = 0.3  # share of the single sentences, or they would crowd out the paragraphs of so short a run
DOMAINS = (*(source.name for source in SOURCES), QAMR)


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    squad: Annotated[Path, typer.Argument(help="SQuAD 2 format, to judge refusal by.")],
    start: Annotated[Path, typer.Option(help="Folder of the weights that every run begins with.")],
    steps: Annotated[int, typer.Option(help="Steps of each run.")] = STEPS,
    read: Annotated[int, typer.Option(help="Questions of the SQuAD-format file.")] = 1000,
) -> None:
    """Print a line of JSON for each run and keep them in training/work/ablation.jsonl."""
    rng = random.Random(SEED)
    tokenizer = Tokenizer.load(prepare(AskSettings().reader, "reader").folder)
    examples = load(data, tokenizer, seed=SEED)
    own, kept = _parted(examples, rng, tokenizer)
    chosen = [e for e in rng.sample(kept, len(kept)) if e.source != QAMR or rng.random() < QAMR_KEPT]
    chosen = chosen[: steps * GROUPS_A_STEP]  # all runs draw from these
    textbook = [e for e in chosen if e.source in TEXTBOOK and e.spans]
    asked = rng.sample(textbook, int(WITH_MINED * len(textbook)))
    mined = mine(track(asked, "mining"), [e for e in examples if e.source in TEXTBOOK], WORK / "mining")
    questions = spaced(load_squad(squad), read)
    runs = [("no negatives", chosen, ()), ("all", chosen, NEGATIVES)]
    runs += [(f"only {kind}", chosen, (kind,)) for kind in NEGATIVES]
    runs += [(f"without {d}", [e for e in chosen if e.source != d], NEGATIVES) for d in DOMAINS]
    for name, seen, kinds in runs:
        folder = WORK / "ablation"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sets = training_sets(seen, mined if MINED in kinds else {}, kinds, random.Random(SEED))
        save(list(cut(sets, tokenizer)), folder / "train.npz")
        save(own["squad"], folder / "dev.npz")
        train.main(
            groups=folder, out=folder / "run", start=str(start), steps=steps, epochs=9.0,
            rate=train.SHIPPED.peak_rate, alone=train.SHIPPED.alone, device="cpu",
        )  # fmt: skip
        reader = ExtractiveReader.load(AskSettings(reader=str(folder / "run" / "model")))
        line = {"run": name, **_refusal(reader, questions), **_domains(folder / "run" / "model", own)}
        print(json.dumps(line), flush=True)
        with (WORK / "ablation.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def _parted(
    examples: Sequence[Example], rng: random.Random, tokenizer: Tokenizer
) -> tuple[dict[str, list[Group]], list[Example]]:
    """Answerable questions of each domain that only measure, and the examples of all other articles."""
    own: dict[str, list[Group]] = {}
    taken: set[str] = set()
    for domain in DOMAINS:
        of_domain = [e for e in examples if e.source == domain and e.spans]
        measured = rng.sample(of_domain, OWN)
        taken |= {e.passage.article.id for e in measured}
        own[domain] = list(cut(([e] for e in measured), tokenizer))
    return own, [e for e in examples if e.passage.article.id not in taken]


def _refusal(reader: ExtractiveReader, questions: Sequence[SquadQuestion]) -> dict[str, float]:
    """F1 at the best threshold, what it refuses there of the unanswerable, and F1 forced."""
    results = [found.worth for found in read_all(reader, questions, with_title=False)]
    best = figures(results, best_threshold(results))
    found = {"best_f1": best.f1, "has_f1": best.has_f1, "refused": best.no_answer}
    found["forced_f1"] = figures(results, FORCED).has_f1
    return {name: round(100 * value, 1) for name, value in found.items()}


def _domains(model_folder: Path, own: dict[str, list[Group]]) -> dict[str, float]:
    """Forced F1, counted in tokens, on each domain's own questions."""
    model = train.load_model(str(model_folder))
    measured = {domain: train.measure(model, {}, held, "cpu") for domain, held in own.items()}
    return {domain: round(100 * found["forced_f1"], 1) for domain, found in measured.items()}


if __name__ == "__main__":
    typer.run(main)
