"""Which passages are most worth labelling next."""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .labelled import LabelledText
from .similarity import text_vectors

POOL = 20
"""So many times the passages asked for are weighed against each other; the rest is passed over by worth alone."""
DIVERSITY = 0.5
"""How much likeness to what is chosen already takes from a passage's worth (maximal marginal relevance)."""
_SHORTEST = 40


class Candidate(NamedTuple):
    """A passage, how unsure its predictions are and how rare its metrics, both between 0 and 1."""

    text: LabelledText
    uncertainty: float
    rarity: float

    @property
    def worth(self) -> float:
        """The mean of both."""
        return (self.uncertainty + self.rarity) / 2


def choose_passages(passages: Iterable[LabelledText], count: int) -> list[Candidate]:
    """Return the ``count`` passages most worth labelling, the best first: unsure, rare in what they tell, unlike
    each other.

    ``passages`` carry predictions with confidences; they are read once and only the best are kept, so that there may
    be very many. A passage without predicted facts and statements has nothing to correct and is not chosen.
    """
    heap: list[tuple[float, int, LabelledText, float]] = []
    counts: Counter[str] = Counter()
    for number, passage in enumerate(passages):
        counts.update(fact.metric for fact in passage.facts)
        if len(passage.text or "") < _SHORTEST or not (
            passage.facts or passage.problems or passage.improvements
        ):
            continue
        unsure = _uncertainty(passage)
        entry = (unsure + _rarity(passage, counts), -number, passage, unsure)
        if len(heap) < count * POOL:
            heapq.heappush(heap, entry)
        else:
            heapq.heappushpop(heap, entry)
    candidates = [
        Candidate(passage, unsure, _rarity(passage, counts)) for _, _, passage, unsure in sorted(heap)
    ]
    return _diverse(candidates[::-1], count)


def _uncertainty(passage: LabelledText) -> float:
    """The mean doubt of the passage's less certain half."""
    marks = (*passage.facts, *passage.problems, *passage.improvements)
    doubts = sorted((1 - mark.confidence for mark in marks if mark.confidence is not None), reverse=True)
    half = doubts[: (len(doubts) + 1) // 2]
    return sum(half) / len(half) if half else 0.0


def _rarity(passage: LabelledText, counts: Counter[str]) -> float:
    """How rare the rarest metric is: 1 for one seen nowhere else, near 0 for the commonest."""
    seen = [counts[fact.metric] for fact in passage.facts]
    return 1 / min(seen) ** 0.5 if seen else 0.0


def _diverse(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    if not candidates:
        return []
    import numpy as np  # noqa: PLC0415  # heavy, and an extra

    vectors = text_vectors([candidate.text.text or "" for candidate in candidates])
    worth = np.array([candidate.worth for candidate in candidates])
    worth = worth / max(float(worth.max()), 1e-9)
    nearest: Any = np.zeros(len(candidates))
    left = np.ones(len(candidates), dtype=bool)
    chosen: list[Candidate] = []
    while len(chosen) < min(count, len(candidates)):
        gain = np.where(left, (1 - DIVERSITY) * worth - DIVERSITY * nearest, -np.inf)
        best = int(gain.argmax())
        left[best] = False
        chosen.append(candidates[best])
        nearest = np.maximum(nearest, (vectors @ vectors[best].T).toarray().ravel())
    return chosen
