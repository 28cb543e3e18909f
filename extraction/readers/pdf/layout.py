"""What stands on a page in the order it is read: lines of text and tables."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..page_table import PageCell, PageTable
from ..ruled_grid import RuledGrid, find_grids
from .characters import Character
from .columns import find_columns
from .geometry import Rectangle
from .lines import TextLine, cell_lines, is_full, join, lines_of
from .sheet import Sheet
from .unruled_tables import find_unruled

_PROSE = 300
"""Characters in a cell that lays out the page rather than telling a figure or its label ..."""
_MAIN = 0.5
"""... if it holds more than this share of the table's."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A line of running text. ``flow`` names what it runs in: the page, a column or a cell, by its edges."""

    line: TextLine
    page: int
    flow: tuple[float, float]


Element = FlowLine | PageTable


def read_layout(sheet: Sheet, gutters: list[float]) -> list[Element]:
    """Return the lines and tables of a page in reading order.

    ``gutters`` has where the pages before are parted in columns; where this one is, is added.

    Raises `ValueError` when there are more rules than any table has.
    """
    grids = find_grids(sheet.level, sheet.upright)
    everything = Rectangle(0.0, 0.0, *sheet.size)
    return _Region(sheet, everything, 0, gutters).elements(sheet.characters, grids)


@dataclass(frozen=True, slots=True)
class _Region:
    """A page, or a cell that lays out a part of it."""

    sheet: Sheet
    edges: Rectangle
    depth: int
    gutters: list[float]

    def elements(self, characters: Sequence[Character], grids: Sequence[RuledGrid]) -> list[Element]:
        """The lines and tables in the region, from the top down."""
        outer = [grid for grid in grids if not any(_holds(other, grid) for other in grids)]
        placed: list[tuple[Rectangle, list[Element]]] = []
        rest = list(characters)
        for grid in outer:
            inside: list[list[Character]] = [[] for _ in grid.cells]
            outside: list[Character] = []
            for character in rest:
                index = grid.cell_at(*character.middle)
                (outside if index is None else inside[index]).append(character)
            within = [other for other in grids if _holds(grid, other)]
            if _is_table(grid, inside, within):
                placed.append((grid.edges, [_table(self.sheet, grid, inside)]))
            elif self.depth < _DEEPEST and (len(grid.cells) > 1 or within or any(inside)):
                placed.append((grid.edges, self._unwrapped(grid, inside, within)))
            else:
                continue
            rest = outside
        return self._in_order(rest, placed)

    def _unwrapped(
        self, grid: RuledGrid, inside: Sequence[Sequence[Character]], within: Sequence[RuledGrid]
    ) -> list[Element]:
        found: list[Element] = []
        for cell, characters in zip(grid.cells, inside, strict=True):
            own = [other for other in within if _is_inside(other.edges, cell.edges)]
            found += _Region(self.sheet, cell.edges, self.depth + 1, []).elements(characters, own)
        return found

    def _in_order(
        self, characters: Sequence[Character], placed: Sequence[tuple[Rectangle, list[Element]]]
    ) -> list[Element]:
        upright = [c for c in characters if not c.turn]
        sideways = [c for c in characters if c.turn]
        bands = find_columns(upright, [area for area, _ in placed], self.gutters)
        found: list[Element] = []
        if bands is None:
            found += self._flow(upright, placed, self.edges)
        else:
            if bands.gutter not in self.gutters:
                self.gutters.append(bands.gutter)
            left, right = self.edges._replace(right=bands.gutter), self.edges._replace(left=bands.gutter)
            for top, bottom, parted in bands.stretches:
                own = [c for c in upright if top <= c.middle[1] < bottom]
                tables = [item for item in placed if top <= _centre(item[0])[1] < bottom]
                if parted and not find_unruled(lines_of(own), self.sheet.box, self.sheet.number):
                    for side, edges in ((True, left), (False, right)):
                        column = [c for c in own if (c.middle[0] < bands.gutter) == side]
                        beside = [t for t in tables if (_centre(t[0])[0] < bands.gutter) == side]
                        found += self._flow(column, beside, edges)
                else:
                    found += self._flow(own, tables, self.edges)
        return [*found, *(self._line(line) for line in cell_lines(sideways))]

    def _flow(
        self,
        characters: Sequence[Character],
        placed: Sequence[tuple[Rectangle, list[Element]]],
        edges: Rectangle,
    ) -> list[Element]:
        """One column of text and what stands in it."""
        lines = lines_of(characters)
        found: list[tuple[float, list[Element]]] = [(area.top, elements) for area, elements in placed]
        begin = 0
        for first, last, table in [
            *find_unruled(lines, self.sheet.box, self.sheet.number),
            (len(lines), 0, None),
        ]:
            found += [(line.top, list[Element]([self._line(line, edges)])) for line in lines[begin:first]]
            if table:
                found.append((lines[first].top, [table]))
                begin = last
        found.sort(key=lambda item: item[0])
        return [element for _, elements in found for element in elements]

    def _line(self, line: TextLine, edges: Rectangle | None = None) -> FlowLine:
        edges = edges or self.edges
        return FlowLine(line, self.sheet.number, (round(edges.left), round(edges.right)))


def _is_table(grid: RuledGrid, inside: Sequence[Sequence[Character]], within: Sequence[RuledGrid]) -> bool:
    """Whether a grid tells figures and is not there to lay out the page: no frame, no cell with most of the text."""
    if len(grid.cells) < 2 or within or len(grid.xs) < 3:
        return False
    sizes = [sum(bool(c.text.strip()) for c in characters) for characters in inside]
    longest = max(sizes)
    return any(sizes) and not (longest > _PROSE and longest > _MAIN * sum(sizes))


def _table(sheet: Sheet, grid: RuledGrid, inside: Sequence[Sequence[Character]]) -> PageTable:
    cells: list[PageCell] = []
    for cell, characters in zip(grid.cells, inside, strict=True):
        lines = cell_lines(characters)
        text, glyphs = join(lines)
        wraps = bool(lines) and is_full(lines[-1], cell.edges)
        box = sheet.box(cell.edges)
        cells.append(
            PageCell(cell.row, cell.column, cell.row_span, cell.column_span, text, glyphs, box, wraps)
        )
    return PageTable(
        sheet.number, grid.xs, (grid.ys[0], grid.ys[-1]), tuple(cells), True, grid.open_top, grid.open_bottom
    )


def _holds(outer: RuledGrid, inner: RuledGrid) -> bool:
    """Whether a grid lies in a cell of another one."""
    return outer is not inner and any(_is_inside(inner.edges, cell.edges) for cell in outer.cells)


def _is_inside(inner: Rectangle, outer: Rectangle) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
        and inner != outer
    )


def _centre(edges: Rectangle) -> tuple[float, float]:
    return (edges.left + edges.right) / 2, (edges.top + edges.bottom) / 2
