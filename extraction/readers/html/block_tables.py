"""Tables that a page builds from plain blocks: rows of blocks, each of them a cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ..assemble import TableCell
from .tables import MOST_CELLS, Line, table_line

_LONGEST_CELL = 90
_LEAST_FIGURES = 0.2
_LEAST_IN_LONE_ROW = 3
_MOST_LINES = 4
_FIGURE = re.compile(r"[-+]?\d[\d,.]*(?:万?元|件|条)?\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a block is made of: a ``leaf`` of text, a ``row`` of leaves, or anything else; and which lines it holds."""

    kind: Literal["leaf", "row", "other"]
    first: int
    last: int
    cells: tuple[tuple[int, int], ...] = ()


def shape_of(children: Sequence[Shape], first: int, last: int, own_text: bool) -> Shape:
    """Return the shape of a block with these child blocks; ``own_text`` says that text stands beside them."""
    if not children:
        return Shape("leaf" if last - first <= _MOST_LINES else "other", first, last)
    if own_text or any(child.kind != "leaf" for child in children) or len(children) > _LONGEST_CELL:
        return Shape("other", first, last)
    if len(children) == 1:
        return Shape("leaf", first, last)
    return Shape("row", first, last, tuple((child.first, child.last) for child in children))


def join_rows(lines: list[Line], children: Sequence[Shape]) -> bool:
    """Put tables in place of the rows among the last ``lines``; says whether there were any."""
    found = False
    for is_row, run in reversed([(kind, list(run)) for kind, run in groupby(children, key=_is_row)]):
        if is_row and (made := _table(lines, run)):
            lines[run[0].first : run[-1].last] = [made]
            found = True
    return found


def _is_row(shape: Shape) -> bool:
    return shape.kind == "row"


def _table(lines: Sequence[Line], rows: Sequence[Shape]) -> Line | None:
    """The table that some rows are, None where they are a list of links, prose, or hold hardly a figure."""
    texts = [[" ".join(line.text for line in lines[a:b]) for a, b in row.cells] for row in rows]
    cells = [text for row in texts for text in row]
    uneven = len({len(row) for row in texts}) > 1
    figures = sum(bool(_FIGURE.match(text.strip())) for text in cells)
    inside = lines[rows[0].first : rows[-1].last]
    linked = sum(line.linked for line in inside)
    if (
        len(cells) > MOST_CELLS
        or max(map(len, cells)) > _LONGEST_CELL
        or figures < (1 if len(rows) > 1 else _LEAST_IN_LONE_ROW)
        or (uneven and figures < _LEAST_FIGURES * sum(bool(text.strip()) for text in cells))
        or linked * 2 > sum(len(line.text) for line in inside)
        or any(line.table for line in inside)
    ):
        return None
    width = max(map(len, texts))
    while width > 1 and not any(len(row) == width and row[-1].strip() for row in texts):
        texts = [row[: width - 1] for row in texts]  # what ends a row of floating blocks
        width -= 1
    return table_line([cell for number, row in enumerate(texts) for cell in _row(number, row, width)], linked)


def _row(number: int, texts: Sequence[str], width: int) -> list[TableCell]:
    """The cells of a row, its first one widened to make up for those it lacks, so that values stand below each other."""
    spare = width - len(texts)
    return [
        TableCell(number, place + (spare if place else 0), text, 1, 1 + (0 if place else spare))
        for place, text in enumerate(texts)
    ]
