"""The network of the BiLSTM-CRF baseline: characters in, BIOES tags and the labels of spans out."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torchcrf import CRF

from .marks import Mark
from .narrative import Span

KINDS = ("fact", "channel")
TAGS = ("O", *(f"{position}-{kind}" for kind in KINDS for position in "BIES"))
PAD, UNKNOWN = 0, 1
"""Numbers of characters that stand for none and for one never seen."""

_FORBIDDEN = -1e4
_OPEN = "BI"
"""Positions after which the same span goes on."""


class Network(nn.Module):
    """Character embeddings, a BiLSTM, a CRF over `TAGS`, and a classifier of the spans that the tags cut out.

    A CRF over the tags of every label (four each for some hundred) would weigh 200,000 transitions at each character;
    so the CRF decides where spans are and of which of the `KINDS`, and the label of a span comes from the states of
    its first and last character.
    """

    def __init__(self, characters: int, labels: int, embedding: int, hidden: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(characters, embedding, padding_idx=PAD)
        self.dropout = nn.Dropout(0.4)
        self.onwards = nn.LSTM(embedding, hidden, batch_first=True)
        self.backwards = nn.LSTM(embedding, hidden, batch_first=True)
        self.emissions = nn.Linear(2 * hidden, len(TAGS))
        self.crf: Any = CRF(len(TAGS), batch_first=True)
        self.labels = nn.Sequential(
            nn.Linear(4 * hidden, 2 * hidden), nn.ReLU(), nn.Linear(2 * hidden, labels)
        )

    def states(self, characters: Tensor) -> tuple[Tensor, Tensor]:
        """Return the states ``[batch, length, 2 * hidden]`` of ``[batch, length]`` characters, and their mask."""
        mask = characters != PAD
        embedded = self.dropout(self.embedding(characters))
        # Packed sequences would do the same, but cost three times as long to learn from on a CPU.
        turned = _turned(mask)
        before = self.onwards(embedded)[0]
        behind = _gathered(self.backwards(_gathered(embedded, turned))[0], turned)
        return self.dropout(torch.cat([before, behind], dim=2)), mask

    def loss(self, characters: Tensor, tags: Tensor, spans: Tensor, labels: Tensor) -> Tensor:
        """Return the loss of a batch: a character of the CRF and a span of the classifier on average, added up.

        ``spans`` is ``[spans, 3]``: row of the batch, first and last character; ``labels`` their labels.
        """
        states, mask = self.states(characters)
        loss = -self.crf(self.emissions(states), tags, mask=mask, reduction="token_mean")
        if len(spans):
            loss = loss + nn.functional.cross_entropy(self.label_scores(states, spans), labels) / 2
        return loss

    def label_scores(self, states: Tensor, spans: Tensor) -> Tensor:
        """Return ``[spans, labels]`` scores."""
        rows, first, last = spans.unbind(1)
        return self.labels(torch.cat([states[rows, first], states[rows, last]], dim=1))

    def best_tags(self, states: Tensor, mask: Tensor) -> list[list[int]]:
        """Return for each row the best sequence of tags that follow each other legally."""
        return self.crf.decode(self.emissions(states), mask=mask)

    def forbid_illegal(self) -> None:
        """Make illegal transitions, starts and ends so dear that decoding takes none."""
        with torch.no_grad():
            for i, a in enumerate(TAGS):
                if a[0] in "IE":
                    self.crf.start_transitions[i] = _FORBIDDEN
                if a[0] in _OPEN:
                    self.crf.end_transitions[i] = _FORBIDDEN
                for j, b in enumerate(TAGS):
                    if not _may_follow(a, b):
                        self.crf.transitions[i, j] = _FORBIDDEN


def tags_of(marks: Iterable[Mark], length: int) -> list[int]:
    """Return the numbers of the tags of a text with marks that do not overlap."""
    tags = [0] * length
    for mark in marks:
        positions = "S" if mark.end - mark.start == 1 else f"B{'I' * (mark.end - mark.start - 2)}E"
        tags[mark.start : mark.end] = [TAGS.index(f"{position}-{mark.kind}") for position in positions]
    return tags


def spans_of(tags: Sequence[int]) -> list[tuple[Span, str]]:
    """Return the spans, with their kind, that a legal sequence of tags cuts out."""
    spans: list[tuple[Span, str]] = []
    start = 0
    for place, tag in enumerate(TAGS[number] for number in tags):
        if tag[0] in "BS":
            start = place
        if tag[0] in "ES":
            spans.append(((start, place + 1), tag[2:]))
    return spans


def _turned(mask: Tensor) -> Tensor:
    """For each place of each row the place that it has when the row, but not its padding, is turned around."""
    places = torch.arange(mask.shape[1]).expand_as(mask)
    return torch.where(mask, mask.sum(1, keepdim=True) - 1 - places, places)


def _gathered(states: Tensor, places: Tensor) -> Tensor:
    return states.gather(1, places.unsqueeze(2).expand_as(states))


def _may_follow(before: str, after: str) -> bool:
    if before[0] in _OPEN:
        return after[0] in "IE" and before[2:] == after[2:]
    return after[0] in "OBS"
