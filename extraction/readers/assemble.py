"""The pieces that a reader found, put together as a text with the offsets of its blocks, tables and print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ..document import Block, Box, Grid, GridCell, Print


class Glyph(NamedTuple):
    """Where a character is printed, and how sure the recogniser is of it."""

    box: Box
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without line breaks. ``glyphs`` has an entry for each character, None for one that is not printed."""

    text: str
    page: int | None = None
    noise: bool = False
    glyphs: Sequence[Glyph | None] = ()


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table; ``row`` and ``column`` are those of its upper left corner. ``glyphs`` as in `Paragraph`."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    box: Box | None = None
    glyphs: Sequence[Glyph | None] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its cells do not overlap.

    ``edges``, where the format has pages: the left edge of each column and the right edge of the last, from the left,
    in points of the page set straight. Tables cut by a page break are joined by them.
    """

    cells: Sequence[TableCell]
    page: int | None = None
    edges: Sequence[float] = ()


Part = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Assembled:
    """A text with its blocks, grids and print, for a `Document`."""

    text: str
    blocks: tuple[Block, ...]
    grids: tuple[Grid, ...]
    print: Print | None


def assemble(parts: Iterable[Part], *, recognised: bool = False) -> Assembled:
    """Return the text of ``parts``: a line for each paragraph and each row of a table, its cells separated by tabs.

    Noise goes behind all else. Parts that hold nothing but white space are left out, but tables with print are kept.
    White space inside a cell that would break its row becomes a blank. ``recognised`` says that the glyphs were
    recognised from images, so that their certainty is kept.
    """
    told = list(parts)
    noise = [part for part in told if isinstance(part, Paragraph) and part.noise]
    made = _Made()
    for part in told:
        if isinstance(part, Paragraph) and part.noise:
            continue
        if isinstance(part, Paragraph):
            made.add_paragraph(part)
        else:
            made.add_table(part)
    for part in noise:
        made.add_paragraph(part)
    return Assembled("".join(made.pieces), tuple(made.blocks), tuple(made.grids), made.print_of(recognised))


@dataclass(slots=True)
class _Made:
    """What has been put together so far."""

    pieces: list[str] = field(default_factory=list[str])
    glyphs: list[Glyph | None] = field(default_factory=list[Glyph | None])
    blocks: list[Block] = field(default_factory=list[Block])
    grids: list[Grid] = field(default_factory=list[Grid])

    def add_paragraph(self, part: Paragraph) -> None:
        first, last = _bare(part.text)
        if first == last:
            return
        self._open_line()
        start = len(self.glyphs)
        self._add(part.text[first:last], part.glyphs[first:last])
        self.blocks.append(Block(start, len(self.glyphs), part.page, part.noise))

    def add_table(self, part: Table) -> None:
        cells: list[GridCell] = []
        ordered = sorted(part.cells, key=lambda cell: (cell.row, cell.column))
        if not any(cell.text.strip() for cell in ordered):
            return
        self._open_line()
        start = line_start = len(self.glyphs)
        for row, in_row in groupby(ordered, key=lambda cell: cell.row):
            if len(self.glyphs) > start:
                self._open_line()
            line_start = len(self.glyphs)
            for place, cell in enumerate(in_row):
                if place:
                    self._add("\t", ())
                at = len(self.glyphs)
                first, last = _bare(cell.text)
                self._add(_one_line(cell.text[first:last]), cell.glyphs[first:last])
                spans = (cell.row_span, cell.column_span)
                cells.append(GridCell(row, cell.column, *spans, at, len(self.glyphs), cell.box))
            self.blocks.append(Block(line_start, len(self.glyphs), part.page))
        self.grids.append(Grid(start, len(self.glyphs), tuple(cells), part.page))

    def print_of(self, recognised: bool) -> Print | None:
        if not any(self.glyphs):
            return None
        nowhere = Glyph(Box(0, 0.0, 0.0, 0.0, 0.0))
        printed = [glyph or nowhere for glyph in self.glyphs]
        return Print(
            np.array([glyph.box.page for glyph in printed], np.int32),
            np.array([glyph.box[1:] for glyph in printed], np.float32),
            np.array([glyph.certainty for glyph in printed], np.float32) if recognised else None,
        )

    def _open_line(self) -> None:
        if self.glyphs:
            self._add("\n", ())

    def _add(self, text: str, glyphs: Sequence[Glyph | None]) -> None:
        self.pieces.append(text)
        self.glyphs += glyphs or [None] * len(text)


def _bare(text: str) -> tuple[int, int]:
    """Where the text without white space at its edges lies."""
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))


def _one_line(text: str) -> str:
    """The same characters with every break and tab turned into a blank, in place."""
    return "".join(" " if char in "\t\n\r\x0b\x0c\u0085\u2028\u2029" else char for char in text)
