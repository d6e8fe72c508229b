"""Questions with the passages that answer them -> a fine-tuned embedder, a sentence-transformers folder.

    python -m training.embedder FOLDER --index INDEX --out training/work/embedder

In-batch negatives (multiple negatives ranking loss; Henderson et al. 2017) and one hard negative each
(``training.pairs``). What is embedded is what an index embeds. Fine-tuning forgets, so the mean of the
weights before and after is written too (Wortsman et al. 2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import BatchSamplers
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

import qa
from qa.models.tokenizer import Tokenizer
from qa.models.weights import prepare
from qa.settings import AskSettings, IndexSettings
from training.mining import other_articles
from training.pack import SEED, WORK
from training.pairs import answered, pairs
from training.soup import mean


def main(
    data: Annotated[Path, typer.Argument(help="Folder of the data sets.")],
    out: Annotated[Path, typer.Option(help="Where the embedder goes; the mean lies beside it.")] = WORK
    / "embedder",
    index: Annotated[Path | None, typer.Option(help="Index of the news archive, for its negatives.")] = None,
    rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 2e-5,
    batch: Annotated[int, typer.Option(help="Questions in a step; the others' passages are negatives.")] = 64,
) -> None:
    """Fine-tune the embedder that ships."""
    tokenizer = Tokenizer.load(prepare(AskSettings().reader, "reader").folder)
    search = other_articles(qa.Retriever.open(index)) if index is not None else None
    made = pairs(list(answered(data, tokenizer)), search)
    print(f"{len(made):,} questions")
    source = prepare(IndexSettings().embedder, "embedder").source
    # On a processor, fused attention knows no dropout of its own and falls back to a way three times slower;
    # one epoch forgets too little to need any.
    model = SentenceTransformer(
        str(source),
        device="cpu",
        model_kwargs={"use_safetensors": True, "attn_implementation": "eager"},
        config_kwargs={"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0},
    )
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    trainer = SentenceTransformerTrainer(
        model=model,
        args=SentenceTransformerTrainingArguments(
            output_dir=str(out / "run"),
            num_train_epochs=1,
            per_device_train_batch_size=batch,
            learning_rate=rate,
            warmup_steps=20,
            bf16=True,
            use_cpu=True,
            batch_sampler=BatchSamplers.NO_DUPLICATES,
            save_strategy="steps",
            save_steps=50,
            save_total_limit=1,
            logging_steps=10,
            report_to="none",
            seed=SEED,
        ),
        train_dataset=Dataset.from_dict(
            {
                "anchor": [pair.question for pair in made],
                "positive": [pair.passage for pair in made],
                "negative": [pair.negative for pair in made],
            }
        ),
        loss=MultipleNegativesRankingLoss(model),
    )
    trainer.train()
    model.save_pretrained(str(out / "model"), safe_serialization=True)
    model.load_state_dict(mean([before, model.state_dict()]))
    model.save_pretrained(str(out / "mean"), safe_serialization=True)


if __name__ == "__main__":
    typer.run(main)
