"""Whether confidences mean what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions whose confidence lies in ``(low, high]``, the first bin's in ``[low, high]``.

    ``confidence`` is their mean confidence, ``accuracy`` the share of them that is right; both None in an empty bin.
    """

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


def reliability(confidences: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Return the reliability table of (confidence, right) pairs: ten bins of equal width."""
    sorted_in: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in confidences:
        # rounded, so that 0.3 lies in (0.2, 0.3] although 0.3 * 10 is a little more than 3
        place = -int(-round(confidence * BINS, 9) // 1) - 1
        sorted_in[min(BINS - 1, max(0, place))].append((confidence, right))
    return [_bin(number, members) for number, members in enumerate(sorted_in)]


def _bin(number: int, members: list[tuple[float, bool]]) -> Bin:
    low, high, count = number / BINS, (number + 1) / BINS, len(members)
    if not members:
        return Bin(low, high, 0, None, None)
    return Bin(
        low, high, count, sum(c for c, _ in members) / count, sum(right for _, right in members) / count
    )


def expected_calibration_error(confidences: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean distance between confidence and accuracy over the bins, weighted by their counts.

    None where nothing has a confidence. Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 3.
    """
    if not confidences:
        return None
    distances = (
        b.count * abs(b.accuracy - b.confidence)
        for b in reliability(confidences)
        if b.accuracy is not None and b.confidence is not None
    )
    return sum(distances) / len(confidences)
