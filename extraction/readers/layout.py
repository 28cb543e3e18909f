"""Tables that only lay out the page, told from tables of figures: the former become paragraphs, nested ones are laid flat."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from .assemble import Paragraph, Part, Table, TableCell


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the file has it; ``row`` and ``column`` are those of its upper left corner."""

    row: int
    column: int
    items: Sequence["Item"]
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """A table as the file has it, whatever it is for; its cells do not overlap."""

    cells: Sequence[Cell]


Item = Paragraph | Frame

_LONG = 80
"""A cell with more text than this holds text of the report and no label."""
_FIGURE = re.compile(r"\d[\d,.]*")


def laid_flat(items: Iterable[Item]) -> Iterator[Part]:
    """Yield the paragraphs and tables of figures that ``items`` hold, in reading order.

    Rows that only lay out the page become what their cells hold: the row of a table of one column, a row whose only
    cell that is not empty has long text or a table in it, a row of tables side by side or of long texts. A table inside
    a cell of a table of figures takes its place in the rows and columns of that one.
    """
    for item in items:
        if isinstance(item, Paragraph):
            yield item
        else:
            yield from _from_frame(item)


def _from_frame(frame: Frame) -> Iterator[Part]:
    narrow = len({(cell.column, cell.column_span) for cell in frame.cells}) == 1
    kept: list[Cell] = []
    for band in _bands(frame.cells):
        if narrow or _lays_out(band):
            yield from _as_table(kept)
            kept = []
            for cell in band:
                yield from laid_flat(cell.items)
        else:
            kept += band
    yield from _as_table(kept)


def _bands(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    """The cells row by row; rows that a cell joins stay together."""
    band: list[Cell] = []
    end = 0
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.column))
    for row, in_row in groupby(ordered, lambda cell: cell.row):
        if band and row >= end:
            yield band
            band = []
        new = list(in_row)
        band += new
        end = max(end, *(cell.row + cell.row_span for cell in new))
    if band:
        yield band


def _lays_out(band: Sequence[Cell]) -> bool:
    """Whether the rows of ``band`` only lay out the page."""
    texts = [(cell, text_of(cell.items)) for cell in band]
    told = [(cell, text) for cell, text in texts if text]
    if len(told) == 1:
        cell, text = told[0]
        return len(text) > _LONG or any(isinstance(item, Frame) for item in cell.items)
    if any(_FIGURE.fullmatch(text) for _, text in told):
        return False
    nested = [all(isinstance(item, Frame) for item in _told(cell.items)) for cell, _ in told]
    mixed = [any(isinstance(item, Frame) for item in cell.items) for cell, _ in told]
    return (
        (len(told) > 1 and all(nested))
        or any(inside and not alone for inside, alone in zip(mixed, nested, strict=True))
        or any(len(text) > _LONG and "。" in text for _, text in told)
    )


def text_of(items: Iterable[Item]) -> str:
    """Return all text of ``items``, their pieces parted by line ends."""
    pieces: list[str] = []
    for item in items:
        if isinstance(item, Paragraph):
            pieces.append(item.text.strip())
        else:
            pieces += (text_of(cell.items) for cell in item.cells)
    return "\n".join(piece for piece in pieces if piece)


def _told(items: Iterable[Item]) -> list[Item]:
    """The items that are not blank."""
    return [item for item in items if text_of([item])]


def _as_table(cells: Sequence[Cell]) -> Iterator[Part]:
    """The cells as a table; as paragraphs where no row has two that are not empty."""
    told = Counter(cell.row for cell in cells if text_of(cell.items))
    if told and max(told.values()) > 1:
        yield Table(_spliced(cells))
    else:
        for cell in cells:
            yield from laid_flat(cell.items)


def _spliced(cells: Sequence[Cell]) -> list[TableCell]:
    """The cells with their texts, from row 0 on; a cell that holds nothing but a table gives way to its cells."""
    first = min(cell.row for cell in cells)
    cells = [replace(cell, row=cell.row - first) for cell in cells]
    inner = {(cell.row, cell.column): _only_table(cell) for cell in cells}
    rows = _offsets(
        [(cell.row, cell.row_span, _extent(inner[cell.row, cell.column], "row")) for cell in cells]
    )
    columns = _offsets(
        [(cell.column, cell.column_span, _extent(inner[cell.row, cell.column], "column")) for cell in cells]
    )
    made: list[TableCell] = []
    for cell in cells:
        top, left = rows[cell.row], columns[cell.column]
        nested = inner[cell.row, cell.column]
        if nested is None:
            height = rows[cell.row + cell.row_span] - top
            width = columns[cell.column + cell.column_span] - left
            made.append(TableCell(top, left, text_of(cell.items), height, width))
        else:
            made += (replace(part, row=part.row + top, column=part.column + left) for part in nested)
    return made


def _only_table(cell: Cell) -> list[TableCell] | None:
    """The cells of the table that is all a cell holds, None where it holds anything else."""
    told = _told(cell.items)
    return _spliced(told[0].cells) if len(told) == 1 and isinstance(told[0], Frame) else None


def _extent(cells: Sequence[TableCell] | None, side: str) -> int:
    """How many rows or columns the cells of an inner table need."""
    if cells is None:
        return 1
    if side == "row":
        return max(cell.row + cell.row_span for cell in cells)
    return max(cell.column + cell.column_span for cell in cells)


def _offsets(needs: Sequence[tuple[int, int, int]]) -> list[int]:
    """Where each row (or column) begins when those that an inner table stands in are split into as many as it needs.

    ``needs``: the first row a cell stands in, how many it spans, and how many it needs.
    """
    sizes = [1] * max(first + span for first, span, _ in needs)
    for first, span, need in sorted(needs, key=lambda told: told[1]):
        lacking = need - sum(sizes[first : first + span])
        if lacking > 0:
            sizes[first + span - 1] += lacking
    offsets = [0]
    for size in sizes:
        offsets.append(offsets[-1] + size)
    return offsets
