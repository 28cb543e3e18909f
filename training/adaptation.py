# pyright: basic
"""Domain adaptation: an encoder goes on guessing masked characters, now of reports, before it is trained to read them.

``python -m gongkai.training.adaptation --base FOLDER -o ADAPTED``, then ``gongkai train --base ADAPTED``. After Gururangan
et al. 2020, Don't Stop Pretraining.
"""

from pathlib import Path
from random import Random
from typing import Annotated, Any

import torch
import typer
from datasets import Dataset
from transformers import (
    AutoConfig,
    AutoModelForMaskedLM,
    AutoTokenizer,
    DataCollatorForLanguageModeling,
    Trainer,
    TrainingArguments,
    set_seed,
)

from ..annotations.corpus import CORPUS_FOLDER, part_of, read_corpus
from ..annotations.passages import narrative_of
from ..extraction.normalise import normalise
from .augmentation import augment

_PIECE = 254
_COPIES = 2
_MASKED = 0.15


def main(
    base: Annotated[str, typer.Option(help="The encoder to adapt: a folder or a model of the hub.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of the adapted encoder.")],
    layers: Annotated[int | None, typer.Option(help="Keep only so many layers, from below.")] = None,
    epochs: Annotated[float, typer.Option(help="Passes over the corpus's train part and its copies.")] = 3,
    rate: Annotated[float, typer.Option(help="Learning rate.")] = 2e-4,
    seed: Annotated[int, typer.Option(help="Seed.")] = 0,
) -> None:
    """Let an encoder guess masked characters of the corpus's train part and of changed copies of it."""
    set_seed(seed)
    config = AutoConfig.from_pretrained(base)
    config.num_hidden_layers = min(layers or config.num_hidden_layers, config.num_hidden_layers)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    model: Any = AutoModelForMaskedLM.from_pretrained(base, config=config, dtype="float32")
    arguments = TrainingArguments(
        output_dir=str(output / "checkpoints"),
        num_train_epochs=epochs,
        per_device_train_batch_size=16,
        learning_rate=rate,
        warmup_steps=0.06,
        bf16=True,
        use_cpu=not torch.cuda.is_available(),
        save_strategy="no",
        logging_strategy="epoch",
        report_to="none",
        seed=seed,
    )
    rows = Dataset.from_list([{"text": piece} for piece in _pieces(Random(seed))])
    encoded = rows.map(
        lambda row: tokenizer(row["text"], truncation=True, max_length=_PIECE + 2), remove_columns=["text"]
    )
    collator = DataCollatorForLanguageModeling(tokenizer, mlm_probability=_MASKED)
    Trainer(
        model=model, args=arguments, train_dataset=encoded, data_collator=collator, processing_class=tokenizer
    ).train()
    model.base_model.save_pretrained(output)
    tokenizer.save_pretrained(output)


def _pieces(random: Random) -> list[str]:
    """The narrative of the train part and of its copies, in pieces of the length of windows."""
    texts = [text for text in read_corpus(CORPUS_FOLDER) if part_of(text) == "train"]
    copies = [augment(text, random) for text in texts for _ in range(_COPIES)]
    pieces: list[str] = []
    for text in (*texts, *copies):
        plain = normalise(narrative_of(text)).text
        pieces += [plain[at : at + _PIECE] for at in range(0, len(plain), _PIECE)]
    return pieces


if __name__ == "__main__":
    typer.run(main)
