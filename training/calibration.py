# pyright: basic
"""From scores to decisions: temperatures, trust in the rules and thresholds, fitted on texts not learned from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ..annotations.matching import Score
from ..extraction.narrative.hints import linkable
from ..models.decoding import Decoding
from ..models.labels import FIELDS
from ..models.reader import Reader
from ..models.tags import best_spans, tags_of
from ..models.windows import Array, Span
from .dev_score import asked_candidates, told_hints
from .examples import Example

_minimize: Any = minimize
_HEADS = ("metric", "channel", *FIELDS)
_COLDEST, _HOTTEST = 0.3, 6.0
_MOST_TRUST = 4.0
_TRUSTS = np.arange(0, _MOST_TRUST + 0.01, 0.2)
_STEPS = np.linspace(0.2, 0.8, 61)


@dataclass(slots=True)
class _Head:
    """Log-probabilities at temperature 1, the right labels, and those that the rules gave (-1 where none)."""

    scores: list[Array] = field(default_factory=list[Array])
    right: list[int] = field(default_factory=list[int])
    ruled: list[int] = field(default_factory=list[int])


@dataclass(frozen=True, slots=True)
class _Told:
    """What a `_Head` gathered of one collection, as arrays."""

    scores: Array
    right: NDArray[np.int64]
    ruled: NDArray[np.int64]

    def pooled(self, temperature: float, trust: float) -> Array:
        """Return the log-probabilities that the reader gives with this temperature and trust."""
        scores = self.scores / temperature
        told = np.flatnonzero(self.ruled >= 0)
        scores[told, self.ruled[told]] += trust
        top = scores - scores.max(-1, keepdims=True)
        return top - np.log(np.exp(top).sum(-1, keepdims=True))

    def surprise(self, temperature: float, trust: float) -> float:
        """Return the mean negative log-likelihood of the right labels."""
        return float(-self.pooled(temperature, trust)[np.arange(len(self.right)), self.right].mean())


@dataclass(slots=True)
class _Seen:
    """What a reader at temperature 1, without trust, says of one collection of texts, and what is right."""

    heads: dict[str, _Head] = field(default_factory=lambda: {name: _Head() for name in _HEADS})
    statements: list[tuple[Array, Example]] = field(default_factory=list[tuple[Array, Example]])
    done: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])


def fit_decoding(reader: Reader, collections: Sequence[Sequence[Example]], *, hints: bool) -> Decoding:
    """Return how ``reader`` decides best on ``collections`` of examples, each of which counts as much as the others.

    For each field of a fact the temperature and the trust in the rules that make the right labels likeliest (Guo et al.
    2017, On Calibration of Modern Neural Networks; the pool is that of Genest and Zidek 1986); for statements the trust,
    and for facts and what is done the thresholds, of the best F1. ``reader`` is used as it is; its own temperatures must
    be 1 and its trust 0.
    """
    seen = [_seen(reader, examples, hints) for examples in collections]
    told = {name: [_told(s.heads[name]) for s in seen if s.heads[name].right] for name in _HEADS}
    pools = {name: _pool(of_head) for name, of_head in told.items()}
    facts = [(1 - np.exp(each.pooled(*pools["metric"])[:, 0]), each.right > 0) for each in told["metric"]]
    done = [(np.array([p for p, _ in s.done]), np.array([d for _, d in s.done])) for s in seen if s.done]
    return Decoding(
        temperatures={name: pool[0] for name, pool in pools.items()},
        trust={name: pool[1] for name, pool in pools.items()}
        | {"statements": _statement_trust([s.statements for s in seen if s.statements])},
        thresholds={"fact": _best_threshold(facts), "theme": 0.5, "done": _best_threshold(done)},
    )


def _seen(reader: Reader, examples: Sequence[Example], hints: bool) -> _Seen:
    seen = _Seen()
    for example, states in zip(examples, reader.states([e.window for e in examples]), strict=True):
        if example.candidates:
            _see_quantities(seen, reader, example, states, hints)
        if example.statements is not None and hints:
            told = told_hints(example.statement_hints, len(states), hints)
            seen.statements.append((reader.statement_scores(states, told), example))
        if example.items:
            ruled = [item.ruled for item in example.items] if hints else None
            _, finished = reader.items(states, [(i.start, i.end) for i in example.items], ruled)
            for item, finish in zip(example.items, finished, strict=True):
                if item.done is not None:
                    seen.done.append((float(finish), item.done))
    return seen


def _see_quantities(seen: _Seen, reader: Reader, example: Example, states: Array, hints: bool) -> None:
    mentions = reader.mentions(states, told_hints(example.mention_hints, len(states), hints))
    asked = asked_candidates(example, hints)
    reading = reader.quantities(states, asked, linkable(mentions, example.named) if hints else mentions)
    told = {"metric": reading.metric, "channel": reading.channel, **reading.fields}
    for place, row in enumerate(example.facts):
        for name, right, ruled in zip(_HEADS, row, asked[place].hint, strict=True):
            if right >= 0 and example.weights[place] == 1:
                head = seen.heads[name]
                head.ruled.append(ruled)
                head.scores.append(np.log(told[name][place] + 1e-12))
                head.right.append(right)


def _told(head: _Head) -> _Told:
    return _Told(np.stack(head.scores).astype(np.float64), np.array(head.right), np.array(head.ruled))


def _pool(told: Sequence[_Told]) -> tuple[float, float]:
    """The temperature and the trust that make the right labels likeliest; 1 and 0 where nothing was seen.

    The surprise is convex in the inverse of the temperature and the trust.
    """
    if not told:
        return 1.0, 0.0
    most = _MOST_TRUST if any((each.ruled >= 0).any() for each in told) else 0.0

    def surprise(place: NDArray[np.float64]) -> float:
        return float(np.mean([each.surprise(1 / place[0], place[1]) for each in told]))

    bounds = [(1 / _HOTTEST, 1 / _COLDEST), (0.0, most)]
    best = _minimize(surprise, np.array([1.0, min(1.0, most)]), bounds=bounds, method="L-BFGS-B")
    inverse, trust = map(float, best.x)
    return round(1 / inverse, 3), round(trust, 3)


def _statement_trust(read: Sequence[Sequence[tuple[Array, Example]]]) -> float:
    """The trust in statements that ordinals mark with the best F1."""

    def f1(trust: float) -> float:
        return float(np.mean([_statement_f1(collection, trust) for collection in read]))

    return max(map(float, _TRUSTS), key=f1) if read else 0.0


def _statement_f1(read: Sequence[tuple[Array, Example]], trust: float) -> float:
    total = Score()
    for tags, example in read:
        pooled = tags.copy()
        if example.ruled_statements:
            pooled[np.arange(len(tags)), tags_of(example.ruled_statements, len(tags))] += trust
        total += _overlapping(example.statements or (), best_spans(pooled))
    return total.f1


def _overlapping(want: Sequence[tuple[int, int, int]], have: Sequence[Span]) -> Score:
    """Spans of one label that share more than half of the longer one."""
    hits = sum(
        any(
            w[2] == h.label
            and 2 * (min(w[1], h.end) - max(w[0], h.start)) >= max(w[1] - w[0], h.end - h.start)
            for h in have
        )
        for w in want
    )
    return Score(hits, len(have) - hits, len(want) - hits)


def _best_threshold(told: Sequence[tuple[Array, NDArray[Any]]]) -> float:
    """The threshold of the best F1; of those as good the one nearest to a half."""
    if not told:
        return 0.5
    f1 = _f1_at(told)
    return round(float(max(_STEPS, key=lambda step: (round(f1(step), 4), -abs(step - 0.5)))), 2)


def _f1_at(told: Sequence[tuple[Array, NDArray[Any]]]) -> Callable[[float], float]:
    """The mean of the collections' F1, by threshold."""

    def f1(threshold: float) -> float:
        scores: list[float] = []
        for chances, right in told:
            above = chances >= threshold
            scores.append(2 * float((above & right).sum()) / max(1, int(above.sum() + right.sum())))
        return float(np.mean(scores))

    return f1
