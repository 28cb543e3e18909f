"""A table as it stands on one page, before its parts on several pages are put together."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..document import Box
from .assemble import Glyph, Table, TableCell


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell; ``row`` and ``column`` are those of its upper left corner.

    ``wraps`` says that its last line is so full that it may go on elsewhere.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    glyphs: tuple[Glyph | None, ...] = ()
    box: Box | None = None
    wraps: bool = False

    @property
    def last_row(self) -> int:
        """The last row it covers."""
        return self.row + self.row_span - 1

    @property
    def last_column(self) -> int:
        """The last column it covers."""
        return self.column + self.column_span - 1


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table on a page.

    ``edges`` are the places of its column edges, one more than it has columns, ``reach`` is from where to
    where it reaches down the page. ``ruled`` says that rules tell its cells;
    then ``open_top`` and ``open_bottom`` say that none closes it there. Without rules ``columns`` has from where to
    where the print of each column runs, the first ``labels`` of which are left of the figures.
    """

    page: int
    edges: tuple[float, ...]
    reach: tuple[float, float]
    cells: tuple[PageCell, ...]
    ruled: bool = True
    open_top: bool = False
    open_bottom: bool = False
    columns: tuple[tuple[float, float], ...] = ()
    labels: int = 0

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return max(cell.last_row for cell in self.cells) + 1

    def covering(self, row: int) -> list[PageCell]:
        """Return the cells that cover a row, from left to right."""
        return sorted((c for c in self.cells if c.row <= row <= c.last_row), key=lambda c: c.column)


def table_of(table: PageTable) -> Table:
    """Return the table for a document."""
    return Table(
        [
            TableCell(c.row, c.column, c.text, c.row_span, c.column_span, c.box, c.glyphs)
            for c in _without_empty_rows(table.cells)
        ],
        table.page,
        table.edges,
    )


def _without_empty_rows(cells: Sequence[PageCell]) -> list[PageCell]:
    """Leave out rows in which no cell ends: slivers that a page break made, and doubled rules."""
    from_rows = sorted({c.row for c in cells} | {c.last_row + 1 for c in cells})
    place = {row: index for index, row in enumerate(from_rows)}
    return [
        PageCell(
            place[c.row],
            c.column,
            place[c.last_row + 1] - place[c.row],
            c.column_span,
            c.text,
            c.glyphs,
            c.box,
            c.wraps,
        )
        for c in cells
    ]


def page_table_of(table: Table, page: int) -> PageTable | None:
    """Return a recognised table; None where it has no column edges."""
    if len(table.edges) < 2 or not table.cells:
        return None
    cells = [
        PageCell(c.row, c.column, c.row_span, c.column_span, c.text, tuple(c.glyphs), c.box)
        for c in table.cells
    ]
    return PageTable(page, tuple(table.edges), (0.0, 0.0), tuple(cells))
