"""News text -> a reader whose encoder has first guessed masked words of it.

    python -m training.masked ../shared/data/news-2022-2023 --start models/reader --out training/work/masked

Pretraining goes on in the domain (Gururangan et al. 2020, "Don't Stop Pretraining"). The layer above the
encoder stays as it is, so the reader must be trained again afterwards. Only articles published before
2023 are read, since the quiz questions of 2023 measure.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.progress import track
from transformers import (
    AutoModelForMaskedLM,
    AutoModelForQuestionAnswering,
    AutoTokenizer,
    DataCollatorForLanguageModeling,
)

from qa.ingest import read_articles
from training.prepare import WORK
from training.quiz import old_articles

SEED = 7
STEPS = 300
LENGTH, TEXTS = (
    254,
    16,
)  # tokens of a text, texts of a step: as many as the encoder was made for, and as a step of train
RATE = 1e-4
SHARE = 0.15  # of the tokens


def main(
    data: Annotated[Path, typer.Argument(help="Folder with articles.jsonl.gz.")],
    start: Annotated[Path, typer.Option(help="Folder of the reader to begin with.")],
    out: Annotated[Path, typer.Option(help="Where the reader goes.")] = WORK / "masked",
    steps: Annotated[int, typer.Option(help="Steps.")] = STEPS,
) -> None:
    """Train the encoder and put it back under the reader."""
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(start)
    texts = texts_of(track(read_articles([data / "articles.jsonl.gz"]), "reading"), steps * TEXTS)
    guesser = AutoModelForMaskedLM.from_pretrained(start, dtype=torch.float32, attn_implementation="eager")
    losses = guess(guesser, tokenizer, texts)
    print(f"loss {losses[0]:.2f} -> {sum(losses[-20:]) / len(losses[-20:]):.2f}")
    reader = AutoModelForQuestionAnswering.from_pretrained(start, dtype=torch.float32)
    reader.base_model.load_state_dict(guesser.base_model.state_dict())
    reader.half().save_pretrained(out)
    tokenizer.save_pretrained(out)


def texts_of(articles: Iterable[object], many: int) -> list[str]:
    """Text of different articles published before 2023, from their beginnings; ``many`` at most."""
    old = [article.text for article in old_articles(articles)]
    return random.Random(SEED).sample(old, min(many, len(old)))


def guess(model: torch.nn.Module, tokenizer: AutoTokenizer, texts: Sequence[str]) -> list[float]:
    """Train the model, in place, on ``TEXTS`` texts a step; the loss of each step."""
    masked = DataCollatorForLanguageModeling(tokenizer, mlm_probability=SHARE)
    model.base_model.embeddings.word_embeddings.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], weight_decay=0.01)
    steps = range(0, len(texts), TEXTS)
    losses = []
    for number, first in enumerate(track(steps, "guessing")):
        cut = tokenizer(list(texts[first : first + TEXTS]), truncation=True, max_length=LENGTH)["input_ids"]
        batch = masked([{"input_ids": ids} for ids in cut])
        for part in optimizer.param_groups:
            part["lr"] = RATE * min(1.0, (number + 1) / 30, (len(steps) - number) / (0.3 * len(steps)))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
    return losses


if __name__ == "__main__":
    typer.run(main)
