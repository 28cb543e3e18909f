# pyright: basic
"""The loss of each head, and of all together."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from .batches import IGNORED, Targets
from .settings import LossSettings


def loss_of(
    scores: dict[str, Tensor], targets: Targets, weights: LossSettings, metric_weights: Tensor
) -> Tensor:
    """Return the weighted sum of the heads' losses; a head without targets in the batch adds nothing."""
    found = [
        weights.mentions * _tags(scores["mentions"], targets.mentions),
        weights.statements * _tags(scores["statements"], targets.statements),
        weights.items * _items(scores["items"], targets),
        weights.lines * _labels(scores["lines"], targets.lines),
    ]
    if len(targets.facts):
        metric, channel, *others = targets.facts.unbind(-1)
        found.append(
            weights.metric
            * _labels(scores["facts.0"], metric, targets.weights, metric_weights, weights.smoothing)
        )
        found.append(
            weights.channel * _labels(scores["facts.1"], channel, targets.weights, None, weights.smoothing)
        )
        for place, other in enumerate(others, 2):
            found.append(weights.fields * _labels(scores[f"facts.{place}"], other, targets.weights))
    return sum(found[1:], found[0])


def imitation(scores: dict[str, Tensor], taught: dict[str, Tensor], temperature: float) -> Tensor:
    """Return how far the scores are from a teacher's: the divergence of each head's labels, the mean of the heads'."""
    found = [
        functional.kl_div(
            functional.log_softmax(scores[name].float() / temperature, -1).flatten(0, -2),
            functional.log_softmax(taught[name].float() / temperature, -1).flatten(0, -2),
            reduction="batchmean",
            log_target=True,
        )
        * temperature**2
        for name in scores
        if name != "items" and scores[name].shape[0] and scores[name].shape[-1] > 1
    ]
    return sum(found[1:], found[0]) / len(found)


def metric_weights(counts: Sequence[int], power: float) -> Tensor:
    """Return the weight of each metric: rarer ones more, at most fourfold; 1 for the median of those that occur."""
    seen = sorted(count for count in counts if count)
    usual = seen[len(seen) // 2] if seen else 1
    return torch.tensor([min(4.0, max(0.5, (usual / max(1, count)) ** power)) for count in counts])


def _tags(scores: Tensor, tags: Tensor) -> Tensor:
    if not (tags != IGNORED).any():
        return scores.sum() * 0.0
    return functional.cross_entropy(scores.float().flatten(0, 1), tags.flatten(), ignore_index=IGNORED)


def _labels(
    scores: Tensor,
    labels: Tensor,
    weights: Tensor | None = None,
    by_label: Tensor | None = None,
    smoothing: float = 0.0,
) -> Tensor:
    """The mean cross entropy over the spans that have a label."""
    told = labels >= 0
    if not told.any():
        return scores.sum() * 0.0
    each = functional.cross_entropy(
        scores[told].float(), labels[told], weight=by_label, label_smoothing=smoothing, reduction="none"
    )
    return (each * weights[told]).mean() if weights is not None else each.mean()


def _items(scores: Tensor, targets: Targets) -> Tensor:
    if not len(targets.themes):
        return scores.sum() * 0.0
    scores = scores.float()
    themes = functional.binary_cross_entropy_with_logits(scores[:, :-1], targets.themes) * 6
    told = targets.done != IGNORED
    if not told.any():
        return themes
    done = functional.binary_cross_entropy_with_logits(scores[told, -1], targets.done[told].float())
    return themes + done
