# pyright: basic
"""The training loop: Hugging Face's `Trainer` with our losses, rates by layer, and the dev score."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from torch import Tensor, nn
from transformers import EarlyStoppingCallback, PrinterCallback, Trainer, TrainingArguments
from transformers.trainer_utils import get_last_checkpoint

from ..models.decoding import Decoding
from ..models.labels import Labels
from ..models.network import Network
from ..models.reader import Reader
from ..models.vocabulary import Vocabulary
from .batches import Collator
from .dev_score import DevScore, dev_score
from .examples import Example
from .losses import imitation, loss_of, metric_weights
from .settings import Settings

# Their type hints leave too much unknown.
_torch: Any = torch
_Trainer: Any = Trainer


def fit(
    network: Network,
    labels: Labels,
    vocabulary: Vocabulary,
    learnt: Dataset,
    watched: Sequence[Example],
    chosen: Settings,
    folder: Path,
    *,
    resume: bool,
    teacher: Network | None = None,
    callbacks: Sequence[Any] = (),
) -> DevScore:
    """Train ``network`` on the rows ``learnt`` and leave it at its best on the examples ``watched``.

    Checkpoints lie in ``folder``; with ``resume`` training goes on from the last one there.
    """
    optimiser = chosen.optimiser
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=optimiser.epochs,
        per_device_train_batch_size=optimiser.batch,
        learning_rate=optimiser.encoder_rate,
        weight_decay=optimiser.weight_decay,
        warmup_steps=optimiser.warm_up,
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        train_sampling_strategy="group_by_length",
        length_column_name="length",
        bf16=optimiser.precision == "bf16",
        use_cpu=not torch.cuda.is_available(),
        # A graphics card waits for its batches unless another process puts them together.
        dataloader_num_workers=int(torch.cuda.is_available()),
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=True,
        metric_for_best_model="mean",
        greater_is_better=True,
        logging_strategy="epoch",
        report_to="none",
        disable_tqdm=True,
        # A batch may hold no statements, or nothing else.
        ddp_find_unused_parameters=True,
        remove_unused_columns=False,
        seed=chosen.seed,
    )
    trainer = _MultiTaskTrainer(
        model=network,
        args=arguments,
        train_dataset=learnt,
        eval_dataset=learnt,
        data_collator=Collator(
            network.shapes, vocabulary, len(labels.themes), chosen.data.hints, chosen.data.masked
        ),
        callbacks=[EarlyStoppingCallback(optimiser.patience), *callbacks],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.prepare(labels, vocabulary, chosen, watched, teacher)
    last = get_last_checkpoint(folder) if resume and folder.is_dir() else None
    trainer.train(resume_from_checkpoint=last)
    network.eval()
    # What was scored before a run was cut short is known by its mean only.
    known = (score for score in trainer.scores if score.mean == trainer.state.best_metric)
    return next(known, None) or trainer.score()


def reader_of(
    network: Network, labels: Labels, vocabulary: Vocabulary, *, words: bool, decoding: Decoding | None = None
) -> Reader:
    """Return a reader that runs ``network`` itself, its encoder in torch."""
    weights = {
        name: tensor.detach().float().cpu().numpy()
        for name, tensor in network.state_dict().items()
        if not name.startswith("encoder.")
    }
    network.eval()

    def encode(ids: Any, boundaries: Any) -> Any:
        ids, boundaries = (torch.from_numpy(numbers[None]).to(device) for numbers in (ids, boundaries))
        with torch.inference_mode():
            return network.encoder(ids, None, boundaries)[0].float().cpu().numpy()

    device = next(network.parameters()).device
    return Reader(labels, vocabulary, weights, encode, decoding or Decoding(), words)


class _MultiTaskTrainer(_Trainer):
    """Computes our losses, and our score instead of the loss of the dev part."""

    def prepare(
        self,
        labels: Labels,
        vocabulary: Vocabulary,
        chosen: Settings,
        watched: Sequence[Example],
        teacher: Network | None,
    ) -> None:
        self.teacher = teacher and teacher.eval()
        self.scores: list[DevScore] = []
        self.labels, self.vocabulary, self.chosen, self.watched = labels, vocabulary, chosen, watched
        counts = Counter(row[0] for facts in self.train_dataset["facts"] for row in facts)
        self.metric_weights = metric_weights(
            [counts[n] for n in range(len(labels.metrics))], chosen.loss.rare_metrics
        )

    def compute_loss(self, model: Network, inputs: dict[str, Any], **_: Any) -> Tensor:
        batch, targets = (_on(inputs[name], self.args.device) for name in ("batch", "targets"))
        scores = model(batch)
        loss = loss_of(scores, targets, self.chosen.loss, self.metric_weights.to(self.args.device))
        if self.teacher is None:
            return loss
        with torch.no_grad():
            taught = self.teacher.to(self.args.device)(batch)
        distil = self.chosen.distil
        return loss + distil.weight * imitation(scores, taught, distil.temperature)

    def create_optimizer(self, model: nn.Module | None = None) -> Any:
        self.optimizer = torch.optim.AdamW(_groups(self.model, self.chosen), fused=True)
        return self.optimizer

    def score(self) -> DevScore:
        words = self.chosen.network.words
        reader = reader_of(self.model, self.labels, self.vocabulary, words=words)
        return dev_score(reader, self.watched, hints=self.chosen.data.hints > 0)

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        found = self.score()
        self.scores.append(found)
        self.model.train()
        metrics = {f"eval_{field.name}": getattr(found, field.name).f1 for field in fields(found)}
        metrics["eval_mean"] = found.mean
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


def _on(tensors: Any, device: Any) -> Any:
    """A `Batch` or its `Targets` on a device."""
    return replace(tensors, **{f.name: getattr(tensors, f.name).to(device) for f in fields(tensors)})


def _groups(network: Network, chosen: Settings) -> list[dict[str, Any]]:
    """Parameters by their rate and decay: the heads' rate is their own, the encoder's lowest layers learn slowest."""
    optimiser = chosen.optimiser
    config = getattr(getattr(network.encoder, "backbone", None), "config", None)
    depth = config.num_hidden_layers if config else 0
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        rate = optimiser.heads_rate
        if name.startswith("encoder.backbone."):
            rate = optimiser.encoder_rate * optimiser.layer_decay ** _below_top(name, depth)
        decay = 0.0 if parameter.ndim < 2 else optimiser.weight_decay
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]


def _below_top(name: str, depth: int) -> int:
    parts = name.split(".")
    numbers = [int(part) for part in parts if part.isdigit()]
    return depth - 1 - numbers[0] if "layer" in parts and numbers else depth
