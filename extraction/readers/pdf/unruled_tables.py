"""Tables without rules, told by how their print is aligned.

Rows of figures give the columns. Lines of a column that stand closer together than rows do are one cell; a cell beside a
row of figures belongs to that row, others make rows of heads and labels of their own.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ...document import Box
from ..page_table import PageCell, PageTable
from .geometry import Rectangle
from .lines import TextLine, join, segments_of

_GAP = 1.0
"""In ems between two cells of a row; head cells may stand closer and are parted by the columns below them."""
_CLOSE = 0.35
_WIDEST_HEAD = 6.0
_FIGURE = re.compile(r"[-+]?[\d,，]+(?:\.\d+)?%?|[-—/]|无")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}[、.．].{4,}")
_FEWEST_FIGURES = 2
_MANY_FIGURES = 3
_FEWEST_ROWS = 2
_REACH = 4.5
"""In ems: how far from one another lines of a table may stand."""
_WIDE = 0.75
"""Of the width of the text: a single piece as wide as that is prose."""
_SENTENCE = re.compile("[。；！？]")
_LINE_PITCH = 1.5
_USUAL_PITCH = 2.0
"""In ems, of rows."""
_WITHIN_CELL = 0.85
"""Of the distance of two rows: lines closer than that are one cell's."""
_SAME_ROW = 0.45

Boxed = Callable[[Rectangle], Box]


@dataclass(frozen=True)
class _Row:
    """A line of print with its pieces."""

    line: TextLine

    @cached_property
    def pieces(self) -> list[TextLine]:
        return segments_of(self.line, _GAP)

    @cached_property
    def figures(self) -> int:
        return sum(_FIGURE.fullmatch(piece.text) is not None for piece in self.pieces)

    @property
    def is_anchor(self) -> bool:
        """Whether it holds figures in columns, or a label and a figure."""
        last = self.pieces[-1].text
        return self.figures >= _FEWEST_FIGURES or (len(self.pieces) == 2 and bool(_FIGURE.fullmatch(last)))

    def ends_table(self, width: float, size: float) -> bool:
        """Whether it is prose or a heading, in a column of text this wide; ``size`` is that of the table's print."""
        if len(self.pieces) > 1:
            return _SENTENCE.search(self.line.text) is not None
        text = self.line.text
        if self.line.size > size + 1:
            return True
        wide = self.line.right - self.line.left > _WIDE * width
        return wide or bool(_SENTENCE.search(text[-1]) or _HEADING.match(text))


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


def find_unruled(lines: Sequence[TextLine], boxed: Boxed, page: int) -> list[tuple[int, int, PageTable]]:
    """Return the tables among the lines of a column of text: for each the first line, the one after the last, itself."""
    if not lines:
        return []
    rows = [_Row(line) for line in lines]
    width = max(line.right for line in lines) - min(line.left for line in lines)
    found: list[tuple[int, int, PageTable]] = []
    for first, last in _stretches(rows, width):
        table = _table(rows[first:last], boxed, page)
        if table:
            found.append((first, last, table))
    return found


def _stretches(rows: Sequence[_Row], width: float) -> list[tuple[int, int]]:
    """The stretches of lines that rows of figures and what stands close to them make."""
    stretches: list[tuple[int, int]] = []
    anchors = [
        index for index, row in enumerate(rows) if row.is_anchor and not row.ends_table(width, row.line.size)
    ]
    end = 0
    for anchor in anchors:
        if anchor < end:
            continue

        def joins(one: _Row, other: _Row, size: float = rows[anchor].line.size) -> bool:
            return not one.ends_table(width, size) and _is_near(one, other)

        first, last = anchor, anchor + 1
        while first > end and joins(rows[first - 1], rows[first]):
            first -= 1
        while last < len(rows) and joins(rows[last], rows[last - 1]):
            last += 1
        while first < anchor and not _may_begin(rows, first, anchor):
            first += 1
        inside = [index for index in anchors if first <= index < last]
        last = _last(rows, inside[-1], last)
        if len(inside) >= _FEWEST_ROWS or rows[anchor].figures > _MANY_FIGURES:
            stretches.append((first, last))
            end = last
    return stretches


def _is_near(upper: _Row, lower: _Row) -> bool:
    return abs(lower.line.bottom - upper.line.bottom) < _REACH * max(upper.line.size, lower.line.size)


def _may_begin(rows: Sequence[_Row], index: int, anchor: int) -> bool:
    """Whether a line above the first figures is a head or the beginning of their label, and no text before the table.

    A head has several pieces or stands over the middle of the rows below, not at their edge.
    """
    piece = rows[index].pieces[0]
    below = next((row for row in rows[index + 1 :] if len(row.pieces) > 1), None)
    if len(rows[index].pieces) > 1:
        return True
    if below is None or piece.size > below.line.size + 0.5:
        return False
    return piece.left > below.pieces[0].right - below.line.size or _is_label_line(
        rows, index, index + 1, anchor
    )


def _is_label_line(rows: Sequence[_Row], index: int, beside: int, anchor: int) -> bool:
    """Whether a line stands left of the figures of a row, as close to the line ``beside`` it as lines of a cell do."""
    piece = rows[index].pieces[0]
    figures = [p for p in rows[anchor].pieces if _FIGURE.fullmatch(p.text)]
    close = abs(rows[index].line.bottom - rows[beside].line.bottom) <= _LINE_PITCH * piece.size
    return len(rows[index].pieces) == 1 and close and piece.right <= figures[0].left


def _last(rows: Sequence[_Row], final: int, last: int) -> int:
    """Leave out headings and signatures that follow the last row of figures, but for the rest of its label."""
    end = final + 1
    while end < last and _is_label_line(rows, end, end - 1, final):
        end += 1
    return end


def _table(rows: Sequence[_Row], boxed: Boxed, page: int) -> PageTable | None:
    blocks = [_block(part) for part in _parts(rows)]
    labels = max(block.labels for block in blocks)
    figures = max(len(block.columns) - block.labels for block in blocks)
    if labels + figures < 2:
        return None
    cells: list[PageCell] = []
    first = 0
    for block in blocks:
        for (row, column), lines in block.cells.items():
            place = column + labels - block.labels
            last = column == len(block.columns) - 1 and column >= block.labels
            span = labels + figures - place if last else 1
            text, glyphs = join(sorted(lines, key=lambda line: (line.top, line.left)))
            box = boxed(_around(lines)) if lines else None
            cells.append(PageCell(first + row, place, 1, span, text, glyphs, box))
        first += block.rows
    widest = max(blocks, key=lambda block: len(block.columns))
    reach = rows[0].line.top, rows[-1].line.bottom
    return PageTable(page, _edges(widest.columns, labels + figures), reach, tuple(cells), ruled=False)


def _parts(rows: Sequence[_Row]) -> list[list[_Row]]:
    """The rows parted at lines that stand alone over the figures (the items of a form): columns may change there."""
    parts: list[list[_Row]] = [[]]
    for index, row in enumerate(rows):
        anchors = [other for other in parts[-1] if other.is_anchor]
        if len(row.pieces) == 1 and anchors and any(other.is_anchor for other in rows[index + 1 :]):
            label = next((a.pieces[0].right for a in anchors if not _FIGURE.fullmatch(a.pieces[0].text)), 0)
            far = row.line.top - rows[index - 1].line.bottom > -_SAME_ROW * row.line.size
            if row.pieces[0].right > label + row.line.size and row.pieces[0].left > label and far:
                parts.append([])
        parts[-1].append(row)
    return parts


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows with the same columns, the first ``labels`` of which are left of the figures; the lines of each cell."""

    columns: Sequence[tuple[float, float]]
    labels: int
    rows: int
    cells: dict[tuple[int, int], list[TextLine]]


def _block(rows: Sequence[_Row]) -> _Block:
    anchors = [row for row in rows if row.is_anchor]
    labels, columns = _columns(rows, anchors)
    pieces: dict[int, list[TextLine]] = {}
    for row in rows:
        for piece in _parted(row, columns):
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


def _row_pitch(anchors: Sequence[_Row]) -> float:
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


def _columns(rows: Sequence[_Row], anchors: Sequence[_Row]) -> tuple[int, list[tuple[float, float]]]:
    """How many columns of labels there are, and from where to where the print of each column runs."""
    most = max(row.figures for row in anchors)
    full = [row for row in anchors if row.figures >= max(2, most - 2)] or list(anchors)
    figures = [p for row in full for p in row.pieces if _FIGURE.fullmatch(p.text)]
    columns = _merged([(p.left, p.right) for p in figures])
    first = min(left for left, _ in columns)
    heads = [p for row in rows if not row.is_anchor for p in segments_of(row.line, _CLOSE) if p.left > first]
    columns = _with_blank_columns(columns, heads)
    labels = [p for row in rows for p in row.pieces if p.right <= first + 1 and not _FIGURE.fullmatch(p.text)]
    names = _narrow_columns([(p.left, p.right) for p in labels])
    return len(names), [*names, *columns]


def _with_blank_columns(
    columns: list[tuple[float, float]], heads: Iterable[TextLine]
) -> list[tuple[float, float]]:
    """The columns and those that have a head and no figure."""
    narrow = [(p.left, p.right) for p in heads if p.right - p.left <= _WIDEST_HEAD * p.size]
    blank = [
        span for span in narrow if not any(span[0] < right and left < span[1] for left, right in columns)
    ]
    return sorted([*columns, *_narrow_columns(blank)])


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _narrow_columns(pieces: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Columns of labels or heads: pieces that overlap make one; wide ones that would join several do not count."""
    columns: list[tuple[float, float]] = []
    for span in sorted(pieces, key=lambda span: span[1] - span[0]):
        touched = [other for other in columns if other[0] < span[1] and span[0] < other[1]]
        if len(touched) < 2:
            columns = _merged([*columns, span])
    return columns


def _parted(row: _Row, columns: Sequence[tuple[float, float]]) -> list[TextLine]:
    """The pieces of a row; those that lie over several columns are parted where their print leaves room."""
    pieces: list[TextLine] = []
    for piece in row.pieces:
        under = [c for c in columns if c[0] < piece.right and piece.left < c[1]]
        parts = segments_of(piece, _CLOSE) if len(under) > 1 else [piece]
        pieces += parts
    return pieces


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


def _edges(columns: Sequence[tuple[float, float]], count: int) -> tuple[float, ...]:
    """The places between columns; as many as ``count`` columns have."""
    between = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    edges = [columns[0][0], *between, columns[-1][1]]
    return (*[edges[0]] * (count + 1 - len(edges)), *edges)


def _around(lines: Sequence[TextLine]) -> Rectangle:
    return Rectangle(
        min(line.left for line in lines), min(line.top for line in lines),
        max(line.right for line in lines), max(line.bottom for line in lines),
    )  # fmt: skip
