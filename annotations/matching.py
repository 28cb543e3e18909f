"""Counting hits: precision, recall and F1 over marks with spans."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Marked(Protocol):
    """Anything with a half-open span."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


M = TypeVar("M", bound=Marked)
P = TypeVar("P", bound=Marked)


@dataclass(frozen=True, slots=True)
class Score:
    """Hits, false alarms and misses; adds up over documents."""

    hits: int = 0
    false_alarms: int = 0
    misses: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.hits + other.hits, self.false_alarms + other.false_alarms, self.misses + other.misses
        )

    @property
    def precision(self) -> float:
        """The share of predictions that are right; 1 when there are none."""
        predicted = self.hits + self.false_alarms
        return self.hits / predicted if predicted else 1.0

    @property
    def recall(self) -> float:
        """The share of gold marks that were found; 1 when there are none."""
        gold = self.hits + self.misses
        return self.hits / gold if gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = 2 * self.hits + self.false_alarms + self.misses
        return 2 * self.hits / total if total else 1.0


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs of indices (gold, predicted), and the indices left over on each side."""

    pairs: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    false_alarms: tuple[int, ...]


def overlap(a: Marked, b: Marked) -> int:
    """The number of characters two spans share."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def match(gold: Sequence[M], predicted: Sequence[P], fits: Callable[[M, P], bool]) -> Matching:
    """Pair as many gold marks as can be with one prediction each that fits and shares characters.

    The number of pairs does not depend on the order of the marks (Kuhn's augmenting paths); where there is a choice,
    predictions that share more characters come first.
    """
    candidates = [
        sorted(
            (j for j, p in enumerate(predicted) if overlap(g, p) and fits(g, p)),
            key=lambda j, g=g: (-overlap(g, predicted[j]), j),
        )
        for g in gold
    ]
    owner: dict[int, int] = {}

    def place(i: int, visited: set[int]) -> bool:
        for j in candidates[i]:
            if j not in visited:
                visited.add(j)
                if j not in owner or place(owner[j], visited):
                    owner[j] = i
                    return True
        return False

    for i in range(len(gold)):
        place(i, set())
    pairs = sorted((i, j) for j, i in owner.items())
    paired = {i for i, _ in pairs}
    return Matching(
        tuple(pairs),
        tuple(i for i in range(len(gold)) if i not in paired),
        tuple(j for j in range(len(predicted)) if j not in owner),
    )


def score(gold: Sequence[M], predicted: Sequence[P], fits: Callable[[M, P], bool]) -> Score:
    """Hits, false alarms and misses of ``predicted`` against ``gold``.

    Gold marks with a false attribute ``certain`` are don't-care: missing one is no miss, and a prediction on one is
    neither hit nor false alarm.
    """
    certain = [mark for mark in gold if getattr(mark, "certain", True)]
    doubtful = [mark for mark in gold if not getattr(mark, "certain", True)]
    found = match(certain, predicted, fits)
    alarms = [j for j in found.false_alarms if not any(overlap(mark, predicted[j]) for mark in doubtful)]
    return Score(len(found.pairs), len(alarms), len(found.missed))


def label_score(gold: Iterable[Iterable[str]], predicted: Iterable[Iterable[str]]) -> Score:
    """Micro score of label sets, pair by pair."""
    total = Score()
    for want, have in zip(gold, predicted, strict=True):
        wanted, had = set(want), set(have)
        total += Score(len(wanted & had), len(had - wanted), len(wanted - had))
    return total
