# pyright: basic
"""From scores to decisions: temperatures and thresholds, fitted on examples that were not learned from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from ..annotations.matching import Score
from ..models.decoding import Decoding
from ..models.labels import FIELDS
from ..models.reader import Reader
from ..models.tags import best_spans, tags_of
from ..models.windows import Array, Span
from .dev_score import asked_candidates, told_hints
from .examples import Example

_minimize: Any = minimize_scalar
_COLDEST, _HOTTEST = 0.3, 6.0
_TRUSTS = np.arange(0, 4.01, 0.2)
_HARDLY = 0.002
_STEPS = np.linspace(0.2, 0.8, 61)


@dataclass(slots=True)
class _Seen:
    """Log-probabilities at temperature 1 with the right labels and those that the rules gave, of one head."""

    scores: list[Array] = field(default_factory=list[Array])
    right: list[int] = field(default_factory=list[int])
    ruled: list[int] = field(default_factory=list[int])

    def pooled(self, temperature: float, trust: float) -> Array:
        """Return the probabilities that the reader gives with this temperature and trust."""
        scores = np.stack(self.scores) / temperature
        ruled = np.array(self.ruled)
        told = np.flatnonzero(ruled >= 0)
        scores[told, ruled[told]] += trust
        powers = np.exp(scores - scores.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)


def fit_decoding(reader: Reader, examples: Sequence[Example], *, hints: bool) -> Decoding:
    """Return the temperatures and the trust in the rules that make the right answers likeliest, and the thresholds of
    the best F1.

    A single temperature a head, by maximum likelihood (Guo et al. 2017, On Calibration of Modern Neural Networks).
    ``reader`` is used as it is; its own temperatures must be 1 and its trust 0.
    """
    heads = ("metric", "channel", *FIELDS)
    seen = {name: _Seen() for name in heads}
    chances: list[Array] = []
    themes: list[NDArray[np.bool_]] = []
    ruled_themes: list[NDArray[np.bool_]] = []
    done: list[tuple[float, bool]] = []
    statements: list[tuple[Array, Example]] = []
    for example, states in zip(examples, reader.states([e.window for e in examples]), strict=True):
        if example.candidates:
            mentions = reader.mentions(states, told_hints(example.mention_hints, len(states), hints))
            asked = asked_candidates(example, hints)
            reading = reader.quantities(states, asked, mentions)
            told = {"metric": reading.metric, "channel": reading.channel, **reading.fields}
            for place, row in enumerate(example.facts):
                hint = asked[place].hint
                for name, right, ruled in zip(heads, row, hint, strict=True):
                    if right >= 0 and example.weights[place] == 1:
                        seen[name].ruled.append(ruled)
                        seen[name].scores.append(np.log(told[name][place] + 1e-12))
                        seen[name].right.append(right)
        if example.statements is not None and hints:
            told = told_hints(example.statement_hints, len(states), hints)
            statements.append((reader.statement_scores(states, told), example))
        if example.items:
            found, finished = reader.items(states, [(i.start, i.end) for i in example.items], None)
            for item, chance, finish in zip(example.items, found, finished, strict=True):
                chances.append(chance)
                every = np.arange(len(chance))
                themes.append(np.isin(every, item.themes))
                ruled_themes.append(np.isin(every, item.ruled) if hints else np.zeros(len(chance), bool))
                if item.done is not None:
                    done.append((float(finish), item.done))
    pools = {name: _pool(head) for name, head in seen.items()}
    facts = np.zeros(0)
    if seen["metric"].right:
        facts = 1 - seen["metric"].pooled(*pools["metric"])[:, 0]
    is_fact = np.array(seen["metric"].right, int) > 0
    theme_trust, theme = _theme_pool(np.array(chances), np.array(themes, bool), np.array(ruled_themes, bool))
    thresholds = {
        "fact": _best_threshold(facts, is_fact),
        "theme": theme,
        "done": _best_threshold(np.array([p for p, _ in done]), np.array([d for _, d in done], bool)),
    }
    return Decoding(
        temperatures={name: pool[0] for name, pool in pools.items()} | {"items": 1.0},
        trust={name: pool[1] for name, pool in pools.items()}
        | {"items": theme_trust, "statements": _statement_trust(statements)},
        thresholds=thresholds,
    )


def _pool(seen: _Seen) -> tuple[float, float]:
    """The temperature and the trust in the rules; 1 and 0 where nothing was seen.

    Trust is the most that costs no right answers, or hardly any: the corpus is written to be harder for the rules than
    reports are. The temperature then makes the right answers likeliest.
    """
    if not seen.right:
        return 1.0, 0.0
    right = np.array(seen.right)
    shares = [float((seen.pooled(1.0, trust).argmax(-1) == right).mean()) for trust in _TRUSTS]
    raw = max(trust for trust, share in zip(_TRUSTS, shares, strict=True) if share >= max(shares) - _HARDLY)

    def surprise(temperature: float) -> float:
        chances = seen.pooled(temperature, raw / temperature)
        return float(-np.log(chances[np.arange(len(right)), right] + 1e-12).mean())

    temperature = float(_minimize(surprise, bounds=(_COLDEST, _HOTTEST), method="bounded").x)
    return round(temperature, 3), round(raw / temperature, 3)


def _statement_trust(read: Sequence[tuple[Array, Example]]) -> float:
    """The trust in statements that ordinals mark: the most that costs no right one, or hardly any."""
    scores: list[float] = []
    for trust in _TRUSTS:
        total = Score()
        for tags, example in read:
            pooled = tags.copy()
            if example.ruled_statements:
                pooled[np.arange(len(tags)), tags_of(example.ruled_statements, len(tags))] += trust
            total += _overlapping(example.statements or (), best_spans(pooled))
        scores.append(total.f1)
    if not read:
        return 0.0
    return float(max(t for t, f1 in zip(_TRUSTS, scores, strict=True) if f1 >= max(scores) - _HARDLY))


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


def _theme_pool(chances: Array, right: NDArray[Any], ruled: NDArray[Any]) -> tuple[float, float]:
    """The trust in the rules' themes and the threshold with the best F1."""
    if not len(chances):
        return 0.0, 0.5
    scores = np.log(chances + 1e-9) - np.log(1 - chances + 1e-9)

    def pooled(trust: float) -> Array:
        return 1 / (1 + np.exp(-(scores + trust * ruled)))

    found = [(float(trust), _best_threshold(pooled(trust), right)) for trust in _TRUSTS]
    return max(found, key=lambda pair: _f1(pooled(pair[0]), right, pair[1]))


def _best_threshold(chances: Array, right: NDArray[Any]) -> float:
    """The threshold of the best F1; of those as good the one nearest to a half."""
    best = max(_STEPS, key=lambda step: (round(_f1(chances, right, step), 4), -abs(step - 0.5)))
    return round(float(best), 2)


def _f1(chances: Array, right: NDArray[Any], threshold: float) -> float:
    told = chances >= threshold
    return 2 * float((told & right).sum()) / max(1, int(told.sum() + right.sum()))
