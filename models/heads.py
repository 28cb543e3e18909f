"""The small heads of the network, computed in numpy from their saved weights; the arithmetic is `network.py`'s."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .labels import FIELDS, Labels
from .tags import tag_count
from .windows import Array, Hint

HINT_WIDTH = 24
LINK_WIDTH = 64
BUCKETS = 16
FLOOR, CEILING = -20.0, 20.0
"""Between which a link's score is kept."""
TINY = 1e-9
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class HeadShapes:
    """How many labels each head has. ``facts`` are metrics, channels and the other `FIELDS`, as in a `Hint`."""

    mention_tags: int
    mentions: int
    statement_tags: int
    statements: int
    facts: tuple[int, ...]
    items: int
    lines: int
    hidden: int


def shapes_of(labels: Labels, hidden: int) -> HeadShapes:
    """Return the shapes of the heads for ``labels``."""
    facts = (len(labels.metrics), len(labels.channels), *(len(labels.of(field)) for field in FIELDS))
    return HeadShapes(
        mention_tags=tag_count(len(labels.mentions)),
        mentions=len(labels.mentions),
        statement_tags=tag_count(len(labels.statements)),
        statements=len(labels.statements),
        facts=facts,
        items=len(labels.themes) + 1,
        lines=max(1, len(labels.sections)),
        hidden=hidden,
    )


def hint_rows(hints: Sequence[Hint], facts: Sequence[int]) -> list[list[int]]:
    """Return hints as rows of their tables, whose last row stands for `UNTOLD`."""
    return [[size if told < 0 else told for told, size in zip(hint, facts, strict=True)] for hint in hints]


def distance_bucket(candidate: Span, mention: Span) -> int:
    """Return the bucket of the distance from a mention to a candidate: powers of two, before and behind apart."""
    before = mention[1] <= candidate[0]
    gap = candidate[0] - mention[1] if before else max(0, mention[0] - candidate[1])
    return min(gap.bit_length(), BUCKETS // 2 - 1) + (0 if before else BUCKETS // 2)


def mention_scores(weights: Mapping[str, Array], states: Array, hints: Sequence[int] | None) -> Array:
    """Return ``[length, tags]`` log-probabilities of the channels that the characters with these ``states`` name.

    ``hints`` are the rules' labels of the characters (`extraction/narrative/hints.py`), None where they are not asked.
    """
    return log_softmax(_linear(weights, "mentions", _hinted(weights, "mentions", states, hints)))


def statement_scores(weights: Mapping[str, Array], states: Array, hints: Sequence[int] | None) -> Array:
    """Return ``[length, tags]`` log-probabilities of problems and improvements; ``hints`` as in `mention_scores`."""
    return log_softmax(_head(weights, "statements", _hinted(weights, "statements", states, hints)))


def item_scores(
    weights: Mapping[str, Array],
    states: Array,
    spans: Sequence[Span],
    ruled: Sequence[Sequence[int]] | None,
) -> Array:
    """Return ``[spans, themes + 1]`` scores of each statement's themes and of its being done.

    ``ruled`` are the numbers of the themes that the rules gave each, None where they are not asked.
    """
    table = weights["items_hints.weight"].T
    untold = [[len(table) - 1]] * len(spans)
    told = [table[list(themes)].sum(0) for themes in (untold if ruled is None else ruled)]
    inputs = (pooled(states, spans), np.stack(told) if told else np.zeros((0, table.shape[1]), np.float32))
    return _head(weights, "items", np.concatenate(inputs, -1))


def line_scores(weights: Mapping[str, Array], states: Array, spans: Sequence[Span]) -> Array:
    """Return ``[spans, sections]`` log-probabilities of each line's section."""
    return log_softmax(_head(weights, "lines", pooled(states, spans)))


def fact_scores(
    weights: Mapping[str, Array],
    states: Array,
    candidates: Sequence[Span],
    hints: Sequence[Hint],
    mentions: Sequence[tuple[int, int, int]],
    facts: Sequence[int],
) -> list[Array]:
    """Return the scores ``[candidates, labels]`` of metric, channel and the other fields of each candidate.

    ``mentions`` are (start, end, number of the channel); ``facts`` how many labels each field has.
    """
    rows = hint_rows(hints, facts)
    told = [weights[f"hints.{i}.weight"][[row[i] for row in rows]] for i in range(len(facts))]
    hidden = np.maximum(
        _linear(weights, "quantity", np.concatenate((pooled(states, candidates), *told), -1)), 0
    )
    scores = np.split(_linear(weights, "facts", hidden), np.cumsum(facts)[:-1], -1)
    scores[1] = _linked(weights, states, hidden, scores[1], candidates, mentions)
    return scores


def pooled(states: Array, spans: Sequence[Span]) -> Array:
    """Return ``[spans, 3 * width]``: first state, last state and mean of each span."""
    rows = [np.concatenate((states[a], states[b - 1], states[a:b].mean(0))) for a, b in spans]
    return np.stack(rows) if rows else np.zeros((0, 3 * states.shape[1]), np.float32)


def log_softmax(scores: Array) -> Array:
    """Return log-probabilities along the last axis."""
    top = scores - scores.max(-1, keepdims=True)
    return top - np.log(np.exp(top).sum(-1, keepdims=True))


def _linked(
    weights: Mapping[str, Array],
    states: Array,
    hidden: Array,
    channels: Array,
    candidates: Sequence[Span],
    mentions: Sequence[tuple[int, int, int]],
) -> Array:
    """The channels' scores with those of the links from the candidates to mentions that name them."""
    if not candidates or not mentions:
        return channels
    ends = np.stack([np.concatenate((states[a], states[b - 1])) for a, b, _ in mentions])
    buckets = np.array([[distance_bucket(c, (a, b)) for a, b, _ in mentions] for c in candidates])
    scores = _linear(weights, "query", hidden) @ _linear(weights, "key", ends).T / np.sqrt(LINK_WIDTH)
    scores = scores + weights["distance.weight"][buckets, 0]
    mass = np.zeros_like(channels)
    for place, (_, _, label) in enumerate(mentions):
        mass[:, label] += np.exp(np.clip(scores[:, place], FLOOR, CEILING))
    return np.logaddexp(channels, np.log(mass + TINY))


def _hinted(weights: Mapping[str, Array], name: str, states: Array, hints: Sequence[int] | None) -> Array:
    table = weights[f"{name}_hints.weight"]
    rows = [len(table) - 1] * len(states) if hints is None else list(hints)
    return np.concatenate((states, table[rows]), -1)


def _head(weights: Mapping[str, Array], name: str, x: Array) -> Array:
    return _linear(weights, f"{name}.out", np.maximum(_linear(weights, f"{name}.hidden", x), 0))


def _linear(weights: Mapping[str, Array], name: str, x: Array) -> Array:
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
