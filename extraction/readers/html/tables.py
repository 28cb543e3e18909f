"""Tables of a page: spans resolved, tables of data told from tables that only lay out the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from ..assemble import Paragraph, Part, Table, TableCell
from ..layout import Cell, Frame, Item, laid_flat

MOST_CELLS = 20_000
"""No table of a report has so many; a larger one is read line by line."""
_MOST_COLUMNS = 256


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, or a table as a whole.

    ``linked`` is the number of its characters that are links, ``mark`` the heading (``h1`` to ``h6``) or the part of the
    page (``nav``, ``footer`` ...) that it stands in. ``frame`` is a table as the page has it.
    """

    text: str
    linked: int = 0
    mark: str = ""
    table: Table | None = None
    frame: Frame | None = None


@dataclass(slots=True)
class CellFrame:
    """A cell being read: its spans as the page gives them, and which lines it holds."""

    row_span: int
    column_span: int
    first: int
    last: int = 0


@dataclass(slots=True)
class TableFrame:
    """A table being read: its first line, its rows, and the first row of each row group."""

    first: int
    rows: list[list[CellFrame]] = field(default_factory=list[list[CellFrame]])
    groups: list[int] = field(default_factory=list[int])


def close_table(lines: list[Line], frame: TableFrame) -> bool:
    """Put tables of data in place of the lines of a table that has been read to its end.

    What only lays out the page stays as it is. Says whether any line was replaced.
    """
    if not 2 <= sum(map(len, frame.rows)) <= MOST_CELLS:
        return False
    paragraphs: dict[int, Line] = {}
    held: set[int] = set()
    cells: list[Cell] = []
    for placed in place_cells(frame.rows, frame.groups):
        items: list[Item] = []
        for index in range(placed.cell.first, placed.cell.last):
            held.add(index)
            items.append(lines[index].frame or Paragraph(lines[index].text))
            paragraphs[id(items[-1])] = lines[index]
        cells.append(Cell(placed.row, placed.column, items, placed.row_span, placed.column_span))
    whole = Frame(cells)
    inside = [lines[index] for index in sorted(held)]
    size = sum(len(line.text) for line in inside)
    linked = sum(line.linked for line in inside) / max(size, 1)
    made: list[Line] = []
    for part in laid_flat([whole]):
        made += _as_lines(part, paragraphs, linked)
    if [line.text for line in made] == [line.text for line in inside]:
        return False
    if len(made) == 1 and made[0].table:
        made[0] = replace(made[0], frame=whole)
    outside = [lines[index] for index in range(frame.first, len(lines)) if index not in held]
    lines[frame.first :] = [*outside, *made]
    return True


def _as_lines(part: Part, paragraphs: dict[int, Line], linked: float) -> list[Line]:
    """A part of a table as lines; rows of one cell each are no table."""
    if isinstance(part, Paragraph):
        return [paragraphs.get(id(part)) or Line(part.text, round(linked * len(part.text)))]
    if len(part.cells) > len({cell.row for cell in part.cells}):
        made = table_line(part.cells, 0)
        return [replace(made, linked=round(linked * len(made.text)))]
    texts = [text for cell in part.cells for text in cell.text.split("\n") if text.strip()]
    return [Line(text, round(linked * len(text))) for text in texts]


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with its place; places do not overlap."""

    row: int
    column: int
    row_span: int
    column_span: int
    cell: CellFrame


def place_cells(rows: Sequence[Sequence[CellFrame]], groups: Sequence[int] = ()) -> list[Placed]:
    """Return where the cells of a table stand (https://html.spec.whatwg.org/#forming-a-table).

    A cell goes to the first free place in its row. A span of 0 rows reaches to the end of the row group; spans end where
    the group or the place that another cell has taken begins.
    """
    ends = _group_ends(len(rows), groups)
    until = [0] * _MOST_COLUMNS  # the row before which a column is taken
    placed: list[Placed] = []
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while column < _MOST_COLUMNS and until[column] > row:
                column += 1
            if column == _MOST_COLUMNS:
                break
            last = min(row + (cell.row_span or ends[row]), ends[row])
            right = column + 1
            while right < min(column + max(cell.column_span, 1), _MOST_COLUMNS) and until[right] <= row:
                right += 1
            until[column:right] = [last] * (right - column)
            placed.append(Placed(row, column, last - row, right - column, cell))
            column = right
    return placed


def _group_ends(rows: int, groups: Sequence[int]) -> list[int]:
    """For each row, the row at which its group ends."""
    starts = sorted({0, *groups, rows})
    return [end for start, end in pairwise(starts) for _ in range(start, end)]


def table_line(cells: Sequence[TableCell], linked: int) -> Line:
    """Return a table as a line of its page."""
    return Line("\n".join(rows_of(cells)), linked, "", Table(cells))


def rows_of(cells: Sequence[TableCell]) -> Iterator[str]:
    """Yield the text of each row of a table, its cells separated by tabs."""
    for _, row in groupby(cells, key=lambda cell: cell.row):
        yield "\t".join(" ".join(cell.text.split()) for cell in row)
