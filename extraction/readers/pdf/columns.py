"""Two columns of text on a page: where the gutter runs, and which stretches of the page it parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from .characters import Character
from .geometry import Rectangle
from .lines import lines_of

_GUTTER = 0.7
"""Ems; browsers leave one em between columns, and the print of a line may hang over."""
_FEWEST_LINES = 5
_FEWEST_SHORT = 2
_LONG = 8
_FILLED = 0.3
_MIDDLE = (0.25, 0.75)
_STEP = 2.0


@dataclass(frozen=True, slots=True)
class Bands:
    """``gutter`` is where a page is parted. ``stretches`` go down the page: from where, to where, whether it parts them."""

    gutter: float
    stretches: Sequence[tuple[float, float, bool]]


def find_columns(
    characters: Sequence[Character], areas: Sequence[Rectangle], known: Sequence[float]
) -> Bands | None:
    """Return how a page or cell is parted in two columns of prose, None where it is not; ``areas`` are its tables.

    What crosses the gutter (titles, tables) parts the columns above it from those below it. Where the columns are too
    short to tell, as at the end of a report, the gutters ``known`` of the pages before are looked for.
    """
    printed = [c for c in characters if c.text.strip()]
    if not printed:
        return None
    edges = np.array([*(c[1:5] for c in printed), *(tuple(area) for area in areas)], np.float64)
    size = float(np.median([c.size for c in printed]))
    gutter = _gutter(printed, edges, size)
    if gutter is None:
        gutter = next((x for x in known if _has_short_columns(printed, x, size)), None)
    if gutter is None:
        return None
    room = (
        _GUTTER * size / 4
    )  # blanks between words are narrower, and some print hangs over the edge of its column
    crossing = edges[(edges[:, 0] < gutter + room) & (edges[:, 2] > gutter - room)]
    across = sorted((float(top), float(bottom)) for _, top, _, bottom in crossing)
    beside = sorted(c.middle[1] for c in printed if c.right <= gutter - room or c.left >= gutter + room)
    return Bands(gutter, _stretches(across, beside))


def _gutter(printed: Sequence[Character], edges: NDArray[np.float64], size: float) -> float | None:
    """Where nothing is printed for the longest way down, if the print on both sides of it is prose."""
    if len(printed) < 2 * _FEWEST_LINES * _LONG:
        return None
    lefts, tops, rights, bottoms = edges.T
    left, right = float(lefts.min()), float(rights.max())
    best: tuple[float, float, float, float] | None = None
    for x in np.arange(left + _MIDDLE[0] * (right - left), left + _MIDDLE[1] * (right - left), _STEP):
        crossing = (lefts < x + _GUTTER * size / 2) & (rights > x - _GUTTER * size / 2)
        ends = sorted(
            [float(tops.min()), *bottoms[crossing].tolist(), *tops[crossing].tolist(), float(bottoms.max())]
        )
        top, bottom = max(pairwise(ends), key=lambda pair: pair[1] - pair[0])
        if best is None or bottom - top > best[0] + 1:
            best = (bottom - top, float(x), top - 0.01, bottom + 0.01)
    if best is None or best[0] < _FEWEST_LINES * size:
        return None
    _, x, top, bottom = best
    inside = [c for c in printed if top <= c.middle[1] < bottom]
    sides = [c for c in inside if c.right <= x], [c for c in inside if c.left >= x]
    return x if all(_is_prose(side) for side in sides) else None


def _has_short_columns(printed: Sequence[Character], gutter: float, size: float) -> bool:
    """Whether lines begin on both sides of a gutter that they leave free."""
    room = _GUTTER * size / 2
    lines = lines_of(printed)
    free = [
        line
        for line in lines
        if not any(c.left < gutter + room and c.right > gutter - room for c in line.characters)
    ]
    left = sum(line.left < gutter for line in free)
    return left >= _FEWEST_SHORT and sum(line.right > gutter for line in free) >= _FEWEST_SHORT


def _stretches(
    across: Sequence[tuple[float, float]], beside: Sequence[float]
) -> list[tuple[float, float, bool]]:
    """The stretches of a page, told by what lies across the gutter and by the middles of what lies beside it."""
    stretches: list[tuple[float, float, bool]] = []
    end = -inf
    for top, bottom in across:
        if any(end <= middle < top for middle in beside):
            stretches.append((end, top, True))
            end = top
        start = stretches.pop()[0] if stretches and not stretches[-1][2] else end
        end = max(end, bottom)
        stretches.append((start, end, False))
    return [*stretches, (end, inf, True)]


def _is_prose(characters: Sequence[Character]) -> bool:
    """Whether a column's lines are long and mostly reach its right edge."""
    lines = lines_of(characters)
    if len(lines) < _FEWEST_LINES:
        return False
    edge = sorted(line.right for line in lines)[int(0.9 * (len(lines) - 1))]
    full = sum(edge - line.right < 2.5 * line.size for line in lines)
    hanzi = sum(c.text > "\u2e7f" for c in characters)
    long = sum(len(line.characters) for line in lines) / len(lines) >= _LONG
    return long and full >= _FILLED * len(lines) and 2 * hanzi > len(characters)
