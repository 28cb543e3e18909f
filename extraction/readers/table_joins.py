"""Tables that a page break cuts, put together again.

The lower part goes on with the upper one's columns. Its head may be printed again; its first row may be the rest of the
last row above; and label cells over several rows may have been cut in two, their text with them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from .page_table import PageCell, PageTable
from .unruled_joins import aligned, same_columns

_SAME_EDGE = 4.0
"""Points between two column edges that are one."""
_SHARED = 0.6
"""Share of the fewer inner column edges that both parts must have."""
_MOST_HEAD_ROWS = 5
_ORDINAL = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|第[一二三四五六七八九十\d]{1,3}|[①-⑳㈠-㈩]"
)
_FIGURE = re.compile(r"[-+—/]?[\d.,，]*%?")
_HANZI = re.compile(r"[\u4e00-\u9fff]")


def continues(upper: PageTable, lower: PageTable) -> bool:
    """Whether the columns of two tables agree so that the lower one may go on with the upper one."""
    if upper.ruled != lower.ruled:
        return False
    if not upper.ruled:
        return same_columns(upper, lower) and _head_rows(lower) <= _repeated_rows(upper, lower)
    (left, *inner, right), (other_left, *other_inner, other_right) = upper.edges, lower.edges
    if abs(left - other_left) > _SAME_EDGE or abs(right - other_right) > _SAME_EDGE:
        return False
    few, many = sorted((inner, other_inner), key=len)
    shared = sum(any(abs(a - b) <= _SAME_EDGE for b in many) for a in few)
    return shared >= _SHARED * len(few)


def joined(upper: PageTable, lower: PageTable) -> tuple[PageTable, list[PageCell]]:
    """Return two parts of a table as one, and the cells of the head that the lower part repeats."""
    if not upper.ruled:
        upper, lower = aligned(upper, lower)
    repeated = _repeated_rows(upper, lower)
    head = [cell for cell in lower.cells if cell.row < repeated]
    rest = [replace(c, row=c.row - repeated) for c in lower.cells if c.row >= repeated]
    if not rest:
        return upper, head
    edges = _edges(upper.edges, lower.edges) if upper.ruled else upper.edges
    above = [_placed(c, upper.edges, edges) for c in upper.cells]
    below = [_placed(c, lower.edges, edges) for c in rest] if upper.ruled else rest
    is_open = upper.open_bottom or (lower.open_top and not repeated)
    cells = _mended(above, below, upper.rows, is_open) if upper.ruled else _gone_on(above, below, upper.rows)
    return replace(upper, edges=edges, cells=tuple(cells), open_bottom=lower.open_bottom), head


def _repeated_rows(upper: PageTable, lower: PageTable) -> int:
    """How many rows of the upper part's head the lower part prints again."""
    best = 0
    for count in range(1, min(_MOST_HEAD_ROWS, upper.rows, lower.rows - 1) + 1):
        first, second = _head(upper, count), _head(lower, count)
        if first is None or second is None or not any(text for *_, text in first):
            continue
        if first != second:
            continue
        if not any(_is_figure(text) for *_, text in first):
            best = count
    return best


def _head_rows(table: PageTable) -> int:
    """How many rows there are down to the last one above the first figures that has text in their columns."""
    figures = [c for c in table.cells if c.column >= table.labels and c.text]
    first = min((c.row for c in figures if _is_figure(c.text)), default=table.rows)
    return max((c.last_row + 1 for c in figures if c.row < first), default=0)


def _head(table: PageTable, count: int) -> list[tuple[int, int, str]] | None:
    """Row, width and text of the cells of the first rows; None where a cell goes on below them."""
    cells = sorted((c for c in table.cells if c.row < count), key=lambda c: (c.row, c.column))
    if any(c.last_row >= count for c in cells):
        return None
    return [(c.row, c.row_span, "".join(c.text.split())) for c in cells if c.text.strip()]


def _edges(upper: Sequence[float], lower: Sequence[float]) -> tuple[float, ...]:
    """The column edges of both parts."""
    edges: list[float] = []
    for edge in sorted((*upper, *lower)):
        if not edges or edge - edges[-1] > _SAME_EDGE:
            edges.append(edge)
    return tuple(edges)


def _placed(cell: PageCell, own: Sequence[float], edges: Sequence[float]) -> PageCell:
    """The cell over the columns between joint edges."""
    first = _nearest(edges, own[cell.column])
    last = max(_nearest(edges, own[cell.last_column + 1]), first + 1)
    return replace(cell, column=first, column_span=last - first)


def _nearest(edges: Sequence[float], place: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - place))


def _mended(above: list[PageCell], below: list[PageCell], rows: int, is_open: bool) -> list[PageCell]:
    """The cells of both parts, those that the page break cut as one."""
    last = {(c.column, c.column_span): c for c in above if c.last_row == rows - 1}
    first = {(c.column, c.column_span): c for c in below if c.row == 0}
    pairs = [(last[columns], lower) for columns, lower in first.items() if columns in last]
    is_open = is_open and not any(_stand_apart(*pair) for pair in pairs)
    told = [upper.text for upper in last.values() if upper.text]
    is_head = 2 * len(told) > len(last) and not any(map(_is_figure, told))
    whole_row = last.keys() == first.keys() and (is_open or _is_rest_of_row(pairs))
    cut = {
        id(upper): lower for upper, lower in pairs if whole_row or is_open or _is_cut(upper, lower, is_head)
    }
    used = {id(lower) for lower in cut.values()}
    shift = rows - 1 if whole_row else rows
    cells = [_one(c, cut[id(c)], shift) if id(c) in cut else c for c in above]
    return [*cells, *(replace(c, row=c.row + shift) for c in below if id(c) not in used)]


def _gone_on(above: list[PageCell], below: list[PageCell], rows: int) -> list[PageCell]:
    """The cells of both parts of a table without rules, the row that the page break cut as one."""
    last = {c.column: c for c in above if c.row == rows - 1}
    first = {c.column: c for c in below if c.row == 0}
    pairs = [(last[column], lower) for column, lower in first.items() if column in last]
    if last.keys() != first.keys() or not _is_rest_of_row(pairs):
        return [*above, *(replace(c, row=c.row + rows) for c in below)]
    whole = [replace(_one(upper, lower, rows - 1), row_span=1) for upper, lower in pairs]
    return [
        *(c for c in above if c.row < rows - 1),
        *whole,
        *(replace(c, row=c.row + rows - 1) for c in below if c.row),
    ]


def _stand_apart(upper: PageCell, lower: PageCell) -> bool:
    """Whether two cells above one another both hold what cannot be halves of one."""
    return bool(upper.text and lower.text) and not _goes_on(upper, lower)


def _is_rest_of_row(pairs: Sequence[tuple[PageCell, PageCell]]) -> bool:
    """Whether the first row below is the rest of the last one above although a rule parts them.

    Then no column has a figure in both, and a label that goes on was full where it broke off. Labels over several rows
    say nothing.
    """
    if any(_stand_apart(upper, lower) for upper, lower in pairs):
        return False
    pairs = [(upper, lower) for upper, lower in pairs if upper.row_span == lower.row_span == 1]
    above, below = (any(_is_figure(pair[half].text) for pair in pairs) for half in (0, 1))
    both = [upper for upper, lower in pairs if upper.text and lower.text]
    return not (above and below) and bool(both) and all(upper.wraps for upper in both)


def _is_cut(upper: PageCell, lower: PageCell, is_head: bool) -> bool:
    """Whether two cells above one another are a label over several rows that the page break cut.

    Below a row of heads (``is_head``) an empty cell is a blank figure.
    """
    tall = upper.row_span > 1 or lower.row_span > 1
    if not lower.text:
        return not is_head and bool(_HANZI.search(upper.text))
    if not upper.text:
        return tall and not _is_figure(lower.text)
    return tall and _goes_on(upper, lower)


def _goes_on(upper: PageCell, lower: PageCell) -> bool:
    """Whether the text of the lower cell may go on with the upper one's."""
    if _is_figure(lower.text) or _is_figure(upper.text):
        return False
    return not _ORDINAL.match(lower.text)


def _is_figure(text: str) -> bool:
    return bool(text) and _FIGURE.fullmatch(text) is not None


def _one(upper: PageCell, lower: PageCell, shift: int) -> PageCell:
    """Both halves of a cell."""
    return replace(
        upper,
        row_span=lower.last_row + shift - upper.row + 1,
        text=upper.text + lower.text,
        glyphs=(*upper.glyphs, *lower.glyphs),
        box=upper.box or lower.box,
    )
