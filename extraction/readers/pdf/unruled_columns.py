"""The columns of a table without rules, told by where its figures, heads and labels are printed.

Figures that stand above one another make a column, and so does a head that no figure stands below. Labels left of the
figures make columns of their own; those over several of them, and the note in the corner of the head, do not count.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .lines import TextLine, segments_of

Span = tuple[float, float]
"""From where to where the print of a column or of a piece runs."""

GAP = 1.0
"""In ems between two cells of a row; head cells may stand closer and are parted by the columns below them."""
_CLOSE = 0.35
_WIDEST_HEAD = 9.0
"""In ems, of a column without figures."""
FIGURE = re.compile(r"[-+]?[\d,，]+(?:\.\d+)?%?|[-—/]|无")
FEWEST_FIGURES = 2
_LESS = 2
"""Figures that a row may have less than the fullest one to tell the columns."""


@dataclass(frozen=True)
class Row:
    """A line of print with its pieces."""

    line: TextLine

    @cached_property
    def pieces(self) -> list[TextLine]:
        """What stands apart in it."""
        return segments_of(self.line, GAP)

    @cached_property
    def figures(self) -> list[TextLine]:
        """The pieces that are figures."""
        return [piece for piece in self.pieces if FIGURE.fullmatch(piece.text)]

    @property
    def is_anchor(self) -> bool:
        """Whether it holds figures in columns, or a label and a figure."""
        last = self.pieces[-1].text
        return len(self.figures) >= FEWEST_FIGURES or (len(self.pieces) == 2 and bool(FIGURE.fullmatch(last)))


def find_columns(rows: Sequence[Row]) -> tuple[int, list[Span]]:
    """Return how many columns of labels there are, and from where to where the print of each column runs.

    One row at least must be an anchor.
    """
    figures = _figure_columns([row for row in rows if row.is_anchor])
    first = min(left for left, _ in figures)
    start = _after_heads(rows, first)
    labels = _label_columns(rows[start:], first)
    heads = _lowest([p for row in rows if not row.is_anchor for p in segments_of(row.line, _CLOSE)])
    reach = max((right for _, right in labels), default=-1.0)
    blank = [
        (head.left, head.right)
        for head in heads
        if reach <= head.left
        and head.right - head.left <= _WIDEST_HEAD * head.size
        and not any(overlaps((head.left, head.right), column) for column in figures)
        and (start or head.left > first)
    ]
    return len(labels), [*labels, *sorted([*figures, *_narrow_columns(blank)])]


def parted(row: Row, columns: Sequence[Span]) -> list[TextLine]:
    """Return the pieces of a row; those that lie over several columns are parted where their print leaves room."""
    pieces: list[TextLine] = []
    for piece in row.pieces:
        under = [column for column in columns if overlaps(column, (piece.left, piece.right))]
        pieces += segments_of(piece, _CLOSE) if len(under) > 1 else [piece]
    return pieces


def overlaps(one: Span, other: Span) -> bool:
    """Return whether two spans share print."""
    return one[0] < other[1] and other[0] < one[1]


def _figure_columns(anchors: Sequence[Row]) -> list[Span]:
    """The columns that the fullest rows tell, and those of figures in other rows that stand below none of them."""
    most = max(len(row.figures) for row in anchors)
    full = [row for row in anchors if len(row.figures) >= max(FEWEST_FIGURES, most - _LESS)] or anchors
    columns = _merged([(p.left, p.right) for row in full for p in row.figures])
    others = [(p.left, p.right) for row in anchors if len(row.figures) >= FEWEST_FIGURES for p in row.figures]
    apart = [span for span in others if not any(overlaps(span, column) for column in columns)]
    return _merged([*columns, *apart])


def _after_heads(rows: Sequence[Row], first: float) -> int:
    """Where the rows below the heads begin: after the last line above the figures that reaches over their columns."""
    anchor = next(index for index, row in enumerate(rows) if row.is_anchor)
    return max((i + 1 for i in range(anchor) if rows[i].pieces[-1].right > first), default=0)


def _label_columns(rows: Sequence[Row], first: float) -> list[Span]:
    """The columns of what is printed left of the first figures; pieces side by side tell them best."""
    beside: list[Span] = []
    others: list[Span] = []
    for row in rows:
        own = [p for p in row.pieces if p.right <= first + 1 and not FIGURE.fullmatch(p.text)]
        (beside if len(own) > 1 else others).extend((p.left, p.right) for p in own)
    return _narrow_columns(others, _narrow_columns(beside))


def _lowest(pieces: Sequence[TextLine]) -> list[TextLine]:
    """The pieces below which no other one stands: heads of single columns, and none over several."""
    return [
        piece
        for piece in pieces
        if not any(
            other.bottom > piece.bottom + 1 and overlaps((piece.left, piece.right), (other.left, other.right))
            for other in pieces
        )
    ]


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _narrow_columns(pieces: Iterable[Span], columns: Sequence[Span] = ()) -> list[Span]:
    """Columns of labels or heads: pieces that overlap make one; wide ones that would join several do not count."""
    found = list(columns)
    for span in sorted(pieces, key=lambda span: span[1] - span[0]):
        if sum(overlaps(span, column) for column in found) < 2:
            found = _merged([*found, span])
    return found
