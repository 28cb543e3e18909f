# pyright: basic
"""The network: one encoder of characters, and small heads that judge its states.

Torch, for training only; `heads.py` computes the same heads in numpy, `runtime.py` runs the exported encoder.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .heads import BUCKETS, CEILING, FLOOR, HINT_WIDTH, LINK_WIDTH, TINY, HeadShapes

# Its type hints leave too much unknown.
_torch: Any = torch


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows as tensors, the special tokens at their edges included.

    ``ids``, ``attention``, ``boundaries`` and the hints of the taggers are ``[windows, length]``; spans are rows of
    (window, first token, token behind the last). ``links`` are rows of (candidate, mention, bucket of their distance),
    ``mention_labels`` the numbers of the channels that the mentions name. ``item_hints`` are ``[items, themes + 1]``:
    1 for each theme that the rules gave, or in the last place where they were not asked.
    """

    ids: Tensor
    attention: Tensor
    boundaries: Tensor
    mention_hints: Tensor
    statement_hints: Tensor
    candidates: Tensor
    hints: Tensor
    mentions: Tensor
    mention_labels: Tensor
    links: Tensor
    items: Tensor
    item_hints: Tensor
    lines: Tensor


class Head(nn.Module):
    """Two layers."""

    def __init__(self, width: int, hidden: int, out: int, dropout: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, hidden)
        self.out = nn.Linear(hidden, out)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``[n, out]`` scores of ``[n, width]`` inputs."""
        return self.out(self.dropout(functional.relu(self.hidden(x))))


class Network(nn.Module):
    """Encoder and heads. ``encoder`` maps (ids, attention, boundaries) to states ``[windows, length, width]``."""

    def __init__(self, encoder: nn.Module, width: int, shapes: HeadShapes, dropout: float) -> None:
        super().__init__()
        self.shapes = shapes
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        # The last row of a hint's table stands for a hint that is not given.
        self.mentions_hints = nn.Embedding(shapes.mentions + 2, HINT_WIDTH)
        self.statements_hints = nn.Embedding(shapes.statements + 2, HINT_WIDTH)
        self.hints = nn.ModuleList(nn.Embedding(size + 1, HINT_WIDTH) for size in shapes.facts)
        self.mentions = nn.Linear(width + HINT_WIDTH, shapes.mention_tags)
        self.statements = Head(width + HINT_WIDTH, shapes.hidden, shapes.statement_tags, dropout)
        self.quantity = nn.Linear(3 * width + HINT_WIDTH * len(shapes.facts), shapes.hidden)
        self.facts = nn.Linear(shapes.hidden, sum(shapes.facts))
        self.query = nn.Linear(shapes.hidden, LINK_WIDTH)
        self.key = nn.Linear(2 * width, LINK_WIDTH)
        self.distance = nn.Embedding(BUCKETS, 1)
        self.items_hints = nn.Linear(
            shapes.items, HINT_WIDTH, bias=False
        )  # the items' labels but one are themes
        self.items = Head(3 * width + HINT_WIDTH, shapes.hidden, shapes.items, dropout)
        self.lines = Head(3 * width, shapes.hidden, shapes.lines, dropout)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Return the scores of each head.

        ``mentions`` and ``statements`` ``[windows, length, tags]``; for each field of the facts, by its place,
        ``facts.0`` … ``[candidates, labels]``, the channel's with its links; ``items`` and ``lines`` ``[spans, labels]``.
        """
        states = self.dropout(self.encoder(batch.ids, batch.attention, batch.boundaries))
        scores = {
            "mentions": self.mentions(_torch.cat((states, self.mentions_hints(batch.mention_hints)), -1)),
            "statements": self.statements(
                _torch.cat((states, self.statements_hints(batch.statement_hints)), -1)
            ),
            "items": self.items(
                _torch.cat((_pooled(states, batch.items), self.items_hints(batch.item_hints)), -1)
            ),
            "lines": self.lines(_pooled(states, batch.lines)),
        }
        told = [table(batch.hints[:, i]) for i, table in enumerate(self.hints)]
        inputs = _torch.cat((_pooled(states, batch.candidates), *told), -1)
        hidden = self.dropout(functional.relu(self.quantity(inputs)))
        fields = list(_torch.split(self.facts(hidden), self.shapes.facts, -1))
        fields[1] = self._linked(states, hidden, fields[1], batch)
        return scores | {f"facts.{i}": field for i, field in enumerate(fields)}

    def _linked(self, states: Tensor, hidden: Tensor, channels: Tensor, batch: Batch) -> Tensor:
        """The channels' scores with those of the links to mentions that name them."""
        if not len(batch.links):
            return channels
        rows, firsts, lasts = batch.mentions.unbind(-1)
        keys = self.key(_torch.cat((states[rows, firsts], states[rows, lasts - 1]), -1))
        quantity, mention, bucket = batch.links.unbind(-1)
        scores = (self.query(hidden)[quantity] * keys[mention]).sum(-1) / LINK_WIDTH**0.5
        scores = scores + self.distance(bucket).squeeze(-1)
        mass = _torch.zeros_like(channels, dtype=torch.float32).index_put(
            (quantity, batch.mention_labels[mention]),
            scores.float().clamp(FLOOR, CEILING).exp(),
            accumulate=True,
        )
        return _torch.logaddexp(channels.float(), (mass + TINY).log())


def _pooled(states: Tensor, spans: Tensor) -> Tensor:
    """``[spans, 3 * width]``: first state, last state and mean of each span of (window, start, end)."""
    rows, starts, ends = spans.unbind(-1)
    sums = functional.pad(states.float().cumsum(1), (0, 0, 1, 0))
    mean = (sums[rows, ends] - sums[rows, starts]) / (ends - starts).unsqueeze(-1)
    return _torch.cat((states[rows, starts].float(), states[rows, ends - 1].float(), mean), -1)
