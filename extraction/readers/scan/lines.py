"""The ruling lines on the image of a page, and the tables that they make.

On a scan a rule is broken, wanders by some pixels, and has print run into it. So where rules run is told from all their
pieces together, then which stretches between crossing rules are drawn; with these as rules the cells are found as in
any other format.
"""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ..pdf.rules import Rule
from ..ruled_grid import RuledGrid, find_grids
from .image import POINTS_PER_INCH, Grey, PageImage

# Lengths in inches.
_SHORTEST_RULE = 0.2
_TOLERANCE = 0.03
_NARROWEST_TABLE = 1.5
_LOWEST_TABLE = 0.12
_SMALLEST_CELL = 0.06
_BREAK = 0.02

_DRAWN = 0.4
"""Share of a cell's edge that must be ruled: more than strokes of print make up, less than a broken rule has left."""
_FRAMED = 0.5
"""Share of the uppermost and the lowest rule that must be drawn; strokes of large print make no frame."""
_MOST_LINES = 400

_Ruled = NDArray[np.bool_]
_Drawn = NDArray[np.bool_]
"""``[lines, stretches between crossing lines]``"""


def find_rules(page: PageImage) -> tuple[Grey, Grey]:
    """Return masks of the level and of the upright rules: straight ink longer than strokes of print."""
    return _straight(page.ink, page.dpi), np.ascontiguousarray(_straight(page.ink.T, page.dpi).T)


def _straight(ink: Grey, dpi: float) -> Grey:
    """The level strokes of a mask that are long and thin."""
    length = max(8, round(_SHORTEST_RULE * dpi))
    long = cv2.morphologyEx(np.ascontiguousarray(ink), cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    count, labels, found, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
    thin = found[:count, cv2.CC_STAT_HEIGHT] <= 3 * _pixels(dpi)
    thin[0] = False
    return np.where(thin[np.asarray(labels, np.int32)], 255, 0).astype(np.uint8)


def find_tables(level: Grey, upright: Grey, dpi: float) -> list[RuledGrid]:
    """Return the tables that the rules make, from the top of the page, in points; frames, which have one column, are none."""
    reach = 2 * round(_BREAK * dpi) + 1
    touching = cv2.dilate(level | upright, np.ones((reach, reach), np.uint8))
    count, _, found, _ = cv2.connectedComponentsWithStats(touching, connectivity=8)
    tables: list[RuledGrid] = []
    for index in range(1, count):
        left, top, width, height = (int(value) for value in found[index][:4])
        if width < _NARROWEST_TABLE * dpi or height < _LOWEST_TABLE * dpi:
            continue
        window = slice(top, top + height), slice(left, left + width)
        tables += _tables(level[window], upright[window], (left, top), dpi)
    outer = [table for table in tables if not any(_inside(table, other) for other in tables)]
    return sorted(outer, key=lambda table: (table.ys[0], table.xs[0]))


def _inside(table: RuledGrid, other: RuledGrid) -> bool:
    (left, top, right, bottom), (x0, y0, x1, y1) = table.edges, other.edges
    return other is not table and x0 <= left and y0 <= top and right <= x1 and bottom <= y1


def _tables(level: Grey, upright: Grey, corner: tuple[int, int], dpi: float) -> list[RuledGrid]:
    """The tables in a window of the page with this upper left corner."""
    rows, columns = _positions(level, 1, dpi), _positions(upright, 0, dpi)
    if not (2 <= len(rows) <= _MOST_LINES and 2 <= len(columns) <= _MOST_LINES):
        return []
    # Lines no stretch of which is ruled are strokes of print.
    rows = _those(rows, _drawn(level, rows, columns, dpi).max(axis=1))
    if len(rows) < 2:
        return []
    columns = _those(columns, _drawn(upright.T, columns, rows, dpi).max(axis=1))
    columns = _with_open_sides(level, columns, dpi)
    if len(columns) < 2:
        return []
    across = _drawn(level, rows, columns, dpi)
    if min(across[0].mean(), across[-1].mean()) < _FRAMED:
        return []
    rows, above, below = _with_open_ends(upright, rows, columns, dpi)
    across = np.pad(across, ((above, below), (0, 0)), constant_values=True)
    down = _drawn(upright.T, columns, rows, dpi)
    down[[0, -1]] = True  # open sides are closed
    scale, (left, top) = POINTS_PER_INCH / dpi, corner
    xs, ys = [(left + x) * scale for x in columns], [(top + y) * scale for y in rows]
    grids = find_grids(_pieces(across, ys, xs), _pieces(down, xs, ys))
    narrowest = _NARROWEST_TABLE * POINTS_PER_INCH
    return [grid for grid in grids if len(grid.xs) > 2 and grid.xs[-1] - grid.xs[0] >= narrowest]


def _those(lines: Sequence[int], kept: NDArray[np.bool_]) -> list[int]:
    return [line for line, keep in zip(lines, kept, strict=False) if keep]


def _pieces(drawn: _Drawn, lines: Sequence[float], crossing: Sequence[float]) -> list[Rule]:
    """The drawn stretches as rules from crossing to crossing."""
    return [
        Rule(at, start, end)
        for at, stretches in zip(lines, drawn, strict=True)
        for (start, end), is_drawn in zip(pairwise(crossing), stretches, strict=True)
        if is_drawn
    ]


def _positions(mask: Grey, axis: int, dpi: float) -> list[int]:
    """Where rules run, in pixels across them: the middles of their pieces, those close together taken as one.

    ``axis`` is 1 for level rules, whose places are told by their second coordinate, 0 for upright ones.
    """
    tolerance = _pixels(dpi)
    count, _, found, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    thick, long = (cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH) if axis else (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)
    pieces = sorted(
        (float(centres[i][axis]), int(found[i][long]))
        for i in range(1, count)
        if found[i][thick] <= 3 * tolerance
    )
    groups: list[list[tuple[float, int]]] = []
    for piece in pieces:
        if groups and piece[0] - groups[-1][-1][0] <= tolerance:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    kept: list[tuple[int, int]] = []
    for group in groups:
        weight = sum(length for _, length in group)
        line = (round(sum(at * length for at, length in group) / weight), weight)
        if kept and line[0] - kept[-1][0] < _SMALLEST_CELL * dpi:
            kept[-1] = max(kept[-1], line, key=lambda line: line[1])
        else:
            kept.append(line)
    return [at for at, _ in kept]


def _pixels(dpi: float) -> int:
    """By how many pixels a rule may wander."""
    return max(2, round(_TOLERANCE * dpi))


def _with_open_sides(level: Grey, columns: list[int], dpi: float) -> list[int]:
    """Add the ends of the level rules where a table has no upright rules at its sides."""
    ends = np.flatnonzero(level.any(axis=0))
    if not len(ends) or not columns:
        return columns
    first, last = int(ends[0]), int(ends[-1])
    nearest = _SMALLEST_CELL * dpi
    return [
        *([first] if columns[0] - first > nearest else []),
        *columns,
        *([last] if last - columns[-1] > nearest else []),
    ]


def _with_open_ends(
    upright: Grey, rows: list[int], columns: Sequence[int], dpi: float
) -> tuple[list[int], int, int]:
    """Add the ends of the upright rules where a table that a page break cuts has no level rule; and how many on each side."""
    ends = np.flatnonzero(upright.any(axis=1))
    nearest = _SMALLEST_CELL * dpi

    def is_open(first: int, last: int) -> bool:
        if last - first <= nearest:
            return False
        drawn = _drawn(upright.T, columns, (first, last), dpi)[:, 0]
        return bool(drawn[0] and drawn[-1]) or float(drawn.mean()) >= _FRAMED

    above = [int(ends[0])] if len(ends) and is_open(int(ends[0]), rows[0]) else []
    below = [int(ends[-1])] if len(ends) and is_open(rows[-1], int(ends[-1])) else []
    return [*above, *rows, *below], len(above), len(below)


def _drawn(mask: NDArray[np.uint8], lines: Sequence[int], crossing: Sequence[int], dpi: float) -> _Drawn:
    """Whether each stretch of level ``lines`` between the ``crossing`` ones is ruled in the mask."""
    tolerance = _pixels(dpi)
    drawn = np.zeros((len(lines), len(crossing) - 1), np.bool_)
    for i, at in enumerate(lines):
        ruled: _Ruled = mask[max(0, at - tolerance) : at + tolerance + 1].max(axis=0) > 0
        for j, (start, end) in enumerate(pairwise(crossing)):
            low, high = start + tolerance, end - tolerance
            drawn[i, j] = float(ruled[low : max(high, low + 1)].mean()) >= _DRAWN
    return drawn
