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

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.progress import track

from qa.evaluate.questions import spaced
from qa.evaluate.squad import load_squad
from qa.models.tokenizer import Tokenizer
from training.examples import QAMR, SOURCES, Example, load
from training.groups import Group
from training.judging import chosen, judged, tell
from training.mining import MINED, mine
from training.objective import reader_of
from training.prepare import (
    NEGATIVES,
    SEED,
    TEXTBOOK,
    WITH_MINED,
    WORK,
    cut,
    reader_tokenizer,
    save,
    training_sets,
)
from training.train import SHIPPED, measure, run

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
    only: Annotated[list[str] | None, typer.Option(help="A run, by its name in the log; repeat.")] = None,
) -> None:
    """Print a line of JSON for each run and keep them in training/work/ablation.jsonl."""
    rng = random.Random(SEED)
    tokenizer = reader_tokenizer()
    examples = load(data, tokenizer, seed=SEED)
    own, kept = _parted(examples, rng, tokenizer)
    drawn = [e for e in rng.sample(kept, len(kept)) if e.source != QAMR or rng.random() < QAMR_KEPT]
    drawn = drawn[: steps * GROUPS_A_STEP]  # for all runs
    textbook = [e for e in drawn if e.source in TEXTBOOK and e.spans]
    asked = rng.sample(textbook, int(WITH_MINED * len(textbook)))
    mined = mine(track(asked, "mining"), [e for e in examples if e.source in TEXTBOOK], WORK / "mining")
    questions = spaced(load_squad(squad), read)
    runs = {"no negatives": (drawn, ()), "all": (drawn, NEGATIVES)}
    runs |= {f"only {kind}": (drawn, (kind,)) for kind in NEGATIVES}
    runs |= {f"without {d}": ([e for e in drawn if e.source != d], NEGATIVES) for d in DOMAINS}
    for name, (seen, kinds) in chosen(runs, only).items():
        folder = WORK / "ablation"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sets = training_sets(seen, mined if MINED in kinds else {}, kinds, random.Random(SEED))
        save(list(cut(sets, tokenizer)), folder / "train.npz")
        save(own["squad"], folder / "dev.npz")
        model = run(replace(SHIPPED, start=str(start), steps=steps, epochs=9.0), folder, folder / "run")
        line = {"run": name, **judged(reader_of(model, tokenizer), questions), **_domains(model, own)}
        tell(line, WORK / "ablation.jsonl")


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


def _domains(model: torch.nn.Module, own: dict[str, list[Group]]) -> dict[str, float]:
    """Forced F1, counted in tokens, on each domain's own questions."""
    measured = {domain: measure(model, {}, held, "cpu") for domain, held in own.items()}
    return {domain: round(100 * found["forced_f1"], 1) for domain, found in measured.items()}


if __name__ == "__main__":
    typer.run(main)
