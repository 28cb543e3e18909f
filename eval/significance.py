"""How far a score would move with other texts, and whether two runs differ by more than chance.

Texts, not facts, are drawn: facts of one report stand and fall together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..annotations.matching import Score

RESAMPLES = 2000
SEED = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval; None on both sides where one text alone leaves nothing to draw from."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """F1 of two runs on the same texts, and how often chance alone would set them so far apart."""

    first: float
    second: float
    p_value: float | None


def f1_interval(scores: Sequence[Score]) -> Interval:
    """Return the percentile bootstrap interval of the F1 over texts, given one score a text."""
    if len(scores) < 2:
        return Interval(None, None)
    import numpy as np  # noqa: PLC0415  # heavy, and an extra
    from scipy import stats  # noqa: PLC0415  # heavy, and an extra

    hits, alarms, misses = _counts(scores)
    drawn = cast(Any, stats).bootstrap(
        (hits, alarms, misses),
        _f1,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    low, high = drawn.confidence_interval
    return Interval(float(low), float(high))


def compare(first: Sequence[Score], second: Sequence[Score]) -> Comparison:
    """Return the paired comparison of two runs by approximate randomisation (two-sided).

    ``first`` and ``second`` hold one score a text, in the same order. Source: Noreen 1989, "Computer-Intensive Methods
    for Testing Hypotheses".
    """
    import numpy as np  # noqa: PLC0415  # heavy, and an extra
    from scipy import stats  # noqa: PLC0415  # heavy, and an extra

    one, two = _counts(first), _counts(second)
    both = np.concatenate([np.stack(one, axis=-1), np.stack(two, axis=-1)])
    f1_one, f1_two = float(_f1(*one, axis=-1)), float(_f1(*two, axis=-1))
    if len(first) < 2:
        return Comparison(f1_one, f1_two, None)

    def difference(a: Any, b: Any, axis: int) -> Any:  # noqa: ANN401  # numpy arrays of indices into `both`
        f1 = [_f1(*(both[index][..., column] for column in range(3)), axis=axis) for index in (a, b)]
        return f1[0] - f1[1]

    places = np.arange(len(first))
    drawn = cast(Any, stats).permutation_test(
        (places, places + len(first)),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(SEED),
    )
    return Comparison(f1_one, f1_two, float(drawn.pvalue))


def _counts(scores: Sequence[Score]) -> tuple[Any, Any, Any]:
    import numpy as np  # noqa: PLC0415  # heavy, and an extra

    return (
        np.array([s.hits for s in scores]),
        np.array([s.false_alarms for s in scores]),
        np.array([s.misses for s in scores]),
    )


def _f1(hits: Any, alarms: Any, misses: Any, axis: int) -> Any:  # noqa: ANN401  # numpy arrays
    import numpy as np  # noqa: PLC0415  # heavy, and an extra

    found = 2 * hits.sum(axis=axis)
    total = found + alarms.sum(axis=axis) + misses.sum(axis=axis)
    return np.where(total > 0, found / np.maximum(total, 1), 1.0)
