"""The columns of two parts of a table without rules, told to be the same ones by where their print stands."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .page_table import PageCell, PageTable

_SHARED = 0.6
"""Share of the fewer columns of figures that both parts must have."""


def same_columns(upper: PageTable, lower: PageTable) -> bool:
    """Return whether columns of figures that stand above one another are the same ones, beyond doubt.

    A part may lack columns whose cells are all blank in it.
    """
    above, below = upper.columns[upper.labels :], lower.columns[lower.labels :]
    if bool(upper.labels) != bool(lower.labels) or not above or not below:
        return False
    if upper.labels and not _overlap(_reach(upper), _reach(lower)):
        return False
    if any(
        _overlap(_reach(one), column) for one, other in ((upper, below), (lower, above)) for column in other
    ):
        return False
    doubtful = any(
        sum(_overlap(column, other) for other in others) > 1
        for columns, others in ((above, below), (below, above))
        for column in columns
    )
    shared = sum(any(_overlap(column, other) for other in below) for column in above)
    return not doubtful and shared >= max(1, _SHARED * min(len(above), len(below)))


def aligned(upper: PageTable, lower: PageTable) -> tuple[PageTable, PageTable]:
    """Return two parts with the `same_columns`, both with the columns of both; what one lacks is blank in it."""
    labels = max(upper.labels, lower.labels)
    names = upper.columns[:labels] if upper.labels == labels else lower.columns[:labels]
    figures: list[tuple[float, float]] = []
    for left, right in sorted((*upper.columns[upper.labels :], *lower.columns[lower.labels :])):
        if figures and left < figures[-1][1]:
            figures[-1] = (figures[-1][0], max(figures[-1][1], right))
        else:
            figures.append((left, right))
    columns = (*names, *figures)
    return _spread(upper, columns, labels), _spread(lower, columns, labels)


def column_edges(columns: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Return the places between columns and at both ends; one more than there are columns."""
    between = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    return (columns[0][0], *between, columns[-1][1])


def _spread(table: PageTable, columns: tuple[tuple[float, float], ...], labels: int) -> PageTable:
    """The table with its cells in these columns, the first ``labels`` of which hold labels."""
    place = [
        index + labels - table.labels
        if index < table.labels
        else next(i for i, other in enumerate(columns) if i >= labels and _overlap(column, other))
        for index, column in enumerate(table.columns)
    ]
    cells = [
        replace(cell, column=place[cell.column], column_span=place[cell.last_column] - place[cell.column] + 1)
        for cell in table.cells
    ]
    taken = {(cell.row, column) for cell in cells for column in range(cell.column, cell.last_column + 1)}
    blank = [
        PageCell(row, column, 1, 1, "")
        for row in range(table.rows)
        for column in range(len(columns))
        if (row, column) not in taken
    ]
    return replace(table, cells=(*cells, *blank), columns=columns, labels=labels, edges=column_edges(columns))


def _reach(table: PageTable) -> tuple[float, float]:
    """From where to where its labels run; nothing where it has none."""
    own = table.columns[: table.labels]
    return (own[0][0], max(right for _, right in own)) if own else (0.0, 0.0)


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
