"""Tables told by the rules between their cells."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from .pdf.geometry import Rectangle
from .pdf.rules import Rule

_SAME_LINE = 2.0
"""Points between the middles of two rules that are one."""
_BREAK = 4.0
"""Points that a rule may be interrupted for (dashes, crossings)."""
_TOUCH = 4.0
_SMALLEST_CELL = 4.0
_OPEN_EDGE = 3.0
"""Points that two rules at least must stand out beyond the last rule across, for an edge that is not drawn."""
_WIDEST_LABEL = 150.0
_OVERHANG = 10.0
"""Points that print may hang over an edge that is not drawn."""
_DRAWN = 0.6
"""Share of a cell's edge that must be ruled."""
_SHORTEST = 6.0
_MOST_RULES = 1500


class RuledCell(NamedTuple):
    """A cell between rules; ``row`` and ``column`` are those of its upper left corner."""

    row: int
    column: int
    row_span: int
    column_span: int
    edges: Rectangle


@dataclass(frozen=True, slots=True)
class RuledGrid:
    """A table: the places of its column and row edges, and its cells in reading order.

    ``open_top`` and ``open_bottom`` say that no rule closes it there, as where a page ends inside a row.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[RuledCell, ...]
    owners: tuple[tuple[int, ...], ...]
    open_top: bool = False
    open_bottom: bool = False

    @property
    def edges(self) -> Rectangle:
        """The table's outer edges."""
        return Rectangle(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the index of the cell that a point lies in."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1:
            return self.owners[row][column]
        return None


def find_grids(level: Sequence[Rule], upright: Sequence[Rule]) -> list[RuledGrid]:
    """Return the tables that the rules of a page make, those with a single cell (frames) included, from the top down.

    Raises `ValueError` when there are too many rules to look at.
    """
    across, down = _joined(level), _joined(upright)
    if len(across) + len(down) > _MOST_RULES:
        raise ValueError(f"it has more than {_MOST_RULES} rules")
    grids = [grid for group in _groups(across, down) if (grid := _grid(*group))]
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Rules along one line put together where they touch, short ones left out."""
    joined: list[Rule] = []
    for group in _lines(sorted(rules)):
        at = sum(rule.at * (rule.end - rule.start) for rule in group)
        weight = sum(rule.end - rule.start for rule in group)
        middle = at / weight if weight else group[0].at
        start = end = None
        for rule in sorted(group, key=lambda rule: rule.start):
            if end is not None and start is not None and rule.start - end > _BREAK:
                joined.append(Rule(middle, start, end))
                start = None
            start, end = (
                (rule.start, rule.end) if start is None or end is None else (start, max(end, rule.end))
            )
        if start is not None and end is not None:
            joined.append(Rule(middle, start, end))
    return [rule for rule in joined if rule.end - rule.start >= _SHORTEST]


def _lines(rules: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in rules:
        if groups and rule.at - groups[-1][0].at <= _SAME_LINE:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _groups(across: Sequence[Rule], down: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules that cross or touch one another, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, level in enumerate(across):
        for j, upright in enumerate(down, len(across)):
            if (
                level.start - _TOUCH <= upright.at <= level.end + _TOUCH
                and upright.start - _TOUCH <= level.at <= upright.end + _TOUCH
            ):
                parent[root(i)] = root(j)
    by_root = sorted(range(len(parent)), key=root)
    groups: list[tuple[list[Rule], list[Rule]]] = []
    alone: list[Rule] = []
    for _, members in groupby(by_root, key=root):
        indices = list(members)
        level = [across[i] for i in indices if i < len(across)]
        upright = [down[i - len(across)] for i in indices if i >= len(across)]
        if level and upright:
            groups.append((level, upright))
        else:
            alone += upright
    for _, upright in groups:
        upright += [rule for rule in alone if _goes_beside(rule, upright)]
    return groups


def _goes_beside(rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether an upright rule that touches nothing is the edge of a label cell as high as the table."""
    top, bottom = min(other.start for other in others), max(other.end for other in others)
    near = any(abs(rule.at - other.at) < _WIDEST_LABEL for other in others)
    return near and abs(rule.start - top) < _OVERHANG and abs(rule.end - bottom) < _OVERHANG


def _grid(across: list[Rule], down: list[Rule]) -> RuledGrid | None:
    ys = _places([rule.at for rule in across])
    xs = _places([rule.at for rule in down])
    open_top, open_bottom = _stand_out(down, ys[0], first=True), _stand_out(down, ys[-1], first=False)
    open_left, open_right = _stand_out(across, xs[0], first=True), _stand_out(across, xs[-1], first=False)
    ys, reach_down = _with_open_edges(ys, open_top, open_bottom)
    xs, reach_across = _with_open_edges(xs, open_left, open_right)
    if len(xs) < 2 or len(ys) < 2:
        return None
    level = _drawn(across, ys, xs)
    upright = _drawn(down, xs, ys)
    owners = _owners(level, upright)
    names: dict[int, int] = {}
    numbered = tuple(tuple(names.setdefault(owner, len(names)) for owner in row) for row in owners)
    cells = _cells(numbered, reach_across, reach_down)
    return RuledGrid(
        tuple(reach_across), tuple(reach_down), cells, numbered, open_top is not None, open_bottom is not None
    )


def _with_open_edges(
    places: list[float], first: float | None, last: float | None
) -> tuple[list[float], list[float]]:
    """The places of lines with those of the edges that are not drawn, and the same with room for print beyond these."""
    before, after = [place for place in (first,) if place is not None], [p for p in (last,) if p is not None]
    edges = [*before, *places, *after]
    return edges, [
        *(place - _OVERHANG for place in before),
        *places,
        *(place + _OVERHANG for place in after),
    ]


def _places(found: list[float]) -> list[float]:
    """The places of lines, those closer than a cell taken as one."""
    places: list[float] = []
    for place in sorted(found):
        if not places or place - places[-1] >= _SMALLEST_CELL:
            places.append(place)
    return places


def _stand_out(rules: Sequence[Rule], edge: float, first: bool) -> float | None:
    """Where rules end of which two or more stand out beyond the ``first`` or last line across them."""
    ends = sorted(edge - rule.start if first else rule.end - edge for rule in rules)
    if len(ends) < 2 or ends[-2] < _OPEN_EDGE:
        return None
    return edge - ends[-1] if first else edge + ends[-1]


def _drawn(rules: Sequence[Rule], lines: Sequence[float], crossing: Sequence[float]) -> list[list[bool]]:
    """``[lines][stretches between crossing lines]``: whether the stretch is ruled."""
    drawn: list[list[bool]] = []
    for at in lines:
        on_line = [rule for rule in rules if abs(rule.at - at) < _SMALLEST_CELL]
        row: list[bool] = []
        for low, high in pairwise(crossing):
            ruled = sum(max(0.0, min(high, rule.end) - max(low, rule.start)) for rule in on_line)
            row.append(ruled >= _DRAWN * (high - low))
        drawn.append(row)
    return drawn


def _owners(level: list[list[bool]], upright: list[list[bool]]) -> list[list[int]]:
    """For each field the name of its cell: fields are joined where no rule parts them, and cells made rectangles."""
    height, width = len(level) - 1, len(upright) - 1
    boxes: list[tuple[int, int, int, int]] = []
    owner = [[-1] * width for _ in range(height)]
    for row in range(height):
        for column in range(width):
            if owner[row][column] < 0:
                boxes.append(_flood(owner, level, upright, row, column, len(boxes)))
    while True:
        clash = _clash(owner, boxes)
        if clash is None:
            return owner
        name, others = clash
        parts = [boxes[other] for other in (name, *others)]
        box = (
            min(p[0] for p in parts), min(p[1] for p in parts), max(p[2] for p in parts), max(p[3] for p in parts)
        )  # fmt: skip
        boxes[name] = box
        for row in range(box[0], box[2] + 1):
            for column in range(box[1], box[3] + 1):
                owner[row][column] = name


def _flood(
    owner: list[list[int]],
    level: list[list[bool]],
    upright: list[list[bool]],
    row: int,
    column: int,
    name: int,
) -> tuple[int, int, int, int]:
    """Give all fields that no rule parts from this one the same name; return the rows and columns they reach."""
    height, width = len(owner), len(owner[0])
    waiting = [(row, column)]
    owner[row][column] = name
    top, left, bottom, right = row, column, row, column
    while waiting:
        r, c = waiting.pop()
        top, left, bottom, right = min(top, r), min(left, c), max(bottom, r), max(right, c)
        for nr, nc, parted in (
            (r - 1, c, level[r][c]), (r + 1, c, level[r + 1][c]),
            (r, c - 1, upright[c][r]), (r, c + 1, upright[c + 1][r]),
        ):  # fmt: skip
            if not parted and 0 <= nr < height and 0 <= nc < width and owner[nr][nc] < 0:
                owner[nr][nc] = name
                waiting.append((nr, nc))
    return top, left, bottom, right


def _clash(owner: list[list[int]], boxes: Sequence[tuple[int, int, int, int]]) -> tuple[int, set[int]] | None:
    """A cell that is no rectangle, and the others inside the rectangle around it."""
    present = {name for row in owner for name in row}
    for name in sorted(present):
        top, left, bottom, right = boxes[name]
        inside = {owner[r][c] for r in range(top, bottom + 1) for c in range(left, right + 1)}
        if inside != {name}:
            return name, inside - {name}
    return None


def _cells(
    owners: Sequence[Sequence[int]], xs: Sequence[float], ys: Sequence[float]
) -> tuple[RuledCell, ...]:
    """The cells by their names, which count from 0 in reading order."""
    corners: dict[int, list[int]] = {}
    for row, names in enumerate(owners):
        for column, name in enumerate(names):
            first = corners.setdefault(name, [row, column, row, column])
            first[2], first[3] = max(first[2], row), max(first[3], column)
    return tuple(
        RuledCell(
            top, left, bottom - top + 1, right - left + 1,
            Rectangle(xs[left], ys[top], xs[right + 1], ys[bottom + 1]),
        )
        for top, left, bottom, right in (corners[name] for name in range(len(corners)))
    )  # fmt: skip
