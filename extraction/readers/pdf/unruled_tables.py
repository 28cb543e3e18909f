"""Tables without rules, told by how their print is aligned.

Rows of figures give the columns. Lines of a column that stand closer together than rows do are one cell; a cell beside a
row of figures belongs to that row, others make rows of heads and labels of their own.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ...document import Box
from ..page_table import PageCell, PageTable
from ..unruled_joins import column_edges
from .geometry import Rectangle
from .lines import TextLine, join
from .unruled_columns import FIGURE, Row, Span, find_columns, parted

_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}[、.．].{4,}")
_MANY_FIGURES = 3
_FOOT = re.compile(r"\W*第?\W*\d+\W*页?\W*(?:共?\W*\d+\W*页?\W*)?")
"""The number of a page."""
_FEWEST_ROWS = 2
_REACH = 4.5
"""In ems: how far from one another lines of a table may stand."""
_WIDE = 0.75
"""Of the width of the text: a single piece as wide as that is prose."""
_SMALLER = 0.5
"""In points, than prose: print of tables only."""
_SENTENCE = re.compile("[。；！？]")
_LINE_PITCH = 1.75
"""In ems: label lines closer than that are one cell's."""
_USUAL_PITCH = 2.0
"""In ems, of rows."""
_WITHIN_CELL = 0.85
"""Of the distance of two rows: lines closer than that are one cell's."""
_SAME_ROW = 0.45
_FULL = 1.6
"""Ems that a label which goes on may leave free in its column."""
_WIDE_LABEL = 8.0

Boxed = Callable[[Rectangle], Box]


@dataclass(frozen=True, slots=True)
class _Cell:
    """The lines of a cell in a column."""

    column: int
    lines: tuple[TextLine, ...]

    @property
    def top(self) -> float:
        return self.lines[0].top

    @property
    def bottom(self) -> float:
        return self.lines[-1].bottom

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class _Text:
    """The width of a column of text, and the size of its prose; 0 where it has none."""

    width: float
    prose: float


def find_unruled(lines: Sequence[TextLine], boxed: Boxed, page: int) -> list[tuple[int, int, PageTable]]:
    """Return the tables among the lines of a column of text: for each the first line, the one after the last, itself."""
    if not lines:
        return []
    rows = [Row(line) for line in lines]
    text = _text_of(lines)
    found: list[tuple[int, int, PageTable]] = []
    for first, last in _stretches(rows, text):
        table = _table(rows[first:last], boxed, page)
        if table:
            found.append((first, last, table))
    return found


def _stretches(rows: Sequence[Row], text: _Text) -> list[tuple[int, int]]:
    """The stretches of lines that rows of figures and what stands close to them make."""
    stretches: list[tuple[int, int]] = []
    anchors = [
        index for index, row in enumerate(rows) if row.is_anchor and not _ends_table(row, text, row.line.size)
    ]
    end = 0
    for anchor in anchors:
        if anchor < end:
            continue

        def joins(one: Row, other: Row, size: float = rows[anchor].line.size) -> bool:
            return not _ends_table(one, text, size) and _is_near(one, other)

        first, last = anchor, anchor + 1
        while first > end and joins(rows[first - 1], rows[first]):
            first -= 1
        while last < len(rows) and joins(rows[last], rows[last - 1]):
            last += 1
        inside = [index for index in anchors if first <= index < last]
        labels = _label_reach([rows[index] for index in inside])
        while first < anchor and not _may_begin(rows, first, anchor, labels):
            first += 1
        is_small = text.prose > rows[anchor].line.size + _SMALLER
        last = _last(rows, inside[-1], last, labels, is_small)
        if len(inside) >= _FEWEST_ROWS or len(rows[anchor].figures) > _MANY_FIGURES:
            stretches.append((first, last))
            end = last
    return stretches


def _text_of(lines: Sequence[TextLine]) -> _Text:
    width = max(line.right for line in lines) - min(line.left for line in lines)
    sizes = [
        line.size for line in lines if line.right - line.left > _WIDE * width and len(Row(line).pieces) == 1
    ]
    return _Text(width, median(sizes) if sizes else 0.0)


def _ends_table(row: Row, text: _Text, size: float) -> bool:
    """Whether it is prose or a heading; ``size`` is that of the table's print, smaller than a heading's if prose is."""
    told = row.line.text
    if len(row.pieces) > 1:
        return _SENTENCE.search(told) is not None
    if row.line.size > size + 1 or row.line.right - row.line.left > _WIDE * text.width:
        return True
    is_label = text.prose > size + _SMALLER > row.line.size
    return _SENTENCE.search(told[-1]) is not None or (not is_label and _HEADING.match(told) is not None)


def _is_near(upper: Row, lower: Row) -> bool:
    return abs(lower.line.bottom - upper.line.bottom) < _REACH * max(upper.line.size, lower.line.size)


def _may_begin(rows: Sequence[Row], index: int, anchor: int, labels: Span) -> bool:
    """Whether a line above the first figures is a head or the beginning of their label, and no text before the table.

    A head has several pieces or stands over the middle of the rows below, not at their edge. What stands among the
    ``labels`` at the top of the page may go on with a table from the page before.
    """
    is_top = not index or (index == 1 and not _is_near(rows[0], rows[1]))
    if is_top and all(_is_among(row, labels) for row in rows[index:anchor]):
        return True
    piece = rows[index].pieces[0]
    below = next((row for row in rows[index + 1 :] if len(row.pieces) > 1), None)
    if len(rows[index].pieces) > 1:
        return True
    if below is None or piece.size > below.line.size + 0.5:
        return False
    return piece.left > below.pieces[0].right - below.line.size or _is_label_line(
        rows, index, index + 1, anchor
    )


def _is_label_line(rows: Sequence[Row], index: int, beside: int, anchor: int) -> bool:
    """Whether a line stands left of the figures of a row, as close to the line ``beside`` it as lines of a cell do."""
    piece = rows[index].pieces[0]
    figures = rows[anchor].figures
    close = abs(rows[index].line.bottom - rows[beside].line.bottom) <= _LINE_PITCH * piece.size
    return len(rows[index].pieces) == 1 and close and piece.right <= figures[0].left


def _last(rows: Sequence[Row], final: int, last: int, labels: Span, is_small: bool) -> int:
    """Leave out headings and signatures that follow the last row of figures, but for the rest of its label.

    Labels down to the end of the page belong to rows without figures, for the table may go on on the next page; so do
    labels in print smaller than prose (``is_small``).
    """
    bottom = len(rows) - (_FOOT.fullmatch(rows[-1].line.text) is not None)
    last = min(last, bottom)
    if (is_small or last == bottom) and all(_is_among(row, labels) for row in rows[final + 1 : last]):
        return last
    end = final + 1
    while end < last and _is_label_line(rows, end, end - 1, final):
        end += 1
    return end


def _label_reach(anchors: Sequence[Row]) -> Span:
    """From where to where the labels of rows of figures run; an empty span where there are none."""
    own = [p for row in anchors for p in row.pieces if p.right <= row.figures[0].left]
    return min((p.left for p in own), default=0.0), max((p.right for p in own), default=0.0)


def _is_among(row: Row, labels: Span) -> bool:
    """Whether all of a line stands left of the figures, where the labels do."""
    slack = row.line.size / 2
    return labels[0] - slack <= row.line.left and row.line.right <= labels[1] + slack


def _table(rows: Sequence[Row], boxed: Boxed, page: int) -> PageTable | None:
    blocks = [_block(part) for part in _parts(rows)]
    labels = max(block.labels for block in blocks)
    figures = max(len(block.columns) - block.labels for block in blocks)
    if labels + figures < 2:
        return None
    names = next(block.columns[:labels] for block in blocks if block.labels == labels)
    widest = max(blocks, key=lambda block: len(block.columns) - block.labels)
    columns = (*names, *widest.columns[widest.labels :])
    cells: list[PageCell] = []
    first = 0
    for block in blocks:
        for (row, column), lines in block.cells.items():
            place = column + labels - block.labels
            last = column == len(block.columns) - 1 and column >= block.labels
            span = len(columns) - place if last else 1
            own = block.columns[column] if column < block.labels else None
            cells.append(_page_cell(first + row, place, span, lines, own, boxed))
        first += block.rows
    reach = rows[0].line.top, rows[-1].line.bottom
    return PageTable(
        page, column_edges(columns), reach, tuple(cells), ruled=False, columns=columns, labels=labels
    )


def _page_cell(
    row: int, column: int, span: int, lines: Sequence[TextLine], own: Span | None, boxed: Boxed
) -> PageCell:
    """A cell; ``own`` is the column of labels that it stands in."""
    lines = sorted(lines, key=lambda line: (line.top, line.left))
    text, glyphs = join([*map(_apart, lines, lines[1:]), *lines[-1:]])
    box = boxed(_around(lines)) if lines else None
    wraps = own is not None and bool(lines) and _wraps(lines, own)
    return PageCell(row, column, 1, span, text, glyphs, box, wraps)


def _apart(line: TextLine, after: TextLine) -> TextLine:
    """The line, with a blank at its end where both are figures side by side that no column tells apart."""
    beside = line.right <= after.left and line.bottom > after.top
    both = FIGURE.fullmatch(line.text) and FIGURE.fullmatch(after.text)
    return replace(line, ends_blank=True) if beside and both else line


def _wraps(lines: Sequence[TextLine], column: Span) -> bool:
    """Whether a label may go on: it fills its column, and not because all labels are as short."""
    last = lines[-1]
    is_full = last.right - last.left > column[1] - column[0] - _FULL * last.size
    return is_full and (len(lines) > 1 or column[1] - column[0] > _WIDE_LABEL * last.size)


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows parted at lines that stand alone over the figures (the items of a form): columns may change there."""
    parts: list[list[Row]] = [[]]
    for index, row in enumerate(rows):
        anchors = [other for other in parts[-1] if other.is_anchor]
        piece = row.pieces[0]
        alone = len(row.pieces) == 1 and not FIGURE.fullmatch(piece.text)
        if alone and anchors and any(other.is_anchor for other in rows[index + 1 :]):
            reach = max(_labels_end(anchor) for anchor in anchors)
            far = row.line.top - rows[index - 1].line.bottom > -_SAME_ROW * row.line.size
            if piece.right > reach + row.line.size and piece.left > reach and far:
                parts.append([])
        parts[-1].append(row)
    return parts


def _labels_end(anchor: Row) -> float:
    """Where the labels of a row of figures end; 0 where it has none."""
    first = anchor.figures[0].left
    return max((piece.right for piece in anchor.pieces if piece.right <= first), default=0.0)


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows with the same columns, the first ``labels`` of which are left of the figures; the lines of each cell."""

    columns: Sequence[tuple[float, float]]
    labels: int
    rows: int
    cells: dict[tuple[int, int], list[TextLine]]


def _block(rows: Sequence[Row]) -> _Block:
    anchors = [row for row in rows if row.is_anchor]
    labels, columns = find_columns(rows)
    pieces: dict[int, list[TextLine]] = {}
    for row in rows:
        for piece in parted(row, columns):
            pieces.setdefault(_column(piece, columns), []).append(piece)
    pitch = _row_pitch(anchors)
    found = [cell for column, own in pieces.items() for cell in _cells(column, own, pitch)]
    placed = _placed(found, [_middle(row.line) for row in anchors], pitch)
    count = max(row for row, _ in placed) + 1
    cells: dict[tuple[int, int], list[TextLine]] = {
        (row, column): [] for row in range(count) for column in range(len(columns))
    }
    for row, cell in placed:
        cells[row, cell.column].extend(cell.lines)
    return _Block(columns, labels, count, cells)


def _row_pitch(anchors: Sequence[Row]) -> float:
    """The least distance of two rows, as far as rows of figures tell it."""
    size = min(row.line.size for row in anchors)
    pitches = [b.line.bottom - a.line.bottom for a, b in pairwise(anchors)]
    return min([_USUAL_PITCH * size, *(pitch for pitch in pitches if pitch > size)])


def _cells(column: int, pieces: Iterable[TextLine], pitch: float) -> list[_Cell]:
    """The cells of a column: lines closer to one another than rows are."""
    cells: list[_Cell] = []
    for piece in sorted(pieces, key=lambda piece: (piece.bottom, piece.left)):
        if cells and piece.bottom - cells[-1].bottom < _WITHIN_CELL * pitch:
            cells[-1] = _Cell(column, (*cells[-1].lines, piece))
        else:
            cells.append(_Cell(column, (piece,)))
    return cells


def _placed(cells: Sequence[_Cell], anchors: Sequence[float], pitch: float) -> list[tuple[int, _Cell]]:
    """Each cell with its row: that of the figures beside it or close by; else one with others at its height."""
    places: list[tuple[float, list[_Cell]]] = [(anchor, []) for anchor in anchors]
    for cell in sorted(cells, key=lambda cell: cell.middle):
        beside = [place for place in places if cell.top <= place[0] <= cell.bottom] or places
        nearest = min(beside, key=lambda place: abs(place[0] - cell.middle))
        is_figure = nearest[0] in anchors
        reach = _WITHIN_CELL if is_figure else _SAME_ROW
        if cell.top <= nearest[0] <= cell.bottom or abs(nearest[0] - cell.middle) < reach * pitch:
            nearest[1].append(cell)
        else:
            places.append((cell.middle, [cell]))
    ordered = sorted((place for place in places if place[1]), key=lambda place: place[0])
    return [(row, cell) for row, (_, own) in enumerate(ordered) for cell in own]


def _middle(line: TextLine) -> float:
    return (line.top + line.bottom) / 2


def _column(piece: TextLine, columns: Sequence[tuple[float, float]]) -> int:
    """The column that a piece shares most with; the nearest where it shares nothing."""
    middle = (piece.left + piece.right) / 2

    def worth(index: int) -> tuple[float, float]:
        left, right = columns[index]
        return min(piece.right, right) - max(piece.left, left), -abs(middle - (left + right) / 2)

    shared = [index for index in range(len(columns)) if worth(index)[0] > 0]
    if len(shared) == 1:
        return shared[0]
    return min(
        range(len(columns)), key=lambda index: abs(middle - (columns[index][0] + columns[index][1]) / 2)
    )


def _around(lines: Sequence[TextLine]) -> Rectangle:
    return Rectangle(
        min(line.left for line in lines), min(line.top for line in lines),
        max(line.right for line in lines), max(line.bottom for line in lines),
    )  # fmt: skip
